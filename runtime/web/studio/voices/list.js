/** The voices that there are: what is known of each, what it sounds like, and the way to take it back. */
import { t } from "../../strings.js";
import { path } from "../api.js";
import { by, choose, el } from "../dom.js";
import { playButton } from "./hear.js";
import { SAMPLES } from "./prompts.js";

const MADE_OF = ["clip", "profile", "authorisation", "sample", "spoken"];

export class Voices {
  #api;
  #acts;
  items = [];

  /**
   * @param {import("../api.js").Api} api
   * @param {{fail: (error: Error) => void, tell: (message: string) => void, changed: () => Promise<void>, try: (name: string) => void,
   *   task: (id: string) => void}} acts
   */
  constructor(api, acts) {
    this.#api = api;
    this.#acts = acts;
  }

  async load() {
    this.items = (await this.#api.get("/voices")).value.items;
    return this.items;
  }

  /** @param {any[]} tasks to which a voice that waits belongs */
  show(tasks) {
    by("no-voices").hidden = this.items.length > 0;
    by("voice-rows").replaceChildren(...this.items.map((each) => this.#row(each, tasks)));
  }

  #row(voice, tasks) {
    const ready = voice.state === "ready";
    const state = ready ? "ready" : voice.state === "broken" ? "broken" : "waits";
    const marks = el("span", { className: "marks" }, mark(t(`kind.${voice.kind}`)), mark(t(`voice.${state}`), ready ? "" : "is-waiting"));
    const head = el("div", { className: "voice-head" }, el("h3", { textContent: voice.name }), marks);
    return el("li", { className: "voice", data: { name: voice.name } }, head, facts(voice), this.#ways(voice, ready, tasks));
  }

  #ways(voice, ready, tasks) {
    const ways = el("div", { className: "voice-ways" });
    const { name } = voice;
    if (ready) {
      const sample = (signal) => this.#sample(voice, signal);
      const tryIt = el("button", { type: "button", className: "plain", textContent: t("tryIt"), ariaLabel: t("tryNamed", { name }) });
      tryIt.onclick = () => this.#acts.try(name);
      ways.append(playButton({ says: "hearNamed", name }, sample, this.#acts.fail), tryIt);
    }
    const waiting = !ready && tasks.find((each) => each.voice.name === name && each.taskStatus === 3);
    if (waiting) {
      const go = el("button", { type: "button", className: "plain", textContent: t("listenAndDecide") });
      go.onclick = () => this.#acts.task(waiting.taskId);
      ways.append(go);
    }
    if (voice.kind === "enrolled") {
      const revoke = el("button", { type: "button", className: "plain rose", textContent: t("takeBack"), ariaLabel: t("takeBackNamed", { name }) });
      revoke.onclick = () => this.#revoke(name, tasks);
      ways.append(revoke);
    }
    return ways;
  }

  /** What was kept when it was enrolled; for what was never enrolled, a sentence of its language. */
  async #sample({ name, kind, languages }, signal) {
    const say = () => {
      const input = SAMPLES[(languages[0] ?? "en").split("-")[0].toLowerCase()] ?? SAMPLES.en;
      return this.#api.open("POST", "/voices/say", { body: { input, voice: name }, signal });
    };
    if (kind !== "enrolled") return say();
    return this.#api.open("GET", `/voices${path(name)}/sample`, { signal }).catch((error) => (error.status === 404 ? say() : Promise.reject(error)));
  }

  async #revoke(name, tasks) {
    by("revoke-title").textContent = t("revokeTitle", { name });
    by("revoke-list").replaceChildren(...MADE_OF.map((each) => el("li", { textContent: t(`gone.${each}`) })));
    by("revoke-tasks").hidden = !tasks.some((each) => each.voice.name === name);
    by("revoke-uploads").checked = true;
    if ((await choose(by("revoke"))) !== "revoke") return;
    try {
      await this.#api.call("DELETE", `/voices${path(name)}${by("revoke-uploads").checked ? "" : "?uploads=keep"}`);
      this.#acts.tell(t("revoked", { name }));
      await this.#acts.changed();
      by("panel").focus();
    } catch (error) {
      this.#acts.fail(error);
    }
  }
}

const mark = (words, name = "") => el("span", { className: `mark ${name}`, textContent: words });

function facts(voice) {
  if (voice.state === "broken") return el("p", { className: "wrong", textContent: voice.problem });
  const { languages, engine, similarity, consent, approved_by: by_ } = voice;
  const rows = [
    ["languages", languages.map(languageName).join(", ") || t("anyLanguage")],
    ["engine", engine],
    ["likeness", similarity === null || similarity === undefined ? "" : likeness(similarity)],
    ["consent", consent ? new Date(`${consent}T00:00`).toLocaleDateString(document.documentElement.lang, { dateStyle: "medium" }) : ""],
    ["approvedBy", by_ ?? ""],
  ].filter(([, value]) => value);
  return el("dl", { className: "facts" }, ...rows.map(([key, value]) => el("div", {}, el("dt", { textContent: t(`fact.${key}`) }), el("dd", { textContent: value }))));
}

/** A figure and what it means. @param {number} value */
export const likeness = (value) => `${value.toFixed(2)} (${t(value >= 0.77 ? "likeSame" : value >= 0.66 ? "likeNear" : "likeOther")})`;

/** @param {string} tag BCP-47 */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
