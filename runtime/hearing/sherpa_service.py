"""sherpa-onnx in a worker process: one streaming model, a stream of it an utterance."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from runtime.hearing.sherpa_model import Files, Vocabulary, check, find, vocabulary
from visavis.engines import Message
from visavis.errors import AtCapacity, EngineError

HZ = 16_000
_TAIL = np.zeros(HZ * 6 // 10, np.float32)
"""Silence after the end, so that the model's last chunk is full."""
_LONGEST = HZ * 120


@dataclass(slots=True)
class _Hearing:
    stream: Any
    samples: int = 0
    text: str = ""


class SherpaService:
    """Options: `model` is a folder, the paths of single files may be named beside it.

    Opens with `{"hints": [...]}` and takes `{"pcm": bytes}` at 16 kHz; answers `{"text", "final"}`, the final one with
    `confidence` and `words`. Where an utterance ends is decided elsewhere: the library's own endpointing is off. What
    is over two minutes is not heard.
    """

    def __init__(
        self,
        model: str,
        language: str = "en",
        files: dict[str, str] | None = None,
        boost: float = 1.5,
        threads: int = 1,
        capacity: int = 4,
        provider: str = "cpu",
    ) -> None:
        self.capacity = capacity
        found = find(Path(model), {part: Path(path) for part, path in (files or {}).items()})
        check(found)
        self._vocabulary = vocabulary(found.tokens)
        _understands(self._vocabulary, language)
        self._biased = boost > 0 and can_be_biased(found, self._vocabulary)
        self._recogniser = _load(found, self._vocabulary, boost if self._biased else 0.0, threads, provider)
        self._hearings: dict[int, _Hearing] = {}

    def open(self, stream: int, message: Message) -> Message:
        if len(self._hearings) >= self.capacity:
            raise AtCapacity("sherpa-onnx", self.capacity)
        expected = hotwords(message.get("hints", ()), self._vocabulary) if self._biased else ""
        made = self._recogniser.create_stream(expected) if expected else self._recogniser.create_stream()
        self._hearings[stream] = _Hearing(made)
        return {"sample_rate": HZ}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        hearing = self._hearings[stream]
        pcm = np.frombuffer(message["pcm"], "<i2")[: max(0, _LONGEST - hearing.samples)]
        hearing.samples += len(pcm)
        hearing.stream.accept_waveform(HZ, pcm.astype(np.float32) / 32_768)
        self._decode(hearing)
        text = self._written(self._recogniser.get_result_all(hearing.stream).text)
        if text != hearing.text:
            hearing.text = text
            emit({"text": text, "final": False})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        hearing = self._hearings.pop(stream)
        if hearing.samples:
            hearing.stream.accept_waveform(HZ, _TAIL)
        hearing.stream.input_finished()
        self._decode(hearing)
        result = self._recogniser.get_result_all(hearing.stream)
        text = self._written(result.text)
        emit({
            "text": text,
            "final": True,
            "confidence": _confidence(text, result.ys_probs),
            "words": self._words(result, hearing.samples / HZ),
        })  # fmt: skip

    def cancel(self, stream: int) -> None:
        self._hearings.pop(stream, None)

    def _decode(self, hearing: _Hearing) -> None:
        while self._recogniser.is_ready(hearing.stream):
            self._recogniser.decode_stream(hearing.stream)

    def _written(self, text: str) -> str:
        """As a person writes it: models that know capitals alone would shout."""
        plain = " ".join(text.split())
        if not self._vocabulary.capitals:
            return plain
        return " ".join("I" if word == "i" else word for word in plain.lower().split())

    def _words(self, result: Any, end_s: float) -> list[list[Any]]:
        """Words with their times; a Chinese character is one. None where the model gives no times."""
        if not result.tokens or len(result.tokens) != len(result.timestamps):
            return []
        words: list[list[Any]] = []
        ends = [*result.timestamps[1:], end_s]
        for token, start, end in zip(result.tokens, result.timestamps, ends, strict=True):
            piece = token.replace("▁", " ")
            start, end = min(start, end_s), min(max(start, end), end_s)
            if not words or piece.startswith(" ") or not piece.isascii() or not words[-1][0].isascii():
                words.append([piece, start, end])
            else:
                words[-1][0] += piece
                words[-1][2] = end
        return [[self._written(text), start, end] for text, start, end in words if text.strip()]


def can_be_biased(files: Files, known: Vocabulary) -> bool:
    """Transducers alone can be; pieces of words have to be known with their scores."""
    return files.joiner is not None and (not known.pieces or files.bpe_vocab is not None)


def hotwords(hints: Sequence[str], known: Vocabulary) -> str:
    """The hints that the model can spell, in the library's notation."""
    found = [hint.upper() if known.capitals else hint for hint in hints]
    return "/".join(each for each in found if not set("/:") & set(each) and set(each) - {" "} <= known.characters)


def _load(files: Files, known: Vocabulary, boost: float, threads: int, provider: str) -> Any:
    made: Any = importlib.import_module("sherpa_onnx").OnlineRecognizer
    common: dict[str, Any] = {
        "tokens": str(files.tokens),
        "encoder": str(files.encoder),
        "decoder": str(files.decoder),
        "num_threads": threads,
        "provider": provider,
        "enable_endpoint_detection": False,
    }
    try:
        return (
            made.from_paraformer(**common) if files.joiner is None else _transducer(made, files, known, boost, common)
        )
    except (RuntimeError, AssertionError) as error:
        raise EngineError(
            "sherpa-onnx", f"{files.encoder.parent} cannot be loaded: {error}", "pull it again"
        ) from error


def _transducer(made: Any, files: Files, known: Vocabulary, boost: float, common: dict[str, Any]) -> Any:
    if boost:
        unit = "cjkchar" if not known.pieces else "cjkchar+bpe" if known.chinese else "bpe"
        common |= {"decoding_method": "modified_beam_search", "hotwords_score": boost, "modeling_unit": unit}
        common |= {"bpe_vocab": str(files.bpe_vocab)} if known.pieces else {}
    return made.from_transducer(joiner=str(files.joiner), **common)


def _understands(known: Vocabulary, language: str) -> None:
    primary = language.split("-")[0].lower()
    if (primary == "zh" and not known.chinese) or (primary == "en" and not known.latin):
        raise EngineError("sherpa-onnx", f"this model's tokens cannot write {language!r}", "name another model")


def _confidence(text: str, log_probabilities: Sequence[float]) -> float:
    """The mean probability a token; a model that gives none is believed."""
    if not text:
        return 0.0
    given = [each for each in log_probabilities if math.isfinite(each)]
    return min(1.0, math.exp(min(0.0, sum(given) / len(given)))) if given else 1.0
