/** The tree as an outline, one row a node, with what each did in the last tick. */
import { t } from "../../strings.js";
import { el } from "../dom.js";
import { roving, stand, standSomewhere } from "./roving.js";

/** Those that only ask their children have no reason of their own. */
const ASK = { selector: "?", sequence: "→", parallel: "⇉" };
const SIGNS = { ...ASK, when: "◇" };
/** What a state looks like besides its colour. */
export const SYMBOLS = { RUNNING: "▶", SUCCESS: "✓", FAILURE: "✕", INVALID: "·", decided: "◆", way: "▸" };

/** @typedef {{name: string, type: string, status?: string, why?: string, children: Node[]}} Node */

export class TreeView {
  #box;
  #choose;
  #shape = "";
  #rows = [];
  #closed = new Set();

  /** @param {HTMLElement} box @param {(path: string[]) => void} choose somebody points at a node */
  constructor(box, choose) {
    this.#box = box;
    this.#choose = choose;
    roving(box, (row, event) => this.#key(row, event));
  }

  /**
   * @param {Node} root @param {{path: string[] | null, chosen: string[] | null}} seen `path` leads to the node that decided what
   *   is looked at; without one the tree is shown as it stands
   */
  show(root, { path, chosen }) {
    const nodes = flat(root);
    const shape = JSON.stringify(nodes.map(({ node, level }) => [level, node.name, node.type]));
    if (shape !== this.#shape) this.#build(nodes, shape);
    const lit = path ? nodes.map((each) => leads(each.path, path)) : running(nodes);
    nodes.forEach(({ node, ...each }, n) => {
      const state = path ? (same(each.path, path) ? "decided" : lit[n] ? "way" : "") : node.status;
      this.#fill(this.#rows[n], state, path || state === "INVALID" || node.type in ASK ? "" : node.why, lit[n]);
      this.#rows[n].ariaSelected = String(chosen !== null && same(each.path, chosen));
    });
  }

  #build(nodes, shape) {
    this.#shape = shape;
    this.#closed.clear();
    this.#rows = nodes.map((each, n) => this.#row(each, n));
    this.#box.replaceChildren(...this.#rows);
    standSomewhere(this.#box);
  }

  #row({ node, level, path }, n) {
    const holds = node.children.length > 0;
    const row = el("div", { role: "treeitem", tabIndex: -1, className: "node", ariaLevel: String(level), data: { name: node.name, n } });
    row.style.setProperty("--level", level - 1);
    row.append(
      el("span", { className: "state", aria: { hidden: "true" } }),
      el("span", { className: "who" },
        el("span", { className: "sign", aria: { hidden: "true" }, textContent: SIGNS[node.type] ?? (holds ? "○" : "•") }),
        el("b", { textContent: node.name }),
        node.type === node.name ? null : el("code", { textContent: node.type })),
      el("span", { className: "word" }),
      el("span", { className: "why" }),
    ); // prettier-ignore
    if (holds) row.ariaExpanded = "true";
    row.onclick = (event) => {
      if (event.target.closest(".sign") && holds) return this.#fold(row, row.ariaExpanded === "true");
      stand(this.#box, row);
      this.#choose(path);
    };
    return row;
  }

  #fill(row, state, why, lit) {
    const [symbol, , word, reason] = row.children;
    row.dataset.state = state;
    row.classList.toggle("is-lit", lit);
    write(symbol, SYMBOLS[state] ?? "");
    write(word, state ? t(`state.${state}`) : "");
    write(reason, why ?? "");
  }

  #key(row, { key }) {
    const rows = this.#rows;
    const at = rows.indexOf(row);
    const open = row.ariaExpanded;
    if (key === "ArrowRight" && open === "false") this.#fold(row, false);
    else if (key === "ArrowRight" && open === "true") stand(this.#box, rows[at + 1]).focus();
    else if (key === "ArrowLeft" && open === "true") this.#fold(row, true);
    else if (key === "ArrowLeft") {
      const above = rows.slice(0, at).findLast((each) => each.ariaLevel < row.ariaLevel);
      if (above) stand(this.#box, above).focus();
    } else return false;
    return true;
  }

  #fold(row, closed) {
    row.ariaExpanded = String(!closed);
    this.#closed[closed ? "add" : "delete"](row);
    const above = [];
    for (const each of this.#rows) {
      above.length = Number(each.ariaLevel) - 1;
      each.hidden = above.some((one) => this.#closed.has(one));
      above.push(each);
    }
    standSomewhere(this.#box);
  }
}

/** Only what is new: a text that is written again would be selected and read again. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @returns {{node: Node, level: number, path: string[]}[]} in the order in which they are asked */
function flat(root) {
  const found = [];
  const walk = (node, above) => {
    const path = [...above, node.name];
    found.push({ node, level: path.length, path });
    for (const each of node.children) walk(each, path);
  };
  walk(root, []);
  return found;
}

/** Which of the nodes lead to what the tree does: those that run, or succeeded, below others that do. */
function running(nodes) {
  const above = [];
  return nodes.map(({ node, level }) => {
    above.length = level - 1;
    const lit = above.every(Boolean) && (node.status === "RUNNING" || node.status === "SUCCESS");
    above.push(lit);
    return lit;
  });
}

const leads = (part, path) => part.length <= path.length && part.every((name, n) => name === path[n]);
export const same = (one, other) => one.length === other.length && leads(one, other);
/** Whether a decision belongs to a node or to one below it. */
export const below = leads;
