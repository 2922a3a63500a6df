"""A small reception behind the real server, a microphone that plays what a test says, and a page that keeps a diary."""

from __future__ import annotations

import signal
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from numpy.typing import NDArray

from runtime.bench.recordings import missing_tools, record

sys.path.append(str(Path(__file__).parents[1] / "server"))

from chromium import CHROMIUM, FLAGS
from place import Server

sync_playwright = pytest.importorskip(
    "playwright.sync_api", reason="the package playwright is not installed"
).sync_playwright

SIZE = (540, 960)

HZ = 48_000
LEAD_S = 1.5
"""Silence before the visitor speaks: the device has to open and the recogniser to learn the room."""

APP = "workers: {renderers: 1}\ncache: {dir: CACHE}\nembedder: {default: ngrams}\n"
DIALOG = """\
dialog: museum
language: en
knowledge: [museum]
avatar: presenter
tts: {engine: espeak, voice: en-us}
asr: {engine: pocketsphinx}
page: {title: City Museum, buttons: 4, reset_s: 300, languages: [museum, teahouse]}
"""
TEAHOUSE = """\
dialog: teahouse
language: zh-CN
knowledge: [teahouse]
avatar: hostess
tts: {engine: espeak, voice: cmn}
asr: null
page: {title: 茶馆, buttons: 2, reset_s: 300, languages: [museum, teahouse]}
"""
HURRIED = DIALOG.replace("dialog: museum", "dialog: hurried").replace("reset_s: 300", "reset_s: 10")
OPENING, LENS, CAFE = "When do you open?", "Where is the great lens?", "Where is the cafe?"
STORY = "Tell me about the lighthouse."
HOURS = "We are open from nine to five, every day but Monday."
CAFE_SAYS = "The cafe is in the garden, behind the tower."
LENS_SAYS = "The great lens stands in the middle of the second floor."
STORY_SAYS = (
    "The lighthouse was built on the northern rock, two hundred years ago, by three brothers and their mother. "
    "Every evening one of them climbed the tower, wound up the heavy clockwork and lit the lamp."
)
MUSEUM_FILE = f"""\
knowledge: museum
language: en
greetings:
  items:
    - {{id: welcome, on: enter, say: "Welcome to the museum!", action: wave}}
faq:
  items:
    - id: opening-hours
      ask: ["{OPENING}", "What are your opening hours?"]
      say: "{HOURS}"
      action: nod
    - id: great-lens
      ask: ["{LENS}"]
      say: "{LENS_SAYS}"
      show: {{title: The great lens, text: "On the second floor.", image: media/lens.svg, link: "https://museum.example/lens"}}
    - id: cafe
      ask: ["{CAFE}", "Can I get something to eat?"]
      say: "{CAFE_SAYS}"
    - id: lighthouse
      ask: ["{STORY}"]
      say: "{STORY_SAYS}"
    - id: ticket-adults
      ask: ["How much is a ticket for adults?"]
      say: "Adults pay nine euros."
    - id: ticket-children
      ask: ["How much is a ticket for children?"]
      say: "Children pay four euros."
fallback: {{say: ["I am not sure about that."]}}
"""
WHICH = "ticket price"
TEA_ASKS, TEA_SAYS = "龙井怎么泡？", "龙井用八十度的水泡，三分钟就好。"
TEA_FILE = f"""\
knowledge: teahouse
language: zh
greetings:
  items:
    - {{id: welcome, on: enter, say: "欢迎光临！", action: wave}}
faq:
  items:
    - {{id: longjing, ask: ["{TEA_ASKS}"], say: "{TEA_SAYS}"}}
    - {{id: hours, ask: ["几点开门？"], say: "我们每天早上九点开门。"}}
fallback: {{say: ["这个我不太清楚。"]}}
"""
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="90" viewBox="0 0 160 90">'
    '<rect width="160" height="90" fill="#dce8ea"/><circle cx="80" cy="45" r="32" fill="#2c6e7f"/></svg>'
)


