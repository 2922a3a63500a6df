/**
 * The socket: opens, offers, listens, and comes back by itself.
 *
 * Dispatches `picture` (detail: ArrayBuffer), `server` (detail: a protocol event), `ready` (detail: the
 * granted session.avatar, and whether it can not be drawn: `faceless`), and `down` (detail: {reason}), where reason is one of lost, capacity,
 * token, silent.
 */
const FIRST_MS = 400;
const LONGEST_MS = 8000;
const SILENT_MS = 6000;
const POLICY = 1008;
const BUSY = 1013;

export class Session extends EventTarget {
  #url;
  #offer;
  #token;
  #socket = null;
  #timer = 0;
  #watch = 0;
  #failures = 0;
  #heard = 0;
  #closed = false;
  #busy = false;
  #faceless = false;
  ready = false;

  /**
   * @param {string} dialog
   * @param {() => object} offer the `session` body of session.update
   * @param {string} token empty when none is needed
   */
  constructor(dialog, offer, token) {
    super();
    const url = new URL("/v1/realtime", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("model", dialog);
    this.#url = url.href;
    this.#offer = offer;
    this.#token = token;
    addEventListener("online", () => this.retry());
  }

  open() {
    clearTimeout(this.#timer);
    this.#closed = false;
    const protocols = this.#token ? ["realtime", `openai-insecure-api-key.${this.#token}`] : [];
    const socket = new WebSocket(this.#url, protocols);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.update();
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => socket === this.#socket && this.#down(code, opened);
  }

  /** Close for good. */
  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#socket?.close();
  }

  /** Try now instead of waiting. @param {string} [token] a new token to try with */
  retry(token) {
    if (token !== undefined) this.#token = token;
    if (this.#closed || this.#socket?.readyState === WebSocket.OPEN) return;
    this.#drop();
    this.open();
  }

  /** @param {string} type @param {object} [fields] @returns {boolean} whether it was sent */
  send(type, fields = {}) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify({ type, ...fields }));
    return true;
  }

  /** Send the offer (again): also how a key frame is asked for. @param {object} [part] only this of it */
  update(part = this.#offer()) {
    return this.send("session.update", { session: { type: "realtime", ...part } });
  }

  /** Bytes that wait in the socket; a growing number means the network is slower than the microphone. */
  get waiting() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  #receive(data) {
    this.#heard = performance.now();
    if (data instanceof ArrayBuffer) {
      this.dispatchEvent(new CustomEvent("picture", { detail: data }));
      return;
    }
    let event;
    try {
      event = JSON.parse(data);
    } catch {
      return;
    }
    if (event.type === "session.updated") this.#granted(event);
    if (event.type === "error" && event.error?.code === "at_capacity") this.#busy = true;
    if (event.type === "error" && event.error?.code === "video_unavailable") this.#faceless = true;
    this.dispatchEvent(new CustomEvent("server", { detail: event }));
  }

  #granted(event) {
    const fresh = !this.ready;
    this.ready = true;
    const faceless = this.#faceless;
    this.#failures = 0;
    this.#busy = this.#faceless = false;
    if (!fresh) return;
    const avatar = event.session?.avatar ?? {};
    clearInterval(this.#watch);
    if (avatar.video !== "none" && !faceless) this.#watch = setInterval(() => this.#listen(), 1000);
    this.dispatchEvent(new CustomEvent("ready", { detail: { ...avatar, faceless } }));
  }

  #listen() {
    if (performance.now() - this.#heard < SILENT_MS || document.hidden) return;
    this.#drop();
    this.#later("silent");
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  async #down(code, opened) {
    const served = this.ready;
    this.ready = false;
    if (this.#closed) return;
    const refused = !served && (code === POLICY || (!opened && (await serverLives())));
    if (code === BUSY || this.#busy) this.#later("capacity");
    else this.#later(refused ? "token" : "lost");
  }

  #later(reason) {
    clearInterval(this.#watch);
    this.ready = false;
    const doubled = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures++);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.open(), Math.round(doubled * (0.75 + Math.random() / 2)));
    this.dispatchEvent(new CustomEvent("down", { detail: { reason } }));
  }
}

/** Whether the server answers at all: a refused socket then means a refused credential. */
async function serverLives() {
  try {
    return (await fetch("/readyz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
