"""Recordings through the real voice detector, endpoint and recogniser, as fast as they compute.

Waits are counted in samples, so they are the same on any machine; computing is measured in processor time.
Run `python -m runtime.bench.hearing [--every N]`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rapidfuzz.distance import Levenshtein

from runtime.bench.recordings import FOLDER, Recording, record
from runtime.hearing.endpoint import Endpoint
from runtime.hearing.pocketsphinx_service import PocketSphinxService
from runtime.hearing.turn_end import Endpointing
from runtime.hearing.wording import words
from visavis.vad import CHUNK, VAD_RATE, Vad


@dataclass(slots=True)
class Outcome:
    """What became of one recording. `wait_s`: from its true end until the turn passed."""

    recording: Recording
    text: str = ""
    cut_off: bool = False
    missed: bool = False
    wait_s: float = 0.0
    end_bias_s: float = 0.0
    decode_s: float = 0.0
    final_s: float = 0.0
    sound_s: float = 0.0
    words_wrong: int = 0


Matches = Callable[[str], float]


def known_questions(questions: Sequence[str]) -> Matches:
    """1 for the exact words of a question, else 0: the least that a knowledge base knows."""
    known = {" ".join(words(question)) for question in questions}
    return lambda text: float(" ".join(words(text)) in known)


@dataclass(slots=True)
class Hearer:
    """One listener after the other, sharing the detector and the service."""

    service: PocketSphinxService
    matches: Matches
    settings: Endpointing = field(default_factory=Endpointing)
    vad: Vad = field(default_factory=Vad)
    streams: int = 0

    def hear(self, recording: Recording) -> Outcome:
        """Run it to the end of the first turn that ends after its speech has begun."""
        self.vad.reset()
        outcome, endpoint = Outcome(recording), Endpoint(self.settings)
        pcm, opened = recording.pcm(), False
        pre_roll = round(self.settings.pre_roll_s * VAD_RATE)
        for at in range(0, len(pcm) - CHUNK, CHUNK):
            edges = endpoint.chunk(self.vad.push(pcm[at : at + CHUNK])[0])
            if opened:
                self._append(outcome, endpoint, pcm[at : at + CHUNK])
            if "began" in edges:
                opened = True
                self._open(outcome, endpoint, pcm[max(0, endpoint.began - pre_roll) : at + CHUNK])
            if opened and ("ended" in edges or "overlong" in edges):
                self._finish(outcome, endpoint)
                if endpoint.position > recording.began + 0.3 * VAD_RATE:
                    return outcome
                opened = False
        outcome.missed = True
        return outcome

    def _open(self, outcome: Outcome, endpoint: Endpoint, pcm: np.ndarray[Any, Any]) -> None:
        self.streams += 1
        self.service.open(self.streams, {})
        for at in range(0, len(pcm), CHUNK):
            self._append(outcome, endpoint, pcm[at : at + CHUNK])

    def _append(self, outcome: Outcome, endpoint: Endpoint, pcm: np.ndarray[Any, Any]) -> None:
        def emit(message: dict[str, Any]) -> bool:
            endpoint.words, endpoint.match = message["text"], self.matches(message["text"])
            return True

        start = time.process_time()
        self.service.append(self.streams, {"pcm": pcm.tobytes()}, emit)
        outcome.decode_s += time.process_time() - start
        outcome.sound_s += len(pcm) / VAD_RATE

    def _finish(self, outcome: Outcome, endpoint: Endpoint) -> None:
        replies: list[dict[str, Any]] = []

        def keep(message: dict[str, Any]) -> bool:
            replies.append(message)
            return True

        start = time.process_time()
        self.service.end(self.streams, keep)
        outcome.final_s = time.process_time() - start
        recording = outcome.recording
        outcome.text = replies[-1]["text"]
        outcome.cut_off = endpoint.ended < recording.ended - 0.15 * VAD_RATE
        outcome.wait_s = (endpoint.position - recording.ended) / VAD_RATE
        outcome.end_bias_s = (endpoint.ended - recording.ended) / VAD_RATE
        outcome.words_wrong = Levenshtein.distance(words(recording.text), words(outcome.text))


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    whole = [outcome for outcome in outcomes if not outcome.cut_off and not outcome.missed]
    said = sum(len(words(outcome.recording.text)) for outcome in outcomes)
    return {
        "n": len(outcomes),
        "missed": sum(outcome.missed for outcome in outcomes),
        "cut_off": round(sum(outcome.cut_off for outcome in outcomes) / len(outcomes), 3),
        "wer": round(sum(outcome.words_wrong for outcome in outcomes) / said, 3),
        "exact": round(sum(outcome.words_wrong == 0 for outcome in outcomes) / len(outcomes), 3),
        "wait_ms": _spread([outcome.wait_s for outcome in whole]),
        "end_bias_ms": _spread([outcome.end_bias_s for outcome in whole]),
        "final_cpu_ms": _spread([outcome.final_s for outcome in outcomes]),
        "cpu_per_s": round(sum(o.decode_s + o.final_s for o in outcomes) / sum(o.sound_s for o in outcomes), 3),
    }


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    return {f"p{share}": round(float(np.percentile(seconds, share)) * 1000, 1) for share in (5, 50, 95)}


def museum_questions() -> list[list[str]]:
    """The wordings of every question of the museum's knowledge file."""
    file = Path(__file__).parents[2] / "configs" / "knowledge" / "museum.yaml"
    return [item["ask"] for item in yaml.safe_load(file.read_text("utf-8"))["faq"]["items"]]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="take every Nth question only")
    every = parser.parse_args().every
    questions = museum_questions()
    phrases = [wording for wordings in questions for wording in wordings]
    hearer = Hearer(PocketSphinxService(phrases, str(FOLDER.parent)), known_questions(phrases))
    texts = [wordings[0] for wordings in questions[::every]]
    for noise in ("clean", "pink", "babble"):
        outcomes = [hearer.hear(recording) for recording in record(texts, noises=(noise,))]
        sys.stdout.write(json.dumps({"noise": noise, **summary(outcomes)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
