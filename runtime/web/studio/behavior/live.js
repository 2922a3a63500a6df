/** Follows a living session: what its tree does now, and what it decided since. */
import { path, Refused } from "../api.js";

const EVERY_MS = 220;
const SLOWEST_MS = 5000;
const KEPT = 1000;

export class Live {
  #api;
  #told;
  #stopped = new AbortController();
  #after = 0;
  id;
  /** The newest answer, or null; without its decisions. */
  now = null;
  decisions = [];
  /** "" while it lives, else "gone" or "not_found". */
  over = "";

  /** @param {import("../api.js").Api} api @param {string} id @param {(problem: Error | null) => void} told after every answer */
  constructor(api, id, told) {
    this.#api = api;
    this.id = id;
    this.#told = told;
    this.#follow();
  }

  stop() {
    this.#stopped.abort();
  }

  async #follow() {
    let wait = EVERY_MS;
    while (!this.#stopped.signal.aborted && !this.over) {
      await seen(this.#stopped.signal);
      const problem = await this.#ask();
      if (this.#stopped.signal.aborted) return;
      wait = problem ? Math.min(2 * wait, SLOWEST_MS) : EVERY_MS;
      this.#told(problem);
      await rest(wait, this.#stopped.signal);
    }
  }

  async #ask() {
    const { signal } = this.#stopped;
    const { value, problem } = await answer(this.#api, `${path("sessions", this.id)}/behavior?after=${this.#after}`, signal);
    if (problem) {
      if (problem.status === 410 || problem.status === 404) this.over = problem.code;
      return this.over ? null : problem;
    }
    const { decisions, ...now } = value;
    this.now = now;
    this.decisions = [...this.decisions, ...decisions].slice(-KEPT);
    this.#after = this.decisions.at(-1)?.n ?? 0;
    return null;
  }
}

/**
 * What the server answers, or why not; an answer that breaks off is none.
 * @returns {Promise<{value?: any, problem?: Refused}>}
 */
export async function answer(api, at, signal) {
  try {
    return await api.get(at, { signal });
  } catch (error) {
    return { problem: error instanceof Refused ? error : new Refused(0, { code: "offline", message: error.message }) };
  }
}

/** Settles while the page is looked at. @param {AbortSignal} signal */
export function seen(signal) {
  if (!document.hidden) return Promise.resolve();
  return new Promise((settle) => {
    document.addEventListener("visibilitychange", settle, { once: true, signal });
    signal.addEventListener("abort", settle, { once: true });
  });
}

/** @param {number} ms @param {AbortSignal} signal */
export function rest(ms, signal) {
  return new Promise((settle) => {
    const timer = setTimeout(settle, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), settle()), { once: true });
  });
}
