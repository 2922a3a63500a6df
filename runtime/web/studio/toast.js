/** A line at the foot of the page that goes by itself, not while it is looked at. */
import { el } from "./dom.js";

const STAYS_MS = 10_000;

export class Toast {
  #box;
  #timer = 0;

  /** @param {HTMLElement} box */
  constructor(box) {
    this.#box = box;
    box.onpointerenter = box.onfocus = () => clearTimeout(this.#timer);
    box.addEventListener("focusin", () => clearTimeout(this.#timer));
    box.addEventListener("focusout", () => this.#wait());
    box.onpointerleave = () => this.#wait();
  }

  /** @param {string} message @param {{text: string, act: () => void} | null} [way] */
  show(message, way = null) {
    const button = way && el("button", { type: "button", className: "plain", textContent: way.text });
    if (button)
      button.onclick = () => {
        this.hide();
        way.act();
      };
    this.#box.replaceChildren(el("span", { textContent: message }), ...(button ? [button] : []));
    this.#box.hidden = false;
    this.#wait();
  }

  hide() {
    clearTimeout(this.#timer);
    this.#box.hidden = true;
    this.#box.replaceChildren();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), STAYS_MS);
  }
}
