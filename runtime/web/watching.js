/**
 * Whether somebody stands before the screen, seen by its camera. Pictures are looked at here and nowhere else: each is
 * compared with what is usually there, at 32 × 24 grey dots, and forgotten.
 *
 * Dispatches `presence` (detail: boolean) when it is sure, and `fail` when the camera cannot be had.
 */
export const COME_MS = 1500;
export const LEAVE_MS = 5000;
const LOOK_MS = 200;
const [WIDTH, HEIGHT] = [32, 24];
/** Of 255: a dot that differs by so much shows something else. */
const DIFFERENT = 22;
/** Parts of the picture: from the first on somebody is seen, below the second nobody. */
const [MUCH, LITTLE] = [0.08, 0.04];
/** By how much the usual picture takes in a new one: slowly while somebody stands there, lest he become usual. */
const [LEARN, LEARN_SEEN] = [0.04, 0.0008];
const SETTLE = 8;

/** Sure of what has been so for long enough: a passer-by is no visitor, who is lost for a moment has not left. */
export class Dwell {
  present = false;
  #seen = false;
  #since = 0;

  constructor(comeMs = COME_MS, leaveMs = LEAVE_MS) {
    this.comeMs = comeMs;
    this.leaveMs = leaveMs;
  }

  /** @param {boolean} seen @param {number} now in ms @returns {boolean} whether `present` has changed */
  see(seen, now) {
    if (seen !== this.#seen) [this.#seen, this.#since] = [seen, now];
    if (seen === this.present || now - this.#since < (seen ? this.comeMs : this.leaveMs)) return false;
    this.present = seen;
    return true;
  }
}

/** What differs from what is usually there. */
export class Difference {
  #usual = null;
  #looks = 0;
  #seen = false;

  /** Whether it knows what is usually there. */
  get knows() {
    return this.#looks > SETTLE;
  }

  /** @param {Uint8ClampedArray | number[]} grey one number a dot @returns {boolean} whether somebody is seen */
  look(grey) {
    this.#usual ??= Float32Array.from(grey);
    const usual = this.#usual;
    const shift = grey.reduce((sum, value, at) => sum + value - usual[at], 0) / grey.length;
    const bright = Math.abs(shift) > DIFFERENT ? shift : 0; // the light went on or off: no one dot tells of a person
    let different = 0;
    for (let at = 0; at < usual.length; at++) different += Math.abs(grey[at] - bright - usual[at]) > DIFFERENT;
    const part = different / usual.length;
    this.#looks++;
    const settled = this.knows;
    this.#seen = settled && part > (this.#seen ? LITTLE : MUCH);
    const learn = settled ? (this.#seen ? LEARN_SEEN : LEARN) : 0.5;
    for (let at = 0; at < usual.length; at++) usual[at] += (grey[at] - usual[at]) * learn;
    return this.#seen;
  }
}

export class Watching extends EventTarget {
  #stream = null;
  #video = null;
  #timer = 0;
  #dwell = new Dwell();
  #difference = new Difference();
  #faces = null;
  #canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });

  get on() {
    return this.#stream !== null;
  }

  get present() {
    return this.#dwell.present;
  }

  /** Whether it could tell if somebody came. */
  get knows() {
    return this.on && (this.#faces !== null || this.#difference.knows);
  }

  /** Ask for the camera and begin to look. */
  async start() {
    if (this.on) return;
    try {
      const video = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 10 }, facingMode: "user" };
      this.#stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    } catch (error) {
      this.dispatchEvent(new CustomEvent("fail", { detail: error.name }));
      return;
    }
    this.#stream.getVideoTracks()[0].onended = () => this.#lost();
    this.#video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
    this.#video.srcObject = this.#stream;
    await this.#video.play();
    if ("FaceDetector" in globalThis) this.#faces = new FaceDetector({ fastMode: true, maxDetectedFaces: 4 });
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  stop() {
    clearInterval(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    if (this.#video) this.#video.srcObject = null;
    this.#stream = this.#video = null;
    this.#dwell = new Dwell();
    this.#difference = new Difference();
  }

  #lost() {
    const was = this.present;
    this.stop();
    if (was) this.dispatchEvent(new CustomEvent("presence", { detail: false }));
    this.dispatchEvent(new CustomEvent("fail", { detail: "ended" }));
  }

  async #look() {
    if (!this.#video || this.#video.readyState < 2 || document.hidden) return;
    const seen = await this.#sees();
    if (this.on && this.#dwell.see(seen, performance.now()))
      this.dispatchEvent(new CustomEvent("presence", { detail: this.present }));
  }

  async #sees() {
    if (this.#faces) {
      try {
        return (await this.#faces.detect(this.#video)).length > 0;
      } catch {
        this.#faces = null; // the platform has no detector behind it: the picture's change must do
      }
    }
    const context = this.#canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.#video, 0, 0, WIDTH, HEIGHT);
    const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
    const grey = new Uint8ClampedArray(WIDTH * HEIGHT);
    for (let at = 0; at < grey.length; at++)
      grey[at] = 0.3 * data[4 * at] + 0.59 * data[4 * at + 1] + 0.11 * data[4 * at + 2];
    return this.#difference.look(grey);
  }
}
