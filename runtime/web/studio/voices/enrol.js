/** An enrolment, step by step: who, the authorisation, the recordings, the check, a person's approval, the voice. */
import { t } from "../../strings.js";
import { path } from "../api.js";
import { by, choose, el } from "../dom.js";
import { hush } from "./hear.js";
import { material } from "./material.js";
import { begun, outcome, review, waiting } from "./outcome.js";
import { who } from "./who.js";

export const STATUS = { created: 0, submitted: 1, running: 2, review: 3, failed: 4, finished: 5 };
const STEPS = ["who", "authorise", "record", "check", "approve", "done"];
const POLL_MS = 1000;

export class Enrol {
  #acts;
  #take = null;
  #timer = 0;
  #root = by("view-enrol");
  api;
  /** The id of the enrolment that is open, "" for none. */
  id = "";
  task = null;
  order = null;
  /** Seconds of speech by recording, where this page knows them. @type {Map<string, number>} */
  spoken = new Map();
  /** The prompt that comes next. */
  prompt = 0;

  /**
   * @param {import("../api.js").Api} api
   * @param {{fail: (error: Error) => void, tell: (message: string) => void, changed: () => Promise<void>, try: (name: string) => void,
   *   address: (task: string) => void}} acts
   */
  constructor(api, acts) {
    this.api = api;
    this.#acts = acts;
    addEventListener("beforeunload", (event) => this.#take?.held && event.preventDefault());
  }

  /** Whether the page may show something else; a take pauses and is kept. */
  async mayLeave() {
    this.#take?.pause();
    hush();
    clearTimeout(this.#timer);
    return true;
  }

  /** @param {any[]} tasks those that there are */
  async show(tasks) {
    if (this.#take?.held) return;
    if (this.id) return this.refresh();
    this.#shown("who", who(this, tasks));
  }

  at(...parts) {
    return `/voices/tasks${path(this.id, ...parts)}`;
  }

  /** @param {string} id */
  async open(id) {
    this.#leave();
    this.id = id;
    await this.refresh();
  }

  /** Make a new enrolment; throws Refused. @param {object} order */
  async create(order) {
    const { value } = await this.api.call("POST", "/voices/tasks", { body: order });
    await this.#acts.changed();
    await this.open(value.taskId);
    this.#focus();
  }

  #leave() {
    this.#take?.close();
    this.#take = null;
    clearTimeout(this.#timer);
    this.spoken = new Map();
    this.prompt = 0;
  }

  /** Back to the beginning, where others can be opened. */
  async away() {
    this.#leave();
    this.id = "";
    this.#acts.address("");
    const { value } = await this.api.get("/voices/tasks?limit=500");
    this.#shown("who", who(this, value.items));
    this.#focus();
  }

  /** Read the enrolment anew and show where it is. @param {string} [wanted] authorise or record, where one may choose */
  async refresh(wanted = "") {
    clearTimeout(this.#timer);
    const { id } = this;
    try {
      const [task, order] = await Promise.all([this.api.get(this.at()), this.api.get(this.at("order"))]);
      if (id !== this.id) return;
      this.task = task.value;
      this.order = order.value;
      this.#acts.address(id);
      await this.#now(wanted);
    } catch (error) {
      if (error.code === "not_found") this.id = "";
      this.#acts.fail(error);
    }
  }

  async #now(wanted) {
    const { taskStatus: status } = this.task;
    if (status === STATUS.created) return this.#material(wanted || (this.order.authorised ? "record" : "authorise"));
    if (status === STATUS.review) return this.#shown("approve", await review(this));
    if (status >= STATUS.failed) return this.#shown(status === STATUS.failed ? "check" : "done", await outcome(this));
    this.#wait();
  }

  #material(step) {
    this.#take?.close();
    const { node, take } = material(this, step);
    this.#take = take;
    this.#shown(step, node);
  }

  /** Show how far it is until it is settled. */
  #wait() {
    if (this.#root.dataset.step !== "check" || !by("progress")) this.#shown("check", waiting());
    begun(this.task);
    this.#timer = setTimeout(() => this.#look(), POLL_MS);
  }

  async #look() {
    const { id } = this;
    const found = await this.api.get(this.at()).catch((error) => error);
    if (id !== this.id || this.#root.hidden) return;
    if (found.value) this.task = found.value;
    if (!found.value || [STATUS.submitted, STATUS.running].includes(this.task.taskStatus)) return this.#wait();
    await this.refresh();
    await this.#acts.changed();
    this.#focus();
  }

  #shown(step, node) {
    const now = STEPS.indexOf(step);
    const steps = STEPS.map((each, i) => {
      const item = el("li", { textContent: t(`step.${each}`), data: { state: i < now ? "done" : i === now ? "now" : "later" } });
      if (i === now) item.setAttribute("aria-current", "step");
      return item;
    });
    const title = el("h2", { id: "step-title", tabIndex: -1, textContent: this.id ? `${t(`step.${step}`)}: ${this.order.name}` : t("newVoice") });
    this.#root.dataset.step = step;
    this.#root.replaceChildren(el("ol", { className: "steps", ariaLabel: t("steps") }, ...steps), el("div", { className: "step" }, title, node), this.#foot());
    this.#root.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  #focus() {
    by("step-title")?.focus();
  }

  #foot() {
    if (!this.id) return "";
    const away = el("button", { type: "button", className: "plain", id: "away", textContent: t("otherEnrolments") });
    away.onclick = () => this.away();
    const drop = el("button", { type: "button", className: "plain rose", id: "drop-task", textContent: t("dropIt") });
    drop.onclick = () => this.#drop();
    return el("footer", { className: "step-foot" }, away, drop);
  }

  async #drop() {
    if ((await choose(by("drop"))) !== "drop") return;
    await this.act(() => this.api.call("DELETE", this.at()), false);
    await this.#acts.changed();
    await this.away();
  }

  /** @param {string} recording its number */
  leaveOut(recording) {
    this.spoken.delete(recording);
    return this.act(() => this.api.call("DELETE", this.at("recordings", recording)));
  }

  /** Do a step and show what comes of it; what is refused is told. @param {() => Promise<any>} work */
  async act(work, refresh = true, wanted = "") {
    try {
      await work();
      if (refresh) {
        await this.refresh(wanted);
        await this.#acts.changed();
        this.#focus();
      }
    } catch (error) {
      this.#acts.fail(error);
    }
  }

  fail(error) {
    this.#acts.fail(error);
  }

  try() {
    this.#acts.try(this.order.name);
  }
}
