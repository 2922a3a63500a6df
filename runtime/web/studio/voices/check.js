/** What was found in the recordings: the waveform with its places marked, and each finding with what to do. */
import { t } from "../../strings.js";
import { el } from "../dom.js";
import { clock } from "./take.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 1000;
const HIGH = 120;

/** @param {any} found as the server tells it */
export function report(found) {
  const passed = !found.findings.some((each) => each.severity === "error");
  const facts = [
    ["effective", clock(found.effective_s)], ["snr", `${Math.round(found.snr_db)} dB`], ["level", `${Math.round(found.level_dbfs)} dBFS`],
  ]; // prettier-ignore
  return el(
    "section",
    { className: "report", ariaLabel: t("inspection") },
    el("p", { className: passed ? "verdict" : "verdict bad", textContent: t(passed ? "canBeUsed" : "cannotBeUsed") }),
    el("dl", { className: "facts" }, ...facts.map(([key, value]) => el("div", {}, el("dt", { textContent: t(`fact.${key}`) }), el("dd", { textContent: value })))),
    found.outline.length ? wave(found) : null,
    found.findings.length ? findings(found) : el("p", { className: "none", textContent: t("nothingFound") }),
  );
}

function findings({ findings: all, more }) {
  const zh = document.documentElement.lang === "zh";
  const rows = all.map((each) =>
    el(
      "li",
      { className: "finding", data: { severity: each.severity } },
      el("p", { className: "finding-head" }, el("span", { className: `mark is-${each.severity}`, textContent: t(`severity.${each.severity}`) }), el("b", { textContent: t(`rule.${each.rule}`) }), el("span", { className: "where", textContent: `${each.file} ${clock(each.start_s)}–${clock(each.end_s)}` })),
      el("p", { textContent: zh ? each.advice.zh : each.advice.en }),
      el("p", { className: "hint", textContent: t("measured", { now: rounded(each.measured), limit: rounded(each.limit), unit: each.unit }) }),
    ),
  );
  const rest = Object.entries(more).map(([rule, n]) => el("li", { className: "hint", textContent: t("moreOfIt", { rule: t(`rule.${rule}`), n }) }));
  return el("ul", { className: "findings" }, ...rows, ...rest);
}

const rounded = (value) => String(Math.round(value * 100) / 100);

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function wave({ outline, seconds, files, findings: all }) {
  const label = t("waveform", { n: all.length });
  const svg = shape("svg", { class: "wave", viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", role: "img", "aria-label": label });
  const begins = new Map();
  files.reduce((at, [name, length]) => (begins.set(name, begins.get(name) ?? at), at + length), 0);
  for (const { file, start_s: start, end_s: end, severity } of all) {
    const x = (((begins.get(file) ?? 0) + start) * WIDE) / seconds;
    svg.append(shape("rect", { class: `at is-${severity}`, x, y: 0, width: Math.max(3, ((end - start) * WIDE) / seconds), height: HIGH }));
  }
  const step = WIDE / outline.length;
  const half = HIGH / 2;
  const bars = outline.map((each, i) => `M${(i * step).toFixed(1)} ${(half - Math.max(each, 0.01) * half).toFixed(1)}v${(Math.max(each, 0.01) * HIGH).toFixed(1)}`);
  svg.append(shape("path", { class: "sound", d: bars.join("") }));
  return svg;
}
