/** The kiosk page: wires the session to the screen. */
import { Captions } from "./captions.js";
import { Checks } from "./checks.js";
import { Heard } from "./heard.js";
import { Inactivity } from "./inactivity.js";
import { Inviting } from "./inviting.js";
import { INPUT_RATE } from "./microphone.js";
import { Overlay } from "./overlay.js";
import { supportedVideo } from "./pictures.js";
import { place } from "./place.js";
import { Player } from "./player.js";
import { decodePcm } from "./protocol.js";
import { Session } from "./session.js";
import { Shelf } from "./shelf.js";
import { setBackdrop, tellSteered } from "./steered.js";
import { speak, t } from "./strings.js";
import { Talk } from "./talk.js";
import { hookUp } from "./hooks.js";
import { takeToken, keepToken } from "./token.js";
import { View } from "./view.js";
import { Watching } from "./watching.js";

const RESET_S = 60;
const FACE_MS = 15000;
const ACTIVE = new Set(["thinking", "speaking", "held"]);

const query = new URLSearchParams(location.search);
const dialogName = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");

class Kiosk {
  view = new View();
  dialog = { name: dialogName, title: "", language: "en", persona: "", asr: null, reset_s: RESET_S };
  heard = new Heard();
  errors = [];
  #video;
  #state = "idle";
  #gone = false;
  #partial = "";
  #faceless = false;
  #faceTimer = 0;
  #muted = new Set();
  #response = null;
  #items = new Map();

  constructor(video) {
    this.#video = video;
    const { elements } = this.view;
    this.session = new Session(dialogName, () => this.#offer(), takeToken());
    this.player = new Player(elements.picture, elements.ambient, () => this.session.update());
    this.talk = new Talk((type, fields) => this.session.send(type, fields), () => this.session.waiting);
    this.captions = new Captions({
      visitor: elements["caption-visitor"],
      avatar: elements["caption-avatar"],
      log: elements.log,
    });
    this.shelf = new Shelf(elements.shelf, (item) => this.ask(item.text, "touch"), query.has("kiosk"));
    this.overlay = new Overlay(elements.overlay, this.player);
    this.watching = new Watching();
    this.inviting = new Inviting(elements.invitation);
    this.inactivity = new Inactivity(() => this.state !== "idle");
    this.checks = new Checks(elements["check-list"], this.player, () => ({
      connected: this.session.ready,
      asr: this.dialog.asr,
    }));
    this.#listen();
    this.#controls(elements);
    this.view.videoOff(video === "none");
    if (query.has("kiosk")) this.view.lockDown();
    if (query.has("debug")) this.overlay.toggle(true);
    this.session.open();
  }

  get state() {
    return this.talk.state === "holding" ? "listening" : this.#state;
  }

  #offer() {
    return {
      avatar: { video: this.#video, alpha: false, visemes: true, input_rate: INPUT_RATE, place: place() },
      ...this.#listening(),
    };
  }

  #listening() {
    return { audio: { input: { turn_detection: this.talk.turnDetection } } };
  }

  // From the parts -------------------------------------------------------------------------------------------

