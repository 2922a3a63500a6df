/** Step in: have the avatar fall silent, take over, freeze; while it is taken over, say something as the avatar. */
import { t } from "../../strings.js";
import { path } from "../api.js";
import { by, choose } from "../dom.js";

export class Steer {
  #api;
  #acts;
  #id = "";
  #facts = {};

  /** @param {import("../api.js").Api} api @param {{fail: (error: Error) => void, tell: (message: string) => void}} acts */
  constructor(api, acts) {
    this.#api = api;
    this.#acts = acts;
    by("stop").onclick = () => this.#post("stop");
    by("takeover").onclick = () => this.#post("takeover", { taken: !this.#facts.taken_over });
    by("freeze").onclick = () => this.#freeze();
    by("say").onsubmit = (event) => (event.preventDefault(), this.#say());
  }

  /** @param {string} id of the session that can be stepped into, or "" @param {Record<string, any>} facts */
  show(id, facts) {
    this.#id = id;
    this.#facts = facts;
    by("steer").hidden = !id;
    by("say").hidden = !id || !facts.taken_over || facts.frozen;
    if (!id) return;
    for (const [name, on, off, set] of [["takeover", "handBack", "takeOver", facts.taken_over], ["freeze", "unfreeze", "freeze", facts.frozen]]) {
      by(name).ariaPressed = String(Boolean(set));
      by(name).textContent = t(set ? on : off);
    } // prettier-ignore
  }

  async #freeze() {
    const id = this.#id;
    const frozen = !this.#facts.frozen;
    if (frozen && (await choose(by("freezing"))) !== "freeze") return;
    await this.#post("freeze", { frozen }, id);
  }

  async #say() {
    const text = by("say-text").value.trim();
    if (text && (await this.#post("speak", { text, urgency: "next" }))) {
      by("say-text").value = "";
      this.#acts.tell(t("placed"));
    }
  }

  /** @returns {Promise<boolean>} whether it was done */
  async #post(what, body, id = this.#id) {
    try {
      await this.#api.call("POST", `${path("sessions", id)}/${what}`, { body });
      return true;
    } catch (error) {
      this.#acts.fail(error);
      return false;
    }
  }
}
