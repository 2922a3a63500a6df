/** The page's elements and how each state of the kiosk looks. */
import { speak, t, translate } from "./strings.js";

const LONG_PRESS_MS = 900;
const LOUD = 0.2;

export class View {
  elements = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
  link = "connecting";
  #noticeTimer = 0;
  #state = "idle";
  #values = {};
  #holding = false;

  constructor() {
    for (const dialog of document.querySelectorAll("dialog")) {
      dialog.addEventListener("click", (event) => {
        if (event.target === dialog || event.target.closest(".close")) dialog.close();
      });
    }
    this.#translate();
  }

  get screen() {
    return this.elements.app.dataset.screen;
  }

  /** @param {"attract" | "session"} screen */
  show(screen) {
    this.elements.app.dataset.screen = screen;
    if (screen === "attract") this.elements.start.focus({ preventScroll: true });
  }

  /** Speak the dialog's language and show its names. */
  dialog(dialog) {
    localStorage.setItem(`visavis.language.${dialog.name}`, dialog.language);
    speak(dialog.language, dialog.strings);
    const name = dialog.persona?.name ?? dialog.persona ?? dialog.title;
    this.#values = { name, label: dialog.label ?? "AI" };
    document.title = dialog.title || document.title;
    this.elements.title.textContent = dialog.title;
    this.elements.ai.textContent = this.#values.label;
    this.#languages(dialog);
    const silent = dialog.asr === false;
    this.elements.hold.hidden = silent;
    this.elements.free.hidden = silent || dialog.mode === "hold";
    this.elements["no-asr"].hidden = !silent;
    this.elements["no-asr"].textContent = silent ? t("noAsr") : "";
    this.#translate();
  }

  #translate() {
    const { elements } = this;
    translate(document, this.#values);
    elements["start-hint"].textContent = this.#values.name ? t("startHint", this.#values) : "";
    elements.picture.setAttribute("aria-label", t("picture", { name: "", ...this.#values }));
    elements["ai-text"].textContent = t("aiLabel", { label: "AI", ...this.#values });
    elements.ai.title = elements["ai-text"].textContent;
    this.talk("off", null);
    this.state(this.#state);
  }

  #languages({ name, languages = [] }) {
    const links = languages.map(({ dialog, language, title }) => {
      const link = document.createElement("a");
      link.href = `/kiosk/${encodeURIComponent(dialog)}${location.search}`;
      link.lang = link.hreflang = language;
      link.title = title;
      link.textContent = new Intl.DisplayNames([language], { type: "language" }).of(language.split("-")[0]);
      if (dialog === name) link.setAttribute("aria-current", "page");
      return link;
    });
    this.elements.languages.replaceChildren(...(links.length > 1 ? links : []));
  }

  /** @param {string} state idle, listening, thinking, speaking or held */
  state(state) {
    this.#state = state;
    this.elements.app.dataset.state = state;
    const ready = this.link === "ready";
    const text = ready ? t(state) : t(this.link === "lost" ? "offline" : "connecting");
    if (this.elements["state-text"].textContent !== text) this.elements["state-text"].textContent = text;
    this.elements["state-icon"].setAttribute("href", ready ? `#i-${state}` : "#i-off");
  }

  /** @param {"connecting" | "ready" | "lost"} link @param {string} notice */
  setLink(link, notice) {
    this.link = link;
    this.elements.app.dataset.link = link;
    this.state(this.#state);
    this.notice(notice, link === "ready" ? 2500 : 0);
  }

  /** @param {string} text empty hides it @param {number} ms how long, 0 until the next */
  notice(text, ms) {
    const { notice } = this.elements;
    clearTimeout(this.#noticeTimer);
    if (notice.textContent !== text) notice.textContent = text;
    notice.hidden = !text;
    if (text && ms) this.#noticeTimer = setTimeout(() => (notice.hidden = true), ms);
  }

  /** @param {string} state of Talk */
  talk(state) {
    const { hold, free } = this.elements;
    const words = { holding: "holding", tail: "holding", opening: "micOpening", free: "justSpeak" };
    this.elements["hold-text"].textContent = t(words[state] ?? "hold");
    hold.dataset.talk = state;
    hold.setAttribute("aria-pressed", String(state === "holding"));
    hold.setAttribute("aria-disabled", String(state === "free"));
    free.setAttribute("aria-checked", String(state === "free"));
  }

  /** @param {number} level 0 to 1 */
  level(level) {
    this.elements.hold.style.setProperty("--level", Math.min(1, level / LOUD).toFixed(2));
  }

  /** @param {number | null} seconds until the end, null when nobody need be asked */
  still(seconds) {
    const { still } = this.elements;
    if (seconds === null) {
      if (still.open) still.close();
      return;
    }
    this.elements["still-text"].textContent = t("stillBody", { s: seconds });
    if (!still.open) still.showModal();
  }

  askToken() {
    if (!this.elements.token.open) this.elements.token.showModal();
  }

  open(name) {
    if (!this.elements[name].open) this.elements[name].showModal();
  }

  closeDialogs() {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  }

  /** @param {boolean} off whether no picture can be shown */
  videoOff(off) {
    this.elements["voice-only"].hidden = !off;
  }

  /** @param {number} wanting how many checks are off or limited */
  checked(wanting) {
    this.elements.check.dataset.result = wanting ? "warn" : "ok";
    this.elements["check-icon"].setAttribute("href", wanting ? "#i-warn" : "#i-check");
    this.elements["check-text"].textContent = wanting ? t("checkOff", { n: wanting }) : t("checkOk");
  }

  /** Hold by pointer or by Space or Enter. */
  onHold(press, release) {
    const { hold } = this.elements;
    const down = () => {
      this.#holding = true;
      press();
    };
    const up = () => {
      if (this.#holding) release();
      this.#holding = false;
    };
    hold.onpointerdown = (event) => {
      if (event.button !== 0) return;
      hold.setPointerCapture(event.pointerId);
      down();
    };
    hold.onpointerup = hold.onpointercancel = hold.onlostpointercapture = hold.onblur = up;
    hold.oncontextmenu = (event) => event.preventDefault();
    hold.onkeydown = (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!event.repeat) down();
    };
    hold.onkeyup = (event) => (event.key === " " || event.key === "Enter") && up();
  }

  /** A public screen: no text is selected, no menu opens. */
  lockDown() {
    document.body.classList.add("kiosk");
    document.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  onLongPress(element, act) {
    let timer = 0;
    let long = false;
    element.onpointerdown = () => {
      long = false;
      timer = setTimeout(() => {
        long = true;
        act();
      }, LONG_PRESS_MS);
    };
    element.onpointerup = element.onpointerleave = element.onpointercancel = () => clearTimeout(timer);
    element.onclick = () => long || this.notice(this.elements["ai-text"].textContent, 6000);
  }
}
