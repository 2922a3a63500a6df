/** Two edited the same record: both versions side by side, and the choice. */
import { t } from "../strings.js";
import { by, choose, el } from "./dom.js";

/**
 * @param {any} record what was read @param {any} patch the keys that are to change @param {any} now what is saved, null: gone
 * @returns {Promise<string>} mine | theirs | stay
 */
export function settle(record, patch, now) {
  by("conflict-body").textContent = t(now ? "conflictBody" : "conflictGone");
  const rows = now ? Object.keys(patch).map((key) => both(key, patch[key], now[key])) : [];
  const other = Object.keys({ ...record, ...now }).filter((key) => now && !(key in patch) && !same(record[key], now[key]));
  if (other.length) rows.push(el("p", { textContent: t("alsoTheirs", { what: other.map(nameOf).join(", ") }) }));
  by("conflict-table").replaceChildren(...rows);
  return choose(by("conflict"));
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** What a key of a record is called. @param {string} key */
function nameOf(key) {
  const whole = { show: "card", quota: "f.quota.count" };
  return t(whole[key] ?? `f.${key}`);
}

function both(key, mine, theirs) {
  return el(
    "section",
    { className: "both" },
    el("h3", { textContent: nameOf(key) }),
    el("div", {}, el("h4", { textContent: t("yours") }), el("p", { textContent: words(mine) })),
    el("div", {}, el("h4", { textContent: t("theirsNow") }), el("p", { textContent: words(theirs) })),
  );
}

/** A value of a record in words. @param {any} value */
export function words(value) {
  if (value === undefined || value === null || value === "") return t("empty");
  if (Array.isArray(value)) return value.map((each) => (typeof each === "object" ? words(each) : String(each))).join("\n");
  if (typeof value === "object") return Object.values(value).map(words).join("\n");
  return String(value);
}
