/** What the tree decided, the newest first; choosing one shows what it was and what was perceived then. */
import { t } from "../../strings.js";
import { by, el } from "../dom.js";
import { roving, stand, standSomewhere } from "./roving.js";
import { below } from "./tree.js";

/** Rows at once: so many around the one that is looked at. */
const ROWS = 200;

/** @typedef {{n: number, at_s: number, node: string, path: string[], did: string, why: string, facts: object}} Decision */

export class Decisions {
  #box = by("decisions");
  #all = [];
  #rows = new Map();
  #node = null;
  #current = null;
  #choose;
  #filtered;

  /** @param {(decision: Decision) => void} choose @param {() => void} filtered which ones are shown has changed */
  constructor(choose, filtered) {
    this.#choose = choose;
    this.#filtered = filtered;
    roving(this.#box);
    by("only-done").onchange = () => this.#filter(this.#node);
    by("of-node").onclick = () => this.#filter(null);
  }

  /** The path of the node whose decisions alone are shown, or null. */
  get node() {
    return this.#node;
  }

  /** Show only those of a node, or all again where it is that one already. @param {string[]} path */
  only(path) {
    this.#filter(this.#node && path.join("\n") === this.#node.join("\n") ? null : path);
  }

  /** Those that pass the filter, the oldest first. @returns {Decision[]} */
  get shown() {
    const done = by("only-done").checked;
    return this.#all.filter((each) => (!done || each.did) && (!this.#node || below(this.#node, each.path)));
  }

  /** Begin with others. */
  clear() {
    this.#all = [];
    this.#rows.clear();
    this.#box.replaceChildren();
    this.#filter(null);
  }

  /** @param {Decision[]} all the oldest first @param {Decision | null} current the one that is looked at */
  show(all, current) {
    const moved = current !== this.#current && current !== null;
    this.#all = all;
    this.#current = current;
    const shown = this.shown;
    const at = current ? shown.findLastIndex((each) => each.n <= current.n) : shown.length - 1;
    const from = Math.max(0, Math.min(at - ROWS / 2, shown.length - ROWS));
    const rows = shown.slice(from, from + ROWS).map((each, n, some) => this.#row(each, some[n - 1] ?? shown[from - 1])).reverse(); // prettier-ignore
    settle(this.#box, rows);
    by("no-decisions").hidden = rows.length > 0;
    for (const row of rows) row.ariaSelected = String(Number(row.dataset.n) === current?.n);
    if (moved) this.#reveal(current);
    standSomewhere(this.#box);
  }

  #row(decision, before) {
    let row = this.#rows.get(decision.n);
    if (!row) {
      row = line(decision);
      row.onclick = () => this.#choose(decision);
      this.#rows.set(decision.n, row);
      if (this.#rows.size > 4 * ROWS) this.#rows.delete(this.#rows.keys().next().value);
    }
    const gap = before && !this.#node && !by("only-done").checked ? decision.n - before.n - 1 : 0;
    row.dataset.gap = gap > 0 ? t("leftOut", { n: gap }) : "";
    return row;
  }

  #reveal(current) {
    const row = this.#rows.get(current.n);
    if (!row?.isConnected) return;
    stand(this.#box, row);
    row.scrollIntoView({ block: "nearest" });
  }

  #filter(path) {
    this.#node = path;
    by("of-node").hidden = path === null;
    if (path) {
      by("of-node").textContent = t("ofNode", { name: path.at(-1) });
      by("of-node").ariaLabel = t("ofNodeLabel", { name: path.at(-1) });
    }
    this.#filtered();
  }
}

function line({ n, at_s, node, did, why }) {
  return el("div", { role: "option", tabIndex: -1, className: "decision", data: { n } },
    el("time", { textContent: clock(at_s) }),
    el("span", { className: did ? "did" : "did is-turn", textContent: did || t("turnedTo") }),
    el("span", { className: "mark", textContent: node }),
    el("span", { className: "why", textContent: why }),
  ); // prettier-ignore
}

/** Make `rows` the box's children, and touch no more than must be: what has the focus keeps it. */
function settle(box, rows) {
  const wanted = new Set(rows);
  for (const each of [...box.children]) if (!wanted.has(each)) each.remove();
  rows.forEach((row, n) => box.children[n] !== row && box.insertBefore(row, box.children[n] ?? null));
}

/** @param {number} seconds */
export function clock(seconds) {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const [h, m, s] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  return `${h ? `${h}:${String(m).padStart(2, "0")}` : m}:${s.toFixed(1).padStart(4, "0")}`;
}
