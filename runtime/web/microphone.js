/**
 * A microphone as PCM16 chunks, usually at the rate the server was offered for a visitor's.
 *
 * Dispatches `chunk` (detail: {pcm, level}) and `ended` when the device goes away.
 */
export const INPUT_RATE = 16000;
const CHUNK = 512;

/** Why there is no microphone: insecure, absent, denied, busy or failed. */
export class MicrophoneError extends Error {
  constructor(reason) {
    super(`microphone ${reason}`);
    this.reason = reason;
  }
}

const REASONS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Whether a microphone can be asked for at all. @returns {"insecure" | "absent" | null} */
export function microphoneHindrance() {
  if (!isSecureContext) return "insecure";
  return navigator.mediaDevices?.getUserMedia && "AudioWorkletNode" in globalThis ? null : "absent";
}

export class Microphone extends EventTarget {
  #context = null;
  #stream = null;
  #opening = null;
  #rate;
  #chunk;
  #treated;

  /**
   * @param {{rate?: number, chunk?: number, treated?: boolean}} [wish] samples a second and a chunk; `treated`: with the
   *   browser's echo cancellation, noise suppression and automatic level
   */
  constructor({ rate = INPUT_RATE, chunk = CHUNK, treated = true } = {}) {
    super();
    this.#rate = rate;
    this.#chunk = chunk;
    this.#treated = treated;
  }

  get open() {
    return this.#stream !== null;
  }

  /** Open the device; asks the visitor's permission the first time. Raises MicrophoneError. */
  async start() {
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    await this.#opening;
  }

  async #open() {
    if (this.#stream) return;
    const hindrance = microphoneHindrance();
    if (hindrance) throw new MicrophoneError(hindrance);
    try {
      const on = this.#treated;
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: on, noiseSuppression: on, autoGainControl: on, channelCount: 1 },
      });
      await this.#connect();
    } catch (error) {
      this.stop();
      throw new MicrophoneError(REASONS[error.name] ?? "failed");
    }
  }

  async #connect() {
    const context = new AudioContext({ sampleRate: this.#rate });
    this.#context = context;
    await context.audioWorklet.addModule(new URL("./microphone-worklet.js", import.meta.url));
    const node = new AudioWorkletNode(context, "visavis-microphone", {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
      processorOptions: { chunk: this.#chunk },
    });
    node.port.onmessage = ({ data }) => this.dispatchEvent(new CustomEvent("chunk", { detail: data }));
    context.createMediaStreamSource(this.#stream).connect(node);
    this.#stream.getAudioTracks()[0].onended = () => {
      this.stop();
      this.dispatchEvent(new Event("ended"));
    };
    await context.resume();
  }

  stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#context?.close();
    this.#context = null;
  }
}
