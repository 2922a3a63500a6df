/** The last steps: the check goes on, a person listens and decides, the voice is there or something has to be mended. */
import { t } from "../../strings.js";
import { path } from "../api.js";
import { by, el } from "../dom.js";
import { report } from "./check.js";
import { playButton } from "./hear.js";
import { likeness } from "./list.js";

/** What is seen while the server works. */
export function waiting() {
  return el(
    "div",
    { className: "waiting" },
    el("progress", { id: "progress", max: 1, value: 0, ariaLabel: t("step.check") }),
    el("p", { id: "stage", role: "status" }),
    el("p", { className: "hint", textContent: t("mayGoAway") }),
  );
}

/** Show how far it is. @param {any} task */
export function begun(task) {
  by("progress").value = task.progress;
  const told = t(task.taskStatus === 1 ? "stage.queued" : `stage.${task.stage}`);
  if (by("stage").textContent !== told) by("stage").textContent = told;
}

async function inspected(enrol) {
  const found = await enrol.api.get(enrol.at("report")).catch((error) => (error.code === "not_found" ? null : Promise.reject(error)));
  return found && report(found.value);
}

/** A person listens to the authorisation. @param {import("./enrol.js").Enrol} enrol */
export async function review(enrol) {
  const { order } = enrol;
  const [voice, found] = await Promise.all([enrol.api.get(`/voices${path(order.name)}`), inspected(enrol)]);
  const { similarity, threshold, heard_by: heard, sentence } = voice.value.consent;
  const facts = [t("consentVoice", { now: similarity.toFixed(2), least: threshold.toFixed(2) })];
  facts.push(heard && sentence !== null ? t("consentWords", { engine: heard, share: Math.round(sentence * 100) }) : t("consentUnheard"));
  const listen = playButton({ says: "hearConsent", className: "quiet" }, (signal) => enrol.api.open("GET", enrol.at("consent"), { signal }), (error) => enrol.fail(error));
  const intro = el("p", { textContent: t("approveIntro", { speaker: order.speaker, company: order.company }) });
  const script = el("blockquote", { className: "prompt", lang: order.language, textContent: order.script });
  return el("div", {}, intro, script, listen, el("ul", { className: "hints" }, ...facts.map((each) => el("li", { textContent: each }))), deciding(enrol), found);
}

function deciding(enrol) {
  const name = el("input", { id: "by", className: "control", type: "text", maxLength: 80, autocomplete: "name" });
  const listened = el("input", { id: "listened", type: "checkbox" });
  const wrong = el("p", { id: "by-wrong", className: "wrong", role: "alert", hidden: true });
  name.setAttribute("aria-describedby", wrong.id);
  const decide = (approve) => () => {
    const missing = !name.value.trim() ? "needName" : !listened.checked ? "needListened" : "";
    wrong.textContent = missing ? t(missing) : "";
    wrong.hidden = !missing;
    if (missing) return (missing === "needName" ? name : listened).focus();
    return enrol.act(() => enrol.api.call("POST", enrol.at("review"), { body: { approve, by: name.value.trim() } }));
  };
  const approve = el("button", { type: "button", className: "primary", id: "approve", textContent: t("approve") });
  const reject = el("button", { type: "button", className: "quiet danger", id: "reject", textContent: t("reject") });
  approve.onclick = decide(true);
  reject.onclick = decide(false);
  return el(
    "div",
    { className: "part" },
    el("label", { className: "tick" }, listened, t("iListened")),
    el("div", { className: "field" }, el("label", { for: name.id, className: "name", textContent: t("yourName") }), name, wrong),
    el("div", { className: "step-ways" }, approve, reject),
  );
}

/** What has come of it. @param {import("./enrol.js").Enrol} enrol */
export async function outcome(enrol) {
  const found = await inspected(enrol);
  if (enrol.task.taskStatus === 5) return el("div", {}, await there(enrol), found);
  const again = el("button", { type: "button", className: "primary", id: "reopen", textContent: t("mend") });
  const wanted = enrol.task.stage === "consent" ? "authorise" : "record";
  again.onclick = () => enrol.act(() => enrol.api.call("POST", enrol.at("reopen")), true, wanted);
  return el("div", {}, el("div", { className: "problem", role: "alert" }, el("b", { textContent: t("stopped") }), ` ${enrol.task.msg}`), el("div", { className: "step-ways" }, again), found);
}

async function there(enrol) {
  const { name } = enrol.order;
  const voice = await enrol.api.get(`/voices${path(name)}`).catch(() => null);
  if (!voice) return el("p", { className: "verdict bad", textContent: t("takenBack", { name }) });
  const { similarity, spoken_by: engine } = voice.value;
  const sample = enrol.task.sampleAudioUrl && playButton({ says: "hearNamed", name, className: "quiet" }, (signal) => enrol.api.open("GET", `/voices${path(name)}/sample`, { signal }), (error) => enrol.fail(error));
  const tryIt = el("button", { type: "button", className: "primary", id: "try-new", textContent: t("tryIt") });
  tryIt.onclick = () => enrol.try();
  const alike = similarity !== null && el("p", { textContent: t("likeNow", { likeness: likeness(similarity), engine }) });
  return el("div", {}, el("p", { className: "verdict", textContent: t("isThere", { name }) }), alike, el("p", { className: "hint", textContent: t("useIn", { name }) }), el("div", { className: "step-ways" }, tryIt, sample));
}
