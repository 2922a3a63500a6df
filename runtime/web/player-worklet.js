/** Plays samples at their media time; silence where there is none. Counts what it really put out. */

const SIZE = 1 << 18;
const REPORT = 2400;
const ITEMS = 16;
const LOUD = 0.00316;

class PlayerProcessor extends AudioWorkletProcessor {
  ring = new Float32Array(SIZE);
  tail = new Float32Array(0);
  tailAt = 0;
  shift = null;
  cursor = 0;
  segments = [];
  played = {};
  sinceReport = 0;
  lastLoud = -1;
  cleared = -1;
  dropped = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => this[data.type](data);
  }

  seek({ shift }) {
    const position = currentFrame + shift;
    if (this.shift === null || position < this.cursor) this.cursor = position;
    this.shift = shift;
  }

  audio({ pts, pcm, item }) {
    const start = Math.max(pts, this.cursor);
    const end = Math.min(pts + pcm.length, this.cursor + SIZE);
    this.dropped += pcm.length - Math.max(0, end - start);
    for (let p = start; p < end; p++) this.ring[p & (SIZE - 1)] = pcm[p - pts] / 32768;
    if (end > start) this.segments.push({ item, from: start, to: end });
  }

  /** What was about to be heard fades out on its own; the ring is free for what comes newly stamped. */
  clear({ fade, keep }) {
    const length = Math.max(1, Math.round((fade * sampleRate) / 1000));
    const fading = this.tail.subarray(this.tailAt);
    this.tail = new Float32Array(Math.max(length, fading.length));
    this.tail.set(fading);
    this.tailAt = 0;
    for (let i = 0; i < length; i++) {
      const gain = 1 - i / length;
      this.tail[i] += this.ring[(this.cursor + i) & (SIZE - 1)] * gain * gain;
    }
    this.ring.fill(0);
    this.segments = [];
    if (!keep) this.shift = null;
    this.cleared = currentFrame;
    this.report();
  }

  /** A new session counts from nothing; its items may have the old ones' names. */
  forget() {
    this.played = {};
  }

  report() {
    this.sinceReport = 0;
    const items = Object.keys(this.played);
    if (items.length > ITEMS) delete this.played[items[0]];
    const { played, lastLoud, cleared, dropped } = this;
    this.port.postMessage({ played, frame: currentFrame, lastLoud, cleared, dropped, waiting: this.segments.length });
  }

  count(from, to) {
    for (const segment of this.segments) {
      const skipped = Math.min(segment.to, from) - segment.from;
      if (skipped > 0) this.dropped += skipped;
      const n = Math.min(segment.to, to) - Math.max(segment.from, from);
      if (n > 0) this.played[segment.item] = (this.played[segment.item] ?? 0) + n;
      segment.from = Math.max(segment.from, Math.min(segment.to, to));
    }
    const left = this.segments.filter((segment) => segment.to > to);
    const ended = left.length === 0 && this.segments.length > 0;
    this.segments = left;
    return ended;
  }

  process(_inputs, outputs) {
    const out = outputs[0][0];
    const mask = SIZE - 1;
    let ended = false;
    if (this.shift !== null) {
      const position = currentFrame + this.shift;
      const skipped = Math.min(position, this.cursor + SIZE);
      for (let p = this.cursor; p < skipped; p++) this.ring[p & mask] = 0;
      for (let i = 0; i < out.length; i++) {
        out[i] = this.ring[(position + i) & mask];
        this.ring[(position + i) & mask] = 0;
      }
      this.cursor = position + out.length;
      ended = this.count(position, this.cursor);
    }
    for (let i = 0; i < out.length && this.tailAt < this.tail.length; i++) out[i] += this.tail[this.tailAt++];
    for (let i = out.length - 1; i >= 0; i--) {
      if (Math.abs(out[i]) > LOUD) {
        this.lastLoud = currentFrame + i;
        break;
      }
    }
    this.sinceReport += out.length;
    if (ended || this.sinceReport >= REPORT) this.report();
    return true;
  }
}

registerProcessor("visavis-player", PlayerProcessor);
