/** Captions of both sides: the visitor's as it is understood, the avatar's in time with the sound. */
import { t } from "./strings.js";

const TRAILING = /^[\s.,;:!?…'"”’)\]。，、；：！？」』）》]*/u;

/** The text of one item, revealed by the media times of its words. Pure. */
export class SpokenText {
  text = "";
  #words = [];
  #cursor = 0;

  /** @param {string} delta */
  add(delta) {
    this.text += delta;
  }

  /** @param {[number, number, string][]} words media time of start and end, text */
  time(words) {
    for (const [start, end, word] of words) {
      const found = word ? this.text.indexOf(word, this.#cursor) : -1;
      const from = found < 0 ? this.#cursor : found;
      const to = found < 0 ? Math.min(this.text.length, from + word.length) : from + word.length;
      this.#words.push({ start, end, from, to });
      this.#cursor = to;
    }
  }

  /** Whether any word's time is known. */
  get timed() {
    return this.#words.length > 0;
  }

  /**
   * Forget the times from `position` on; a resumed voice begins again with the last word that was heard.
   * What was heard stays so, as media time may step back after a cut.
   */
  cut(position) {
    const heard = this.#words.filter((word) => word.start < position);
    this.#words = heard.map((word) => ({ ...word, start: -Infinity, end: -Infinity }));
    this.#cursor = this.#words.at(-1)?.from ?? 0;
  }

  /** What is heard at `position`: characters revealed, and where the current word lies. */
  at(position) {
    let last = -1;
    for (let i = this.#words.length - 1; i >= 0 && last < 0; i--) if (this.#words[i].start <= position) last = i;
    if (last < 0) return { shown: 0, from: 0, to: 0 };
    const { from, to, end } = this.#words[last];
    const shown = to + this.text.slice(to).match(TRAILING)[0].length;
    return position < end ? { shown, from, to } : { shown, from: shown, to: shown };
  }

  /** Whether the last word's time has passed and the text is complete up to it. */
  over(position) {
    return this.timed && position > this.#words.at(-1).end;
  }
}

export class Captions {
  #visitor;
  #avatar;
  #log;
  #items = new Map();
  #current = null;
  #drawn = "";
  #silent = new Set();

  /** @param {{visitor: HTMLElement, avatar: HTMLElement, log: HTMLElement}} elements */
  constructor({ visitor, avatar, log }) {
    this.#visitor = visitor;
    this.#avatar = avatar;
    this.#log = log;
  }

  /** @param {string} text @param {boolean} partial */
  visitor(text, partial) {
    this.#visitor.textContent = text;
    this.#visitor.parentElement.hidden = !text;
    this.#visitor.classList.toggle("partial", partial);
    if (text && !partial) this.#say(t("you"), text);
  }

  /** A line of the page's own, until somebody speaks. @param {string} text */
  invite(text) {
    this.#current = null;
    this.#avatar.classList.add("invite");
    this.#avatar.textContent = text;
    this.#drawn = "";
  }

  #item(id) {
    if (!this.#items.has(id)) this.#items.set(id, new SpokenText());
    if (this.#items.size > 12) this.#items.delete(this.#items.keys().next().value);
    return this.#items.get(id);
  }

  /** @param {string} id @param {string} delta */
  text(id, delta) {
    this.#item(id).add(delta);
  }

  /** @param {string} id @param {[number, number, string][]} words */
  words(id, words) {
    this.#item(id).time(words);
  }

  /** What was sent but not heard by `position` will not be heard. @param {number | null} position */
  cut(position) {
    for (const item of this.#items.values()) item.cut(position ?? Infinity);
  }

  /**
   * A response has ended.
   * @param {string} id its item
   * @param {boolean} complete whether it was said to its end
   * @param {string} name who said it
   */
  ended(id, complete, name) {
    const item = this.#items.get(id);
    if (!item?.text) return;
    if (!item.timed && complete) this.#silent.add(id);
    this.#say(name, complete ? item.text : `${item.text.slice(0, item.at(Infinity).shown)} (${t("interrupted")})`);
  }

  /** Show what is heard at `position`. */
  draw(position) {
    for (const [id, item] of this.#items) if (item.at(position).shown > 0 || this.#silent.has(id)) this.#current = id;
    const item = this.#items.get(this.#current);
    if (!item) return;
    const { shown, from, to } = this.#silent.has(this.#current)
      ? { shown: item.text.length, from: item.text.length, to: item.text.length }
      : item.at(position);
    const drawn = `${this.#current} ${shown} ${from} ${item.text.length}`;
    if (drawn === this.#drawn || shown === 0) return;
    this.#drawn = drawn;
    this.#paint(item.text, shown, from, to);
  }

  #paint(text, shown, from, to) {
    const now = document.createElement("mark");
    now.textContent = text.slice(from, to);
    const ahead = document.createElement("span");
    ahead.className = "ahead";
    ahead.textContent = text.slice(shown);
    this.#avatar.classList.remove("invite");
    this.#avatar.replaceChildren(text.slice(0, from), now, text.slice(to, shown), ahead);
    const bottom = now.offsetTop + now.offsetHeight;
    this.#avatar.scrollTop = Math.max(0, bottom - this.#avatar.clientHeight);
  }

  clear() {
    this.#items.clear();
    this.#silent.clear();
    this.#current = null;
    this.#drawn = "";
    this.visitor("", true);
    this.#avatar.textContent = "";
    this.#log.replaceChildren();
  }

  #say(who, text) {
    const line = document.createElement("p");
    line.textContent = `${who}: ${text}`;
    this.#log.append(line);
    while (this.#log.childElementCount > 20) this.#log.firstElementChild.remove();
  }
}
