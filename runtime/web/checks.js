/** The start-up check: what this screen needs, whether it is there, and what to do where it is not. */
import { Microphone, microphoneHindrance } from "./microphone.js";
import { supportedVideo } from "./pictures.js";
import { t } from "./strings.js";

const NEEDED_MBIT = 4;
const PROBE = "probe.txt";
const ROUNDS = 2;
const LISTEN_MS = 1500;
const QUIET = 0.002;
const MIC_TEXT = {
  insecure: "micInsecure", absent: "micAbsent", denied: "micDenied", busy: "micBusy", failed: "micFailed",
}; // prettier-ignore

const ok = (text, values) => ({ result: "ok", text: t(text, values) });
const warn = (text, values) => ({ result: "warn", text: t(text, values) });
const off = (text, values) => ({ result: "off", text: t(text, values) });
const untested = (text) => ({ result: "untested", text: t(text) });

/** Mbit/s at which a file of random letters reaches this page, the better of two tries. */
async function bandwidth() {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const response = await fetch(new URL(PROBE, import.meta.url), { cache: "no-store" });
    const { byteLength } = await response.arrayBuffer();
    best = Math.max(best, (byteLength * 8) / 1000 / (performance.now() - began));
  }
  return best;
}

async function checkBandwidth() {
  try {
    const mbit = await bandwidth();
    const shown = { mbit: mbit < 10 ? mbit.toFixed(1) : Math.round(mbit) };
    return mbit < NEEDED_MBIT ? warn("cBandwidthWarn", shown) : ok("cBandwidthOk", shown);
  } catch {
    return off("cServerOff");
  }
}

async function checkVideo() {
  const video = await supportedVideo();
  if (video === "none") return off("cVideoOff");
  return video === "vp8" ? warn("cVideoWarn") : ok("cVideoOk", { codec: "H.264" });
}

async function checkMicrophone(full) {
  const hindrance = microphoneHindrance();
  if (hindrance) return off(MIC_TEXT[hindrance]);
  if (!full) {
    const permission = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
    return permission?.state === "denied" ? off("micDenied") : untested("cMicUntested");
  }
  const microphone = new Microphone();
  let level = 0;
  microphone.addEventListener("chunk", ({ detail }) => (level = Math.max(level, detail.level)));
  try {
    await microphone.start();
    await new Promise((resolve) => setTimeout(resolve, LISTEN_MS));
  } catch (error) {
    return off(MIC_TEXT[error.reason] ?? "micFailed");
  } finally {
    microphone.stop();
  }
  return level < QUIET ? warn("cMicWarn") : ok("cMicOk", { level: `${Math.round(level * 100)} %` });
}

async function checkSound(player, full) {
  if (!("AudioWorkletNode" in globalThis)) return off("cSoundOff");
  if (!full && player.sound === "none") return untested("cSoundUntested");
  return (await player.unlock()) ? ok("cSoundOk", { ms: Math.round(player.figures.latencyMs) }) : off("cSoundOff");
}

export class Checks {
  #list;
  #player;
  #state;
  results = {};

  /**
   * @param {HTMLElement} list
   * @param {import("./player.js").Player} player
   * @param {() => {connected: boolean, asr: boolean | null}} state
   */
  constructor(list, player, state) {
    this.#list = list;
    this.#player = player;
    this.#state = state;
  }

  /** @param {boolean} full also try microphone and sound, which need a gesture */
  async run(full) {
    const asr = this.#state().asr;
    const checks = {
      cServer: async () => (this.#state().connected ? ok("cServerOk") : off("cServerOff")),
      cSecure: async () => (isSecureContext ? ok("cSecureOk") : off("cSecureOff")),
      cVideo: checkVideo,
      cSound: () => checkSound(this.#player, full),
      cMic: () => checkMicrophone(full),
      cAsr: async () => (asr === false ? off("noAsr") : ok("cAsrOk")),
      cBandwidth: checkBandwidth,
    };
    if (full) this.#draw(Object.keys(checks), {});
    const found = await Promise.all(Object.entries(checks).map(async ([key, check]) => [key, await check()]));
    this.results = Object.fromEntries(found);
    this.#draw(Object.keys(checks), this.results);
    return this.results;
  }

  /** How many are off or limited. */
  get wanting() {
    return Object.values(this.results).filter(({ result }) => result === "off" || result === "warn").length;
  }

  #draw(keys, results) {
    this.#list.replaceChildren(
      ...keys.map((key) => {
        const { result, text } = results[key] ?? { result: "running", text: "" };
        const item = document.createElement("li");
        item.dataset.result = result;
        item.dataset.check = key;
        for (const [name, value] of [["check-name", t(key)], ["check-result", t(result)], ["check-text", text]]) {
          const part = document.createElement("span");
          part.className = name;
          part.textContent = value;
          item.append(part);
        }
        return item;
      }),
    );
  }
}
