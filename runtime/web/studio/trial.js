/** A question on trial: what would be said, and why. It is asked again after every edit. */
import { t } from "../strings.js";
import { safeMedia } from "../shelf.js";
import { by, el, icon } from "./dom.js";
import { percent, why } from "./why.js";

const FIRST = 4;
const NARROW = matchMedia("(max-width: 60rem)");

export class Trial {
  #shelf = null;
  #dialog = "";
  #acts;
  #last = null;
  #said = "";
  #topic = null;
  #names = new Map();
  #turn = 0;

  /**
   * @param {{open: (place: object) => void, add: (id: string, text: string, entry: string) => Promise<void>,
   *   begin: (text: string) => void}} acts
   */
  constructor(acts) {
    this.#acts = acts;
    by("try").onsubmit = (event) => {
      event.preventDefault();
      this.ask(by("try-text").value.trim());
    };
    by("fold").onclick = () => this.#fold(by("fold").getAttribute("aria-expanded") === "true");
  }

  /** @param {import("./shelf.js").Shelf} shelf @param {string[]} dialogs that answer from it */
  begin(shelf, dialogs) {
    this.#shelf = shelf;
    this.#dialog = dialogs[0] ?? "";
    this.#last = this.#topic = null;
    this.#names.clear();
    by("try-text").value = "";
    by("try-text").disabled = !dialogs.length;
    by("follow").hidden = by("fold").hidden = true;
    by("result").replaceChildren(el("p", { className: "none", textContent: t(dialogs.length ? "tryInvite" : "unserved") }));
  }

