/** The first step: whose voice it is, and the enrolments that are under way. */
import { t } from "../../strings.js";
import { Refused } from "../api.js";
import { el } from "../dom.js";
import { input } from "../inputs.js";
import { languageName } from "./list.js";

const LANGUAGES = ["en", "zh", "ja", "ko"];
const PROFILES = ["fast", "full"];
const MOST = { name: 64, speaker: 80, company: 80 };

/** @param {import("./enrol.js").Enrol} enrol @param {any[]} tasks */
export function who(enrol, tasks) {
  const open = tasks.filter((each) => each.taskStatus !== 5);
  return el("div", {}, form(enrol), open.length ? underWay(enrol, open) : null);
}

function underWay(enrol, tasks) {
  const rows = tasks.toReversed().map((task) => {
    const row = el("button", { type: "button", className: "entry", data: { task: task.taskId } });
    row.append(el("span", { className: "entry-ask", textContent: task.voice.name }), el("span", { className: "marks" }, el("span", { className: "mark", textContent: t(`status.${task.taskStatus}`) })));
    row.onclick = () => enrol.open(task.taskId);
    return el("li", {}, row);
  });
  return el("section", { className: "under-way" }, el("h3", { textContent: t("underWay") }), el("ul", { className: "rows" }, ...rows));
}

function form(enrol) {
  const language = document.documentElement.lang === "zh" ? "zh" : "en";
  const fields = {
    name: row("name", input({ name: "name" }, "", "who-name")),
    speaker: row("speaker", input({ name: "speaker" }, "", "who-speaker")),
    company: row("company", input({ name: "company" }, "", "who-company")),
    language: row("language", select("who-language", LANGUAGES, languageName, language)),
    profile: row("profile", select("who-profile", PROFILES, (each) => t(`profile.${each}`), "fast")),
  };
  for (const name in MOST) fields[name].control.maxLength = MOST[name];
  fields.name.control.autocapitalize = "none";
  const go = el("button", { type: "submit", className: "primary", id: "who-go", textContent: t("goAhead") });
  const rows = Object.values(fields).map((each) => each.row);
  const made = el("form", { className: "part who", noValidate: true }, el("p", { className: "hint", textContent: t("whoIntro") }), ...rows, go);
  made.onsubmit = async (event) => {
    event.preventDefault();
    const order = Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, each.read().trim()]));
    go.disabled = true;
    await enrol.create(order).catch((error) => refused(enrol, fields, error));
    go.disabled = false;
  };
  return made;
}

function select(id, options, words, value) {
  const control = el("select", { id, className: "control" }, ...options.map((each) => el("option", { value: each, textContent: words(each) })));
  control.value = value;
  return { node: control, control, read: () => control.value };
}

function row(name, made) {
  const { id } = made.control;
  const hint = el("small", { id: `${id}-hint`, className: "hint", textContent: t(`who.h.${name}`) });
  const wrong = el("p", { id: `${id}-wrong`, className: "wrong", hidden: true });
  made.control.setAttribute("aria-describedby", `${hint.id} ${wrong.id}`);
  return { ...made, wrong, row: el("div", { className: "field", data: { field: name } }, el("label", { for: id, className: "name", textContent: t(`who.${name}`) }), hint, made.node, wrong) };
}

/** What is wrong, at its field. */
function refused(enrol, fields, error) {
  for (const each of Object.values(fields)) {
    each.wrong.hidden = true;
    each.control.removeAttribute("aria-invalid");
  }
  const at = error instanceof Refused && error.status === 422 && fields[error.where];
  if (!at) return enrol.fail(error);
  at.wrong.textContent = t(`who.wrong.${error.where}`);
  at.wrong.hidden = false;
  at.control.setAttribute("aria-invalid", "true");
  at.control.focus();
}
