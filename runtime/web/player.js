/**
 * Sound and pictures on one clock.
 *
 * Dispatches `tick` (detail: media time heard now, once a frame), `played` (detail: {item, ms}) and `heard`
 * (detail: {turn, at, afterArrivalMs}) when a turn's first audible sample has come out.
 */
import { MediaClock } from "./clock.js";
import { Pictures } from "./pictures.js";
import { firstAudible, parsePicture, RATE } from "./protocol.js";
import { Speaker } from "./speaker.js";

const MS = RATE / 1000;
const VSYNC = 10 * MS;
const PLAYED_MS = 200;
const KEY_MS = 1000;
const OFFSETS = 500;
const LONGEST_FADE = 200;

const wallLine = () => performance.now() * MS;

export class Player extends EventTarget {
  #clock = new MediaClock(wallLine);
  #speaker = new Speaker();
  #pictures;
  #audible = false;
  #end = 0;
  #muted = -1;
  #newest = -1;
  #turns = new Map();
  #reported = new Map();
  #reportedAt = 0;
  #keyAt = -KEY_MS;
  #unplayed = 0;
  #askKey;
  shown = null;
  offsets = [];

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLCanvasElement} ambient
   * @param {() => void} askKey sends for a key picture
   */
  constructor(canvas, ambient, askKey) {
    super();
    this.#askKey = askKey;
    this.#pictures = new Pictures(canvas, ambient, () => this.#needKey());
    this.#speaker.addEventListener("report", () => this.#report());
    this.#speaker.addEventListener("change", () => this.dispatchEvent(new Event("sound")));
    const frame = () => {
      this.#tick();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /** Start sound, in a gesture of the visitor. @returns {Promise<boolean>} */
  async unlock() {
    const runs = await this.#speaker.unlock();
    this.#chooseLine();
    return runs;
  }

  get sound() {
    return this.#speaker.state;
  }

  /** Media time that is heard now, or null before the first arrival. */
  get heard() {
    const position = this.#clock.position;
    return position === null ? null : position - (this.#audible ? this.#speaker.latency : 0);
  }

  /** Whether sound is still to come out of what has arrived. */
  get sounding() {
    return this.#end > 0 && (this.heard ?? 0) < this.#end;
  }

  /** Figures for the overlay and for tests. */
  get figures() {
    return {
      ...this.#pictures.counters,
      queued: this.#pictures.queued,
      bufferMs: this.#clock.target / MS,
      latencyMs: this.#speaker.latency / MS,
      sound: this.#speaker.state,
      runs: this.#audible,
      unplayed: this.#unplayed,
      worklet: this.#speaker.report,
    };
  }

  /** @param {ArrayBuffer} buffer one binary message */
  picture(buffer) {
    const picture = parsePicture(buffer);
    if (!picture) return;
    this.#arrived(picture.pts, false);
    this.#pictures.push(picture);
  }

  /**
   * @param {{item: string, turn?: number, pts?: number, pcm: Int16Array}} sound
   *   without `pts` it follows what came before
   */
  audio({ item, turn = 0, pts, pcm }) {
    if (turn > 0 && turn <= this.#muted) return;
    this.#newest = Math.max(this.#newest, turn);
    const next = Math.max(this.#end, Math.ceil(this.#clock.position ?? 0) + this.#clock.target);
    const start = pts ?? next;
    this.#arrived(start, true);
    this.#end = Math.max(this.#end, start + pcm.length);
    const first = this.#turns.has(turn) ? -1 : firstAudible(pcm);
    if (first >= 0) this.#turns.set(turn, { pts: start + first, at: performance.now(), heard: false });
    if (this.#turns.size > 8) this.#turns.delete(this.#turns.keys().next().value);
    if (this.#audible) this.#speaker.play(start, pcm, item);
    else this.#unplayed += pcm.length;
  }

  /** The server's clear: fade, and drop everything that was sent before. @param {number} fadeMs */
  clear(fadeMs) {
    this.#speaker.clear(Math.min(LONGEST_FADE, Math.max(10, fadeMs)));
    this.#pictures.clear();
    this.#clock.restart();
    this.#end = 0;
    this.#forgetUnheard();
  }

  /** Silence at once what this page knows of, before the server's clear comes. */
  hush() {
    this.#speaker.clear(80, true);
    this.#muted = this.#newest;
    this.#end = 0;
    this.#forgetUnheard();
  }

  /** A new connection: nothing of the old one counts. */
  reset() {
    this.clear(60);
    this.#speaker.forget();
    this.#pictures.reset();
    this.#muted = -1;
    this.#newest = -1;
    this.#turns.clear();
    this.#reported.clear();
  }

  #forgetUnheard() {
    for (const [turn, sound] of this.#turns) if (!sound.heard) this.#turns.delete(turn);
  }

  #arrived(pts, audio) {
    if (this.#clock.arrived(pts, { audio, quiet: !this.sounding })) this.#speaker.seek(this.#clock.shift);
  }

  #chooseLine() {
    const audible = this.#speaker.runs;
    if (audible === this.#audible) return;
    this.#audible = audible;
    this.#clock.useLine(audible ? () => this.#speaker.line() : wallLine);
    if (this.#clock.shift === null) return;
    this.#clock.shift = Math.round(this.#clock.shift);
    if (audible) this.#speaker.seek(this.#clock.shift);
  }

  #needKey() {
    if (performance.now() - this.#keyAt < KEY_MS) return;
    this.#keyAt = performance.now();
    this.#askKey();
  }

  #tick() {
    this.#chooseLine();
    const heard = this.heard;
    if (heard === null) return;
    const drawn = this.#pictures.show(heard + VSYNC);
    if (drawn) {
      this.shown = drawn;
      this.offsets.push({ ...drawn, heard: Math.round(heard), sounding: this.sounding });
      if (this.offsets.length > OFFSETS) this.offsets.shift();
    }
    for (const [turn, sound] of this.#turns) this.#check(turn, sound, heard);
    this.dispatchEvent(new CustomEvent("tick", { detail: heard }));
  }

  #check(turn, sound, heard) {
    if (sound.heard || heard < sound.pts || !this.#audible) return;
    sound.heard = true;
    const at = performance.now() - (heard - sound.pts) / MS;
    this.dispatchEvent(new CustomEvent("heard", { detail: { turn, at, afterArrivalMs: at - sound.at } }));
  }

  #report() {
    const { played, waiting, cleared, frame } = this.#speaker.report;
    const now = performance.now();
    const due = now - this.#reportedAt >= PLAYED_MS || waiting === 0 || cleared === frame;
    if (!due) return;
    for (const [item, samples] of Object.entries(played)) {
      const out = waiting > 0 ? Math.max(0, samples - this.#speaker.latency) : samples;
      if (this.#reported.get(item) === out) continue;
      this.#reported.set(item, out);
      this.#reportedAt = now;
      this.dispatchEvent(new CustomEvent("played", { detail: { item, ms: Math.round(out / MS) } }));
    }
    if (this.#reported.size > 32) this.#reported.delete(this.#reported.keys().next().value);
  }
}
