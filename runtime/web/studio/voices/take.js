/** The place where something is read aloud: prompts, the level in words, the time against its limits; or a file is chosen. */
import { t } from "../../strings.js";
import { el, icon } from "../dom.js";
import { hush } from "./hear.js";
import { Recorder } from "./recorder.js";

const FILES = ".wav,.mp3,.m4a,.mp4,.mov,.aac";
/** Seconds of a recording that is worth sending. */
const SHORTEST_S = 1;

export class Take {
  #recorder = null;
  #lines;
  #at;
  #use;
  #word = "";
  #stage = "idle";
  #held = null;
  #url = "";

  /**
   * @param {{lines: string[], language: string, at?: number, limits?: {before: number, least: number, most: number},
   *   use: (file: Blob, name: string | null, told: {seconds: number, spoken: number} | null, step: (share: number) => void) => Promise<void>,
   *   sent: () => Promise<void>, moved?: (at: number) => void}} wish `before`: seconds of speech that are there already; `use` sends one file and
   *   may be tried again, `sent` is told after the last
   */
  constructor(wish) {
    this.#lines = wish.lines;
    this.#at = Math.min(wish.at ?? 0, wish.lines.length - 1);
    this.#use = wish.use;
    this.wish = wish;
    this.prompt = el("blockquote", { className: "prompt", lang: wish.language, ariaLive: "polite", tabIndex: -1 });
    this.place = el("p", { className: "hint" });
    this.fill = el("span", { className: "fill" });
    this.meter = el("div", { className: "level", role: "meter", ariaLabel: t("level") }, this.fill);
    this.word = el("p", { className: "level-word", role: "status" });
    this.time = el("p", { className: "time" });
    this.buttons = el("div", { className: "take-ways" });
    this.node = el("div", { className: "take" }, this.place, this.prompt, el("div", { className: "hearing" }, this.meter, this.word), this.time, this.buttons);
    Object.assign(this.meter, { ariaValueMin: "0", ariaValueMax: "100", ariaValueNow: "0" });
    this.#line();
    this.#enter("idle");
  }

  /** Whether something was recorded that is not sent. */
  get held() {
    return this.#stage !== "idle";
  }

