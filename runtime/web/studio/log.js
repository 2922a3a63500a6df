/** Who changed what and when, and the way back. */
import { t } from "../strings.js";
import { by, choose, el } from "./dom.js";
import { words } from "./conflict.js";
import { headline } from "./shelf.js";

const PAGE = 50;
const UNDOS = 100;

/** Show the log until it is closed. @param {import("./shelf.js").Shelf} shelf @param {(count: number) => Promise<void>} undo */
export async function showLog(shelf, undo) {
  const edits = [];
  const more = async () => {
    const { value } = await shelf.audit(edits.length, PAGE);
    edits.push(...value.items);
    by("log-more").hidden = edits.length >= value.total;
    fill(edits, undo);
  };
  by("log-more").onclick = more;
  await more();
  await choose(by("log"));
}

function fill(edits, undo) {
  const undone = new Set(edits.map((edit) => edit.undoes).filter(Boolean));
  let standing = 0;
  const rows = edits.map((edit) => {
    const stands = !edit.undoes && !undone.has(edit.id);
    if (stands) standing += 1;
    return row(edit, stands && standing <= UNDOS ? standing : 0, undone.has(edit.id), undo);
  });
  by("log-rows").replaceChildren(...(rows.length ? rows : [el("li", { textContent: t("noHistory") })]));
}

function row(edit, count, undone, undo) {
  const when = new Date(edit.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const told = edit.changes.map((change) => el("p", {}, el("b", { textContent: did(edit, change) }), ` ${what(change)}`, difference(change)));
  const head = el("p", { className: "log-when" }, el("time", { dateTime: edit.at, textContent: when }), ` ${t("by", { who: edit.who })}`);
  if (undone) head.append(" ", el("span", { className: "mark", textContent: t("isUndone") }));
  const item = el("li", { data: { id: edit.id } }, head, ...told);
  if (count) {
    const button = el("button", { type: "button", className: "quiet", textContent: count === 1 ? t("undoThis") : t("undoTo", { n: count }) });
    button.onclick = () => undo(count);
    item.append(button);
  }
  return item;
}

function did(edit, { id, before, after }) {
  if (edit.undoes) return t("did.undone");
  if (id === null) return t(after === false || after?.enabled === false ? "did.off" : "did.on");
  return t(before === null ? "did.added" : after === null ? "did.deleted" : "did.changed");
}

function what({ kind, id, before, after }) {
  return id === null ? t(`kind.${kind}`) : `${t(`one.${kind}`)} “${headline(kind, after ?? before)}”`;
}

/** The first of what differs, before and after. */
function difference({ id, before, after }) {
  if (id === null || before === null || after === null) return null;
  const keys = Object.keys({ ...before, ...after }).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const lines = keys.slice(0, 3).map((key) => el("span", { className: "change" }, el("del", { textContent: words(before[key]) }), " → ", el("ins", { textContent: words(after[key]) })));
  return el("span", { className: "changes" }, ...lines);
}
