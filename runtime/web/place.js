/**
 * A random name for this tab, by which the server knows the screen again after a reload. It goes with the tab, and says
 * nothing of who stands before it.
 */
const KEY = "visavis.place";

/** @returns {string} */
export function place() {
  try {
    return sessionStorage.getItem(KEY) ?? fresh();
  } catch {
    return made; // where nothing may be stored
  }
}

const made = Array.from(crypto.getRandomValues(new Uint8Array(12)), (each) => each.toString(16).padStart(2, "0")).join("");

function fresh() {
  sessionStorage.setItem(KEY, made);
  return made;
}
