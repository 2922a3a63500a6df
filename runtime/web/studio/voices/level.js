/** How loud the microphone is and how much was spoken: counted in samples, so that a busy machine changes nothing. */

/** Full scale is 1. Where speech begins, where it is loud enough, and where it is cut off. */
const SPEECH = 0.0056;
const QUIET = 0.02;
const LOUD = 0.9;
const OVER_NOISE = 3;
const HOLD_S = 1;

/** @typedef {"silent" | "quiet" | "good" | "loud"} Word */

export class Level {
  #rate;
  #noise = 1;
  #recent = [];
  #settled = 0;
  /** @type {Word} */ word = "silent";
  /** Seconds of speech, pauses not counted. */ spoken = 0;
  /** 0 to 1, for the eye. */ shown = 0;

  /** @param {number} rate samples a second */
  constructor(rate) {
    this.#rate = rate;
  }

  /**
   * @param {Int16Array} pcm @param {number} rms its level, full scale is 1
   * @returns {number} seconds of speech in it
   */
  push(pcm, rms) {
    let peak = 0;
    for (const sample of pcm) peak = Math.max(peak, Math.abs(sample));
    const seconds = pcm.length / this.#rate;
    this.#noise = Math.min(Math.max(rms, 1e-5), this.#noise * 1.02 ** (seconds / 0.04));
    const speech = rms > Math.max(SPEECH, Math.min(this.#noise * OVER_NOISE, QUIET));
    this.#recent.push({ seconds, speech, rms, peak: peak / 32768 });
    while (this.#recent.reduce((sum, each) => sum + each.seconds, 0) > HOLD_S) this.#recent.shift();
    this.shown = Math.min(1, Math.max(0, 1 + Math.log10(Math.max(rms, 1e-5)) / 2.5));
    this.#judge(seconds);
    this.spoken += speech ? seconds : 0;
    return speech ? seconds : 0;
  }

  /** A word stays for a while, so that whoever listens to it can. */
  #judge(seconds) {
    this.#settled -= seconds;
    const speech = this.#recent.filter((each) => each.speech);
    const level = Math.sqrt(speech.reduce((sum, each) => sum + each.rms ** 2, 0) / (speech.length || 1));
    const clipped = this.#recent.some((each) => each.peak >= LOUD);
    const now = clipped ? "loud" : !speech.length ? "silent" : level < QUIET ? "quiet" : "good";
    if (now === this.word || (this.#settled > 0 && now !== "loud")) return;
    this.word = now;
    this.#settled = HOLD_S;
  }
}
