/** The microphone's two ways: hold to talk, and hands-free. */
import { Microphone, microphoneHindrance } from "./microphone.js";
import { encodePcm } from "./protocol.js";

const LEAST_MS = 250;
const TAIL_MS = 100;
const PREROLL = 6;
const BACKLOG = 200_000;

/** off: nothing is sent; opening: permission is asked; holding, tail: held and just released; free: hands-free. */
export class Talk extends EventTarget {
  #send;
  #waiting;
  #microphone = new Microphone();
  #preroll = [];
  #pressedAt = 0;
  #wanted = false;
  state = "off";
  level = 0;

  /**
   * @param {(type: string, fields?: object) => void} send
   * @param {() => number} waiting bytes that the socket has not sent yet
   */
  constructor(send, waiting) {
    super();
    this.#send = send;
    this.#waiting = waiting;
    this.#microphone.addEventListener("chunk", ({ detail }) => this.#chunk(detail));
    this.#microphone.addEventListener("ended", () => this.#fail("absent"));
  }

  get handsFree() {
    return this.state === "free";
  }

  get hindrance() {
    return microphoneHindrance();
  }

  /** What session.update says of turns. */
  get turnDetection() {
    return this.handsFree ? { type: "server_vad" } : null;
  }

  #enter(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }

  #fail(reason) {
    const free = this.handsFree;
    this.#wanted = false;
    this.#enter("off");
    if (free) this.dispatchEvent(new Event("mode"));
    this.dispatchEvent(new CustomEvent("fail", { detail: reason }));
  }

  async #ready() {
    if (this.#microphone.open) return true;
    const before = this.state;
    this.#enter("opening");
    try {
      await this.#microphone.start();
      this.#enter(before);
      return true;
    } catch (error) {
      this.#fail(error.reason ?? "failed");
      return false;
    }
  }

  /** The visitor begins to hold. */
  async press() {
    if (this.state !== "off" && this.state !== "tail") return;
    this.#wanted = true;
    this.dispatchEvent(new Event("interrupt"));
    if (!(await this.#ready())) return;
    if (!this.#wanted) {
      this.dispatchEvent(new CustomEvent("hint", { detail: "micReady" }));
      return;
    }
    this.#pressedAt = performance.now();
    this.#enter("holding");
    for (const pcm of this.#preroll.splice(0)) this.#append(pcm);
  }

  /** The visitor lets go. */
  release() {
    this.#wanted = false;
    if (this.state !== "holding") return;
    if (performance.now() - this.#pressedAt < LEAST_MS) {
      this.#send("input_audio_buffer.clear");
      this.#enter("off");
      this.dispatchEvent(new CustomEvent("hint", { detail: "heldShort" }));
      return;
    }
    this.#enter("tail");
    setTimeout(() => this.#commit(), TAIL_MS);
  }

  #commit() {
    if (this.state !== "tail") return;
    this.#enter("off");
    this.#send("input_audio_buffer.commit");
    this.#send("response.create");
    this.dispatchEvent(new Event("asked"));
  }

  /** @param {boolean} on */
  async setHandsFree(on) {
    if (on === this.handsFree) return;
    if (on && (this.state !== "off" || !(await this.#ready()))) return;
    this.#enter(on ? "free" : "off");
    this.dispatchEvent(new Event("mode"));
  }

  /** Nobody is there: close the device. */
  stop() {
    const free = this.handsFree;
    this.#wanted = false;
    this.#preroll = [];
    this.#microphone.stop();
    this.#enter("off");
    if (free) this.dispatchEvent(new Event("mode"));
  }

  #chunk({ pcm, level }) {
    this.level = level;
    if (this.state === "off" || this.state === "opening") {
      this.#preroll = [...this.#preroll, pcm].slice(-PREROLL);
      return;
    }
    this.#append(pcm);
  }

  #append(pcm) {
    if (this.#waiting() > BACKLOG) return;
    this.#send("input_audio_buffer.append", { audio: encodePcm(pcm) });
  }
}
