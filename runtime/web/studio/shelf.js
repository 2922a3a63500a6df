/** What there is to edit: records by kind, found, read, written, and intents inside their skills. */
import { Refused, path } from "./api.js";
import { keyOf } from "./kinds.js";
import { made, slug, texts } from "./record.js";

/**
 * Which record: `skill` is the id of the skill that an intent belongs to.
 * @typedef {{kind: string, id: string | null, skill?: string}} Place
 */

export class Shelf {
  #api;

  /** @param {import("./api.js").Api} api @param {string} library */
  constructor(api, library) {
    this.#api = api;
    this.library = library;
  }

  #at(...parts) {
    return `/knowledge${path(this.library, ...parts)}`;
  }

  #of({ kind, id, skill }) {
    return kind === "intents" ? this.#at("skills", skill, "intents", ...(id ? [id] : [])) : this.#at(kind, ...(id ? [id] : []));
  }

  about(known) {
    return this.#api.get(this.#at(), { known });
  }

  page(kind, q, offset, limit, known) {
    const query = new URLSearchParams({ q, offset, limit });
    return this.#api.get(`${this.#at(kind)}?${query}`, { known });
  }

  /** @param {Place} place @returns {Promise<{value: any, etag: string}>} */
  read(place) {
    return this.#api.get(this.#of(place));
  }

  /**
   * Make a record, or change some of its keys. @param {Place} place @param {object} patch @param {string} [etag]
   * @returns {Promise<{value: any, etag: string}>}
   */
  write(place, patch, etag) {
    if (place.id) return this.#api.call("PATCH", this.#of(place), { body: patch, etag });
    const body = made(patch);
    return this.#api.call("POST", this.#of(place), { body: place.kind === "skills" ? bundle(body) : body });
  }

  /** Make a record anew that is gone. @param {Place} place @param {object} record */
  remake(place, record) {
    return this.#api.call("PUT", this.#of(place), { body: record, fresh: true });
  }

  remove(place, etag) {
    return this.#api.call("DELETE", this.#of(place), { etag });
  }

  switch(kind, enabled) {
    return this.#api.call("PUT", this.#at(kind, "enabled"), { body: { enabled } });
  }

  /** Add a wording to a question or an intent; throws Refused. */
  async reword({ kind, id, skill }, text) {
    const at = kind === "intents" ? this.#at("skills", skill, "intents", id, "questions") : this.#at("faq", id, "questions");
    const { value } = await this.#api.call("POST", at, { body: { items: [text] } });
    const [row] = value.results;
    if (row.error) throw new Refused(row.status, row.error);
  }

  try(body) {
    return this.#api.call("POST", `${this.#at()}:try`, { body });
  }

  audit(offset, limit) {
    return this.#api.get(`${this.#at("audit")}?offset=${offset}&limit=${limit}`);
  }

  undo(count) {
    return this.#api.call("POST", this.#at("undo"), { body: { count } });
  }

  /** Where an entry that answers questions is. @param {string} id @param {string[]} kinds where it may be @returns {Promise<Place | null>} */
  async locate(id, kinds = ["faq", "skills", "keywords"]) {
    for (const kind of kinds) {
      const { value } = await this.page(kind, id, 0, 1000);
      if (kind !== "skills" && value.items.some((each) => each[keyOf(kind)] === id)) return { kind, id };
      const skill = kind === "skills" && value.items.find((each) => each.intents.some((intent) => intent.id === id));
      if (skill) return { kind: "intents", id, skill: skill.id };
    }
    return null;
  }
}

/** A new skill with its first question, which the form keeps as `ask` and `say`. */
function bundle({ ask, say, ...skill }) {
  const [first] = texts(ask);
  return { ...skill, intents: [{ id: slug(first ?? ""), ...made({ ask: ask ?? null, say: say ?? null }) }] };
}

/** What a record is called: its first wording or words, its title, its name. @param {string} kind @param {any} record */
export function headline(kind, record) {
  if (kind === "lexicon") return record.grapheme;
  const words = kind === "skills" || kind === "documents" ? record.title : texts(record.ask ?? record.any ?? record.all ?? [])[0];
  return words || record[keyOf(kind)];
}
