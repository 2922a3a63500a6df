/** The operator's page of voices: hear them, make them, try them, and set right what they say. */
import { t } from "../../strings.js";
import { Api, Refused } from "../api.js";
import { by, el } from "../dom.js";
import { askToken, begin, offerLanguage } from "../start.js";
import { Toast } from "../toast.js";
import { EN } from "../words_en.js";
import { ZH } from "../words_zh.js";
import { Enrol } from "./enrol.js";
import { LexiconPart } from "./lexicon.js";
import { Voices } from "./list.js";
import { Tryout } from "./tryout.js";
import { EN as OWN_EN } from "./words_en.js";
import { ZH as OWN_ZH } from "./words_zh.js";

/** `try` is a tab where the screen is narrow; elsewhere it stands beside the others. */
const TABS = ["voices", "enrol", "try", "lexicon"];

class Page {
  #api = new Api(() => askToken());
  #toast = new Toast(by("toast"));
  #tab = "";
  #tasks = [];
  #acts = {
    fail: (error) => this.#fail(error),
    tell: (message) => this.#toast.show(message),
    hide: () => this.#toast.hide(),
    changed: () => this.#look(),
    try: (name) => this.#try(name),
    task: (id) => this.#task(id),
    address: (task) => this.#address(task),
  };
  #voices = new Voices(this.#api, this.#acts);
  #enrol = new Enrol(this.#api, this.#acts);
  #lexicon = new LexiconPart(this.#api, this.#acts);
  #tryout = new Tryout(this.#api);

  async start() {
    by("tabs").replaceChildren(...TABS.map((name) => this.#tabOf(name)));
    by("tabs").onkeydown = (event) => this.#arrow(event);
    const query = new URLSearchParams(location.search);
    this.#tab = TABS.includes(query.get("tab")) ? query.get("tab") : "voices";
    await this.#look();
    if (this.#tab === "enrol" && query.get("task")) await this.#task(query.get("task"));
    else await this.#turn(this.#tab);
    by("app").setAttribute("aria-busy", "false");
  }

  #tabOf(name) {
    const tab = el("button", { id: `tab-${name}`, type: "button", role: "tab", className: "kind", data: { tab: name }, textContent: t(`tab.${name}`) });
    tab.setAttribute("aria-controls", name === "try" ? "trial" : "panel");
    tab.onclick = () => this.#turn(name);
    return tab;
  }

  #arrow(event) {
    const tabs = [...by("tabs").children].filter((each) => each.checkVisibility());
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    tabs.at(to % tabs.length).focus();
    document.activeElement.click();
  }

  async #turn(name) {
    if (this.#tab === "enrol" && name !== "enrol" && !(await this.#enrol.mayLeave())) return;
    if (this.#tab !== name) this.#alert([]);
    this.#tab = name;
    by("app").dataset.tab = name;
    for (const tab of by("tabs").children) {
      tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
      tab.tabIndex = tab.dataset.tab === name ? 0 : -1;
    }
    by("panel").setAttribute("aria-labelledby", `tab-${name}`);
    const shown = name === "try" ? "voices" : name;
    for (const each of TABS) if (by(`view-${each}`)) by(`view-${each}`).hidden = each !== shown;
    this.#address(name === "enrol" ? this.#enrol.id : "");
    if (name === "enrol") await this.#enrol.show(this.#tasks);
    if (name === "lexicon") await this.#lexicon.show();
  }

  #address(task) {
    const query = new URLSearchParams({ tab: this.#tab, ...(task ? { task } : {}) });
    const lang = new URLSearchParams(location.search).get("lang");
    if (lang) query.set("lang", lang);
    history.replaceState(null, "", `?${query}`);
    offerLanguage(query);
  }

  /** Read what there is anew. */
  async #look() {
    try {
      const [voices, dialogs, tasks] = await Promise.all([
        this.#voices.load(),
        this.#api.get("/dialogs"),
        this.#api.get("/voices/tasks?limit=500"),
      ]);
      this.#tasks = tasks.value.items;
      this.#voices.show(this.#tasks);
      this.#tryout.fill(dialogs.value.items, voices);
      this.#lexicon.begin(dialogs.value.items);
      this.#alert([]);
    } catch (error) {
      this.#fail(error);
    }
  }

  #try(name) {
    if (getComputedStyle(by("tab-try")).display !== "none") this.#turn("try");
    this.#tryout.choose(name);
  }

  async #task(id) {
    await this.#enrol.open(id);
    await this.#turn("enrol");
  }

  #alert(messages) {
    by("alerts").replaceChildren(...messages.map((each) => el("p", { textContent: each })));
  }

  #fail(error) {
    if (error instanceof Refused) this.#alert([error.code === "offline" ? t("offline") : error.message]);
    else if (error instanceof Error && error.name === "Error") this.#alert([t("brokeOff")]);
    else throw error;
  }
}

begin({ ...EN, ...OWN_EN }, { ...EN, ...ZH, ...OWN_EN, ...OWN_ZH });
new Page().start();
