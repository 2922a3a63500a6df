/** QR codes (ISO/IEC 18004) for web addresses: bytes, error correction level M, versions 1 to 10, mask 0. */

const TOTAL = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346];
const CHECK = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5];
const ALIGN = [[], [18], [22], [26], [30], [34], [22, 38], [24, 42], [26, 46], [28, 50]];
const QUIET = 4;

const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i++, x = (x << 1) ^ (x & 128 ? 0x11d : 0)) {
  EXP[i] = EXP[i + 255] = x;
  LOG[x] = i;
}
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);

/** Remainder of `data` by the Reed-Solomon generator of `degree`. */
function checkWords(data, degree) {
  let generator = [1];
  for (let i = 0; i < degree; i++)
    generator = [...generator, 0].map((value, k) => value ^ times(k > 0 ? generator[k - 1] : 0, EXP[i]));
  const rest = new Uint8Array(data.length + degree);
  rest.set(data);
  for (let i = 0; i < data.length; i++)
    for (let k = 1; k <= degree; k++) rest[i + k] ^= times(generator[k], rest[i]);
  return rest.slice(data.length);
}

/** Mode, length, bytes and padding as code words. */
function dataWords(bytes, version, capacity) {
  const bits = [];
  const put = (value, n) => {
    for (let i = n - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, capacity * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const words = [];
  for (let i = 0; i < bits.length; i += 8) words.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  for (let pad = 0xec; words.length < capacity; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** Data and check words of all blocks, interleaved. */
function codeWords(bytes, version) {
  const [total, check, blocks] = [TOTAL[version - 1], CHECK[version - 1], BLOCKS[version - 1]];
  const capacity = total - check * blocks;
  const words = dataWords(bytes, version, capacity);
  const parts = [];
  for (let b = 0, at = 0; b < blocks; b++) {
    const size = Math.floor(capacity / blocks) + (b >= blocks - (capacity % blocks) ? 1 : 0);
    parts.push(words.slice(at, (at += size)));
  }
  const weave = (rows) => rows.at(-1).flatMap((_, i) => rows.map((row) => row[i])).filter((word) => word !== undefined);
  return [...weave(parts), ...weave(parts.map((part) => [...checkWords(part, check)]))];
}

/** `value` followed by its remainder by `generator` of `degree` bits. */
function withRemainder(value, generator, degree) {
  let rest = value << degree;
  const top = generator.toString(2).length;
  while (rest.toString(2).length >= top && rest) rest ^= generator << (rest.toString(2).length - top);
  return (value << degree) | rest;
}

class Matrix {
  constructor(version) {
    this.size = 17 + 4 * version;
    this.dark = Array.from({ length: this.size }, () => new Array(this.size).fill(null));
    this.#finders();
    this.#alignments(version);
    for (let i = 8; i < this.size - 8; i++) this.dark[6][i] ??= this.dark[i][6] = i % 2 === 0;
    this.#format();
    if (version >= 7) this.#version(version);
  }

  #square(row, column, radius, isDark) {
    for (let y = -radius; y <= radius; y++)
      for (let x = -radius; x <= radius; x++)
        if (this.dark[row + y] && column + x >= 0 && column + x < this.size)
          this.dark[row + y][column + x] = isDark(Math.max(Math.abs(x), Math.abs(y)));
  }

  #finders() {
    const far = this.size - 4;
    for (const [row, column] of [[3, 3], [3, far], [far, 3]])
      this.#square(row, column, 4, (ring) => ring !== 2 && ring !== 4);
  }

  #alignments(version) {
    const places = version > 1 ? [6, ...ALIGN[version - 1]] : [];
    const last = places.at(-1);
    for (const row of places)
      for (const column of places) {
        const corner = (row === 6 && column !== places[0] && column === last) || (row === last && column === 6);
        if (corner || (row === 6 && column === 6)) continue;
        this.#square(row, column, 2, (ring) => ring !== 1);
      }
  }

  #format() {
    const bits = withRemainder(0, 0x537, 10) ^ 0x5412;
    const bit = (i) => ((bits >> i) & 1) === 1;
    const end = this.size - 1;
    for (let i = 0; i < 8; i++) {
      this.dark[8][end - i] = bit(i);
      this.dark[i < 6 ? i : i + 1][8] = bit(i);
    }
    for (let i = 8; i < 15; i++) {
      this.dark[end - 14 + i][8] = bit(i);
      this.dark[8][i === 8 ? 7 : 14 - i] = bit(i);
    }
    this.dark[this.size - 8][8] = true;
  }

  #version(version) {
    const bits = withRemainder(version, 0x1f25, 12);
    for (let i = 0; i < 18; i++) {
      const [a, b] = [Math.floor(i / 3), this.size - 11 + (i % 3)];
      this.dark[a][b] = this.dark[b][a] = ((bits >> i) & 1) === 1;
    }
  }

  fill(words) {
    let i = 0;
    for (let right = this.size - 1; right > 0; right -= 2) {
      if (right === 6) right = 5;
      const up = ((right + 1) & 2) === 0;
      for (let step = 0; step < this.size; step++)
        for (const column of [right, right - 1]) {
          const row = up ? this.size - 1 - step : step;
          if (this.dark[row][column] !== null) continue;
          const bit = i < words.length * 8 ? (words[i >> 3] >> (7 - (i & 7))) & 1 : 0;
          i++;
          this.dark[row][column] = (bit === 1) !== ((row + column) % 2 === 0);
        }
    }
  }
}

/** The modules of `text`, true is dark, or null when it is too long. @param {string} text */
export function qrModules(text) {
  const bytes = new TextEncoder().encode(text);
  const fits = (_, i) => bytes.length + (i < 9 ? 2 : 3) <= TOTAL[i] - CHECK[i] * BLOCKS[i];
  const version = TOTAL.findIndex((total, i) => fits(total, i)) + 1;
  if (version === 0) return null;
  const matrix = new Matrix(version);
  matrix.fill(codeWords(bytes, version));
  return matrix.dark;
}

/** Draw `text` on `canvas`, one pixel a module. @returns {boolean} whether it fitted */
export function drawQr(canvas, text) {
  const modules = qrModules(text);
  if (!modules) return false;
  canvas.width = canvas.height = modules.length + 2 * QUIET;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  modules.forEach((row, y) => row.forEach((dark, x) => dark && context.fillRect(x + QUIET, y + QUIET, 1, 1)));
  return true;
}