  #fold(folded) {
    by("fold").setAttribute("aria-expanded", String(!folded));
    by("trial").classList.toggle("is-folded", folded);
  }

  /** @param {string} text */
  async ask(text) {
    if (!text) return by("try-text").focus();
    const topic = by("follow-on").checked && this.#topic ? this.#topic.id : undefined;
    this.#last = { text, topic };
    this.#said = "";
    await this.#run();
  }

  /** Ask the last question again, since something may have changed. */
  async again() {
    if (this.#last) await this.#run(true);
  }

  async #run(again = false) {
    const turn = (this.#turn += 1);
    try {
      const { value } = await this.#shelf.try(this.#last);
      if (turn === this.#turn) this.#show(value, again);
    } catch (error) {
      if (again && error.code === "not_found") return this.#run(Boolean((this.#last = { text: this.#last.text })));
      if (turn !== this.#turn) return;
      by("result").replaceChildren(el("p", { className: "wrong", textContent: error.code === "offline" ? t("offline") : `${error.problem ?? error}. ${error.remedy ?? ""}` }));
    }
  }

  #show(tried, again) {
    for (const each of [...tried.candidates, ...tried.choices]) this.#names.set(each.id, each.question ?? each.text);
    const fresh = again && this.#said !== tried.decision + tried.wordings.join("\n");
    this.#said = tried.decision + tried.wordings.join("\n");
    const nameOf = (id) => this.#names.get(id) || id;
    const asked = el("p", { className: "asked", textContent: tried.text });
    const reason = el("div", { className: "why" }, el("h3", { textContent: t("why") }), el("p", { id: "why", textContent: why(tried, nameOf), title: tried.because }));
    if (tried.read_as && plain(tried.read_as) !== plain(tried.text)) reason.append(el("p", { className: "hint", textContent: t("readAs", { text: tried.read_as }) }));
    const begin = el("button", { id: "new-from", type: "button", className: "quiet" }, icon("plus"), t("newEntry"));
    begin.onclick = () => this.#acts.begin(tried.text);
    by("result").replaceChildren(
      asked,
      this.#answer(tried, fresh),
      reason,
      ...[this.#hits(tried, nameOf), this.#weighed(tried, nameOf), passages(tried)].filter(Boolean),
      begin,
    );
    by("fold").hidden = !NARROW.matches;
    if (!again) this.#fold(false);
    this.#remember(tried, nameOf);
  }

  /** The next question may lean on what was answered now. */
  #remember(tried, nameOf) {
    const direct = tried.decision === "direct" && tried.source !== "keyword" && tried.match;
    this.#topic = direct ? { id: tried.match.id } : this.#topic;
    by("follow").hidden = !this.#topic;
    if (direct) by("follow-on").checked = false;
    if (this.#topic) by("follow").lastElementChild.textContent = t("follow", { question: nameOf(this.#topic.id) });
  }

  #answer(tried, fresh) {
    const box = el("div", { className: "answer", data: { decision: tried.decision } });
    const badges = el("p", { className: "badges" }, el("span", { className: "badge", textContent: t(`decision.${tried.decision}`) }));
    if (fresh) badges.append(el("span", { className: "badge fresh", textContent: t("changed") }));
    box.append(badges, el("p", { id: "said", className: "said", textContent: tried.say || t("saysNothing") }));
    const marks = [...(tried.emotions ?? []).filter((each) => each !== "neutral").map((each) => `emotion.${each}`), ...tried.actions.map((each) => `action.${each}`)];
    if (marks.length) box.append(el("p", { className: "marks" }, ...marks.map((each) => el("span", { className: "mark", textContent: t(each) }))));
    if (tried.choices.length)
      box.append(el("p", { className: "hint", textContent: t("choices") }), el("ul", { className: "choices" }, ...tried.choices.map((each) => el("li", { textContent: each.text }))));
    if (tried.show) box.append(this.#card(tried.show));
    return box;
  }

  #card(card) {
    const box = el("div", { className: "shown" });
    const source = card.image && !card.image.startsWith("https://") && safeMedia(`/media/${this.#dialog}/${card.image}`);
    if (source) {
      const image = el("img", { src: source, alt: card.title });
      image.onerror = () => image.replaceWith(el("span", { className: "wrong", textContent: card.image }));
      box.append(image);
    }
    const lines = [card.text, card.image?.startsWith("https://") && card.image, card.video, card.audio, card.link].filter(Boolean);
    box.append(el("div", {}, el("b", { textContent: card.title }), ...lines.map((each) => el("p", { textContent: each }))));
    return box;
  }

  #hits({ exact, keywords }, nameOf) {
    const all = [...exact.map((id) => ["exactHit", id, ["faq", "skills"]]), ...keywords.map((id) => ["keywordHit", id, ["keywords"]])];
    if (!all.length) return null;
    return el("ul", { className: "hits" }, ...all.map(([word, id, kinds]) => {
      const open = el("button", { type: "button", className: "link", textContent: nameOf(id) });
      open.onclick = () => this.#acts.open(id, kinds);
      return el("li", {}, el("span", { className: "mark", textContent: t(word) }), open);
    })); // prettier-ignore
  }

  #weighed(tried, nameOf) {
    if (!tried.candidates.length) return null;
    const rows = tried.candidates.map((each) => this.#candidate(each, tried, nameOf));
    const list = el("ol", { className: "candidates" }, ...rows.slice(0, FIRST));
    const section = el("section", { className: "weighed" }, el("h3", { textContent: t("candidates") }), legend(tried.limits), list);
    const rest = rows.length - FIRST;
    if (rest > 0) {
      const more = el("button", { type: "button", className: "plain", textContent: t("moreCandidates", { n: rest }) });
      more.onclick = () => {
        list.append(...rows.slice(FIRST));
        more.remove();
        rows[FIRST].querySelector("button").focus();
      };
      section.append(more);
    }
    return section;
  }

  #candidate({ id, score }, { text, exact, limits }, nameOf) {
    const entry = nameOf(id);
    const open = el("button", { type: "button", className: "link", textContent: entry });
    open.onclick = () => this.#acts.open(id, ["faq", "skills"]);
    const row = el("li", { className: "candidate", data: { id } }, el("p", {}, open, el("span", { className: "score", textContent: percent(score), ariaLabel: t("candidate", { score: percent(score) }) })), bar(score, limits));
    if (!exact.includes(id)) {
      const add = el("button", { type: "button", className: "plain add", textContent: t("addWording"), ariaLabel: t("addWordingTo", { text, entry }) });
      add.onclick = () => this.#acts.add(id, text, entry);
      row.append(add);
    }
    return row;
  }
}

/** A score against the limits from which an entry is offered and from which it answers. */
function bar(score, { direct, suggest }) {
  const level = score >= direct ? "direct" : score >= suggest ? "suggest" : "below";
  const fill = el("i", { className: "fill" });
  fill.style.inlineSize = percentage(score);
  return el("div", { className: "meter", ariaHidden: "true", data: { level } }, fill, tick("suggest", suggest), tick("direct", direct));
}

function tick(name, at) {
  const mark = el("i", { className: `limit ${name}` });
  mark.style.insetInlineStart = percentage(at);
  return mark;
}

function legend({ direct, suggest }) {
  const part = (name, at) => el("span", { className: name }, `${percent(at)} ${t(name)}`);
  return el("p", { className: "legend" }, part("suggest", suggest), part("direct", direct));
}

function passages({ passages: found }) {
  if (!found.length) return null;
  const items = found.slice(0, 3).map((each) => el("li", { textContent: each.text ?? "" }));
  return el("section", {}, el("h3", { textContent: t("passages") }), el("ul", { className: "passages" }, ...items));
}

const percentage = (share) => `${Math.min(100, Math.max(0, share * 100))}%`;

/** Letters and digits alone. */
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
