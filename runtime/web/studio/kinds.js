/** What an operator can write in each kind of record: fields, their place in the form, and what they may be. */

export const KINDS = ["faq", "keywords", "greetings", "rules", "skills", "documents"];

/** Gestures, as the knowledge files name them. */
export const ACTIONS = [
  "idle", "nod", "shake",
  "wave", "present_right", "emphasis_right", "forward_right", "up_right", "index", "thumbs_up", "ok",
  "heart", "fist", "palm_sweep", "present_left", "emphasis_left", "welcome_both", "emphasis_both", "spread_both",
]; // prettier-ignore
export const OCCASIONS = ["enter", "first_visit", "return", "idle", "time"];
export const EVENTS = [
  "comment", "paid_comment", "gift", "enter", "like", "follow", "share", "viewer_count", "idle", "time",
]; // prettier-ignore
export const MATCHES = ["word", "exact", "contains", "regex"];

/**
 * A field of a form. `name` is its key in the record, with a dot for one inside another. `part` is where it stands:
 * what, says, acts, card, when, more.
 * @typedef {{name: string, type: string, part: string, options?: string[], must?: boolean, initial?: any}} Field
 */
const field = (name, type, part, more = {}) => ({ name, type, part, ...more });

const says = [field("say", "lines", "says", { must: true })];
const acts = [field("action", "select", "acts", { options: ["", ...ACTIONS] })];
const card = [
  field("show.title", "text", "card"),
  field("show.text", "long", "card"),
  field("show.image", "text", "card"),
  field("show.link", "text", "card"),
  field("show.video", "text", "card"),
  field("show.audio", "text", "card"),
];
const dated = [
  field("enabled", "switch", "when", { initial: true }),
  field("from", "moment", "when"),
  field("until", "moment", "when"),
];
const timed = [field("after", "duration", "what"), field("at", "time", "what"), field("every", "duration", "what")];
const rested = [field("priority", "number", "more", { initial: 0 }), field("cooldown", "duration", "more")];
const asked = [
  field("ask", "lines", "what", { must: true }),
  ...says, ...acts, ...card, ...dated,
  field("button", "switch", "more", { initial: false }),
  ...rested,
]; // prettier-ignore

/** `intents` are the questions inside a skill, `bundle` is a new skill with its first one. @type {Record<string, Field[]>} */
export const FIELDS = {
  faq: asked,
  intents: asked,
  keywords: [
    field("any", "lines", "what"),
    field("all", "lines", "what"),
    field("none", "lines", "what"),
    field("match", "select", "what", { options: MATCHES, initial: "word" }),
    ...says, ...acts, ...card, ...dated, ...rested,
  ],
  greetings: [
    field("on", "select", "what", { options: OCCASIONS, initial: "enter", must: true }),
    ...timed, ...says, ...acts, ...card, ...dated, ...rested,
  ],
  rules: [
    field("on", "several", "what", { options: EVENTS, must: true }),
    field("when", "text", "what"),
    ...timed,
    field("say", "lines", "says"),
    field("llm", "long", "says"),
    ...acts, ...card, ...dated, ...rested,
    field("quota.count", "number", "more"),
    field("quota.per", "duration", "more"),
  ],
  skills: [field("title", "text", "what"), ...dated],
  bundle: [field("title", "text", "what"), field("ask", "lines", "what", { must: true }), ...says, ...dated],
  lexicon: [
    field("grapheme", "text", "what", { must: true }),
    field("alias", "text", "says"),
    field("pinyin", "text", "says"),
    field("ipa", "text", "says"),
    field("language", "text", "when"),
    field("voice", "text", "when"),
    field("case", "select", "when", { options: ["any", "exact"], initial: "any" }),
  ],
  documents: [field("path", "text", "what", { must: true }), field("title", "text", "what"), ...dated],
}; // prettier-ignore

/** Which occasions a timing field belongs to. */
const OF = { after: "idle", at: "time", every: "time" };

/** Whether a field means something beside what `on` is. @param {string} name @param {string[]} on */
export const belongs = (name, on) => !(name in OF) || on.includes(OF[name]);

/** The key that names a record. @param {string} kind */
export const keyOf = (kind) => (kind === "documents" ? "path" : "id");
