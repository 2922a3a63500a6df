/** The place where one record is edited: saved with its tag, so that nobody's edit is lost, or refused with the reason. */
import { t } from "../strings.js";
import { Refused } from "./api.js";
import { settle } from "./conflict.js";
import { by, choose, el, icon } from "./dom.js";
import { Form } from "./form.js";
import { keyOf } from "./kinds.js";
import { texts } from "./record.js";
import { headline } from "./shelf.js";

export class Editor {
  #root = by("editor");
  #acts;
  #shelf = null;
  #place = null;
  #record = {};
  #etag = "";
  #form = null;
  #problem = null;
  #busy = false;
  #saving = Promise.resolve(true);

  /**
   * @param {{writing: () => void, edited: (message: string, undo?: boolean) => Promise<void>, leave: () => void, gone: () => void,
   *   open: (place: object) => void, own?: (record: any) => Node}} acts `own`: a button of the page's own for a record
   */
  constructor(acts) {
    this.#acts = acts;
    this.#root.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        this.save();
      }
    });
    addEventListener("beforeunload", (event) => this.dirty && event.preventDefault());
  }

  get isOpen() {
    return this.#form !== null;
  }

  get dirty() {
    return this.#form?.dirty ?? false;
  }

  get place() {
    return this.#place;
  }

  /** Read a record and show its form. @param {import("./shelf.js").Shelf} shelf @param {import("./shelf.js").Place} place */
  async open(shelf, place) {
    const { value, etag } = await shelf.read(place);
    this.#show(shelf, place, value, etag, {});
  }

  /** @param {import("./shelf.js").Place} place without an id @param {Record<string, any>} given first values */
  begin(shelf, place, given = {}) {
    this.#show(shelf, place, {}, "", given);
  }

  close() {
    this.#form = this.#place = null;
    this.#root.hidden = true;
    this.#root.replaceChildren();
  }

  #show(shelf, place, record, etag, given) {
    this.#shelf = shelf;
    this.#place = place;
    this.#record = record;
    this.#etag = etag;
    this.#form = new Form(place.kind === "skills" && !place.id ? "bundle" : place.kind, record, given);
    this.#problem = el("div", { className: "problem", role: "alert", hidden: true });
    const inside = place.kind === "skills" && place.id ? this.#intents() : null;
    const form = el("form", { className: "record", noValidate: true }, this.#head(), this.#problem, this.#form.node, inside, this.#foot());
    form.onsubmit = (event) => {
      event.preventDefault();
      this.save();
    };
    this.#root.replaceChildren(form);
    this.#root.hidden = false;
    if (place.id) by("editor-title").focus({ preventScroll: true });
    else this.#form.focus();
    this.#root.scrollTop = 0;
  }

  #head() {
    const { kind, id } = this.#place;
    const name = id ? headline(kind, this.#record) : t("newTitle", { kind: t(`one.${kind}`) });
    const back = el("button", { type: "button", className: "plain back" }, icon("back"), t(kind === "intents" ? "backSkill" : "back"));
    back.onclick = () => this.#acts.leave();
    const title = el("h2", { id: "editor-title", tabIndex: -1, textContent: name });
    return el("header", { className: "editor-head" }, back, id && el("small", { className: "one", textContent: t(`one.${kind}`) }), title);
  }

  #foot() {
    const save = el("button", { id: "save", type: "submit", className: "primary", textContent: t("save") });
    const remove = this.#place.id && el("button", { id: "delete", type: "button", className: "quiet danger", textContent: t("delete") });
    if (remove) remove.onclick = () => this.remove();
    const named = this.#place.id && el("small", { className: "hint", textContent: t("advanced", { id: this.#place.id }) });
    const own = this.#place.id && this.#acts.own?.(this.#record);
    return el("footer", { className: "editor-foot" }, save, remove, own, named);
  }

  /** The questions inside a skill. */
  #intents() {
    const skill = this.#place.id;
    const rows = this.#record.intents.map((intent) => {
      const row = el("button", { type: "button", className: "entry", data: { id: intent.id } });
      row.append(el("span", { className: "entry-ask", textContent: texts(intent.ask)[0] }), el("span", { className: "entry-say", textContent: texts(intent.say)[0] }));
      row.onclick = () => this.#acts.open({ kind: "intents", id: intent.id, skill });
      return el("li", {}, row);
    });
    const add = el("button", { id: "new-intent", type: "button", className: "quiet" }, icon("plus"), t("newIntent"));
    add.onclick = () => this.#acts.open({ kind: "intents", id: null, skill });
    return el("section", { className: "part inside" }, el("h3", { textContent: t("f.intents") }), el("ul", { className: "rows" }, ...rows), add);
  }

  /** Write what was changed. @returns {Promise<boolean>} whether nothing is left to save */
  save() {
    if (!this.#busy && this.#form) this.#saving = this.#save();
    return this.#saving;
  }

  async #save() {
    const patch = this.#form.changes();
    if (this.#place.id && !Object.keys(patch).length) {
      await this.#acts.edited(t("nothing"), false);
      return true;
    }
    return this.#write(() => this.#shelf.write(this.#place, patch, this.#etag || undefined), patch);
  }

  async #write(work, patch) {
    this.#wait(true);
    this.#acts.writing();
    try {
      const { value, etag, live } = await work();
      const kind = this.#place.kind;
      const place = { ...this.#place, id: value[keyOf(kind)] };
      this.#show(this.#shelf, place, value, etag, {});
      await this.#acts.edited(t(live ? "saved" : "savedLater"));
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (this.#place.id && (error.code === "stale" || error.code === "not_found")) return await this.#collided(patch);
      this.#refused(error);
      return false;
    } finally {
      this.#wait(false);
    }
  }

  #wait(busy) {
    this.#busy = busy;
    const save = by("save");
    if (!save) return;
    save.textContent = t(busy ? "saving" : "save");
    save.setAttribute("aria-disabled", String(busy));
  }

  /** Somebody else was faster: show both versions and do what is chosen. */
  async #collided(patch) {
    const now = await this.#shelf.read(this.#place).catch((error) => (error.status === 404 ? null : this.#refused(error)));
    if (now === undefined) return false;
    const chosen = await settle(this.#record, patch, now?.value ?? null);
    if (chosen === "mine") {
      this.#busy = false;
      const whole = Object.fromEntries(Object.entries({ ...this.#record, ...patch }).filter(([, value]) => value !== null));
      return this.#write(
        () => (now ? this.#shelf.write(this.#place, patch, now.etag) : this.#shelf.remake(this.#place, whole)), patch); // prettier-ignore
    }
    if (chosen === "theirs") {
      if (now) this.#show(this.#shelf, this.#place, now.value, now.etag, {});
      else this.#acts.gone();
      return true;
    }
    return false;
  }

  #refused(error) {
    this.#form.clear();
    const where = error.where.replace(/^intents\[\d+\]\./, "");
    const there = error.status === 422 && this.#form.object(where, error.problem, error.remedy);
    const told = error.code === "offline" ? t("offline") : t("wrongSomewhere", { problem: error.problem });
    const place = error.where && !there ? `${error.where}: ` : "";
    this.#problem.textContent = there ? t("wrong", { field: t(`f.${where.replace(/\[\d+\]/g, "")}`) }) : `${place}${told} ${error.remedy}`;
    this.#problem.hidden = false;
    if (!there) this.#problem.scrollIntoView({ block: "nearest" });
  }

  async remove() {
    if (this.#busy) return;
    const { kind } = this.#place;
    const what = headline(kind, this.#record);
    try {
      await this.#shelf.remove(this.#place, this.#etag);
      this.#acts.gone();
      await this.#acts.edited(t("deleted", { what }));
    } catch (error) {
      if (error.code === "stale") await this.#lookAgain();
      else if (error instanceof Refused) this.#refused(error);
      else throw error;
    }
  }

  /** What was to be deleted has changed: show what it says now. */
  async #lookAgain() {
    await this.open(this.#shelf, this.#place);
    this.#problem.textContent = t("lookAgain");
    this.#problem.hidden = false;
  }

  /** Ask what to do with what is not saved. @returns {Promise<boolean>} whether one may leave */
  async mayLeave() {
    if (this.#busy) await this.#saving;
    if (!this.dirty) return true;
    const chosen = await choose(by("leave"));
    return chosen === "discard" || (chosen === "save" && (await this.save()));
  }
}
