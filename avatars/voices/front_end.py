"""A text as espeak-ng speaks it: the phonemes, words and mouth shapes that it must have, in any voice.

It drives espeak-ng itself, so it belongs into a worker process.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.voices.align_sound import HOP, Frames, Spectra
from avatars.voices.espeak_service import EspeakService
from visavis.engines import Message
from visavis.signal import from_bytes

LEAST = 12
"""Rows of the shortest reference."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`frames` are the rows; places are rows too, with a fraction.

    `visemes` are (row, name), `phonemes` (row, IPA), `words` (from row, to row, at, length, reach) as the espeak
    service gives them.
    """

    frames: Frames
    visemes: tuple[tuple[float, str], ...]
    phonemes: tuple[tuple[float, str], ...]
    words: tuple[tuple[float, float, int, int, int], ...]


class FrontEnd:
    """The one synthesiser of this process, asked for what it knows rather than for its sound."""

    def __init__(self) -> None:
        self._espeak = EspeakService()

    def reference(self, text: str, at: int, manner: Message) -> Reference | None:
        """How `text`, from character `at` of the whole, goes; None where espeak-ng finds nothing to say.

        `manner` is what the espeak service opens with. Raises ValueError where there is no such voice.
        """
        said: list[Message] = []

        def take(message: Message) -> bool:
            said.append(message)
            return True

        hello = self._espeak.open(0, manner)
        if "error" in hello:
            raise ValueError(str(hello["error"]))
        self._espeak.append(0, {"text": text, "at": at, "pause_ms": 0}, take)
        self._espeak.end(0, take)
        return _reference([each for each in said if "pcm" in each])


def _reference(chunks: list[Message]) -> Reference | None:
    spectra = Spectra()
    frames = [spectra.push(from_bytes(chunk["pcm"])) for chunk in chunks]
    whole = np.concatenate([*frames, spectra.flush()])
    if not len(whole):
        return None
    last = max(LEAST, len(whole)) - 1
    padded = np.concatenate([whole, np.repeat(whole[-1:], last + 1 - len(whole), axis=0)])

    def row(sample: int) -> float:
        return min(float(last), sample / HOP)

    return Reference(
        padded,
        tuple((row(start), name) for chunk in chunks for start, name in chunk["visemes"]),
        tuple((row(start), ipa) for chunk in chunks for start, ipa in chunk["phonemes"]),
        tuple((row(a), row(b), at, n, reach) for chunk in chunks for a, b, at, n, reach in chunk["words"]),
    )