  #listen() {
    const { session, player, talk, inactivity } = this;
    session.addEventListener("ready", ({ detail }) => this.#ready(detail));
    session.addEventListener("down", ({ detail }) => this.#down(detail));
    session.addEventListener("picture", ({ detail }) => this.#picture(detail));
    session.addEventListener("server", ({ detail }) => this.#receive(detail));
    player.addEventListener("tick", ({ detail }) => this.captions.draw(detail));
    player.addEventListener("played", ({ detail }) =>
      session.send("avatar.played", { item_id: detail.item, audio_ms: detail.ms }),
    );
    player.addEventListener("heard", ({ detail }) => {
      this.heard.came(detail);
      this.#showHeard();
    });
    player.addEventListener("sound", () => this.#soundChanged());
    talk.addEventListener("state", ({ detail }) => this.#talkChanged(detail));
    talk.addEventListener("mode", () => session.update(this.#listening()));
    talk.addEventListener("interrupt", () => this.interrupt());
    talk.addEventListener("asked", () => this.heard.spoken());
    talk.addEventListener("hint", ({ detail }) => this.view.notice(t(detail), 4000));
    talk.addEventListener("fail", ({ detail }) => this.view.notice(t(`mic${capital(detail)}`), 9000));
    inactivity.addEventListener("left", ({ detail }) => this.view.still(detail));
    inactivity.addEventListener("end", () => this.end());
    this.watching.addEventListener("presence", ({ detail }) => this.#appear(detail));
    this.watching.addEventListener("fail", () => {
      this.view.elements["camera-notice"].hidden = true;
      this.view.notice(t("cameraOff"), 6000);
    });
  }

  /** Look through the camera where the operator wants that, and say so for as long as it looks. */
  async #watch() {
    if (!this.dialog.camera) this.watching.stop();
    else await this.watching.start();
    this.view.elements["camera-notice"].hidden = !this.watching.on;
  }

  /** The camera or a sensor is sure that somebody came, or left. */
  #appear(present) {
    this.#gone = !present;
    if (present && this.view.screen === "attract") this.start();
    this.#see();
  }

  /** Who left while the avatar was at it has left as soon as it is done. */
  #see() {
    if (this.#gone && this.view.screen === "session" && this.state === "idle") this.end();
  }

  #invite() {
    this.inviting.start(this.dialog.attract, this.dialog.buttons);
  }

  #ready(avatar) {
    const again = this.view.link === "lost";
    this.dialog = { ...this.dialog, ...avatar.dialog };
    this.player.reset();
    this.#setState("idle");
    this.view.dialog(this.dialog);
    this.view.setLink("ready", again ? t("connected") : "");
    this.#freshScreen();
    if (this.view.screen === "session") this.session.send("avatar.presence", { present: true });
    else this.#invite();
    this.#watch();
    this.#faceless = avatar.faceless;
    this.view.videoOff(this.#video === "none" || this.#faceless);
    if (this.#faceless) this.#seekFace();
    this.#check(false);
  }

  /** All renderers are taken: go on with the voice, and ask again until one is free. */
  #seekFace() {
    clearTimeout(this.#faceTimer);
    this.#faceTimer = setTimeout(() => {
      if (!this.#faceless || !this.session.ready) return;
      if (this.#state === "idle") this.session.update();
      this.#seekFace();
    }, FACE_MS);
  }

  #picture(buffer) {
    this.player.picture(buffer);
    if (!this.#faceless) return;
    this.#faceless = false;
    this.view.videoOff(false);
  }

  #down({ reason }) {
    this.player.reset();
    this.captions.cut(null);
    this.#setState("idle");
    this.#response = null;
    this.#muted.clear();
    this.#items.clear();
    tellSteered(this.view.elements.steered, {});
    setBackdrop(this.view.elements.picture.parentElement, {});
    this.view.setLink("lost", t({ capacity: "capacity", token: "token" }[reason] ?? "reconnecting"));
    if (reason === "token") this.view.askToken();
  }

  #receive(event) {
    const handler = this.#handlers[event.type];
    if (handler) handler(event);
  }

  #handlers = {
    "response.created": ({ response }) => {
      this.#response = response?.id ?? null;
    },
    "response.output_audio.delta": (event) => this.#sound(event),
    "response.output_audio_transcript.delta": (event) => this.#text(event),
    "response.output_text.delta": (event) => this.#text(event),
    "response.done": ({ response }) => this.#done(response ?? {}),
    "input_audio_buffer.speech_started": () => {
      this.inactivity.touch();
      this.#partial = "";
      this.heard.spoken();
    },
    "conversation.item.input_audio_transcription.delta": ({ delta, avatar_text: whole }) => {
      this.#partial = whole ?? this.#partial + (delta ?? "");
      this.captions.visitor(this.#partial, true);
    },
    "conversation.item.input_audio_transcription.completed": ({ transcript }) => {
      this.#partial = "";
      this.shelf.showQuestions();
      this.captions.visitor(transcript ?? "", false);
    },
    "conversation.item.input_audio_transcription.failed": () => {
      this.#partial = "";
      this.captions.visitor("", false);
      this.view.notice(t("sayAgain"), 4000);
    },
    "avatar.presence": ({ present }) => this.#appear(present),
    "avatar.state": ({ state }) => this.#setState(state),
    "avatar.words": ({ item_id, words }) => this.captions.words(item_id, words),
    "avatar.card": (card) => (isEmpty(card) ? this.shelf.showQuestions() : this.shelf.showCard(card)),
    "avatar.steered": (set) => tellSteered(this.view.elements.steered, set),
    "avatar.background": (background) => setBackdrop(this.view.elements.picture.parentElement, background),
    "avatar.choices": ({ choices }) => this.shelf.showChoices(choices),
    "avatar.clear": ({ fade_ms: fade }) => {
      this.captions.cut(this.player.heard);
      this.player.clear(fade ?? 150);
    },
    "avatar.latency": (latency) => {
      this.heard.measured(latency);
      this.overlay.turn(latency);
      this.#showHeard();
    },
    "avatar.hearing": ({ available, reason }) => this.#deaf(available, reason),
    error: ({ error }) => this.#wrong(error ?? {}),
  };

  #sound({ response_id: response, item_id: item, turn, pts, delta }) {
    if (this.#muted.has(response)) return;
    this.player.audio({ item, turn, pts, pcm: decodePcm(delta) });
  }

  #text({ response_id: response, item_id: item, delta }) {
    if (this.#muted.has(response)) return;
    this.#items.set(response, item);
    this.captions.text(item, delta);
  }

  #done({ id, status }) {
    const item = this.#items.get(id);
    this.#items.delete(id);
    this.captions.ended(item, status === "completed", this.dialog.persona || t("stage"));
    if (this.#response === id) this.#response = null;
    if (this.#muted.size > 20) this.#muted.clear();
  }

  #deaf(available, reason) {
    this.dialog = { ...this.dialog, asr: available, deaf_because: reason ?? null };
    if (!available) this.talk.stop();
    this.view.dialog(this.dialog);
    this.#check(false);
  }

  #wrong({ code, message }) {
    this.errors = [...this.errors, code ?? message ?? "error"].slice(-20);
    if (code === "input_audio_buffer_commit_empty" || code === "nothing_to_answer")
      this.view.notice(t("nothingHeard"), 4000);
  }

  #setState(state) {
    this.#state = state;
    this.view.state(this.state);
    this.#see();
  }

  #showHeard() {
    if (this.heard.ms !== null) this.overlay.turn({ heard_ms: this.heard.ms });
  }

  #talkChanged(state) {
    this.view.talk(state, this.talk.hindrance);
    this.view.state(this.state);
  }

