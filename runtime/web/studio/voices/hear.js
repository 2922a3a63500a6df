/** Buttons that play something and stop it, one at a time, and what went wrong beside them. */
import { t } from "../../strings.js";
import { el, icon } from "../dom.js";
import { Speech } from "./speech.js";

const speech = new Speech();
let playing = null;

speech.addEventListener("change", () => {
  if (!speech.busy) show(null);
});

function show(button) {
  if (playing) face(playing, false);
  playing = button;
  if (button) face(button, true);
}

function face(button, on) {
  button.dataset.playing = String(on);
  const words = el("span", { className: button.dataset.bare ? "visually-hidden" : "", textContent: t(on ? "stopIt" : button.dataset.says, { name: button.dataset.name }) });
  button.replaceChildren(icon(on ? "stop" : "play"), words);
}

/**
 * A button that plays. @param {{says: string, name?: string, bare?: boolean, className?: string}} look `says` is a key of the words
 * @param {(signal: AbortSignal) => Promise<Response>} ask @param {(error: Error) => void} fail
 * @param {(heard: import("./speech.js").Heard) => void} [whole] told when all of it has been heard
 */
export function playButton({ says, name = "", bare = false, className = "plain" }, ask, fail, whole = () => {}) {
  const button = el("button", { type: "button", className, data: { says, name, bare: bare ? "1" : "" } });
  face(button, false);
  button.onclick = () => toggle(button, ask, fail, whole);
  return button;
}

/** Play, or stop what this button plays. */
export async function toggle(button, ask, fail, whole) {
  if (playing === button) return speech.stop();
  try {
    const heard = speech.play(ask);
    show(button);
    const found = await heard;
    if (found) whole(found);
  } catch (error) {
    fail(error);
  }
}

export const hush = () => speech.stop();
