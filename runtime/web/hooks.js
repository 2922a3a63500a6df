/** What tests and support may read of a running page, as `window.visavis`. */

/** @param {import("./kiosk.js").Kiosk} kiosk */
export function hookUp(kiosk) {
  const hooks = {
    get state() { return kiosk.state; },
    get screen() { return kiosk.view.screen; },
    get link() { return kiosk.view.link; },
    get talk() { return kiosk.talk.state; },
    get heard() { return kiosk.player.heard; },
    get shown() { return kiosk.player.shown; },
    get offsets() { return kiosk.player.offsets.map((sample) => ({ ...sample })); },
    get figures() { return kiosk.player.figures; },
    get heardMs() { return kiosk.heard.ms; },
    get watching() { return { on: kiosk.watching.on, present: kiosk.watching.present, knows: kiosk.watching.knows }; },
    get errors() { return [...kiosk.errors]; },
    get checks() { return { ...kiosk.checks.results }; },
  }; // prettier-ignore
  Object.defineProperty(window, "visavis", { value: Object.freeze(hooks) });
}
