/** The operator's page: what the avatar knows, how to change it, and why it answers as it does. */
import { t } from "../strings.js";
import { Api, Refused } from "./api.js";
import { by, el } from "./dom.js";
import { Editor } from "./editor.js";
import { KINDS } from "./kinds.js";
import { List } from "./list.js";
import { showLog } from "./log.js";
import { Shelf } from "./shelf.js";
import { askToken, begin, offerLanguage } from "./start.js";
import { Toast } from "./toast.js";
import { Trial } from "./trial.js";
import { EN } from "./words_en.js";
import { ZH } from "./words_zh.js";

const POLL_MS = 4000;

class Studio {
  #api = new Api(() => askToken());
  #shelf = null;
  #about = null;
  #aboutTag = "";
  #toast = new Toast(by("toast"));
  #trial = new Trial({
    open: (id, kinds) => this.#found(id, kinds),
    add: (id, text, entry) => this.#reword(id, text, entry),
    begin: (text) => this.#begin({ kind: "faq", id: null }, { ask: text }),
  });
  #list = new List({
    open: (place) => this.#open(place),
    turn: (kind) => this.#turn(kind),
    fail: (error) => this.#fail(error),
  });
  #editor = new Editor({
    writing: () => this.#toast.hide(),
    edited: (message, undo) => this.#edited(message, undo),
    leave: () => this.#leave(),
    gone: () => this.#back(),
    open: (place) => this.#open(place),
  });

  async start() {
    const query = new URLSearchParams(location.search);
    const names = (await this.#api.get("/knowledge")).value.items;
    by("library").replaceChildren(...names.map((name) => el("option", { value: name, textContent: name })));
    if (!names.length) return this.#alert([t("noLibraries")]);
    const name = names.includes(query.get("kb")) ? query.get("kb") : names[0];
    const kind = KINDS.includes(query.get("kind")) ? query.get("kind") : "faq";
    this.#wire();
    await this.#library(name, kind);
    if (query.get("id")) await this.#found(query.get("id"), [kind]);
    setInterval(() => document.hidden || this.#look(), POLL_MS);
  }

  #wire() {
    by("library").onchange = async () => {
      if (await this.#editor.mayLeave()) await this.#library(by("library").value, this.#list.kind);
      else by("library").value = this.#shelf.library;
    };
    by("new").onclick = () => this.#begin({ kind: this.#list.kind, id: null });
    by("section").onclick = () => this.#switch();
    by("history").onclick = () => this.#history();
    addEventListener("popstate", () => this.#editor.isOpen && this.#leave(true));
  }

  async #library(name, kind) {
    by("library").value = name;
    this.#editor.close();
    this.#toast.hide();
    this.#shelf = new Shelf(this.#api, name);
    this.#aboutTag = "";
    this.#lists(true);
    await this.#look(false);
    this.#trial.begin(this.#shelf, this.#about?.dialogs ?? []);
    await this.#turn(kind);
  }

  /** Look whether something was changed: here, by hand in the files, by somebody else. @param {boolean} [listed] the list, too */
  async #look(listed = true) {
    try {
      const { status, value, etag } = await this.#shelf.about(this.#aboutTag || undefined);
      if (status !== 304) this.#told(value, etag);
      if (listed && this.#about.usable && !by("list").hidden) await this.#list.show();
      by("app").setAttribute("aria-busy", "false");
    } catch (error) {
      this.#fail(error);
    }
  }

  #told(about, etag) {
    const mended = this.#about && !this.#about.usable && about.usable;
    this.#about = about;
    this.#aboutTag = etag;
    const problem = about.problem ? [`${t("broken")}\n${about.problem.message}`] : [];
    this.#alert([...problem, ...about.warnings.filter((each) => !about.problem || !each.includes(about.problem.where))]);
    this.#list.count(about.kinds);
    by("kiosk").hidden = !about.dialogs.length;
    by("kiosk").href = `/kiosk/${about.dialogs[0]}`;
    by("new").disabled = by("section").disabled = !about.usable;
    if (mended) this.#list.show(0).then(() => this.#trial.again());
  }

  #alert(messages) {
    const now = [...by("alerts").children].map((each) => each.textContent);
    if (JSON.stringify(now) !== JSON.stringify(messages)) by("alerts").replaceChildren(...messages.map((each) => el("p", { textContent: each })));
  }

  #fail(error) {
    if (!(error instanceof Refused)) throw error;
    this.#aboutTag = "";
    if (error.code === "broken") this.#alert([`${t("broken")}\n${error.message}`]);
    else this.#alert([error.code === "offline" ? t("offline") : error.message]);
  }

  async #turn(kind) {
    this.#address({ kind });
    await this.#list.begin(this.#shelf, kind);
  }

  #address({ kind = this.#list.kind, id = null }, push = false) {
    const inside = kind === "intents";
    const query = new URLSearchParams({ kb: this.#shelf.library, kind: inside ? "skills" : kind, ...(id && !inside ? { id } : {}) });
    const lang = new URLSearchParams(location.search).get("lang");
    if (lang) query.set("lang", lang);
    history[push ? "pushState" : "replaceState"](null, "", `?${query}`);
    offerLanguage(query);
  }

  #lists(shown) {
    by("list").hidden = !shown;
    by("app").dataset.view = shown ? "list" : "editor";
  }

  async #open(place) {
    if (!place.id) return this.#begin(place);
    if (!(await this.#editor.mayLeave())) return;
    try {
      const first = !this.#editor.isOpen;
      await this.#editor.open(this.#shelf, place);
      this.#lists(false);
      this.#address(place, first);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #begin(place, given) {
    if (!(await this.#editor.mayLeave())) return;
    const first = !this.#editor.isOpen;
    this.#lists(false);
    this.#editor.begin(this.#shelf, place, given);
    this.#address({ kind: place.kind }, first);
  }

  async #found(id, kinds) {
    const place = await this.#shelf.locate(id, kinds).catch((error) => this.#fail(error));
    if (place) await this.#open(place);
  }

  /** From an intent to its skill, from anything else to the list. @param {boolean} [gone] whether the address has changed already */
  async #leave(gone = false) {
    const { skill } = this.#editor.place;
    if (!(await this.#editor.mayLeave())) return gone && this.#address(this.#editor.place, true);
    if (!skill || gone) return this.#back(gone);
    this.#editor.close();
    await this.#open({ kind: "skills", id: skill });
  }

  async #back(gone = false) {
    const { kind, id } = this.#editor.place;
    this.#editor.close();
    this.#lists(true);
    this.#address({}, false);
    const at = kind === "intents" ? "skills" : kind;
    if (at !== this.#list.kind && !gone) await this.#turn(at);
    else await this.#list.show();
    if (!this.#list.focus(id)) by("new").focus();
  }

  /** Something was written: say so, offer the way back, and ask the last question again. */
  async #edited(message, undo = true) {
    const edit = undo ? (await this.#shelf.audit(0, 1)).value.items[0]?.id : null;
    this.#toast.show(message, undo ? { text: t("undo"), act: () => this.#undo(edit) } : null);
    if (!undo) return;
    if (this.#editor.isOpen && this.#editor.place?.id) this.#address(this.#editor.place);
    await Promise.all([this.#trial.again(), this.#look()]);
  }

  /** Take an edit back, if nothing was edited since. */
  async #undo(edit) {
    try {
      const newest = (await this.#shelf.audit(0, 1)).value.items[0]?.id;
      if (newest !== edit) return this.#toast.show(t("undoneBy"));
      await this.#takeBack(1);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #takeBack(count) {
    await this.#shelf.undo(count);
    const place = this.#editor.isOpen ? this.#editor.place : null;
    if (place?.id && !this.#editor.dirty) {
      this.#editor.close();
      await this.#editor.open(this.#shelf, place).catch(() => this.#lists(true));
    }
    this.#toast.show(t("undone"));
    await Promise.all([this.#trial.again(), this.#look()]);
  }

  async #reword(id, text, entry) {
    try {
      const place = await this.#shelf.locate(id, ["faq", "skills"]);
      if (!place) return;
      await this.#shelf.reword(place, text);
      const mine = this.#editor.place;
      if (mine?.id === id && mine.kind === place.kind && !this.#editor.dirty) await this.#editor.open(this.#shelf, place);
      await this.#edited(t("added", { text, entry }));
    } catch (error) {
      this.#fail(error);
    }
  }

  async #switch() {
    const { kind } = this.#list;
    const on = by("section").getAttribute("aria-checked") !== "true";
    try {
      await this.#shelf.switch(kind, on);
      await this.#edited(t(on ? "switchedOn" : "switchedOff", { kind: t(`kind.${kind}`) }));
    } catch (error) {
      this.#fail(error);
    }
  }

  async #history() {
    if (!(await this.#editor.mayLeave())) return;
    try {
      await showLog(this.#shelf, async (count) => {
        by("log").close("stay");
        await this.#takeBack(count).catch((error) => this.#fail(error));
      });
    } catch (error) {
      this.#fail(error);
    }
  }
}

begin(EN, { ...EN, ...ZH });
new Studio().start();
