/** The place below the captions: top questions, a choice of questions, or an answer's card. */
import { t } from "./strings.js";
import { drawQr } from "./qr.js";

/** @param {string | null | undefined} link @returns {URL | null} only web addresses */
export function safeLink(link) {
  if (!link || !URL.canParse(link)) return null;
  const url = new URL(link);
  return url.protocol === "https:" || url.protocol === "http:" ? url : null;
}

/** @param {string | null | undefined} path @returns {string | null} only files of this server */
export function safeMedia(path) {
  if (!path || !URL.canParse(path, location.href)) return null;
  const url = new URL(path, location.href);
  return url.origin === location.origin ? url.href : null;
}

export class Shelf {
  #root;
  #ask;
  #kiosk;
  #questions = [];

  /**
   * @param {HTMLElement} root
   * @param {(item: {id: string, text: string}) => void} ask
   * @param {boolean} kiosk whether links must not leave this page
   */
  constructor(root, ask, kiosk) {
    this.#root = root;
    this.#ask = ask;
    this.#kiosk = kiosk;
  }

  /** @param {{id: string, text: string}[]} questions */
  set questions(questions) {
    this.#questions = questions;
    this.showQuestions();
  }

  showQuestions() {
    this.#list("questions", this.#questions);
  }

  /** @param {{id: string, text: string}[]} choices */
  showChoices(choices) {
    if (choices.length) this.#list("choices", choices);
  }

  #list(kind, items) {
    this.#fill(kind, kind === "choices", this.#buttons(items));
  }

  #buttons(items) {
    const list = document.createElement("ul");
    list.className = "questions";
    for (const item of items) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "question";
      button.dataset.id = item.id;
      button.textContent = item.text;
      button.onclick = () => this.#ask(item);
      const entry = document.createElement("li");
      entry.append(button);
      list.append(entry);
    }
    return list;
  }

  /**
   * @param {{title?: string, text?: string, image?: string | null, video?: string | null, audio?: string | null,
   *   link?: string | null}} card
   */
  showCard(card) {
    const article = document.createElement("article");
    article.className = "card";
    const image = safeMedia(card.image);
    if (image) article.append(picture(image, card.title ?? ""));
    const video = safeMedia(card.video);
    if (video) article.append(player("video", video));
    const body = document.createElement("div");
    body.className = "card-body";
    body.append(textElement("h3", card.title ?? ""), textElement("p", card.text ?? ""));
    article.append(body);
    const audio = safeMedia(card.audio);
    if (audio) body.append(player("audio", audio));
    const link = safeLink(card.link);
    if (link) this.#addLink(article, body, link);
    this.#fill("card", true, article, this.#buttons(this.#questions));
  }

  #addLink(article, body, link) {
    const address = `${link.host}${link.pathname === "/" ? "" : link.pathname}`;
    const code = document.createElement("canvas");
    code.className = "qr";
    if (drawQr(code, link.href)) {
      code.setAttribute("role", "img");
      code.setAttribute("aria-label", `${t("scan")}: ${address}`);
      const figure = document.createElement("figure");
      figure.className = "scan";
      figure.append(code, textElement("figcaption", t("scan")));
      article.append(figure);
    }
    if (this.#kiosk) {
      body.append(textElement("p", address, "address"));
      return;
    }
    const anchor = document.createElement("a");
    anchor.className = "address";
    anchor.href = link.href;
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
    anchor.textContent = address;
    anchor.title = t("openLink");
    body.append(anchor);
  }

  #fill(kind, canClose, ...content) {
    const head = document.createElement("div");
    head.className = "shelf-head";
    head.append(textElement("h2", t(kind)));
    if (canClose && this.#questions.length) {
      const back = textElement("button", t("otherQuestions"), "quiet");
      back.type = "button";
      back.onclick = () => {
        this.showQuestions();
        this.#root.querySelector("button")?.focus({ preventScroll: true });
      };
      head.append(back);
    }
    this.#root.dataset.kind = kind;
    this.#root.replaceChildren(head, ...content);
  }
}

function picture(source, title) {
  const image = document.createElement("img");
  image.src = source;
  image.alt = title;
  image.onerror = () => image.remove();
  return image;
}

/** @param {"video" | "audio"} kind */
function player(kind, source) {
  const media = document.createElement(kind);
  media.src = source;
  media.controls = true;
  media.preload = "metadata";
  media.onerror = () => media.remove();
  return media;
}

function textElement(tag, text, className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}
