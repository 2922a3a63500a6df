/**
 * One clock for sound and pictures: media time (pts, samples) laid onto a line of samples that really runs.
 *
 * The line is the audio context's own frame count, or performance.now before there is sound. `shift` is the
 * distance between the two; it is set by the first arrival, moves back at once when something arrives too
 * late to be played, and moves forward only while nothing is audible.
 */
import { RATE } from "./protocol.js";

const MS = RATE / 1000;
const START = 60 * MS;
const LEAST = 50 * MS;
const MOST = 180 * MS;
const STEP = 20 * MS;
/** Sound that comes so short before it is due would reach the audio thread too late. */
const SAFE = 20 * MS;
const LOST = 3 * RATE;
const WINDOW_MS = 1000;
const CALM_MS = 10000;

export class MediaClock {
  #line;
  #now;
  #lows = [];
  #low = Infinity;
  #windowEnds = 0;
  #calmFrom = 0;
  target = START;
  /** @type {number | null} samples from line to media time; null until something arrived */
  shift = null;

  /**
   * @param {() => number} line samples of the running line
   * @param {() => number} now milliseconds, for the windows of the jitter estimate
   */
  constructor(line, now = () => performance.now()) {
    this.#line = line;
    this.#now = now;
  }

  /** Media time that leaves the player now, or null before the first arrival. */
  get position() {
    return this.shift === null ? null : this.#line() + this.shift;
  }

  /** Go on over another line without a step in media time. @param {() => number} line */
  useLine(line) {
    const position = this.position;
    this.#line = line;
    if (position !== null) this.shift = position - line();
  }

  /** The next arrival sets the clock anew. */
  restart() {
    this.shift = null;
    this.#lows = [];
    this.#low = Infinity;
  }

  /**
   * Tell the clock that media for `pts` has come.
   * @param {number} pts
   * @param {{audio: boolean, quiet: boolean}} what whether it is sound, and whether nothing is audible now
   * @returns {boolean} whether the shift has changed
   */
  arrived(pts, { audio, quiet }) {
    const slack = this.shift === null ? LOST * 2 : pts - this.position;
    if (Math.abs(slack) > LOST) {
      this.restart();
      this.#place(pts);
      return true;
    }
    if (audio ? slack < SAFE : slack < 0 && quiet) {
      if (audio) this.#late();
      this.#place(pts);
      this.#low = Infinity;
      this.#lows = [];
      return true;
    }
    this.#low = Math.min(this.#low, slack);
    return this.#settle(quiet);
  }

  #place(pts) {
    this.shift = Math.round(pts - this.target - this.#line());
  }

  #late() {
    this.target = Math.min(MOST, this.target + STEP);
    this.#calmFrom = this.#now();
  }

  #settle(quiet) {
    const now = this.#now();
    if (now < this.#windowEnds) return false;
    this.#windowEnds = now + WINDOW_MS;
    this.#lows = [...this.#lows, this.#low].slice(-3);
    this.#low = Infinity;
    if (now - this.#calmFrom > CALM_MS) {
      this.#calmFrom = now;
      this.target = Math.max(LEAST, this.target - STEP / 4);
    }
    const spare = Math.min(...this.#lows) - this.target;
    if (!quiet || this.#lows.length < 3 || !Number.isFinite(spare) || spare < STEP) return false;
    this.shift += Math.round(spare);
    this.#lows = [];
    return true;
  }
}
