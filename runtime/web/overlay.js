/** The operator's overlay: where a turn's time went, how sound and pictures run, what the server warns of. */
import { t } from "./strings.js";

const STAGES = ["endpoint_ms", "transcript_ms", "answer_ms", "voice_ms", "face_ms", "outlet_ms"];
const WARNINGS_MS = 5000;
const ms = (value) => (Number.isFinite(value) ? `${Math.round(value)} ms` : "–");

export class Overlay {
  #root;
  #player;
  #timer = 0;
  #asking = 0;
  #turn = {};
  #warnings = [];

  /** @param {HTMLElement} root @param {import("./player.js").Player} player */
  constructor(root, player) {
    this.#root = root;
    this.#player = player;
  }

  toggle(on = this.#root.hidden) {
    this.#root.hidden = !on;
    clearInterval(this.#timer);
    clearInterval(this.#asking);
    if (!on) return;
    this.#timer = setInterval(() => this.draw(), 250);
    this.#asking = setInterval(() => this.#ask(), WARNINGS_MS);
    this.#ask();
    this.draw();
  }

  async #ask() {
    try {
      this.#warnings = (await (await fetch("/readyz", { cache: "no-store" })).json()).warnings ?? [];
    } catch {
      this.#warnings = []; // the page says by itself that the server is gone
    }
  }

  /** @param {object} latency an avatar.latency event, or {heard_ms} */
  turn(latency) {
    this.#turn = { ...this.#turn, ...latency };
    if (!this.#root.hidden) this.draw();
  }

  draw() {
    const turn = this.#turn;
    const figures = this.#player.figures;
    const recent = this.#player.offsets.slice(-50).filter((sample) => sample.sounding);
    const offset = recent.reduce((sum, { heard, pts }) => sum + (heard - pts) / 24, 0) / recent.length;
    const rows = [
      [t("latency"), ""],
      ["heard", ms(turn.heard_ms)],
      ["first_av", ms(turn.first_av_ms)],
      ...STAGES.map((stage) => [`· ${stage.replace("_ms", "")}`, ms(turn.stages?.[stage])]),
      ["filler", ms(turn.filler_ms ?? NaN)],
      ["A/V", ms(offset)],
      ["buffer + out", `${ms(figures.bufferMs)} + ${ms(figures.latencyMs)}`],
      ["decode", ms(figures.decodeMs)],
      ["pictures", `${figures.shown} (late ${figures.late}, lost ${figures.dropped})`],
      ["sound", figures.sound],
    ];
    const table = document.createElement("table");
    for (const [name, value] of rows) {
      const row = table.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      row.append(head);
      row.insertCell().textContent = value;
    }
    const warnings = document.createElement("ul");
    for (const warning of this.#warnings) {
      warnings.appendChild(document.createElement("li")).textContent = warning;
    }
    this.#root.replaceChildren(table, ...(this.#warnings.length ? [warnings] : []));
  }
}
