/** The second and third step: the authorisation is read aloud, and the text that the voice is made of. */
import { t } from "../../strings.js";
import { el } from "../dom.js";
import { prompts, sentences } from "./prompts.js";
import { RATE } from "./recorder.js";
import { Take, clock } from "./take.js";
import { Upload } from "./upload.js";

const MOST = 50;
/** Takes that this page made: their length is that of their bytes. */
const OWN = /^take-\d+\.wav$/;

/**
 * @param {import("./enrol.js").Enrol} enrol @param {"authorise" | "record"} step
 * @returns {{node: Node, take: Take}}
 */
export function material(enrol, step) {
  return step === "authorise" ? authorise(enrol) : record(enrol);
}

function authorise(enrol) {
  const { order } = enrol;
  const use = sending(enrol, () => "consent", "authorisation.wav");
  const take = new Take({ lines: [order.script], language: order.language, use, sent: () => enrol.refresh("record") });
  const there = order.authorised && el("p", { className: "verdict", textContent: t("authorisedAlready") });
  const on = order.authorised && button("toRecordings", "quiet", () => enrol.refresh("record"));
  return { take, node: el("div", {}, el("p", { textContent: t("authoriseIntro", { name: order.speaker }) }), there, take.node, on) };
}

function record(enrol) {
  const { order } = enrol;
  const taken = new Set(order.recordings.map((each) => each.recording));
  const use = sending(enrol, () => free(taken), null);
  const before = order.recordings.reduce((sum, each) => sum + (spoken(enrol, each) ?? 0), 0);
  const take = new Take({
    lines: prompts(order.language),
    language: order.language,
    at: enrol.prompt,
    limits: { before, least: order.least_s, most: order.most_s },
    use,
    sent: () => enrol.refresh("record"),
    moved: (at) => (enrol.prompt = at),
  });
  const ready = order.recordings.some((each) => each.complete);
  const submit = button("submit", "primary", () => enrol.act(() => enrol.api.call("POST", enrol.at("submit"))));
  submit.disabled = !ready || !order.authorised;
  const back = button(order.authorised ? "authoriseAnew" : "authoriseFirst", "plain", () => enrol.refresh("authorise"));
  const intro = el("p", { textContent: t(order.profile === "full" ? "recordIntroFull" : "recordIntro") });
  return { take, node: el("div", {}, intro, take.node, own(take, order.language), list(enrol), el("div", { className: "step-ways" }, submit, back)) };
}

function button(says, className, act) {
  const made = el("button", { type: "button", className, data: { act: says }, textContent: t(says) });
  made.onclick = act;
  return made;
}

/** What sends a take; after a failure it goes on with the same one where it stopped. */
function sending(enrol, role, fixed) {
  let upload = null;
  let last = null;
  return async (file, name, told, step) => {
    if (file !== last) {
      const at = role();
      upload = { at, job: new Upload(enrol.api, enrol.id, at, file, name ?? fixed ?? `take-${at}.wav`) };
      last = file;
    }
    if (!file.size) throw new Error(t("emptyFile"));
    await upload.job.send(() => step(upload.job.share));
    if (told) enrol.spoken.set(upload.at, told.spoken);
  };
}

/** The first number that no recording has. @param {Set<string>} taken to which it is added */
function free(taken) {
  let number = 1;
  while (taken.has(String(number)) && number < MOST) number += 1;
  taken.add(String(number));
  return String(number);
}

function spoken(enrol, { recording, name, size }) {
  return enrol.spoken.get(recording) ?? (OWN.test(name) ? size / 2 / RATE : undefined);
}

function list(enrol) {
  const rows = enrol.order.recordings.map((each) => {
    const seconds = spoken(enrol, each);
    const told = [each.complete ? "" : t("notWhole"), seconds === undefined ? "" : t("aboutSpoken", { time: clock(seconds) })].filter(Boolean).join(" ");
    const out = el("button", { type: "button", className: "plain rose", textContent: t("leaveOut"), ariaLabel: t("leaveOutNamed", { name: each.name }) });
    out.onclick = () => enrol.leaveOut(each.recording);
    return el("li", {}, el("span", { textContent: each.name }), el("span", { className: "hint", textContent: told }), out);
  });
  return rows.length ? el("section", { className: "takes" }, el("h3", { textContent: t("takes") }), el("ul", {}, ...rows)) : null;
}

/** A text of one's own in place of the prompts; long profiles need one. */
function own(take, language) {
  const area = el("textarea", { id: "own-text", className: "control", rows: 4, lang: language });
  const use = button("useText", "quiet", () => {
    const lines = sentences(area.value, language);
    if (lines.length) take.read(lines);
  });
  return el("details", { className: "own" }, el("summary", { textContent: t("ownText") }), el("label", { for: area.id, className: "hint", textContent: t("ownTextHint") }), area, use);
}
