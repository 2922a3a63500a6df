/** The audio context, its worklet, and the line of samples that its output runs along. */
import { RATE } from "./protocol.js";

const STALLED_MS = 500;
const SNAP_S = 0.08;

export class Speaker extends EventTarget {
  #context = null;
  #node = null;
  #smooth = null;
  #lastTime = -1;
  #lastMoved = 0;
  report = { played: {}, frame: 0, lastLoud: -1, cleared: -1, dropped: 0, waiting: 0 };

  /** Start sound; to be called in a gesture of the visitor. @returns {Promise<boolean>} whether it runs */
  async unlock() {
    if (!("AudioWorkletNode" in globalThis)) return false;
    try {
      if (!this.#context) await this.#open();
      await this.#context.resume();
    } catch {
      return false;
    }
    return this.#context.state === "running";
  }

  async #open() {
    const context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    this.#context = context;
    context.onstatechange = () => this.dispatchEvent(new Event("change"));
    await context.audioWorklet.addModule(new URL("./player-worklet.js", import.meta.url));
    const node = new AudioWorkletNode(context, "visavis-player", { numberOfInputs: 0, outputChannelCount: [1] });
    node.port.onmessage = ({ data }) => {
      this.report = data;
      this.dispatchEvent(new Event("report"));
    };
    node.connect(context.destination);
    this.#node = node;
  }

  get state() {
    return this.#context?.state ?? "none";
  }

  /** Whether sound moves: running, and not an output device that stands still. */
  get runs() {
    if (!this.#node || this.#context.state !== "running") return false;
    const now = performance.now();
    if (this.#context.currentTime !== this.#lastTime) {
      this.#lastTime = this.#context.currentTime;
      this.#lastMoved = now;
    }
    return now - this.#lastMoved < STALLED_MS;
  }

  /** Samples from the worklet to the ear. */
  get latency() {
    return Math.round((this.#context?.outputLatency || this.#context?.baseLatency || 0) * RATE);
  }

  /** Sample that the worklet renders now. The context's time goes in bursts; this does not. */
  line() {
    const wall = performance.now() / 1000;
    const raw = this.#context.currentTime - wall;
    if (this.#smooth === null || Math.abs(raw - this.#smooth) > SNAP_S) this.#smooth = raw;
    else this.#smooth += (raw - this.#smooth) * 0.05;
    return (wall + this.#smooth) * RATE;
  }

  seek(shift) {
    this.#node?.port.postMessage({ type: "seek", shift });
  }

  /** @param {number} pts @param {Int16Array} pcm @param {string} item */
  play(pts, pcm, item) {
    this.#node?.port.postMessage({ type: "audio", pts, pcm, item }, [pcm.buffer]);
  }

  /** Count what is played from nothing. */
  forget() {
    this.#node?.port.postMessage({ type: "forget" });
    this.report = { ...this.report, played: {} };
  }

  /** Fade out within `fade` ms; `keep` leaves media time as it is. */
  clear(fade, keep = false) {
    this.#node?.port.postMessage({ type: "clear", fade, keep });
  }
}
