/** The entries of one kind, a page at a time, found by what they say. */
import { t } from "../strings.js";
import { by, el } from "./dom.js";
import { KINDS, keyOf } from "./kinds.js";
import { state, texts } from "./record.js";
import { headline } from "./shelf.js";

const PAGE = 50;
const TYPING_MS = 200;

export class List {
  #open;
  #fail;
  #shelf = null;
  #offset = 0;
  #page = "";
  #tag = "";
  #asked = 0;
  kind = "faq";

  /** @param {{open: (place: object) => void, turn: (kind: string) => void, fail: (error: Error) => void}} acts */
  constructor(acts) {
    this.#open = acts.open;
    this.#fail = acts.fail;
    by("kinds").replaceChildren(...KINDS.map((kind) => this.#tab(kind, acts.turn)));
    by("kinds").onkeydown = (event) => this.#arrow(event);
    let timer = 0;
    by("q").oninput = () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.show(0), TYPING_MS);
    };
    by("earlier").onclick = () => this.#turn(-PAGE);
    by("later").onclick = () => this.#turn(PAGE);
  }

  #tab(kind, turn) {
    const tab = el("button", { id: `kind-${kind}`, type: "button", role: "tab", className: "kind", data: { kind } });
    tab.setAttribute("aria-controls", "panel");
    tab.append(el("span", { textContent: t(`kind.${kind}`) }), el("small", {}));
    tab.onclick = () => turn(kind);
    return tab;
  }

  #arrow(event) {
    const tabs = [...by("kinds").children];
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab.focus();
    tab.click();
  }

  /** @param {import("./shelf.js").Shelf} shelf @param {string} kind */
  begin(shelf, kind) {
    this.#shelf = shelf;
    this.kind = kind;
    by("q").value = "";
    for (const tab of by("kinds").children) {
      const chosen = tab.dataset.kind === kind;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    by("panel").setAttribute("aria-labelledby", `kind-${kind}`);
    by("list-title").textContent = t(`kind.${kind}`);
    by("rows").replaceChildren();
    this.#page = "";
    return this.show(0);
  }

  /** How many there are of each kind, and which sections are off. @param {Record<string, {count: number, enabled: boolean}>} kinds */
  count(kinds) {
    for (const tab of by("kinds").children) {
      const told = kinds[tab.dataset.kind];
      tab.lastChild.textContent = told ? String(told.count) : "";
      tab.classList.toggle("is-off", told ? !told.enabled : false);
    }
  }

  /** Ask for the page again, quietly where nothing has changed. @param {number} [offset] */
  async show(offset = this.#offset) {
    const { kind } = this;
    const q = by("q").value.trim();
    const page = `${this.#shelf.library} ${kind} ${offset} ${q}`;
    const turn = (this.#asked += 1);
    try {
      const known = page === this.#page ? this.#tag : undefined;
      const { status, value, etag } = await this.#shelf.page(kind, q, offset, PAGE, known);
      if (turn !== this.#asked || status === 304) return;
      this.#offset = offset;
      this.#page = page;
      this.#tag = etag;
      this.#fill(kind, value);
    } catch (error) {
      this.#page = "";
      if (turn === this.#asked) this.#fail(error);
    }
  }

  #turn(step) {
    return this.show(Math.max(0, this.#offset + step)).then(() => by("rows").querySelector("button")?.focus());
  }

  #fill(kind, { items, total, offset, enabled }) {
    const q = by("q").value.trim();
    const held = by("rows").contains(document.activeElement) && document.activeElement.dataset.id;
    by("rows").replaceChildren(...items.map((record) => this.#row(kind, record)));
    if (held) this.focus(held);
    by("none").hidden = items.length > 0;
    by("none").textContent = q ? t("noneFound", { q }) : t(`empty.${kind}`);
    by("count").textContent = total ? t("count", { from: offset + 1, to: offset + items.length, total }) : "";
    by("earlier").hidden = by("later").hidden = total <= PAGE;
    by("earlier").disabled = offset === 0;
    by("later").disabled = offset + items.length >= total;
    by("section").hidden = kind === "documents";
    by("section").setAttribute("aria-checked", String(enabled));
    by("section-text").textContent = enabled ? t("sectionOn") : t("state.off");
    by("off-note").hidden = enabled;
  }

  /** Go to a row, if it is there. @param {string} id @returns {boolean} */
  focus(id) {
    const row = [...by("rows").children].find((each) => each.firstChild.dataset.id === id);
    row?.firstChild.focus();
    return row !== undefined;
  }

  #row(kind, record) {
    const id = record[keyOf(kind)];
    const row = el("button", { type: "button", className: "entry", data: { id, state: state(record) } });
    row.append(
      el("span", { className: "entry-ask", textContent: title(kind, record) }),
      el("span", { className: "entry-say", textContent: answer(kind, record) }),
      el("span", { className: "marks" }, ...marks(kind, record)),
    );
    row.onclick = () => this.#open({ kind, id });
    return el("li", {}, row);
  }
}

function title(kind, record) {
  if (kind === "greetings" || kind === "rules") {
    const events = texts(record.on).map((each) => t(`on.${each}`)).join(", "); // prettier-ignore
    return record.when ? `${events}: ${record.when}` : events;
  }
  return headline(kind, record);
}

function answer(kind, record) {
  if (kind === "skills") return record.intents.map((intent) => texts(intent.ask)[0]).join(" · ");
  if (kind === "documents") return record.path;
  return texts(record.say)[0] ?? record.llm ?? record.show?.title ?? t(`action.${record.action ?? ""}`);
}

function marks(kind, record) {
  const at = state(record);
  const words = [];
  if (at !== "on") words.push([t(`state.${at}`, { from: day(record.from), until: day(record.until) }), `is-${at}`]);
  else if (record.until) words.push([t("state.until", { until: day(record.until) }), "is-until"]);
  if (kind === "skills") words.push([t("intents", { n: record.intents.length })]);
  if (texts(record.ask).length > 1) words.push([t("wordings", { n: texts(record.ask).length })]);
  if (texts(record.say).length > 1) words.push([t("answers", { n: texts(record.say).length })]);
  if (record.show) words.push([t("card")]);
  return words.map(([text, name = ""]) => el("span", { className: `mark ${name}`, textContent: text }));
}

const day = (moment) => String(moment ?? "").replace("T", " ");
