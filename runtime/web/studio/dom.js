/** Small helpers around the document. Data only ever becomes text or a property, never markup. */

/** The element with an id. @param {string} id @returns {any} */
export const by = (id) => document.getElementById(id);

/**
 * A new element. @param {string} tag @param {Record<string, any>} [props] properties; `data`, `aria` are attributes'
 * @param {...(Node | string | null | undefined | false)} children those that are nothing are left out
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "data") Object.assign(element.dataset, value);
    else if (name === "aria") for (const key in value) element.setAttribute(`aria-${key}`, value[key]);
    else if (name === "role" || name === "for" || name === "list") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((each) => each !== null && each !== undefined && each !== false));
  return element;
}

/** @param {string} name of a symbol of the page */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Open a dialog of buttons with values and wait for the choice; "stay" when it is left. @returns {Promise<string>}
 * A dialog tells that it closed a while later; by then it may be open again for the next question.
 */
export function choose(dialog) {
  return new Promise((settle) => {
    const listening = new AbortController();
    const settled = () => {
      if (dialog.open) return;
      listening.abort();
      settle(dialog.returnValue || "stay");
    };
    const chosen = (event) => {
      const button = event.target.closest("button[value]");
      if (!button) return;
      dialog.close(button.value);
      settled();
    };
    dialog.returnValue = "stay";
    dialog.addEventListener("click", chosen, { signal: listening.signal });
    dialog.addEventListener("close", settled, { signal: listening.signal });
    dialog.showModal();
  });
}
