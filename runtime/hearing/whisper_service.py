"""faster-whisper in a worker process: one model, many utterances, decoded again and again while they go on."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.hearing.whisper_agreement import Agreement, Word
from visavis.engines import Message
from visavis.errors import AtCapacity, EngineError, SetupError

HZ = 16_000
LONGEST_S = 120.0
"""Sound of one utterance that waits to be decoded without partial transcripts; the oldest goes."""
_BEFORE = 200
"""Characters of what was said before that the decoder goes on from."""
_SHARE = 0.5
"""Of the time at most so much is spent on partial transcripts; the rest is for final ones."""
_NO_SPEECH = 0.6


@dataclass(slots=True)
class _Hearing:
    hotwords: str | None
    sound: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    undecoded: int = 0
    told: str = ""
    confidence: float = 0.0
    agreement: Agreement = field(default_factory=Agreement)


@dataclass(frozen=True, slots=True)
class _Decoded:
    words: list[Word]
    ends: list[float]
    confidence: float

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


class WhisperService:
    """Options: `model` is a folder of converted weights, `partial_s` the sound between two decodings; with 0
    an utterance is decoded when it has ended.

    Opens with `{"hints": [...]}` and takes `{"pcm": bytes}` at 16 kHz; answers `{"text", "final"}`, the final one with
    `confidence` and `words`.
    """

    patience_s = 90.0
    clock = staticmethod(time.perf_counter)

    def __init__(
        self,
        model: str,
        language: str = "en",
        device: str = "auto",
        compute_type: str = "default",
        beam: int = 1,
        partial_s: float = 1.0,
        capacity: int = 4,
        threads: int = 1,
        max_tokens: int = 224,
    ) -> None:
        self.capacity = capacity
        self._model = _load(model, device, compute_type, threads)
        self._asked = {
            "language": _understood(self._model, language),
            "beam_size": beam,
            "temperature": 0.0,
            "max_new_tokens": max_tokens,
            "condition_on_previous_text": False,
            "word_timestamps": True,
        }
        self._every = round(partial_s * HZ)
        self._cost = 0.0
        self._hearings: dict[int, _Hearing] = {}

    def open(self, stream: int, message: Message) -> Message:
        if len(self._hearings) >= self.capacity:
            raise AtCapacity("faster-whisper", self.capacity)
        self._hearings[stream] = _Hearing(", ".join(message.get("hints", ())) or None)
        return {"sample_rate": HZ}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        hearing = self._hearings[stream]
        pcm = np.frombuffer(message["pcm"], "<i2")
        hearing.sound = np.concatenate((hearing.sound, pcm))[-round(LONGEST_S * HZ) :]
        hearing.undecoded += len(pcm)
        if self._every and hearing.undecoded >= self._due():
            hearing.undecoded = 0
            self._listen(hearing)
            if hearing.agreement.text != hearing.told:
                hearing.told = hearing.agreement.text
                emit({"text": hearing.told.strip(), "final": False})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        hearing = self._hearings.pop(stream)
        agreement = hearing.agreement
        last = self._decode(hearing)
        emit({
            "text": (agreement.done + last.text).strip(),
            "final": True,
            "confidence": last.confidence if last.words else hearing.confidence,
            "words": [[word.text.strip(), word.start, word.end] for word in agreement.all(last.words)],
        })  # fmt: skip

    def cancel(self, stream: int) -> None:
        self._hearings.pop(stream, None)

    # ── decoding ──
    def _due(self) -> float:
        """Samples after which the next partial transcript is worth its time."""
        return max(self._every, self._cost / _SHARE * HZ * len(self._hearings))

    def _listen(self, hearing: _Hearing) -> None:
        began = self.clock()
        decoded = self._decode(hearing)
        self._cost = self.clock() - began
        hearing.agreement.hear(decoded.words)
        if hearing.agreement.text:
            hearing.confidence = decoded.confidence
        gone = round(hearing.agreement.cut(len(hearing.sound) / HZ, decoded.ends) * HZ)
        hearing.sound = hearing.sound[gone:]

    def _decode(self, hearing: _Hearing) -> _Decoded:
        sound = hearing.sound
        if not sound.any():
            return _Decoded([], [], 0.0)
        samples = sound.astype(np.float32) / 32_768
        before = hearing.agreement.done[-_BEFORE:] or None
        segments = self._model.transcribe(samples, initial_prompt=before, hotwords=hearing.hotwords, **self._asked)[0]
        said = [segment for segment in segments if segment.no_speech_prob < _NO_SPEECH]
        words = _in_order([word for segment in said for word in _words(segment)], len(sound) / HZ)
        likely = float(np.exp(np.mean([segment.avg_logprob for segment in said]))) if said else 0.0
        return _Decoded(words, [float(segment.end) for segment in said], min(1.0, max(0.0, likely)))


def _words(segment: Any) -> list[Word]:
    """The segment's words; where they have no times it stands for one word."""
    timed = [Word(word.word, float(word.start), float(word.end)) for word in segment.words or ()]
    return timed or [Word(segment.text, float(segment.start), float(segment.end))]


def _in_order(words: list[Word], end_s: float) -> list[Word]:
    """The words with times that go on and stay within the sound, which those of the network need not."""
    at, ordered = 0.0, []
    for word in words:
        at = min(end_s, max(at, word.start))
        ordered.append(Word(word.text, at, min(end_s, max(at, word.end))))
    return ordered


def _load(model: str, device: str, compute_type: str, threads: int) -> Any:
    if not (Path(model) / "model.bin").is_file():
        raise SetupError(f"{model}: no model.bin there", "name the folder of a converted model: asr.model")
    made: Any = importlib.import_module("faster_whisper").WhisperModel
    try:
        return made(model, device=device, compute_type=compute_type, cpu_threads=threads, local_files_only=True)
    except (RuntimeError, ValueError, OSError) as error:
        raise EngineError("faster-whisper", f"{model} cannot be loaded: {error}", "pull it again") from error


def _understood(model: Any, language: str) -> str:
    """Whisper's name of the language. Raises EngineError for one that the model does not know."""
    primary = language.split("-")[0].lower()
    known = list(model.supported_languages)
    if primary not in known:
        what = "English alone" if known == ["en"] else f"{len(known)} languages"
        raise EngineError("faster-whisper", f"this model understands {what}, not {language!r}", "name another model")
    return primary
