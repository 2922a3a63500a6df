/** A session's record, read in the page. Whatever is in the file, it is a record or one error says what is wrong and where. */
import { t } from "../../strings.js";

const LARGEST = 16 * 1024 * 1024;
const LINES = 100_000;
const DEEPEST = 40;
const NODES = 1000;
const LONGEST = 10_000;

export class BadRecord extends Error {
  /** @param {string} fault @param {object} values for its text */
  constructor(fault, values) {
    super(t(`bad.${fault}`, values));
  }
}

/**
 * @param {Blob} file @param {string} name
 * @returns {Promise<{name: string, tree: string, began: string, forgotten: number, root: any, decisions: any[], changes: any[]}>}
 *   `decisions` and `changes` ({at_s, perceived}) are in order of time; throws BadRecord
 */
export async function readRecord(file, name) {
  if (file.size > LARGEST) throw new BadRecord("large", { name, n: LARGEST / 1024 / 1024 });
  const bytes = await file.arrayBuffer().catch(() => {
    throw new BadRecord("unreadable", { name });
  });
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new BadRecord("encoding", { name });
  }
  return parse(text, name);
}

function parse(text, name) {
  const lines = text.split("\n").map((each, n) => [n + 1, each]).filter(([, each]) => each.trim()); // prettier-ignore
  if (!lines.length) throw new BadRecord("empty", { name });
  if (lines.length > LINES) throw new BadRecord("many", { name, n: LINES });
  const head = object(...lines[0], name);
  if (head.record !== 1) throw new BadRecord("head", { name, line: lines[0][0] });
  const decisions = [];
  const changes = [];
  let last = 0;
  for (const [line, each] of lines.slice(1)) {
    const found = object(line, each, name);
    last = timeOf(found, last, { name, line });
    if (isObject(found.decision)) decisions.push(decision(found.decision, decisions.at(-1), { name, line }));
    else if (isObject(found.perceived)) changes.push({ at_s: found.at_s, perceived: found.perceived });
    else throw new BadRecord("line", { name, line });
  }
  if (!decisions.length) throw new BadRecord("none", { name });
  const root = withPaths(head.root ? treeOf(head.root, { name, line: lines[0][0] }) : null, decisions);
  const told = (value) => (typeof value === "string" ? value.slice(0, 100) : "");
  const forgotten = Number.isInteger(head.forgotten) ? head.forgotten : 0;
  return { name, tree: told(head.tree), began: told(head.began), forgotten, root, decisions, changes };
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function object(line, text, name) {
  let found = null;
  try {
    found = JSON.parse(text);
  } catch {
    throw new BadRecord("json", { name, line });
  }
  if (!isObject(found)) throw new BadRecord(line === 1 ? "head" : "line", { name, line });
  return found;
}

function timeOf({ at_s }, last, where) {
  if (!(Number.isFinite(at_s) && at_s >= 0 && at_s <= 1e9)) throw new BadRecord("time", where);
  if (at_s < last) throw new BadRecord("back", where);
  return at_s;
}

const isText = (value) => typeof value === "string" && value.length <= LONGEST;
const CHECKS = {
  n: (value) => Number.isSafeInteger(value) && value >= 0,
  at_s: (value) => Number.isFinite(value) && value >= 0 && value <= 1e9,
  node: isText,
  did: isText,
  why: isText,
  path: (value) => Array.isArray(value) && value.length > 0 && value.length <= DEEPEST && value.every(isText),
  facts: (value) => isObject(value) && Object.keys(value).length <= 100,
};

function decision(found, before, where) {
  for (const key in CHECKS) if (!CHECKS[key](found[key])) throw new BadRecord("decision", { ...where, key });
  if (before && found.n <= before.n) throw new BadRecord("decision", { ...where, key: "n" });
  if (before && found.at_s < before.at_s) throw new BadRecord("back", where);
  return found;
}

/** The tree as the record has it, with what can be shown of it alone. */
function treeOf(root, where) {
  let count = 0;
  const node = (found, level) => {
    const fits = isObject(found) && isText(found.name) && isText(found.type) && Array.isArray(found.children);
    if (!fits || level > DEEPEST || ++count > NODES) throw new BadRecord("tree", where);
    return { name: found.name, type: found.type, children: found.children.map((each) => node(each, level + 1)) };
  };
  return node(root, 1);
}

/** The tree with all nodes that decided something: it may have been exchanged on the way, or not have been kept. */
function withPaths(root, decisions) {
  const top = root ?? { name: decisions[0].path[0], type: "", children: [] };
  let count = 0;
  for (const { path, type } of decisions) {
    let at = path[0] === top.name ? top : null;
    for (const [n, name] of path.entries()) {
      if (n === 0 || !at) continue;
      let next = at.children.find((each) => each.name === name);
      if (!next && ++count <= NODES) at.children.push((next = { name, type: n === path.length - 1 && isText(type) ? type : "", children: [] }));
      at = next;
    }
  }
  return top;
}
