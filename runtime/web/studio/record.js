/** Records and forms: what a field shows of a record, and which keys of it an operator has changed. */
import { FIELDS, keyOf } from "./kinds.js";

/** The texts of a value that may be one or several. @param {unknown} value @returns {string[]} */
export function texts(value) {
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "string").map(oneLine);
}

const oneLine = (text) => text.split(/\s+/).filter(Boolean).join(" ");

/** What a field shows of a record, always a text, a list of texts or a truth. @param {any} record */
export function shown(record, field) {
  const value = field.name.split(".").reduce((inner, key) => inner?.[key], record);
  switch (field.type) {
    case "lines":
      return texts(value).join("\n");
    case "several":
      return texts(value);
    case "switch":
      return value ?? field.initial;
    default:
      return String(value ?? field.initial ?? "");
  }
}

/** What is written for a field; undefined where the key may go. @param {any} now as `shown` gives it @param {any} before */
function meant(now, field, before) {
  switch (field.type) {
    case "lines": {
      const lines = now.split("\n").map(oneLine).filter(Boolean);
      return lines.length === 0 ? undefined : lines.length === 1 && !Array.isArray(before) ? lines[0] : lines;
    }
    case "several":
      return now.length === 0 ? undefined : now.length === 1 && !Array.isArray(before) ? now[0] : now;
    case "switch":
      return now === field.initial ? undefined : now;
    case "number": {
      const number = Number(now);
      return now.trim() === "" || number === field.initial ? undefined : Number.isFinite(number) ? number : now;
    }
    default:
      return now.trim() === "" || (now === field.initial && !field.must) ? undefined : now.trim();
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Whether two values of a field say the same: lines without those that are empty. */
function alike(one, other, field) {
  return field.type === "lines" ? same(meant(one, field, []), meant(other, field, [])) : same(one, other);
}

/**
 * The keys that differ from the record, as PATCH takes them: null takes one away.
 * @param {string} kind @param {any} record {} for a new one @param {Record<string, any>} form by field name
 */
export function changes(kind, record, form) {
  const found = {};
  for (const field of FIELDS[kind]) {
    const [key, inner] = field.name.split(".");
    const initial = keyOf(kind) in record || !field.must ? shown(record, field) : "";
    if (!(field.name in form) || alike(form[field.name], initial, field)) continue;
    const value = meant(form[field.name], field, inner ? undefined : record[key]);
    if (!inner) found[key] = value ?? null;
    else {
      const whole = { ...(key in found ? found[key] : record[key]), [inner]: value };
      for (const each in whole) if (whole[each] === undefined) delete whole[each];
      found[key] = Object.keys(whole).length ? whole : null;
    }
  }
  return found;
}

/** A patch as a record of its own. @param {object} patch */
export const made = (patch) => Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null));

/** An id made of a text, as the server makes them. @param {string} text */
export function slug(text) {
  const plain = text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-"); // prettier-ignore
  return plain.slice(0, 40).replace(/^-+|-+$/g, "") || "entry";
}

/** Where a record stands in time: off, waiting, over, or on. @param {any} record @param {Date} now */
export function state(record, now = new Date()) {
  if (record.enabled === false) return "off";
  if (record.from && begin(record.from) > now) return "waiting";
  if (record.until && (isDay(record.until) ? nextDay(record.until) : begin(record.until)) <= now) return "over";
  return "on";
}

const isDay = (moment) => /^\d{4}-\d\d-\d\d$/.test(moment);
const begin = (moment) => new Date(isDay(moment) ? `${moment}T00:00` : moment);

function nextDay(moment) {
  const day = begin(moment);
  day.setDate(day.getDate() + 1);
  return day;
}
