/** A text, a voice and a style, heard at once and kept as a file that says that it is synthetic. */
import { t } from "../../strings.js";
import { by, el } from "../dom.js";
import { playButton, toggle } from "./hear.js";
import { SAMPLES } from "./prompts.js";

const EMOTIONS = ["neutral", "happy", "sad", "surprised", "sorry", "calm"];
const SLIDERS = [
  { name: "degree", min: 0, max: 2 },
  { name: "rate", min: 0.5, max: 2 },
  { name: "pitch", min: 0.5, max: 2 },
  { name: "energy", min: 0.5, max: 2 },
];
const STEP = 0.05;
/** Between the name of a dialog and that of a voice in an option; no name holds it. */
const APART = "/";

export class Tryout {
  #api;
  #button;
  #url = "";
  #touched = false;
  #dialogs = [];

  /** @param {import("../api.js").Api} api */
  constructor(api) {
    this.#api = api;
    this.#button = playButton({ says: "say", className: "primary" }, (signal) => this.#ask(signal), (error) => this.#fail(error), (heard) => this.#whole(heard));
    this.#button.id = "say";
    this.#button.type = "submit";
    this.#button.onclick = null;
    by("try").replaceChildren(this.#text(), this.#voice(), this.#emotion(), el("div", { className: "sliders" }, ...SLIDERS.map(slider)), this.#foot());
    by("try").onsubmit = (event) => {
      event.preventDefault();
      by("result").replaceChildren();
      toggle(this.#button, (signal) => this.#ask(signal), (error) => this.#fail(error), (heard) => this.#whole(heard));
    };
  }

  #text() {
    const text = el("textarea", { id: "say-text", className: "control", rows: 4, maxLength: 4096, required: true });
    text.oninput = () => {
      this.#touched = true;
      text.removeAttribute("aria-invalid");
    };
    const mark = el("button", { id: "mark-up", type: "button", className: "plain", textContent: t("markUp") });
    mark.onclick = () => {
      if (!text.value.trimStart().startsWith("<speak")) text.value = `<speak>${escaped(text.value)}<break time="600ms"/></speak>`;
      text.focus();
    };
    return el("div", { className: "field" }, el("label", { for: text.id, className: "name", textContent: t("text") }), text, mark);
  }

  #voice() {
    const select = el("select", { id: "say-voice", className: "control" });
    select.onchange = () => this.#suggest();
    return el("div", { className: "field" }, el("label", { for: select.id, className: "name", textContent: t("voice") }), select);
  }

  #emotion() {
    const options = EMOTIONS.map((each) => el("option", { value: each, textContent: t(`emotion.${each}`) }));
    const select = el("select", { id: "say-emotion", className: "control" }, ...options);
    select.onchange = () => this.#fit();
    return el("div", { className: "field" }, el("label", { for: select.id, className: "name", textContent: t("emotion") }), select);
  }

  #foot() {
    const reset = el("button", { id: "reset", type: "button", className: "plain", textContent: t("asUsual") });
    reset.onclick = () => {
      by("say-emotion").value = "neutral";
      for (const { name } of SLIDERS) set(name, 1);
      this.#fit();
    };
    return el("div", { className: "say-foot" }, this.#button, reset);
  }

  /** @param {any[]} dialogs @param {any[]} voices as the server lists them */
  fill(dialogs, voices) {
    this.#dialogs = dialogs;
    const before = by("say-voice").value;
    const own = dialogs.map((each) => option(`${each.name}${APART}`, t("ownVoice", { name: each.title }), each.language));
    const named = voices.filter((each) => each.state === "ready").map((each) => option(this.#place(each), each.name, each.languages[0] ?? ""));
    const groups = [group("ofDialogs", own), group("ofVoices", named)].filter(Boolean);
    by("say-voice").replaceChildren(...groups);
    if ([...by("say-voice").options].some((each) => each.value === before)) by("say-voice").value = before;
    this.#suggest();
    this.#fit();
  }

  /** Beside a dialog that speaks its language, where there is one. */
  #place({ name, languages }) {
    const fits = this.#dialogs.find((each) => primary(each.language) === primary(languages[0] ?? "")) ?? this.#dialogs[0];
    return `${fits?.name ?? ""}${APART}${name}`;
  }

  /** Choose a voice. @param {string} name */
  choose(name) {
    const found = [...by("say-voice").options].find((each) => each.value.endsWith(`${APART}${name}`));
    if (found) by("say-voice").value = found.value;
    this.#suggest();
    by("say-text").focus();
  }

  /** A first text in the voice's language, as long as nobody has written one. */
  #suggest() {
    const language = primary(by("say-voice").selectedOptions[0]?.dataset.language || "en");
    if (!this.#touched) by("say-text").value = SAMPLES[language] ?? SAMPLES.en;
  }

  #fit() {
    by("say-degree").disabled = by("say-emotion").value === "neutral";
  }

  #ask(signal) {
    const [dialog, voice] = by("say-voice").value.split(APART);
    const factors = Object.fromEntries(SLIDERS.map(({ name }) => [name, Number(by(`say-${name}`).value)]));
    const body = { input: by("say-text").value, dialog, voice, emotion: by("say-emotion").value, ...factors };
    by("result").replaceChildren(el("p", { className: "synthetic", textContent: t("synthetic") }));
    return this.#api.open("POST", "/voices/say", { body, signal });
  }

  #whole({ blob, seconds }) {
    URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(blob);
    const name = `${by("say-voice").selectedOptions[0].textContent.replace(/[^\p{L}\p{N}]+/gu, "-")}.wav`;
    by("result").replaceChildren(
      el("p", { className: "synthetic", textContent: t("syntheticFor", { s: seconds.toFixed(1) }) }),
      el("audio", { controls: true, src: this.#url, ariaLabel: t("again") }),
      el("a", { id: "download", className: "quiet", href: this.#url, download: name, textContent: t("download") }),
    );
  }

  #fail(error) {
    const told = error.code === "offline" ? t("sayOffline") : `${error.problem ?? t("brokeOff")} ${error.remedy ?? ""}`;
    by("result").replaceChildren(el("p", { className: "wrong", id: "say-wrong", textContent: told }));
    if (error.where === "input") by("say-text").setAttribute("aria-invalid", "true");
  }
}

const primary = (language) => language.split("-")[0].toLowerCase();
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

function option(value, words, language) {
  return el("option", { value, textContent: language ? `${words} (${language})` : words, data: { language } });
}

function group(label, options) {
  return options.length ? el("optgroup", { label: t(label) }, ...options) : null;
}

function slider({ name, min, max }) {
  const input = el("input", { id: `say-${name}`, type: "range", min, max, step: STEP, value: 1 });
  const output = el("output", { for: input.id, textContent: shown(1) });
  input.oninput = () => set(name, Number(input.value));
  input.setAttribute("aria-valuetext", shown(1));
  return el("div", { className: "slider" }, el("label", { for: input.id, textContent: t(name) }), output, input);
}

function set(name, value) {
  const input = by(`say-${name}`);
  input.value = value;
  input.setAttribute("aria-valuetext", shown(value));
  input.parentElement.querySelector("output").textContent = shown(value);
}

const shown = (value) => `${Math.round(value * 100)} %`;
