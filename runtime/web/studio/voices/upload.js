/** A file sent in pieces, from where the last try ended. */
import { path } from "../api.js";

const PIECE = 1 << 20;

export class Upload {
  #api;
  #at;
  #file;
  #sent = 0;

  /**
   * @param {import("../api.js").Api} api @param {string} task @param {string} role `consent` or a recording's number
   * @param {Blob} file @param {string} name with its ending
   */
  constructor(api, task, role, file, name) {
    this.#api = api;
    this.#at = `/voices/tasks${path(task, ...(role === "consent" ? [role] : ["recordings", role]))}?${new URLSearchParams({ name })}`;
    this.#file = file;
  }

  get share() {
    return this.#file.size ? this.#sent / this.#file.size : 0;
  }

  /** Send what is not there yet; throws Refused, after which it may be called again. @param {() => void} told after each piece */
  async send(told) {
    const { size } = this.#file;
    while (this.#sent < size) {
      const end = Math.min(this.#sent + PIECE, size);
      const wish = { bytes: this.#file.slice(this.#sent, end), range: `bytes ${this.#sent}-${end - 1}/${size}` };
      try {
        await this.#api.call("PUT", this.#at, wish);
      } catch (error) {
        if (error.code === "unsupported" && this.#sent) this.#sent = 0; // the server has another state: all of it anew
        throw error;
      }
      this.#sent = end;
      told();
    }
  }
}
