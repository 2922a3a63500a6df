/** Cuts the microphone into PCM16 chunks with their level. */

class MicrophoneProcessor extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.size = processorOptions.chunk;
    this.chunk = new Int16Array(this.size);
    this.filled = 0;
    this.sum = 0;
  }

  process(inputs) {
    const input = inputs[0]?.[0];
    if (!input) return true;
    for (const sample of input) {
      const clipped = Math.max(-1, Math.min(1, sample));
      this.chunk[this.filled++] = clipped * 32767;
      this.sum += clipped * clipped;
      if (this.filled === this.size) this.flush();
    }
    return true;
  }

  flush() {
    const pcm = this.chunk;
    this.port.postMessage({ pcm, level: Math.sqrt(this.sum / this.size) }, [pcm.buffer]);
    this.chunk = new Int16Array(this.size);
    this.filled = 0;
    this.sum = 0;
  }
}

registerProcessor("visavis-microphone", MicrophoneProcessor);
