/** How long a visitor waited for the answer's first sound, as it came out of the loudspeaker. */

export class Heard {
  #asked = null;
  #own = null;
  #afterArrival = null;
  #server = null;

  /** The visitor has asked by touch or text, now. */
  asked() {
    this.#asked = performance.now();
    this.#own = this.#afterArrival = this.#server = null;
  }

  /** The visitor speaks: only the server knows when that ended. */
  spoken() {
    this.#asked = this.#own = this.#afterArrival = this.#server = null;
  }

  /** A turn's first sound has come out. @param {{at: number, afterArrivalMs: number}} sound */
  came({ at, afterArrivalMs }) {
    this.#own = this.#asked === null ? null : at - this.#asked;
    this.#asked = null;
    this.#afterArrival = afterArrivalMs;
  }

  /** @param {{first_av_ms: number, filler_ms: number | null}} latency the server's own record of the turn */
  measured(latency) {
    this.#server = latency;
  }

  /** Milliseconds, or null while it is not known. A filler's sound is not the answer's. */
  get ms() {
    const filler = this.#server !== null && this.#server.filler_ms !== null;
    if (this.#own !== null && !filler) return this.#own;
    if (this.#server === null || this.#afterArrival === null) return null;
    return this.#server.first_av_ms + this.#afterArrival;
  }
}
