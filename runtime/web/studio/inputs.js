/** One input for each type of field. Each is {node, control, read}: what stands in the form, what has the focus, its value. */
import { t } from "../strings.js";
import { el } from "./dom.js";

const UNITS = { s: "seconds", m: "minutes", h: "hours", d: "days" };

/** @param {import("./kinds.js").Field} field @param {any} value as `shown` gives it @param {string} id */
export function input(field, value, id) {
  const common = { id, className: "control" };
  return (MAKERS[field.type] ?? text)(field, value, common);
}

function text(field, value, common) {
  const control = el("input", { ...common, type: "text", value, autocomplete: "off" });
  return { node: control, control, read: () => control.value };
}

function area(rows) {
  return (field, value, common) => {
    const control = el("textarea", { ...common, value, rows });
    const grow = () => {
      control.style.height = "auto";
      control.style.height = `${control.scrollHeight + 2}px`;
    };
    control.addEventListener("input", grow);
    new ResizeObserver(grow).observe(control);
    return { node: control, control, read: () => control.value };
  };
}

/** Lines that wrap look like several: each is set on a ground of its own by counting them beside the field. */
function lines(field, value, common) {
  const made = area(field.name === "say" ? 3 : 2)(field, value, common);
  const count = el("small", { className: "lines", ariaHidden: "true" });
  const tell = () => {
    const n = made.control.value.split("\n").filter((line) => line.trim()).length;
    count.textContent = n > 1 ? t("lines", { n }) : "";
  };
  made.control.addEventListener("input", tell);
  tell();
  return { ...made, node: el("div", { className: "counted" }, made.control, count) };
}

function select(field, value, common) {
  const options = field.options.includes(value) ? field.options : [...field.options, value];
  const control = el("select", common, ...options.map((each) => option(each, t(`${group(field)}.${each}`))));
  control.value = value;
  return { node: control, control, read: () => control.value };
}

const group = (field) => (field.name === "on" ? "on" : field.name);
const option = (value, words) => el("option", { value, textContent: words });

function several(field, value, common) {
  const boxes = field.options.map((each) => el("input", { type: "checkbox", value: each, checked: value.includes(each) }));
  boxes[0].id = common.id;
  const node = el("div", { className: "several" }, ...boxes.map((box) => el("label", { className: "tick" }, box, t(`on.${box.value}`))));
  return { node, control: boxes[0], read: () => boxes.filter((box) => box.checked).map((box) => box.value) };
}

function toggle(field, value, common) {
  const control = el("input", { ...common, type: "checkbox", checked: value, className: "" });
  return { node: control, control, read: () => control.checked };
}

function number(field, value, common) {
  const control = el("input", { ...common, type: "number", value, step: 1 });
  return { node: control, control, read: () => control.value };
}

/** "30s" as a number and a unit; what cannot be taken apart stays a text. */
function duration(field, value, common) {
  const found = /^([\d.]+)([smhd])$/.exec(value || "0s");
  if (!found) return text(field, value, common);
  const amount = value ? found[1] : "";
  const control = el("input", { ...common, type: "number", value: amount, min: 0, step: "any" });
  const unit = el("select", { className: "control" }, ...Object.keys(UNITS).map((each) => option(each, t(UNITS[each]))));
  unit.value = value ? found[2] : "m";
  unit.ariaLabel = `${t(`f.${field.name}`)}: ${t(UNITS[unit.value])}`;
  const read = () => (control.value === "" ? "" : `${control.value}${unit.value}`);
  return { node: el("div", { className: "amount" }, control, unit), control, read };
}

/** A day, or a day with a time where the record has one. */
function moment(field, value, common) {
  const type = /^(\d{4}-\d\d-\d\d)?$/.test(value) ? "date" : /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value) ? "datetime-local" : "text";
  const control = el("input", { ...common, type, value });
  return { node: control, control, read: () => control.value };
}

function time(field, value, common) {
  const control = el("input", { ...common, type: /^(\d\d:\d\d)?$/.test(value) ? "time" : "text", value });
  return { node: control, control, read: () => control.value };
}

const MAKERS = { lines, long: area(2), select, several, switch: toggle, number, duration, moment, time };
