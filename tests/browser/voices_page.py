"""The page of voices in front of the real server, and what lies in the files behind it."""

from __future__ import annotations

import json
import secrets
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from studio import Studio, write_knowledge

from avatars.voices.enrol.record import Approval, Consent, Voice
from avatars.voices.enrol.scripts import script
from avatars.voices.enrol.store import Store
from avatars.voices.enrol.task import Order, Status, Task, Tasks, Upload, qid_of

DAY = datetime(2026, 3, 1, tzinfo=UTC)
GUIDE = "voice: guide\nlanguage: en\ntts: {engine: espeak, voice: en-gb}\n"
NOTE = "# as the French say it"
LEXICON = f"""\
lexicon: house
entries:
  - {{id: louvre, grapheme: Louvre, language: en, alias: loo-vruh}}  {NOTE}
  - {{id: chongqing, grapheme: 重庆, language: zh, pinyin: chong2 qing4}}
"""
FINDING = {
    "rule": "clipping", "severity": "warning", "file": "two.wav", "start_s": 3.0, "end_s": 4.5, "measured": 4.0,
    "limit": 1.0, "unit": "", "advice": {"en": "Turn the microphone down.", "zh": "请调低录音音量。"},
}  # fmt: skip
INSPECTION = {
    "files": [["one.wav", 30.0], ["two.wav", 30.0]], "seconds": 60.0, "effective_s": 55.0, "snr_db": 30.0,
    "level_dbfs": -22.0, "findings": [FINDING], "more": {}, "outline": [0.1, 0.5, 0.9, 0.2],
}  # fmt: skip


def write_voices(folder: Path) -> Path:
    """Write a museum with a configured voice and a lexicon."""
    write_knowledge(folder)
    for name, file, text in (("voices", "guide", GUIDE), ("lexicon", "house", LEXICON)):
        (folder / name).mkdir()
        (folder / name / f"{file}.yaml").write_text(text, encoding="utf-8")
    return folder


class VoicesPage(Studio):
    """One open page. What is enrolled lies beside the cache, which is in the folder itself."""

    def open(self, query: str = "lang=en") -> Self:
        self.page.goto(f"{self._at}/studio/voices?{query}")
        self.page.wait_for_selector("#app[aria-busy=false]")
        return self

    def rest(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(f"{self._at}/api/{path}", method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, None if body is None else json.dumps(body).encode()) as response:
            return json.loads(response.read() or b"null")

    def module(self, name: str, body: str) -> Any:
        """The value of `body` with a module of the page as `m`."""
        return self.page.evaluate(f"import('/static/studio/voices/{name}').then(async (m) => {{ {body} }})")

    @property
    def store(self) -> Store:
        return Store(self._folder / "voices")

    @property
    def tasks(self) -> Tasks:
        return Tasks(self._folder / "voice-tasks")

    def lexicon(self) -> str:
        return (self._folder / "lexicon" / "house.yaml").read_text(encoding="utf-8")

    def enrolled(self, *, approved: bool) -> Task:
        """A voice of a new name whose recordings were checked, and the task that it came of."""
        name = f"voice-{secrets.token_hex(4)}"
        order = Order(name=name, speaker="Mia Chen", company="Acme Robots")
        said = script("en", order.speaker, order.company)
        consent = Consent(
            audio_sha256="ab" * 32, script=said, script_sha256="cd" * 32, language="en", speaker=order.speaker,
            company=order.company, recorded=DAY, similarity=0.91, threshold=0.77,
            approval=Approval(how="person", by="Jo Park", at=DAY) if approved else None,
        )  # fmt: skip
        task = self.tasks.create(order)
        voice = Voice(
            name=name, qid=qid_of(task), language="en", profile="fast", created=DAY, consent=consent, files={},
            effective_s=60, similarity=0.58 if approved else None, spoken_by="espeak, adapted" if approved else "",
        )  # fmt: skip
        self.store.add(voice, {"clip.wav": b"sound"})
        task.recordings["1"] = Upload(name="one.wav", kept="recording-1.wav", size=9, total=9)
        task.status = task.stage_status = Status.FINISHED if approved else Status.REVIEW
        task.stage = "deployment" if approved else "consent"
        self.tasks.keep(task, "inspection.json", INSPECTION)
        self.tasks.save(task)
        return task
