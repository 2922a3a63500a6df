"""One utterance in one PocketSphinx decoder, decoded again whenever more is known about the room.

The decoder takes a mean cepstrum off every frame. It hears far better with the mean of this utterance than
with anyone's, but what it is given weighs as much as 5 s of sound, longer than a question. So the mean is
asked back after a first stretch and in lulls, freed of that weight, and the sound so far is decoded anew.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visavis.words import Pcm

HZ = 16_000
FIRST_LOOK = HZ * 6 // 10
"""Samples after which the mean is asked for the first time."""
_GROWTH, _LULL_DB = 1.6, 14.0
_LAST_LOOK = 27 * HZ // 10
"""Beyond this the decoder's own estimate has outgrown what it was given."""
_WEIGHT_OF_GIVEN = 500
_HOP = 160

Floats = NDArray[np.float64]
ANYONE: Floats = np.array([45.0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0])
"""The mean that every utterance starts from, so that none depends on who spoke before."""


class Decoding:
    """Feeds `decoder`, which is between utterances, and leaves it so at `finish` or `drop`.

    What the decoder knows of the last speaker's noise is forgotten first.
    """

    def __init__(self, decoder: Any) -> None:
        self.decoder = decoder
        self._sound: list[Pcm] = []
        self._length = self._looked = 0
        self._loudest = 1.0
        self._given = ANYONE
        forget_noise(decoder)
        self._start(ANYONE)

    def hear(self, pcm: Pcm) -> None:
        if not len(pcm):
            return
        self.decoder.process_raw(pcm.tobytes(), False, False)
        self._length += len(pcm)
        if self._length > _LAST_LOOK:
            self._sound.clear()
            return
        self._sound.append(pcm)
        if self._worth_another_look(pcm):
            self._look_again()

    def text(self) -> str:
        return plain(self.decoder.hyp())

    def finish(self) -> str:
        """The words of the whole utterance; the decoder's lattice is valid until it is used again."""
        self.decoder.end_utt()
        return self.text()

    def drop(self) -> None:
        self.decoder.end_utt()

    def _worth_another_look(self, pcm: Pcm) -> bool:
        power = float(np.mean(pcm.astype(np.float64) ** 2)) + 1.0
        self._loudest = max(self._loudest, power)
        if not self._looked:
            return self._length >= FIRST_LOOK
        lull = power < self._loudest / 10 ** (_LULL_DB / 10)
        return lull and self._length >= _GROWTH * self._looked

    def _look_again(self) -> None:
        frames = self._length // _HOP
        blended = np.array([float(value) for value in self.decoder.get_cmn(True).split(",")])
        mean = (blended * (_WEIGHT_OF_GIVEN + frames) - self._given * _WEIGHT_OF_GIVEN) / frames
        self._looked = self._length
        self.decoder.end_utt()
        self._start(mean)
        self.decoder.process_raw(np.concatenate(self._sound).tobytes(), False, False)

    def _start(self, mean: Floats) -> None:
        self._given = mean
        self.decoder.set_cmn(",".join(f"{value:.4f}" for value in mean))
        self.decoder.start_utt()


def forget_noise(decoder: Any) -> None:
    """Start the estimate of the room's noise anew: pocketsphinx 5.1 calls this needless, yet keeps it otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        decoder.start_stream()


def plain(reading: Any) -> str:
    """The words of a decoder's hypothesis, without the marks of pronunciation variants."""
    return re.sub(r"\(\d+\)", "", reading.hypstr).strip() if reading is not None and reading.hypstr else ""
