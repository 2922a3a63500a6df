"""The worker's side of the built-in voice: espeak-ng, one sentence a stream, chunks from inside its callback."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from avatars.voices import visemes
from avatars.voices.espeak_lib import Espeak, Manner, Sound, Word
from avatars.voices.phoneme_names import written
from avatars.voices.shaping import LEVEL_DBFS, Shaper, voiced_dbfs
from visavis.engines import Message
from visavis.words import Pcm

_VOLUME = 60
_CALIBRATION = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10."


class EspeakService:
    """`open` takes voice (str), rate (words a minute), pitch and range (0 to 100) and gain (a factor).

    `append` takes a piece: text (str), at (its place in the whole), pause_ms (before the next one) and, where phonemes
    stand in it, puts (see `phoneme_names`); it answers
    with chunks {pcm: bytes, visemes: [(start, name)], words: [(start, end, at, length, reach)], phonemes:
    [(start, ipa)]} and, the piece being through, {done: True}. `end` answers with the last chunk.
    """

    capacity = 64

    def __init__(self) -> None:
        self._espeak = Espeak()
        self._streams: dict[int, tuple[Manner, Shaper]] = {}
        self._gains: dict[str, float] = {}

    def open(self, stream: int, message: Message) -> Message:
        """Answers {version, sample_rate}, or {error} when there is no such voice."""
        manner = Manner(
            message["voice"], _within(message["rate"], 80, 450), _within(message["pitch"], 0, 100),
            _within(message["range"], 0, 100), _VOLUME,
        )  # fmt: skip
        if not self._espeak.set(manner):
            return {"error": f"espeak-ng has no voice {manner.voice!r}"}
        gain = self._gain(manner) * float(message["gain"])
        self._streams[stream] = (manner, Shaper(self._espeak.rate, gain))
        return {"version": self._espeak.version, "sample_rate": self._espeak.rate}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        manner, shaper = self._streams[stream]
        self._espeak.set(manner)
        text, begin = str(message["text"]), int(message["at"])
        puts = message.get("puts") or ()
        accent = visemes.ACCENTS.get(manner.voice.split("+")[0], {})

        def take(pcm: Pcm, events: list[Word | Sound]) -> bool:
            shaper.sound(pcm)
            for event in events:
                if isinstance(event, Sound):
                    shaper.phoneme(event.sample, accent.get(event.ipa.lstrip("ˈˌ"), event.ipa))
                elif text[event.at : event.at + event.length].strip():
                    place, length = written(puts, event.at, event.length)
                    shaper.word(event.sample, begin + place, length)
            return shaper.ready(emit)

        self._espeak.speak(text, take, phonemes=bool(puts))
        shaper.next_piece(int(message["pause_ms"]))
        emit({"done": True})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        found = self._streams.pop(stream, None)
        if found:
            found[1].finish(emit)

    def cancel(self, stream: int) -> None:
        self._streams.pop(stream, None)

    def _gain(self, manner: Manner) -> float:
        """The factor that brings the voice to the level, measured once."""
        if manner.voice not in self._gains:
            heard: list[Pcm] = []

            def take(pcm: Pcm, events: list[Word | Sound]) -> bool:
                heard.append(pcm)
                return True

            self._espeak.speak(_CALIBRATION, take)
            level = voiced_dbfs(np.concatenate(heard), self._espeak.rate) if heard else LEVEL_DBFS
            self._gains[manner.voice] = 10 ** ((LEVEL_DBFS - max(level, LEVEL_DBFS - 20)) / 20)
        return self._gains[manner.voice]


def _within(value: object, low: int, high: int) -> int:
    number = float(value) if isinstance(value, int | float) and math.isfinite(value) else (low + high) / 2
    return round(min(high, max(low, number)))