def write_reception(folder: Path) -> Path:
    """Write a museum that hears, a Chinese tea house that does not, and a museum whose visitors are soon gone."""
    for name in ("dialogs", "knowledge/media"):
        (folder / name).mkdir(parents=True)
    (folder / "app.yaml").write_text(APP.replace("CACHE", str(folder / "cache")))
    for name, text in {"museum": DIALOG, "teahouse": TEAHOUSE, "hurried": HURRIED}.items():
        (folder / "dialogs" / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, text in {"museum": MUSEUM_FILE, "teahouse": TEA_FILE}.items():
        (folder / "knowledge" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "knowledge" / "media" / "lens.svg").write_text(PICTURE)
    return folder


DIARY = """(() => {
  const diary = { got: [], samples: 0, reports: [], starts: {}, sound: {}, mouths: [], watch: false };
  window.diary = diary;
  const Socket = WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", ({ data }) => typeof data === "string" && note(JSON.parse(data)));
    }
    send(data) {
      const { audio } = JSON.parse(data);
      if (audio) diary.samples += Math.floor((audio.length * 3) / 8);
      super.send(data);
    }
  };
  function note({ delta, audio, ...event }) {
    if (event.type === "response.output_audio.delta") {
      diary.starts[event.item_id] ??= event.pts;
      diary.sound[event.item_id] = (diary.sound[event.item_id] ?? 0) + atob(delta).length / 2;
    } else if (event.type !== "avatar.visemes") diary.got.push({ ...event, frame: frame() });
  }
  const frame = () => newest.frame + (performance.now() - newest.at) * 24;
  let newest = { frame: 0, at: 0 };
  const Node = AudioWorkletNode;
  window.AudioWorkletNode = class extends Node {
    constructor(...all) {
      super(...all);
      if (all[1] !== "visavis-player") return;
      this.port.addEventListener("message", ({ data }) => {
        newest = { frame: data.frame, at: performance.now() };
        diary.reports.push({ ...data, heard: visavis.heard, latency: visavis.figures.latencyMs * 24 });
      });
    }
  };
  let last = null;
  let before = -1;
  const look = () => {
    requestAnimationFrame(look);
    if (!diary.watch || !visavis.shown || visavis.shown.pts === before) return;
    before = visavis.shown.pts;
    const now = document.querySelector("#picture").getContext("2d").getImageData(225, 370, 100, 50).data;
    let change = 0;
    if (last) for (let i = 1; i < now.length; i += 4) change += Math.abs(now[i] - last[i]);
    if (last) diary.mouths.push({ ...visavis.shown, change: change / 5000 });
    last = now;
  };
  requestAnimationFrame(look);
})()"""
"""Notes what crosses the socket, what the audio worklet reports, and how the mouth changes from picture to picture."""


class Voice:
    """The file that the browser takes for its microphone; it is read anew whenever a page opens the device."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.says(np.zeros(0, np.int16))

    def says(self, sound: NDArray[np.int16], *, lead_s: float = LEAD_S) -> float:
        """Lay out `sound` (16 kHz) after `lead_s` of silence; returns the second in which it ends."""
        whole = np.pad(np.repeat(sound, 3), (round(lead_s * HZ), HZ))
        with wave.open(str(self.path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(HZ)
            file.writeframes(whole.astype("<i2").tobytes())
        return lead_s + len(sound) / 16_000


def cough(seed: int = 7, length_s: float = 0.3) -> NDArray[np.int16]:
    """A burst of noise of that length at 16 kHz, as loud as speech."""
    count = round(length_s * 16_000)
    shape = np.hanning(count) ** 0.5
    noise = np.convolve(np.random.default_rng(seed).normal(0, 1, count), np.ones(6) / 6, "same")
    return np.asarray(np.clip(noise * shape * 12_000, -32_000, 32_000), np.int16)


class Place:
    """The real server behind a page; it can die and come back at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = Server(folder).start()
        self.port = int(self._server.url.rsplit(":", 1)[1])

    def die(self) -> None:
        self._server.stop(signal.SIGKILL, group=True)

    def rise(self) -> None:
        self._server = Server(self._folder, "--port", str(self.port)).start()

    def close(self) -> None:
        """End the server and let a test fail for what it complained of."""
        log = self._server.log()
        self._server.__exit__()
        assert "Traceback" not in log, log


@contextmanager
def chromium(voice: Voice) -> Iterator[Any]:
    """A browser whose microphone is `voice`."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent; apt install chromium")
    with sync_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={voice.path}%noloop"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield browser
        browser.close()


def spoken(text: str, speaker: str) -> NDArray[np.int16]:
    """What a speaker says, from the first to the last sound, at 16 kHz."""
    if missing := missing_tools():
        pytest.skip(f"{', '.join(missing)} is absent; apt install {' '.join(missing)}")
    recording = record([text], [speaker], ["clean"])[0]
    return np.asarray(recording.pcm()[recording.began : recording.ended])


class Visit:
    """A page of the museum with a diary, and what a test asks of it."""

    def __init__(self, kiosk: Any) -> None:
        self.kiosk, self.page = kiosk, kiosk.page
        self.flow = 0
        """The audio worklet's frame when an answer was in full flow."""

    def value(self, expression: str) -> Any:
        return self.kiosk.value(expression)

    def until(self, expression: str, wanted: Any = True, within_s: float = 60.0) -> Any:
        return self.kiosk.until(expression, wanted, within_s)

    def got(self, kind: str) -> list[dict[str, Any]]:
        """The server's events of a type, each with the audio worklet's frame when it came."""
        found: list[dict[str, Any]] = self.value(f"diary.got.filter((event) => event.type === '{kind}')")
        return found

    @property
    def states(self) -> list[str]:
        """What the avatar did, one after the other."""
        return [state for state, _ in groupby(event["state"] for event in self.got("avatar.state"))]

    @property
    def asked(self) -> str:
        """The visitor's caption."""
        return str(self.value("document.querySelector('#caption-visitor').textContent"))

    @property
    def reports(self) -> list[dict[str, Any]]:
        """What the audio worklet has counted, about ten times a second."""
        found: list[dict[str, Any]] = self.value("diary.reports")
        return found

    def welcomed(self) -> Self:
        """The visitor has touched the screen, and the greeting is over."""
        self.kiosk.start()
        self.until("diary.got.some((event) => event.type === 'response.done')")
        self.until("visavis.state === 'idle' && visavis.figures.worklet.waiting === 0")
        self.value("diary.got.length = 0")
        return self

    def flowing(self, text: str) -> Self:
        """Type a question and wait until its answer is in full flow."""
        self.kiosk.ask(text)
        self.until("visavis.state", "speaking")
        self.until("Object.values(visavis.figures.worklet.played).at(-1) > 24000")
        self.flow = int(self.value("visavis.figures.worklet.frame"))
        return self

    def hears(self, second: float) -> None:
        """Wait until the page has sent the server the microphone's sound up to a second of it."""
        self.until(f"diary.samples > {round(second * 16_000)}")

    def ends(self, answer: str) -> None:
        """Wait until an answer has been shown, and heard, to its end."""
        self.kiosk.until_true(lambda: self.kiosk.caption == answer, f"no {answer!r}", 60)
        self.until("visavis.state === 'idle' && visavis.figures.worklet.waiting === 0")
