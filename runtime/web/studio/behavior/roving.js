/** One stop of the Tab key for many rows; arrow keys go from one to the next. */

/**
 * @param {HTMLElement} box holds the rows @param {(row: HTMLElement, event: KeyboardEvent) => boolean} [own] a key that the box
 *   knows itself; true where it was one
 */
export function roving(box, own = () => false) {
  box.addEventListener("keydown", (event) => {
    const rows = [...box.children].filter((each) => !each.hidden && each.role);
    const at = rows.indexOf(document.activeElement);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) stand(box, rows[Math.max(0, Math.min(to, rows.length - 1))]).focus();
    else if (event.key === "Enter" || event.key === " ") rows[at].click();
    else if (!own(rows[at], event)) return;
    event.preventDefault();
  });
}

/** Let the Tab key come to this row. @param {HTMLElement} box @param {HTMLElement} row */
export function stand(box, row) {
  for (const each of box.querySelectorAll("[tabindex='0']")) each.tabIndex = -1;
  row.tabIndex = 0;
  return row;
}

/** Let the Tab key come to some row where it comes to none. @param {HTMLElement} box */
export function standSomewhere(box) {
  const rows = [...box.children].filter((each) => !each.hidden && each.role);
  if (rows.length && !rows.some((each) => each.tabIndex === 0)) stand(box, rows[0]);
}
