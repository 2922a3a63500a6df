/** The sessions that live, to choose from. */
import { t } from "../../strings.js";
import { by, el } from "../dom.js";
import { answer, rest, seen } from "./live.js";

const EVERY_MS = 1500;

export class Sessions {
  #api;
  #acts;
  #items = [];
  #known = new Map();
  #drawn = "";
  #chosen = "";
  #file = "";

  /** @param {import("../api.js").Api} api @param {{choose: (id: string) => void, looked: (problem: Error | null) => void}} acts */
  constructor(api, acts) {
    this.#api = api;
    this.#acts = acts;
    by("session").onchange = () => by("session").value && this.#acts.choose(by("session").value);
  }

  /** The ids of those that live, the newest first. */
  get ids() {
    return this.#items.map((each) => each.id);
  }

  /** Look for as long as the page is looked at. */
  async follow() {
    const { signal } = new AbortController();
    for (;;) {
      await seen(signal);
      const { value, problem } = await answer(this.#api, "/sessions", signal);
      if (value) this.#found(value.items.toReversed());
      this.#acts.looked(problem ?? null);
      await rest(EVERY_MS, signal);
    }
  }

  #found(items) {
    this.#items = items;
    for (const each of items) this.#known.set(each.id, each);
    this.draw(this.#chosen, this.#file);
  }

  /** @param {string} chosen the session that is shown, or "" @param {string} file the record that is shown, or "" */
  draw(chosen, file = "") {
    [this.#chosen, this.#file] = [chosen, file];
    const rows = this.#items.map((each) => [each.id, row(each)]);
    if (chosen && !this.ids.includes(chosen)) {
      const known = this.#known.get(chosen);
      rows.unshift([chosen, known ? t("sessionOver", { dialog: known.dialog, time: when(known.since) }) : chosen.slice(0, 40)]);
    }
    if (file) rows.unshift(["", t("fileRow", { name: file })]);
    if (!rows.length) rows.push(["", t("noSession")]);
    const drawn = JSON.stringify([rows, chosen, file]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const select = by("session");
    select.replaceChildren(...rows.map(([value, textContent]) => el("option", { value, textContent })));
    select.value = file ? "" : chosen;
    select.disabled = rows.length < 2 && !rows[0][0];
  }
}

const row = ({ id, dialog, since }) => t("sessionRow", { dialog, time: when(since), id: id.slice(-4) });

const when = (since) => new Date(since).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
