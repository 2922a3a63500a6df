/** Decodes coded pictures at once and shows each when its media time is due. */

const QUEUE = 12;
const BACKLOG = 10;
const ROOM = 3;
const AMBIENT_EVERY = 15;
const EDGE = 0.04;
const CODECS = { h264: "avc1.42c01f", vp8: "vp8" };

/** The first codec this browser decodes. @returns {Promise<"h264" | "vp8" | "none">} */
export async function supportedVideo() {
  if (!("VideoDecoder" in globalThis)) return "none";
  for (const [name, codec] of Object.entries(CODECS)) {
    try {
      if ((await VideoDecoder.isConfigSupported({ codec, optimizeForLatency: true })).supported) return name;
    } catch {
      continue;
    }
  }
  return "none";
}

export class Pictures {
  #canvas;
  #context;
  #ambient;
  #needKey;
  #decoder = null;
  #codec = "";
  #waitsForKey = true;
  #pending = new Map();
  #queue = [];
  #sequence = 0;
  #epoch = 0;
  counters = { received: 0, decoded: 0, shown: 0, late: 0, dropped: 0, errors: 0, decodeMs: 0 };

  /**
   * @param {HTMLCanvasElement} canvas where pictures are shown, at their own size
   * @param {HTMLCanvasElement} ambient two columns that the page stretches behind the picture
   * @param {() => void} needKey asks the server for a key picture
   */
  constructor(canvas, ambient, needKey) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#ambient = ambient.getContext("2d", { alpha: false });
    this.#ambient.imageSmoothingQuality = "high";
    this.#needKey = needKey;
  }

  get queued() {
    return this.#queue.length;
  }

  /** @param {NonNullable<ReturnType<import("./protocol.js").parsePicture>>} picture */
  push(picture) {
    this.counters.received++;
    if (!("VideoDecoder" in globalThis)) return;
    const codec = picture.vp8 ? CODECS.vp8 : CODECS.h264;
    if (!this.#decoder || this.#decoder.state !== "configured" || codec !== this.#codec) this.#configure(codec);
    if (!this.#takes(picture)) {
      this.counters.dropped++;
      return;
    }
    const timestamp = ++this.#sequence;
    this.#pending.set(timestamp, { pts: picture.pts, turn: picture.turn, epoch: this.#epoch, at: performance.now() });
    this.#decoder.decode(
      new EncodedVideoChunk({ type: picture.key ? "key" : "delta", timestamp, data: picture.data }),
    );
  }

  /** A decoder that is behind gets nothing, not even a key picture; once it has room it begins with a new one. */
  #takes(picture) {
    const waiting = this.#decoder.decodeQueueSize;
    if (waiting > BACKLOG) this.#waitsForKey = true;
    if (!this.#waitsForKey) return true;
    if (waiting > ROOM) return false;
    this.#waitsForKey = !picture.key;
    if (this.#waitsForKey) this.#needKey();
    return picture.key;
  }

  /** Forget what was not shown; the decoder goes on, since later pictures build on earlier ones. */
  clear() {
    this.#epoch++;
    for (const { frame } of this.#queue) frame.close();
    this.#queue = [];
  }

  /** Start over with the next key picture, as after a new connection. */
  reset() {
    this.clear();
    this.#pending.clear();
    if (this.#decoder?.state === "configured") this.#decoder.close();
    this.#decoder = null;
    this.#waitsForKey = true;
  }

  /**
   * Show the newest picture due at `position`, if it is not shown yet.
   * @param {number} position media time
   * @returns {{pts: number, turn: number} | null} what was drawn
   */
  show(position) {
    let due = -1;
    while (due + 1 < this.#queue.length && this.#queue[due + 1].pts <= position) due++;
    if (due < 0) return null;
    const passed = this.#queue.splice(0, due + 1);
    const { frame, pts, turn } = passed.pop();
    for (const late of passed) late.frame.close();
    this.counters.late += passed.length;
    this.#draw(frame);
    frame.close();
    return { pts, turn };
  }

  #draw(frame) {
    const { displayWidth: width, displayHeight: height } = frame;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    this.#context.drawImage(frame, 0, 0);
    this.#canvas.parentElement.classList.add("live");
    if (this.counters.shown++ % AMBIENT_EVERY === 0) this.#surround(frame, width, height);
  }

  /** The picture's outermost columns, a few pixels each: stretched, they go on where the picture ends. */
  #surround(frame, width, height) {
    const { height: tall } = this.#ambient.canvas;
    const edge = Math.max(1, Math.round(width * EDGE));
    this.#ambient.drawImage(frame, 0, 0, edge, height, 0, 0, 1, tall);
    this.#ambient.drawImage(frame, width - edge, 0, edge, height, 1, 0, 1, tall);
  }

  #configure(codec) {
    if (this.#decoder?.state === "configured") this.#decoder.close();
    this.#pending.clear();
    this.#codec = codec;
    this.#waitsForKey = true;
    const decoder = new VideoDecoder({
      output: (frame) => (decoder === this.#decoder ? this.#decoded(frame) : frame.close()),
      error: () => decoder === this.#decoder && this.#failed(),
    });
    decoder.configure({ codec, optimizeForLatency: true });
    this.#decoder = decoder;
  }

  #failed() {
    this.counters.errors++;
    this.#decoder = null;
    this.#needKey();
  }

  #decoded(frame) {
    const known = this.#pending.get(frame.timestamp);
    for (const timestamp of this.#pending.keys()) if (timestamp <= frame.timestamp) this.#pending.delete(timestamp);
    if (!known || known.epoch !== this.#epoch) {
      frame.close();
      return;
    }
    this.counters.decoded++;
    this.counters.decodeMs += (performance.now() - known.at - this.counters.decodeMs) * 0.1;
    this.#queue.push({ frame, pts: known.pts, turn: known.turn });
    while (this.#queue.length > QUEUE) {
      this.#queue.shift().frame.close();
      this.counters.dropped++;
    }
  }
}
