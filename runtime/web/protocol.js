/** What crosses the socket: picture messages and PCM in base64. Pure functions. */

export const RATE = 24000;
export const SLOT = 960;
const HEADER = 20;
const MAGIC = 0x5656;
const KEY = 1;
const VP8 = 2;

/**
 * Read one binary picture message.
 * @param {ArrayBuffer} buffer
 * @returns {{key: boolean, vp8: boolean, turn: number, pts: number, data: Uint8Array} | null}
 *   `pts` in samples at RATE; null when the message is not a whole picture message.
 */
export function parsePicture(buffer) {
  if (buffer.byteLength < HEADER) return null;
  const view = new DataView(buffer);
  if (view.getUint16(0) !== MAGIC || view.getUint8(2) !== 1) return null;
  const flags = view.getUint8(3);
  const length = view.getUint32(16, true);
  if (length === 0 || HEADER + length > buffer.byteLength) return null;
  return {
    key: (flags & KEY) !== 0,
    vp8: (flags & VP8) !== 0,
    turn: view.getUint32(4, true),
    pts: Number(view.getBigUint64(8, true)),
    data: new Uint8Array(buffer, HEADER, length),
  };
}

/** @param {string} text base64 @returns {Int16Array} little-endian PCM16 */
export function decodePcm(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length & ~1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return new Int16Array(bytes.buffer);
}

/** @param {Int16Array} pcm @returns {string} base64 */
export function encodePcm(pcm) {
  const bytes = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  let binary = "";
  for (let i = 0; i < bytes.length; i += 4096) binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(binary);
}

/** Index of the first sample above -50 dBFS, or -1. @param {Int16Array} pcm */
export function firstAudible(pcm) {
  for (let i = 0; i < pcm.length; i++) if (pcm[i] > 104 || pcm[i] < -104) return i;
  return -1;
}
