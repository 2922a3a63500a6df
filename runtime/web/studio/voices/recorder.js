/** One take: what the microphone hears, kept while recording, taken back sentence by sentence. */
import { Microphone } from "../../microphone.js";
import { Level } from "./level.js";
import { wav } from "./wav.js";

export const RATE = 48000;
const CHUNK = 2048;
/** Seconds of one take: what a browser can hold; then another one begins. */
export const LONGEST_S = 600;

/** Dispatches `level` for every chunk, `full` when a take is as long as it may be, `ended` when the microphone is gone. */
export class Recorder extends EventTarget {
  #microphone = new Microphone({ rate: RATE, chunk: CHUNK, treated: false });
  #pieces = [];
  #marks = [];
  #level = new Level(RATE);
  #spoken = 0;
  recording = false;

  constructor() {
    super();
    this.#microphone.addEventListener("chunk", ({ detail }) => this.#heard(detail));
    this.#microphone.addEventListener("ended", () => {
      this.recording = false;
      this.dispatchEvent(new Event("ended"));
    });
  }

  /** @returns {import("./level.js").Word} */
  get word() {
    return this.#level.word;
  }

  get shown() {
    return this.#level.shown;
  }

  get seconds() {
    return this.#pieces.reduce((sum, each) => sum + each.length, 0) / RATE;
  }

  /** Seconds of speech in the take. */
  get spoken() {
    return this.#spoken;
  }

  /** Begin or go on; throws MicrophoneError. */
  async record() {
    await this.#microphone.start();
    this.recording = true;
  }

  /** Stop for a while and let go of the microphone; the take stays. */
  rest() {
    this.recording = false;
    this.#microphone.stop();
  }

  #heard({ pcm, level }) {
    const speech = this.#level.push(pcm, level);
    if (this.recording) {
      this.#pieces.push(pcm);
      this.#spoken += speech;
      if (this.seconds >= LONGEST_S) {
        this.recording = false;
        this.dispatchEvent(new Event("full"));
      }
    }
    this.dispatchEvent(new Event("level"));
  }

  /** The next sentence begins here. */
  mark() {
    this.#marks.push({ pieces: this.#pieces.length, spoken: this.#spoken });
  }

  /** Forget what was said since the sentence began. */
  again() {
    const { pieces, spoken } = this.#marks.at(-1) ?? { pieces: 0, spoken: 0 };
    this.#pieces.length = pieces;
    this.#spoken = spoken;
  }

  /** End the take. @returns {{blob: Blob, seconds: number, spoken: number} | null} null when there is nothing */
  finish() {
    const { seconds, spoken } = this;
    const pieces = this.#pieces;
    this.close();
    return seconds ? { blob: wav(pieces, RATE), seconds, spoken } : null;
  }

  /** Let go of the microphone and forget the take. */
  close() {
    this.recording = false;
    this.#microphone.stop();
    this.#pieces = [];
    this.#marks = [];
    this.#spoken = 0;
  }
}
