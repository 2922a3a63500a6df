/** What the page writes beside the picture while nobody is there: one invitation after another. */
import { t } from "./strings.js";

export class Inviting {
  #element;
  #timer = 0;
  #lines = [];
  #at = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  /**
   * Begin after a while, if there is anything to write.
   * @param {{after_s?: number, every_s?: number, lines?: string[]}} how @param {{text: string}[]} questions
   */
  start({ after_s: after = 20, every_s: every = 8, lines = [] } = {}, questions = []) {
    this.stop();
    this.#lines = lines.length ? lines : questions.map(({ text }) => t("askMe", { question: text }));
    if (!this.#lines.length) return;
    this.#timer = setTimeout(() => {
      this.#next();
      this.#timer = setInterval(() => this.#next(), every * 1000);
    }, after * 1000);
  }

  /** Somebody is there. */
  stop() {
    clearTimeout(this.#timer);
    clearInterval(this.#timer);
    this.#element.hidden = true;
    this.#at = 0;
  }

  #next() {
    this.#element.textContent = this.#lines[this.#at++ % this.#lines.length];
    this.#element.hidden = false;
    this.#element.getAnimations().forEach((animation) => animation.play());
  }
}
