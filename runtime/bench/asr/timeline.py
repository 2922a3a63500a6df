"""What was known at every moment of a recording, so that any list of strategies can be tried on it afterwards.

One pass through the real voice detector, the real recogniser, the real comparison with the knowledge and the real
acoustic model makes a timeline; what each costs in time is added as the delays below. Then deciding is pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from runtime.bench.asr.pauses import Speech
from runtime.hearing.endpoint import Endpoint
from runtime.hearing.turn_end import Endpointing
from runtime.hearing.turn_end.match import Questions
from visavis.vad import CHUNK, VAD_RATE, Vad
from visavis.words import Pcm

GRADE_CHUNKS, VERDICT_CHUNKS = 1, 4
"""After how many chunks of 32 ms a comparison (some 15 ms) and an acoustic verdict (some 90 ms) are there."""


class Service(Protocol):
    """What is used of a recogniser's service."""

    def open(self, stream: int, message: dict[str, Any]) -> object: ...
    def append(self, stream: int, message: dict[str, Any], emit: Callable[[dict[str, Any]], bool]) -> None: ...
    def end(self, stream: int, emit: Callable[[dict[str, Any]], bool]) -> None: ...
    def cancel(self, stream: int) -> None: ...


@dataclass(slots=True)
class Timeline:
    """By chunk: probabilities of voice, words where they changed, verdicts where a pause was judged."""

    began: int
    ended: int
    probabilities: list[float] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)
    verdicts: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """`wait_s` from the true end until the turn passed; negative: the speaker was cut off. `words` so far."""

    wait_s: float
    silence_s: float
    words: str

    @property
    def cut_off(self) -> bool:
        return self.wait_s < 0


Grades = dict[str, float]


class Listener:
    """Makes timelines; `judge` gives the probability that a voice has finished."""

    def __init__(self, service: Service, judge: Callable[[Pcm], float] | None) -> None:
        self._service, self._judge = service, judge
        self._vad, self._stream = Vad(), 0

    def hear(self, speech: Speech) -> Timeline:
        """Hear it all, as if nothing ended the turn."""
        self._vad.reset()
        line, endpoint = Timeline(speech.began, speech.ended), Endpoint(Endpointing(longest_silence_s=5.0), [])
        settings, pcm, opened = endpoint.settings, speech.pcm, False
        before = round((settings.pre_roll_s + settings.begin_s) * VAD_RATE)
        start = 0
        for chunk, at in enumerate(range(0, len(pcm) - CHUNK, CHUNK)):
            line.probabilities.append(self._vad.push(pcm[at : at + CHUNK])[0])
            edges = endpoint.chunk(line.probabilities[-1])
            if "began" in edges and not opened:
                opened, start = True, max(0, at + CHUNK - before)
                self._stream += 1
                self._service.open(self._stream, {})
                self._decode(pcm[start : at + CHUNK], line, chunk)
            elif opened:
                self._decode(pcm[at : at + CHUNK], line, chunk)
            if "paused" in edges and self._judge is not None:
                line.verdicts[chunk] = self._judge(pcm[start : at + CHUNK])
        if opened:
            self._service.cancel(self._stream)
        return line

    def _decode(self, pcm: Pcm, line: Timeline, chunk: int) -> None:
        def keep(message: dict[str, Any]) -> bool:
            line.words[chunk] = message["text"]
            return True

        for at in range(0, len(pcm), CHUNK):
            self._service.append(self._stream, {"pcm": pcm[at : at + CHUNK].tobytes()}, keep)


def decide(
    line: Timeline,
    turn: Sequence[str],
    settings: Endpointing,
    grades: Grades,
    questions: Questions,
    language: str = "en",
) -> Decision | None:
    """When the first turn passes that ends after the speech began; None if none does."""
    endpoint = Endpoint(settings, turn, language=language)
    due: dict[int, str] = {}
    told: dict[int, float] = {}
    for chunk, probability in enumerate(line.probabilities):
        if (words := line.words.get(chunk)) is not None:
            endpoint.understood(words)
            due[chunk + GRADE_CHUNKS] = words
        if (graded := due.pop(chunk, None)) is not None and graded == endpoint.words:
            endpoint.match = grades[graded]
            endpoint.known, endpoint.goes_on = questions.reading(graded)
        if chunk in line.verdicts:
            told[chunk + VERDICT_CHUNKS] = line.verdicts[chunk]
        silent = endpoint.silent
        if (verdict := told.pop(chunk, None)) is not None and silent:
            endpoint.verdict = verdict
        edges = endpoint.chunk(probability)
        if "ended" in edges and endpoint.position > line.began:
            wait_s = (endpoint.position - line.ended) / VAD_RATE
            return Decision(wait_s, (endpoint.position - endpoint.ended) / VAD_RATE, endpoint.words)
    return None


def spread(waits: Sequence[float]) -> tuple[float, float]:
    """Median and 90th percentile, in milliseconds."""
    if not len(waits):
        return float("nan"), float("nan")
    return float(np.percentile(waits, 50)) * 1000, float(np.percentile(waits, 90)) * 1000
