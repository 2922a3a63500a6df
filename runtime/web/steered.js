/** What an operator has set, as the visitor is told of it: who speaks, whether there is sound, what stands behind. */
import { safeMedia } from "./shelf.js";
import { t } from "./strings.js";

const COLOUR = /^#[0-9a-f]{6}$/i;

/** @param {HTMLElement} element @param {{muted: boolean, frozen: boolean, taken_over: boolean}} set */
export function tellSteered(element, { muted, frozen, taken_over: taken }) {
  const told = [frozen && "frozenByStaff", taken && !frozen && "staffSpeaks", muted && !frozen && "mutedByStaff"];
  element.textContent = told.filter(Boolean).map((key) => t(key)).join(" ");
  element.hidden = !element.textContent;
}

/**
 * Behind a picture that does not hold the background itself.
 * @param {HTMLElement} stage @param {{colour?: string | null, picture?: string | null, drawn?: boolean}} background
 */
export function setBackdrop(stage, { colour, picture, drawn }) {
  const address = drawn ? null : safeMedia(picture);
  const plain = !drawn && COLOUR.test(colour ?? "") ? colour : null;
  const value = address ? `center / cover url("${address.replaceAll('"', "%22")}")` : plain;
  if (value) stage.style.setProperty("--backdrop", value);
  else stage.style.removeProperty("--backdrop");
}
