/** WAV files, mono and 16 bits: built of what was recorded, and read as they come. */

const HEAD = 44;

/** @param {Int16Array[]} pieces @param {number} rate @returns {Blob} */
export function wav(pieces, rate) {
  const bytes = pieces.reduce((sum, each) => sum + each.byteLength, 0);
  const view = new DataView(new ArrayBuffer(HEAD));
  const text = (at, word) => [...word].forEach((each, i) => view.setUint8(at + i, each.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, HEAD - 8 + bytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, bytes, true);
  return new Blob([view, ...pieces], { type: "audio/wav" });
}

/** Takes a stream's bytes apart: the header first, samples from then on, and the whole as a file of known length. */
export class WavStream {
  #head = new Uint8Array(0);
  #start = 0;
  #odd = null;
  #pieces = [];
  rate = 0;

  /** @param {Uint8Array} bytes @returns {Int16Array} the samples that are new; throws Error for what is no such WAV */
  push(bytes) {
    if (this.#start) return this.#samples(bytes);
    this.#head = joined(this.#head, bytes);
    this.#start = this.#find();
    if (!this.#start) return new Int16Array(0);
    const rest = this.#head.slice(this.#start);
    this.#head = this.#head.slice(0, this.#start);
    return this.#samples(rest);
  }

  /** Where the samples begin; 0 while that has not come. */
  #find() {
    const view = new DataView(this.#head.buffer);
    if (view.byteLength >= 12 && view.getUint32(0) !== 0x52494646) throw new Error("no WAV");
    for (let at = 12; at + 8 <= view.byteLength; ) {
      const [name, size] = [view.getUint32(at), view.getUint32(at + 4, true)];
      if (name === 0x64617461) return at + 8;
      if (name === 0x666d7420 && at + 24 <= view.byteLength) this.#format(view, at + 8);
      at += 8 + size + (size % 2);
    }
    return 0;
  }

  #format(view, at) {
    if (view.getUint16(at, true) !== 1 || view.getUint16(at + 2, true) !== 1 || view.getUint16(at + 14, true) !== 16)
      throw new Error("no mono WAV of 16 bits");
    this.rate = view.getUint32(at + 4, true);
  }

  #samples(bytes) {
    const all = this.#odd ? joined(this.#odd, bytes) : bytes;
    const whole = all.slice(0, all.length & ~1);
    this.#odd = all.length % 2 ? all.slice(-1) : null;
    this.#pieces.push(whole);
    return new Int16Array(whole.buffer);
  }

  get seconds() {
    return this.rate ? this.#length() / 2 / this.rate : 0;
  }

  #length() {
    return this.#pieces.reduce((sum, each) => sum + each.length, 0);
  }

  /** All of it, with its length in its header. @returns {Blob} */
  file() {
    const [head, length] = [this.#head.slice(), this.#length()];
    const view = new DataView(head.buffer);
    view.setUint32(4, head.length - 8 + length, true);
    view.setUint32(head.length - 4, length, true);
    return new Blob([head, ...this.#pieces], { type: "audio/wav" });
  }
}

function joined(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
