/** What the tree goes by, one fact a line. */
import { t } from "../../strings.js";
import { el } from "../dom.js";

/** @param {HTMLElement} box @param {Record<string, unknown>} facts */
export function showFacts(box, facts) {
  const names = Object.keys(facts).filter((name) => typeof facts[name] !== "object" || facts[name] === null);
  if (box.dataset.names !== names.join()) {
    box.dataset.names = names.join();
    box.replaceChildren(...names.map((name) => row(name)));
  }
  names.forEach((name, n) => {
    const [, value] = box.children[n].children;
    const text = said(name, facts[name]);
    if (value.textContent !== text) value.textContent = text;
    box.children[n].dataset.on = String(facts[name] !== false && facts[name] !== null);
  });
}

const row = (name) => el("div", { data: { fact: name } }, el("dt", { textContent: known(`fact.${name}`) ?? name, title: name }), el("dd"));

const known = (key) => (t(key) === key ? null : t(key));

function said(name, value) {
  if (value === null) return t("nothing");
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") return name.endsWith("_s") ? t("seconds", { n: value.toFixed(1) }) : String(value);
  return known(`v.${value}`) ?? String(value);
}
