/** A record that is gone through again: a moment of it, and what was decided and perceived until then. */
import { t } from "../../strings.js";
import { by } from "../dom.js";
import { clock } from "./decisions.js";

const STEP_MS = 100;

export class Replay {
  #told;
  #timer = 0;
  #n = -1;
  /** Seconds since the session began. */
  at;
  record;

  /** @param {any} record as `readRecord` gives it @param {() => void} told the moment has changed @param {() => any[]} steps decisions that are shown */
  constructor(record, told, steps) {
    this.record = record;
    this.#told = told;
    const times = [record.decisions, record.changes].filter((each) => each.length);
    this.from = Math.min(...times.map((each) => each[0].at_s));
    this.to = Math.max(...times.map((each) => each.at(-1).at_s));
    this.at = this.from;
    by("time").min = Math.floor(this.from * 100) / 100;
    by("time").max = Math.ceil(this.to * 100) / 100;
    by("time").oninput = () => this.#pull(Number(by("time").value));
    by("play").onclick = () => (this.#timer ? this.pause() : this.play());
    by("previous").onclick = () => this.show(steps().findLast((each) => each.n < this.#current.n) ?? steps()[0]);
    by("next").onclick = () => this.show(steps().find((each) => each.n > this.#current.n) ?? steps().at(-1));
  }

  get playing() {
    return this.#timer !== 0;
  }

  /** The newest decision at that moment, or null before the first. */
  get decision() {
    return this.record.decisions[this.#n] ?? null;
  }

  get #current() {
    return this.decision ?? { n: -1 };
  }

  /** What the tree went by: as the decision noted it, and what was perceived since. */
  get facts() {
    const { decision } = this;
    const since = decision?.at_s ?? -1;
    const facts = { ...decision?.facts };
    let quiet = null;
    for (const { at_s, perceived } of this.record.changes) {
      if (at_s > this.at) break;
      if ("quiet_since" in perceived) quiet = perceived.quiet_since;
      if (at_s > since) Object.assign(facts, plain(perceived));
    }
    if (Number.isFinite(quiet)) facts.quiet_s = Math.max(0, this.at - quiet);
    return facts;
  }

  /** @param {number} at seconds */
  seek(at) {
    this.at = Math.min(this.to, Math.max(this.from, at));
    this.#n = this.record.decisions.findLastIndex((each) => each.at_s <= this.at);
    this.#show();
  }

  /** Somebody pulls the slider. */
  #pull(at) {
    this.pause();
    this.seek(at);
  }

  /** @param {any} decision where to go */
  show(decision) {
    if (!decision) return;
    this.pause();
    this.at = decision.at_s;
    this.#n = this.record.decisions.indexOf(decision);
    this.#show();
  }

  play() {
    if (this.at >= this.to) this.seek(this.from);
    let before = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.seek(this.at + (now - before) / 1000);
      before = now;
      if (this.at >= this.to) this.pause();
    }, STEP_MS);
    this.#show();
  }

  pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#show();
  }

  #show() {
    const at = clock(this.at);
    by("time").value = this.at;
    by("time").setAttribute("aria-valuetext", at);
    by("clock").textContent = t("clock", { at, end: clock(this.to) });
    by("play").ariaLabel = t(this.#timer ? "pause" : "play");
    by("play").querySelector("use").setAttribute("href", this.#timer ? "#i-pause" : "#i-play");
    this.#told();
  }
}

const AS_PERCEIVED = ["present", "occasion", "scripted", "taken_over", "frozen", "emotion"];

/** What a line of what was perceived says about the facts. */
function plain(perceived) {
  const facts = Object.fromEntries(AS_PERCEIVED.filter((name) => name in perceived).map((name) => [name, perceived[name]]));
  if ("ordered" in perceived) facts.order = perceived.ordered?.urgency ?? null;
  if ("playing" in perceived) {
    facts.held = Boolean(perceived.playing?.held);
    facts.audible = facts.held || Boolean(perceived.playing?.audible);
  }
  return facts;
}
