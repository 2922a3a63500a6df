"""PocketSphinx in a worker process: many utterances at a time, a decoder each, one after the other's chunk."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from runtime.hearing.decoding import HZ, Decoding, plain
from runtime.hearing.language_model import LanguageModel, acoustic_model, build, written_forms
from visavis.engines import Message
from visavis.errors import AtCapacity

PARTIAL = HZ * 16 // 100
"""Samples between two partial transcripts (160 ms)."""
_LOOKED_AT, _ALTERNATIVES = 60, 5
_LOST = 0.2
_SHARPNESS = 70
"""The decoder's scores are likelihoods scaled by 1/1024; sound counts about a tenth of that beside words."""
_LANGUAGE_WEIGHT = 10.0
"""The decoder's own 6.5 believes a noisy room's sound too much: it doubles the wrong words at 20 dB."""


@dataclass(slots=True)
class _Hearing:
    decoding: Decoding
    unheard: int = 0
    text: str = ""


class PocketSphinxService:
    """Options: `phrases` that make the language model, `cache` for it, `capacity` in utterances at a time.

    Takes `{"pcm": bytes}` at 16 kHz; answers `{"text", "final"}`, the final one with `confidence` and `alternatives`.
    """

    def __init__(self, phrases: Sequence[str] = (), cache: str = ".visavis/cache", capacity: int = 8) -> None:
        self.capacity = capacity
        self._model = build(phrases, Path(cache))
        self._written = written_forms(phrases)
        self._idle = [_decoder(self._model)]
        self._streams: dict[int, _Hearing] = {}

    def open(self, stream: int, message: Message) -> Message:
        if len(self._streams) >= self.capacity:
            raise AtCapacity("pocketsphinx", self.capacity)
        decoder = self._idle.pop() if self._idle else _decoder(self._model)
        self._streams[stream] = _Hearing(Decoding(decoder))
        return {"sample_rate": HZ}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        hearing = self._streams[stream]
        pcm = np.frombuffer(message["pcm"], "<i2")
        hearing.decoding.hear(pcm)
        hearing.unheard += len(pcm)
        if hearing.unheard < PARTIAL:
            return
        hearing.unheard %= PARTIAL
        text = hearing.decoding.text()
        if text != hearing.text:
            hearing.text = text
            emit({"text": _cased(text), "final": False})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        decoding = self._streams.pop(stream).decoding
        text = decoding.finish()
        others = self._alternatives(decoding.decoder, text) if text else []
        sure = _confidence(decoding.decoder, text)
        self._idle.append(decoding.decoder)
        emit({"text": self._write(text), "final": True, "confidence": sure, "alternatives": others})

    def cancel(self, stream: int) -> None:
        if (hearing := self._streams.pop(stream, None)) is not None:
            hearing.decoding.drop()
            self._idle.append(hearing.decoding.decoder)

    def _write(self, text: str) -> str:
        return self._written.get(text) or _cased(text)

    def _alternatives(self, decoder: Any, best: str) -> list[list[Any]]:
        """Other readings, likeliest first, and how likely each is beside the best one."""
        found: dict[str, float] = {}
        for reading, _ in zip(decoder.nbest(), range(_LOOKED_AT), strict=False):
            if reading is not None and (text := plain(reading)):
                found[text] = max(found.get(text, 0.0), float(reading.score))
        top = max(found.values(), default=1.0)
        others = sorted((text for text in found if text != best), key=lambda text: -found[text])[:_ALTERNATIVES]
        return [[self._write(text), (found[text] / top) ** _SHARPNESS] for text in others]


def _decoder(model: LanguageModel) -> Any:
    """No second pass over the sound: it costs up to 300 ms after its end; the best path of the lattice is free."""
    return importlib.import_module("pocketsphinx").Decoder(
        hmm=str(acoustic_model()),
        dict=str(model.dictionary),
        lm=str(model.grammar),
        lw=_LANGUAGE_WEIGHT,
        loglevel="FATAL",
        fwdflat=False,
        bestpath=True,
    )


def _confidence(decoder: Any, text: str) -> float:
    """The posterior probability a word: 0.6 for a clear question, 0.4 in a noisy room, 0 without words.

    A search that does not come to a sentence's end has no lattice to tell it from: then a word or two are noise, more
    are doubtful.
    """
    count = len(text.split())
    if count and [piece.word for piece in decoder.seg()][-1] != "</s>":
        return _LOST if count > 2 else 0.0
    return float(min(1.0, max(0.0, decoder.get_prob())) ** (1 / count)) if count else 0.0


def _cased(text: str) -> str:
    return re.sub(r"\bi\b", "I", text)
