/** Tells when nobody has done anything for a while: first a warning that counts down, then the end. */

const WARN_S = 10;

export class Inactivity extends EventTarget {
  #last = 0;
  #limit = 60;
  #warning = WARN_S;
  #busy;
  #timer = 0;

  /** @param {() => boolean} busy whether something goes on that needs no touch, such as an answer */
  constructor(busy) {
    super();
    this.#busy = busy;
    for (const type of ["pointerdown", "keydown", "wheel"]) addEventListener(type, () => this.touch(), { passive: true });
  }

  /** @param {number} limit seconds from the last sign of life to the end */
  start(limit) {
    this.#limit = limit;
    this.#warning = Math.min(WARN_S, limit / 2);
    this.touch();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#look(), 1000);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  /** Somebody is there. */
  touch() {
    this.#last = performance.now();
    if (this.#timer) this.dispatchEvent(new CustomEvent("left", { detail: null }));
  }

  #look() {
    if (this.#busy()) {
      this.#last = performance.now();
      return;
    }
    const left = Math.ceil(this.#limit - (performance.now() - this.#last) / 1000);
    if (left <= 0) {
      this.stop();
      this.dispatchEvent(new Event("end"));
    } else {
      this.dispatchEvent(new CustomEvent("left", { detail: left <= this.#warning ? left : null }));
    }
  }
}