  #soundChanged() {
    const off = this.view.screen === "session" && this.player.sound !== "running";
    this.view.notice(off ? t("soundOff") : "", off ? 0 : 1);
  }

  // From the visitor -----------------------------------------------------------------------------------------

  #controls(elements) {
    const { view, talk } = this;
    elements.start.onclick = () => this.start();
    elements.stop.onclick = () => this.interrupt();
    elements.ask.onsubmit = (event) => {
      event.preventDefault();
      const text = elements.text.value.trim();
      elements.text.value = "";
      if (text) this.ask(text, "text");
    };
    elements.free.onclick = () => talk.setHandsFree(!talk.handsFree);
    view.onHold(() => talk.press(), () => talk.release());
    view.onLongPress(elements.ai, () => this.overlay.toggle());
    elements.check.onclick = () => {
      view.open("checks");
      this.#check(false);
    };
    elements["run-checks"].onclick = () => this.#check(true);
    elements.leave.onclick = () => this.end();
    elements.stay.onclick = () => view.still(null);
    elements["token-form"].onsubmit = () => this.session.retry(keepToken(elements["token-input"].value));
    addEventListener("keydown", (event) => this.#key(event));
    addEventListener("pointerdown", () => view.screen === "session" && this.player.sound !== "running" && this.player.unlock());
    addEventListener("pagehide", () => this.session.close());
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
    setInterval(() => view.level(talk.state === "off" ? 0 : talk.level), 60);
  }

  #key(event) {
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") this.interrupt();
    const typing = event.target instanceof HTMLInputElement;
    if (event.key.toLowerCase() === "l" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) this.overlay.toggle();
  }

  /** The visitor has come. */
  async start() {
    this.inviting.stop();
    this.#gone = false;
    this.view.show("session");
    this.view.elements.shelf.focus({ preventScroll: true });
    this.session.send("avatar.presence", { present: true });
    this.inactivity.start(this.dialog.reset_s ?? RESET_S);
    await this.player.unlock();
    this.#soundChanged();
    this.#check(false);
  }

  /** Nobody is there any more: leave nothing of the conversation behind. */
  end() {
    this.interrupt();
    this.inactivity.stop();
    this.session.send("avatar.presence", { present: false });
    this.talk.stop();
    this.view.closeDialogs();
    this.#freshScreen();
    this.view.show("attract");
    this.#invite();
  }

  #freshScreen() {
    this.captions.clear();
    this.captions.invite(t(this.dialog.asr === false ? "inviteSilent" : "invite"));
    this.shelf.questions = this.dialog.buttons ?? [];
    this.view.elements.text.value = "";
    this.#partial = "";
  }

  /** @param {string} text @param {"touch" | "text"} via */
  ask(text, via) {
    if (!this.session.ready) return;
    this.interrupt();
    this.heard.asked();
    this.captions.visitor(text, false);
    this.shelf.showQuestions();
    const content = [{ type: "input_text", text }];
    const item = { type: "message", role: "user", content, ...(via === "touch" && { avatar_via: via }) };
    this.session.send("conversation.item.create", { item });
    this.session.send("response.create");
  }

  /** Stop the avatar at once, if it does anything. */
  interrupt() {
    if (!ACTIVE.has(this.#state) && this.#response === null && !this.player.sounding) return;
    if (this.#response !== null) this.#muted.add(this.#response);
    this.captions.cut(this.player.heard);
    this.player.hush();
    this.session.send("response.cancel");
  }

  async #check(full) {
    await this.checks.run(full);
    this.view.checked(this.checks.wanting);
  }
}

const isEmpty = ({ title, text, image, video, audio, link }) => !(title || text || image || video || audio || link);
const capital = (word) => word[0].toUpperCase() + word.slice(1);

speak(localStorage.getItem(`visavis.language.${dialogName}`) ?? "en");
hookUp(new Kiosk(await supportedVideo()));
