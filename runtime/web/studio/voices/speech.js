/** Plays one speech at a time, from its first piece on; a new one ends the one before. */
import { WavStream } from "./wav.js";

const LEAD_S = 0.08;

/** @typedef {{blob: Blob, seconds: number}} Heard */

export class Speech extends EventTarget {
  #context = null;
  #stopping = null;
  #ends = 0;

  /** Whether something is fetched or heard. */
  get busy() {
    return this.#stopping !== null;
  }

  /**
   * Play what a request brings; to be called in a gesture. Dispatches `change` when it begins and when it is over.
   * @param {(signal: AbortSignal) => Promise<Response>} ask
   * @returns {Promise<Heard | null>} all of it, once it has come; null when it was stopped; throws Refused or Error
   */
  async play(ask) {
    this.stop();
    const stopping = (this.#stopping = new AbortController());
    const context = (this.#context = new AudioContext());
    this.dispatchEvent(new Event("change"));
    try {
      const response = await ask(stopping.signal);
      const stream = new WavStream();
      for await (const bytes of pieces(response.body)) this.#put(context, stream, stream.push(bytes));
      await this.#quiet(context, stopping.signal);
      return { blob: stream.file(), seconds: stream.seconds };
    } catch (error) {
      if (stopping.signal.aborted) return null;
      throw error;
    } finally {
      if (this.#stopping === stopping) this.stop();
    }
  }

  #put(context, stream, samples) {
    if (!samples.length) return;
    const buffer = context.createBuffer(1, samples.length, stream.rate);
    const channel = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i++) channel[i] = samples[i] / 32768;
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    this.#ends = Math.max(this.#ends, context.currentTime + LEAD_S);
    source.start(this.#ends);
    this.#ends += buffer.duration;
  }

  /** Until all that was put has been heard. */
  #quiet(context, signal) {
    return new Promise((settle, fail) => {
      signal.addEventListener("abort", () => fail(new Error("stopped")));
      if (this.#ends <= context.currentTime) return settle();
      const silence = new ConstantSourceNode(context, { offset: 0 });
      silence.connect(context.destination);
      silence.onended = () => settle();
      silence.start();
      silence.stop(this.#ends);
    });
  }

  stop() {
    if (!this.#stopping) return;
    const stopping = this.#stopping;
    this.#stopping = null;
    stopping.abort();
    this.#context.close();
    this.#context = null;
    this.#ends = 0;
    this.dispatchEvent(new Event("change"));
  }
}

async function* pieces(body) {
  const reader = body.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}
