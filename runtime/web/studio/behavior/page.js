/** The operator's page of behaviour: see the tree of a living session think, and go through a record again. */
import { t } from "../../strings.js";
import { Api, path, Refused } from "../api.js";
import { by, el } from "../dom.js";
import { askToken, begin, offerLanguage } from "../start.js";
import { Toast } from "../toast.js";
import { EN } from "../words_en.js";
import { ZH } from "../words_zh.js";
import { clock, Decisions } from "./decisions.js";
import { showFacts } from "./facts.js";
import { Live } from "./live.js";
import { BadRecord, readRecord } from "./record.js";
import { Replay } from "./replay.js";
import { Sessions } from "./sessions.js";
import { Steer } from "./steer.js";
import { SYMBOLS, TreeView } from "./tree.js";
import { EN as OWN_EN } from "./words_en.js";
import { ZH as OWN_ZH } from "./words_zh.js";

const TOLD_EVERY_MS = 3000;

class Page {
  #api = new Api(() => askToken());
  #toast = new Toast(by("toast"));
  #live = null;
  #replay = null;
  /** The decision that is looked at while the session goes on, or null. */
  #pinned = null;
  #offline = false;
  #told = { at: 0, n: 0 };
  #acts = { fail: (error) => this.#fail(error), tell: (message) => this.#toast.show(message) };
  #sessions = new Sessions(this.#api, { choose: (id) => this.#watch(id), looked: (problem) => this.#looked(problem) });
  #steer = new Steer(this.#api, this.#acts);
  #decisions = new Decisions(
    (decision) => this.#look(decision),
    () => this.#draw(),
  );
  #tree = new TreeView(by("tree"), (path) => this.#decisions.only(path));

  start() {
    by("save").onclick = () => this.#save();
    by("again").onclick = () => this.#again();
    by("open").onclick = () => by("file").click();
    by("file").onchange = () => this.#file();
    by("live").onclick = () => this.#back();
    for (const each of by("parts").children) each.onclick = () => this.#part(each.dataset.part);
    this.#part("tree");
    const states = Object.keys(SYMBOLS).filter((each) => each === each.toUpperCase());
    by("legend").replaceChildren(...states.map((each) => el("li", { data: { state: each } }, el("span", { className: "state", textContent: SYMBOLS[each] }), t(`state.${each}`))));
    const wanted = new URLSearchParams(location.search).get("session");
    if (wanted) this.#watch(wanted);
    this.#sessions.follow();
  }

  /** @param {string} name of the part that a narrow screen shows */
  #part(name) {
    by("app").dataset.part = name;
    for (const each of by("parts").children) each.ariaPressed = String(each.dataset.part === name);
  }

  #looked(problem) {
    if (problem) this.#lost(problem);
    else {
      this.#found();
      const nothing = !this.#replay && (!this.#live || (this.#live.over && !this.#live.now));
      if (nothing && this.#sessions.ids.length) this.#watch(this.#sessions.ids[0]);
      else if (nothing && this.#live) this.#leave();
    }
    by("app").setAttribute("aria-busy", "false");
    this.#draw();
  }

  #watch(id) {
    this.#leave();
    this.#live = new Live(this.#api, id, (problem) => this.#answered(problem));
    this.#address(id);
    this.#sessions.draw(id);
    this.#draw();
  }

  #answered(problem) {
    if (problem) this.#lost(problem);
    else this.#found();
    this.#tell();
    this.#draw();
  }

  #leave() {
    this.#live?.stop();
    this.#replay?.pause();
    this.#live = this.#replay = this.#pinned = null;
    this.#told = { at: 0, n: Infinity };
    this.#alert([]);
    this.#decisions.clear();
  }

  #address(id) {
    const query = new URLSearchParams(location.search);
    if (id) query.set("session", id);
    else query.delete("session");
    history.replaceState(null, "", `?${query}`);
    offerLanguage(query);
  }

  // ── what is drawn ──
  #draw() {
    const scene = this.#replay ? this.#then() : this.#live?.now ? this.#now() : null;
    const mode = this.#replay ? "replay" : this.#live ? "live" : "nobody";
    by("app").dataset.mode = mode;
    by("nobody").hidden = mode !== "nobody" || by("app").ariaBusy === "true";
    by("main").hidden = !scene;
    by("replay").hidden = !this.#replay;
    const living = mode === "live" && !this.#live.over && Boolean(scene);
    by("save").disabled = by("again").disabled = !living;
    this.#steer.show(living ? this.#live.id : "", living ? this.#live.now.facts : {});
    if (this.#replay && !this.#replay.playing && scene.decision) this.#say(scene.decision);
    this.#notices((this.#replay ? scene.facts : this.#live?.now?.facts) ?? {});
    if (!scene) return;
    this.#tree.show(scene.root, { path: scene.decision?.path ?? (this.#replay ? [] : null), chosen: this.#decisions.node });
    showFacts(by("facts"), scene.facts);
    this.#decisions.show(scene.decisions, scene.decision);
    this.#doing(scene);
    by("legend").hidden = scene.decision !== null;
  }

  #now() {
    const { root, facts, doing } = this.#live.now;
    const decision = this.#pinned;
    return { root, doing, decision, facts: decision?.facts ?? facts, decisions: this.#live.decisions };
  }

  #then() {
    const { record, decision, facts } = this.#replay;
    return { root: record.root, doing: null, decision, facts, decisions: record.decisions };
  }

  #doing({ root, doing, decision }) {
    const then = decision && [el("time", { textContent: clock(decision.at_s) }), el("b", { textContent: decision.node }), el("span", { textContent: decision.did || t("turnedTo") })];
    const name = doing && el("b", { textContent: doing });
    const why = decision ? decision.why : doing && tip(root, doing);
    const parts = [...(then ?? [name || t("nothingYet")]), why ? el("span", { className: "why", textContent: t("because", { why }) }) : ""];
    const before = by("doing").textContent;
    if (before !== parts.map((each) => each.textContent ?? each).join("")) by("doing").replaceChildren(...parts);
  }

  #notices(facts) {
    const found = [];
    const say = (name, values = {}, way = "", act = null) => found.push([name, t(name, values), way, act]);
    if (facts.frozen) say("frozenNotice");
    if (facts.taken_over) say("takenNotice");
    if (this.#live?.over) say(this.#live.over === "gone" ? "endedNotice" : "lostNotice", {}, this.#sessions.ids.length ? "backToLive" : "", () => this.#back());
    if (this.#pinned) say("pinnedNotice", { time: clock(this.#pinned.at_s) }, "backToNow", () => this.#look(null));
    if (this.#replay) {
      const { name, tree, began, forgotten } = this.#replay.record;
      say("replayNotice", { name, tree, began: began && t("replayBegan", { began: began.replace("T", " ") }) });
      if (forgotten) say("forgottenNotice", { n: forgotten });
    }
    const drawn = JSON.stringify(found);
    if (by("notices").dataset.drawn === drawn) return;
    by("notices").dataset.drawn = drawn;
    by("notices").replaceChildren(...found.map(notice));
  }

  /** Say the newest that was done, now and then, to who does not see the page. */
  #tell() {
    const { decisions } = this.#live;
    if (this.#told.n === Infinity) this.#told.n = decisions.at(-1)?.n ?? 0;
    const newest = decisions.findLast((each) => each.did && each.n > this.#told.n);
    if (!newest || this.#pinned || performance.now() - this.#told.at < TOLD_EVERY_MS) return;
    this.#told = { at: performance.now(), n: decisions.at(-1).n };
    this.#say(newest);
  }

  #say({ node, did, why }) {
    const text = t("saidLive", { node, did: did || t("turnedTo"), why });
    if (by("told").textContent !== text) by("told").textContent = text;
  }

  // ── what is chosen ──
  #look(decision) {
    if (this.#replay) return this.#replay.show(decision);
    this.#pinned = decision === this.#pinned ? null : decision;
    this.#draw();
  }

  async #file() {
    const [file] = by("file").files;
    by("file").value = "";
    if (file) await this.#open(file, file.name);
  }

  async #open(blob, name) {
    try {
      const record = await readRecord(blob, name.slice(0, 80));
      this.#leave();
      this.#address("");
      this.#replay = new Replay(record, () => this.#draw(), () => this.#decisions.shown); // prettier-ignore
      this.#sessions.draw("", record.name);
      this.#replay.show(record.decisions[0]);
    } catch (error) {
      this.#fail(error);
    }
  }

  #back() {
    const [newest] = this.#sessions.ids;
    if (newest) return this.#watch(newest);
    this.#leave();
    this.#sessions.draw("");
    this.#draw();
  }

  async #again() {
    const { id } = this.#live;
    const record = await this.#record(id);
    if (record) await this.#open(record, id);
  }

  async #save() {
    const { id } = this.#live;
    const record = await this.#record(id);
    if (!record) return;
    const link = el("a", { href: URL.createObjectURL(record), download: `${id}.jsonl` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async #record(id) {
    try {
      return await (await this.#api.open("GET", `${path("sessions", id)}/behavior/record`)).blob();
    } catch (error) {
      this.#fail(error);
      return null;
    }
  }

  // ── what goes wrong ──
  #lost(error) {
    this.#offline = true;
    this.#fail(error);
  }

  #found() {
    if (this.#offline) this.#alert([]);
    this.#offline = false;
  }

  #fail(error) {
    if (error instanceof Refused) this.#alert([error.code === "offline" ? t("offline") : error.message]);
    else if (error instanceof BadRecord) this.#alert([error.message]);
    else throw error;
  }

  #alert(messages) {
    const now = [...by("alerts").children].map((each) => each.textContent);
    if (JSON.stringify(now) !== JSON.stringify(messages)) by("alerts").replaceChildren(...messages.map((each) => el("p", { textContent: each })));
  }
}

function notice([name, text, way, act]) {
  const row = el("p", { className: "notice", data: { notice: name } }, el("span", { textContent: text }));
  if (way) {
    const button = el("button", { type: "button", className: "plain", textContent: t(way) });
    button.onclick = act;
    row.append(button);
  }
  return row;
}

/** Why the node that the tree has come down to does what it does. */
function tip(root, name) {
  const below = root.children.map((each) => tip(each, name)).find(Boolean);
  return below || (root.name === name && root.status !== "INVALID" ? root.why : "");
}

begin({ ...EN, ...OWN_EN }, { ...EN, ...ZH, ...OWN_EN, ...OWN_ZH });
new Page().start();
