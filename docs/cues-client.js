// Drives a 3D head from one Visavis session: sound through Web Audio, the face and the gestures on the same line.
//
//   const client = new Client("wss://HOST/v1/realtime?model=DIALOG", head, new AudioContext());
//   client.ask("When do you open?");
//   requestAnimationFrame(function draw() { client.draw(); requestAnimationFrame(draw); });
//
// `head` is yours: morphs({jawOpen: 0.4, …}), turn({yaw, pitch, roll}) in degrees, act(name, since_s, length_s),
// rest() when the hands are to return, feel(label, intensity).

export const RATE = 24000;
const LEAD_S = 0.25, KEPT = 100;

export class Line {
  // What was told of the session's line, and how the face stands at any sample of it.
  constructor() { this.names = []; this.frames = []; this.due = []; }

  take(event, now) {
    if (event.type === "avatar.blendshapes") {
      this.names = event.names ?? this.names;
      event.frames.forEach((weights, n) =>
        this.frames.push({ pts: event.pts + n * RATE / event.fps, weights, head: event.head[n] }));
      this.frames.splice(0, this.frames.length - KEPT);
    } else if (event.type === "avatar.clear") {
      // What was not seen yet never happens; new frames may step back a little.
      this.frames = this.frames.filter((frame) => frame.pts <= now);
      this.due = [{ type: "avatar.action_end", pts: now }];
    } else if (["avatar.action", "avatar.action_end", "avatar.emotion"].includes(event.type)) {
      this.due.push(event);
    }
  }

  at(pts) {
    // Between two frames the face flows from one to the next.
    const next = this.frames.findIndex((frame) => frame.pts > pts);
    const b = this.frames.at(next), a = next > 0 ? this.frames[next - 1] : b;
    if (!b) return null;
    const k = b.pts > a.pts ? Math.min(1, Math.max(0, (pts - a.pts) / (b.pts - a.pts))) : 0;
    const mix = (one, two) => one.map((value, n) => value + (two[n] - value) * k);
    const [yaw, pitch, roll] = mix(a.head, b.head);
    return { weights: mix(a.weights, b.weights), head: { yaw, pitch, roll } };
  }

  ready(pts) {
    const ready = this.due.filter((event) => event.pts <= pts);
    this.due = this.due.filter((event) => event.pts > pts);
    return ready;
  }
}

export class Client {
  constructor(url, head, context, wishes = {}) {
    Object.assign(this, { head, context, line: new Line(), sources: new Set(), base: null, played: {} });
    this.socket = new WebSocket(url);
    this.socket.onmessage = ({ data }) => typeof data === "string" && this.take(JSON.parse(data));
    this.opened = new Promise((resolve) => { this.socket.onopen = resolve; }).then(() =>
      this.send("session.update", {
        session: { type: "realtime", avatar: { video: "none", blendshapes: true, ...wishes } },
      }));
  }

  send(type, fields = {}) { this.socket.send(JSON.stringify({ type, ...fields })); }

  async ask(text) {
    await this.opened;
    const content = [{ type: "input_text", text }];
    this.send("conversation.item.create", { item: { type: "message", role: "user", content } });
    this.send("response.create");
  }

  // The sample of the line that is heard now.
  now() { return this.base === null ? -Infinity : (this.context.currentTime - this.base) * RATE; }

  take(event) {
    if (this.base === null && event.pts !== undefined) {
      this.base = this.context.currentTime + LEAD_S - event.pts / RATE;
    }
    this.line.take(event, this.now());
    if (event.type === "response.output_audio.delta") this.play(event);
    if (event.type === "avatar.clear") for (const source of this.sources) source.stop();
  }

  play(event) {
    const bytes = Uint8Array.from(atob(event.delta), (letter) => letter.charCodeAt(0));
    const pcm = Float32Array.from(new Int16Array(bytes.buffer), (value) => value / 32768);
    const buffer = this.context.createBuffer(1, pcm.length, RATE);
    buffer.copyToChannel(pcm, 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.start(Math.max(this.context.currentTime, this.base + event.pts / RATE));
    this.sources.add(source);
    source.onended = () => {
      this.sources.delete(source);
      if (this.now() < event.pts + pcm.length - 240) return;  // it was cleared
      const heard = (this.played[event.item_id] ?? 0) + pcm.length * 1000 / RATE;
      this.played[event.item_id] = heard;
      this.send("avatar.played", { item_id: event.item_id, audio_ms: heard });
    };
  }

  // Call it for every picture.
  draw() {
    const now = this.now();
    for (const event of this.line.ready(now)) {
      if (event.type === "avatar.action") {
        this.head.act(event.action, (now - event.pts) / RATE, (event.pts_end - event.pts) / RATE);
      } else if (event.type === "avatar.action_end") this.head.rest();
      else this.head.feel(event.label, event.intensity);
    }
    const face = this.line.at(now);
    if (face === null) return;
    this.head.morphs(Object.fromEntries(this.line.names.map((name, n) => [name, face.weights[n]])));
    this.head.turn(face.head);
  }
}
