/** The form of one record: its fields in parts, what was changed, and the server's objections at their places. */
import { t } from "../strings.js";
import { el } from "./dom.js";
import { input } from "./inputs.js";
import { FIELDS, belongs } from "./kinds.js";
import { changes, shown } from "./record.js";

const COLUMNS = [["what", "says", "card"], ["acts", "when", "more"]];
const FOLDED = ["card", "more"];
let forms = 0;

export class Form {
  #kind;
  #record;
  #inputs = new Map();
  #untouched;
  #prefix = `form${(forms += 1)}`;

  /** @param {string} kind @param {any} record {} for a new one @param {Record<string, any>} [given] first values of a new one */
  constructor(kind, record, given = {}) {
    this.#kind = kind;
    this.#record = record;
    const columns = COLUMNS.map((parts) => el("div", { className: "column" }, ...parts.map((part) => this.#part(part, given))));
    this.node = el("div", { className: "parts" }, ...columns);
    this.node.addEventListener("change", () => this.#fit());
    this.#fit();
    this.#untouched = JSON.stringify(Object.keys(given).length ? null : this.changes());
  }

  #part(part, given) {
    const fields = FIELDS[this.#kind].filter((field) => field.part === part);
    if (!fields.length) return null;
    const rows = fields.map((field) => this.#row(field, given[field.name] ?? shown(this.#record, field)));
    if (!FOLDED.includes(part))
      return el("fieldset", { className: "part", data: { part } }, el("legend", { textContent: t(`part.${part}`) }), ...rows);
    const told = fields.some((field) => shown(this.#record, field) !== shown({}, field));
    return el("details", { className: "part", open: told, data: { part } }, el("summary", { textContent: t(`part.${part}`) }), ...rows);
  }

  #row(field, value) {
    const id = `${this.#prefix}-${field.name}`;
    const made = input(field, value, id);
    const hint = t(`h.${field.name}`);
    const told = hint !== `h.${field.name}` && el("small", { id: `${id}-hint`, className: "hint", textContent: hint });
    const wrong = el("p", { id: `${id}-wrong`, className: "wrong", hidden: true });
    if (told) made.control.setAttribute("aria-describedby", told.id);
    if (field.must && field.type !== "several") made.control.setAttribute("aria-required", "true");
    const name = t(`f.${field.name}`);
    let row;
    if (field.type === "several") {
      row = el("div", { className: "field", role: "group", ariaLabel: name }, el("span", { className: "name", textContent: name }), made.node, wrong);
    } else {
      const label = el("label", { for: id, className: "name", textContent: name });
      row = el("div", { className: "field", data: { type: field.type } }, label, told, made.node, wrong);
    }
    row.dataset.field = field.name;
    this.#inputs.set(field.name, { ...made, row, wrong, hint: told ? told.id : "" });
    return row;
  }

  /** Show a timing field only beside the occasion that it belongs to. */
  #fit() {
    const on = this.#inputs.get("on")?.read();
    if (on === undefined) return;
    for (const [name, each] of this.#inputs) each.row.hidden = !belongs(name, [on].flat());
  }

  /** What PATCH takes: the keys that differ from the record. */
  changes() {
    const on = [this.#inputs.get("on")?.read() ?? []].flat();
    const values = [...this.#inputs].map(([name, each]) => [name, belongs(name, on) ? each.read() : ""]);
    return changes(this.#kind, this.#record, Object.fromEntries(values));
  }

  get dirty() {
    return JSON.stringify(this.changes()) !== this.#untouched;
  }

  focus() {
    this.#inputs.values().next().value.control.focus();
  }

  clear() {
    for (const each of this.#inputs.values()) {
      each.wrong.hidden = true;
      each.control.removeAttribute("aria-invalid");
    }
  }

  /**
   * Show what is wrong at its field and go there.
   * @param {string} where a key as the server names it, `say[1]` or `show.image` @param {string} problem @param {string} remedy
   * @returns {boolean} whether there is such a field
   */
  object(where, problem, remedy) {
    const key = where.replace(/\[\d+\]/g, "");
    const found = this.#inputs.get(key) ?? [...this.#inputs].find(([name]) => name.startsWith(`${key}.`))?.[1];
    if (!key || !found) return false;
    const line = /\[(\d+)\]$/.exec(where);
    found.wrong.replaceChildren(el("b", { textContent: line ? `${Number(line[1]) + 1}: ${problem}` : problem }), `; ${remedy}`);
    found.wrong.hidden = found.row.hidden = false;
    found.control.setAttribute("aria-invalid", "true");
    found.control.setAttribute("aria-describedby", `${found.wrong.id} ${found.hint}`.trim());
    const folded = found.row.closest("details");
    if (folded) folded.open = true;
    found.control.focus();
    return true;
  }
}