  pause() {
    if (this.#stage === "recording") this.#enter("paused");
    this.#recorder?.rest();
  }

  close() {
    this.#recorder?.close();
    URL.revokeObjectURL(this.#url);
    this.#stage = "idle";
  }

  /** Other lines to read. @param {string[]} lines */
  read(lines) {
    this.#lines = lines;
    this.#at = 0;
    this.#line();
  }

  #line() {
    const many = this.#lines.length > 1;
    this.prompt.textContent = this.#lines[this.#at];
    this.place.textContent = many ? t("promptOf", { n: this.#at + 1, total: this.#lines.length }) : t("readThis");
    this.#recorder?.mark();
  }

  #enter(stage) {
    this.#stage = stage;
    this.node.dataset.stage = stage;
    this.prompt.ariaLive = stage === "recording" ? "off" : "polite";
    if (this.#recorder) this.#recorder.recording = stage === "recording";
    const ways = this[`_${stage}`]();
    this.buttons.replaceChildren(...ways.filter(Boolean));
    this.#tell();
  }

  // ── what can be done in each stage ──
  _idle() {
    const input = el("input", { type: "file", className: "visually-hidden file", accept: FILES, multiple: this.#lines.length > 1 });
    input.onchange = () => this.#chosen([...input.files]);
    return [this.#button("record", "primary", "mic", () => this.#begin()), el("label", { className: "quiet pick-file" }, input, t("chooseFile"))];
  }

  _recording() {
    return [
      this.#button("finish", "primary", "stop", () => this.#finish()),
      this.#next(),
      this.#button("readAgain", "quiet", null, () => this.#again()),
      this.#button("pause", "quiet", null, () => this.#enter("paused")),
    ];
  }

  _paused() {
    return [
      this.#button("goOn", "primary", "mic", () => this.#goOn()),
      this.#next(),
      this.#button("readAgain", "quiet", null, () => this.#again()),
      this.#button("finish", "quiet", "stop", () => this.#finish()),
    ];
  }

  _held() {
    URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(this.#held.blob);
    return [
      el("audio", { controls: true, src: this.#url, ariaLabel: t("yourRecording") }),
      this.#button("useIt", "primary", null, () => this.#send([{ file: this.#held.blob, name: null, told: this.#held }])),
      this.#button("throwAway", "quiet", null, () => this.#enter("idle")),
    ];
  }

  _sending() {
    this.bar = el("progress", { max: 1, value: 0, ariaLabel: t("sending") });
    return [el("p", { className: "hint", role: "status", textContent: t("sending") }), this.bar];
  }

  #button(says, className, symbol, act) {
    const button = el("button", { type: "button", className, data: { act: says } }, symbol && icon(symbol), t(says));
    button.onclick = act;
    return button;
  }

  #next() {
    const last = this.#at >= this.#lines.length - 1;
    if (last) return null;
    return this.#button("next", "quiet", null, () => {
      this.#at += 1;
      this.wish.moved?.(this.#at);
      this.#line();
      this.#enter(this.#stage);
      this.buttons.querySelector("[data-act=next]")?.focus();
    });
  }

  // ── what happens ──
  async #begin() {
    hush();
    const recorder = (this.#recorder = new Recorder());
    recorder.addEventListener("level", () => this.#tell());
    recorder.addEventListener("full", () => this.#finish());
    recorder.addEventListener("ended", () => this.#finish());
    try {
      await recorder.record();
    } catch (error) {
      this.#recorder = null;
      return this.#say(t(`mic.${error.reason ?? "failed"}`), "bad");
    }
    recorder.mark();
    this.#enter("recording");
    this.buttons.querySelector("[data-act=next], [data-act=finish]").focus();
  }

  async #goOn() {
    try {
      await this.#recorder.record();
      this.#enter("recording");
    } catch (error) {
      this.#say(t(`mic.${error.reason ?? "failed"}`), "bad");
    }
  }

  #again() {
    this.#recorder.again();
    this.#tell();
    this.prompt.focus();
  }

  #finish() {
    const take = this.#recorder?.finish();
    this.#recorder = null;
    this.#level(0);
    if (!take || take.seconds < SHORTEST_S) {
      this.#enter("idle");
      return this.#say(t("tooShort"), "bad");
    }
    this.#held = take;
    this.#enter("held");
    this.#say(t("listenFirst"), "");
  }

  async #chosen(files) {
    if (files.length) await this.#send(await Promise.all(files.map(async (file) => ({ file, name: file.name, told: await lasting(file) }))));
  }

  async #send(items) {
    this.#enter("sending");
    this.#say("", "");
    while (items.length) {
      try {
        await this.#use(items[0].file, items[0].name, items[0].told, (share) => (this.bar.value = share));
        items.shift();
      } catch (error) {
        return this.#failed(error, items);
      }
    }
    this.#held = null;
    this.#enter("idle");
    await this.wish.sent();
  }

  #failed(error, items) {
    this.#say(error.code === "offline" ? t("sendOffline") : `${error.problem ?? error.message} ${error.remedy ?? ""}`, "bad");
    const again = this.#button("sendAgain", "primary", null, () => this.#send(items));
    const leave = this.#button("throwAway", "quiet", null, () => this.#enter("idle"));
    this.buttons.replaceChildren(again, leave);
    again.focus();
  }

  // ── what is shown ──
  #tell() {
    const { before = 0, least = 0, most = 0 } = this.wish.limits ?? {};
    const spoken = before + (this.#recorder?.spoken ?? this.#held?.spoken ?? 0);
    this.time.hidden = !most;
    if (most) this.#timed(spoken, least, most);
    if (!this.#recorder) return;
    this.#level(this.#recorder.shown);
    const word = this.#stage === "paused" ? "paused" : this.#recorder.word;
    const enough = most && spoken >= least ? (spoken > most ? "over" : "enough") : "";
    if (`${word} ${enough}` === this.#word) return;
    this.#word = `${word} ${enough}`;
    this.#say([t(`level.${word}`), enough && t(`amount.${enough}`)].filter(Boolean).join(" "), word);
  }

  #timed(spoken, least, most) {
    const shown = t("spokenOf", { now: clock(spoken), least: clock(least), most: clock(most) });
    if (this.time.dataset.shown === shown) return;
    this.time.dataset.shown = shown;
    const bar = el("span", { className: "amount-bar", ariaHidden: "true" }, el("span", { className: "fill" }), el("span", { className: "limit" }));
    bar.firstChild.style.width = `${Math.min(100, (100 * spoken) / most)}%`;
    bar.lastChild.style.insetInlineStart = `${(100 * least) / most}%`;
    this.time.replaceChildren(shown, bar);
    this.time.dataset.enough = String(spoken >= least && spoken <= most);
  }

  #level(share) {
    this.fill.style.width = `${Math.round(share * 100)}%`;
    this.meter.ariaValueNow = String(Math.round(share * 100));
  }

  #say(words, kind) {
    this.#word = this.#recorder ? this.#word : "";
    this.word.textContent = words;
    this.word.dataset.kind = kind;
    this.meter.dataset.kind = kind;
    this.meter.ariaValueText = words;
  }
}

/** @param {number} seconds @returns {string} 75 is 1:15 */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** How long a file lasts, where the browser can tell. */
function lasting(file) {
  const url = URL.createObjectURL(file);
  const audio = new Audio();
  return new Promise((settle) => {
    const done = (seconds) => {
      URL.revokeObjectURL(url);
      settle(Number.isFinite(seconds) ? { seconds, spoken: seconds } : null);
    };
    audio.onloadedmetadata = () => done(audio.duration);
    audio.onerror = () => done(NaN);
    audio.src = url;
  });
}
