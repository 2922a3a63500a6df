/** The pronunciation lexicon: found, edited with tags so that nobody's edit is lost, and heard in a sentence. */
import { t } from "../../strings.js";
import { path } from "../api.js";
import { by, el } from "../dom.js";
import { Editor } from "../editor.js";
import { made } from "../record.js";
import { playButton } from "./hear.js";
import { CARRIERS } from "./prompts.js";

const PAGE = 50;
const TYPING_MS = 200;

/** What an editor reads and writes. */
class LexiconShelf {
  #api;
  library = "lexicon";

  constructor(api) {
    this.#api = api;
  }

  page(q, offset) {
    return this.#api.get(`/lexicon?${new URLSearchParams({ q, offset, limit: PAGE })}`);
  }

  read({ id }) {
    return this.#api.get(`/lexicon${path(id)}`);
  }

  write({ id }, patch, etag) {
    if (id) return this.#api.call("PATCH", `/lexicon${path(id)}`, { body: patch, etag });
    return this.#api.call("POST", "/lexicon", { body: made(patch) });
  }

  remake({ id }, record) {
    return this.#api.call("PUT", `/lexicon${path(id)}`, { body: record, fresh: true });
  }

  remove({ id }, etag) {
    return this.#api.call("DELETE", `/lexicon${path(id)}`, { etag });
  }
}

export class LexiconPart {
  #api;
  #acts;
  #shelf;
  #offset = 0;
  #asked = 0;
  #dialogs = [];
  editor;

  /** @param {import("../api.js").Api} api @param {{fail: (error: Error) => void, tell: (message: string) => void, hide: () => void}} acts */
  constructor(api, acts) {
    this.#api = api;
    this.#acts = acts;
    this.#shelf = new LexiconShelf(api);
    this.editor = new Editor({
      writing: acts.hide,
      edited: async (message) => acts.tell(message),
      leave: () => this.#leave(),
      gone: () => this.close(),
      open: () => {},
      own: (record) => playButton({ says: "hearWord", name: record.grapheme, className: "quiet" }, this.#saying(record), acts.fail),
    });
    let timer = 0;
    by("q").oninput = () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.show(0), TYPING_MS);
    };
    by("new").onclick = () => this.#edit(null);
    by("earlier").onclick = () => this.show(Math.max(0, this.#offset - PAGE));
    by("later").onclick = () => this.show(this.#offset + PAGE);
  }

  /** @param {any[]} dialogs in whose voices words are heard */
  begin(dialogs) {
    this.#dialogs = dialogs;
  }

  async show(offset = this.#offset) {
    const turn = (this.#asked += 1);
    const q = by("q").value.trim();
    try {
      const { value } = await this.#shelf.page(q, offset);
      if (turn !== this.#asked) return;
      this.#offset = offset;
      this.#fill(value, q);
    } catch (error) {
      if (turn === this.#asked) this.#acts.fail(error);
    }
  }

  #fill({ items, total }, q) {
    const columns = ["grapheme", "said", "where"].map((each) => el("th", { scope: "col", textContent: t(`col.${each}`) }));
    const head = el("thead", {}, el("tr", {}, ...columns, el("th", { scope: "col" }, el("span", { className: "visually-hidden", textContent: t("hear") }))));
    const table = el("table", {}, el("caption", { className: "visually-hidden", textContent: t("tab.lexicon") }), head, el("tbody", {}, ...items.map((each) => this.#row(each))));
    by("words").replaceChildren(...(items.length ? [table] : []));
    by("no-words").hidden = items.length > 0;
    by("no-words").textContent = q ? t("noneFound", { q }) : t("noWords");
    by("count").textContent = total ? t("count", { from: this.#offset + 1, to: this.#offset + items.length, total }) : "";
    by("earlier").hidden = by("later").hidden = total <= PAGE;
    by("earlier").disabled = this.#offset === 0;
    by("later").disabled = this.#offset + items.length >= total;
  }

  #row(entry) {
    const open = el("button", { type: "button", className: "plain word", data: { id: entry.id }, textContent: entry.grapheme, ariaLabel: t("editNamed", { name: entry.grapheme }) });
    open.onclick = () => this.#edit(entry.id);
    const said = [entry.alias, entry.pinyin, entry.ipa && `/${entry.ipa}/`].filter(Boolean).join(" · ");
    const where = [entry.language ?? "", entry.voice ?? "", entry.case === "exact" ? t("case.exact") : ""].filter(Boolean).join(" · ");
    const hear = playButton({ says: "hearWord", name: entry.grapheme, bare: true }, this.#saying(entry), this.#acts.fail);
    return el("tr", {}, el("th", { scope: "row" }, open), el("td", { textContent: said }), el("td", { textContent: where || t("everywhere") }), el("td", {}, hear));
  }

  /** The word in a sentence, in a voice for which the entry holds. */
  #saying({ grapheme, language, voice = "" }) {
    const primary = (tag) => tag.split("-")[0].toLowerCase();
    const dialog = (language && this.#dialogs.find((each) => primary(each.language) === primary(language))) || this.#dialogs[0];
    const carrier = CARRIERS[primary(language ?? dialog?.language ?? "en")] ?? "{word}";
    const body = { input: carrier.replace("{word}", grapheme), dialog: dialog?.name ?? "", voice };
    return (signal) => this.#api.open("POST", "/voices/say", { body, signal });
  }

  async #edit(id) {
    try {
      if (id) await this.editor.open(this.#shelf, { kind: "lexicon", id });
      else this.editor.begin(this.#shelf, { kind: "lexicon", id: null });
      by("list").hidden = true;
      by("app").dataset.view = "editor";
    } catch (error) {
      this.#acts.fail(error);
      await this.show();
    }
  }

  async #leave() {
    if (await this.editor.mayLeave()) await this.close();
  }

  /** Back to the table. */
  async close() {
    const id = this.editor.place?.id;
    this.editor.close();
    by("list").hidden = false;
    by("app").dataset.view = "list";
    await this.show();
    ([...by("words").querySelectorAll(".word")].find((each) => each.dataset.id === id) ?? by("new")).focus();
  }
}
