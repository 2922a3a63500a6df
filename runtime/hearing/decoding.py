"""One utterance in one PocketSphinx decoder, decoded again whenever more is known about the speaker.

The decoder takes a mean cepstrum off every frame. It begins with that of the speakers it learned from, and what it is
given weighs as much as 5 s of sound, longer than a question. So after a first stretch of voice and in lulls the mean of
the loud part is measured, and the sound so far is decoded anew with it. Silence does not count: a recording that begins
with seconds of it would teach the mean of a silent room.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.hearing.common import HESITATIONS
from visavis.words import Pcm

HZ = 16_000
FIRST_LOOK = HZ * 6 // 10
"""Samples of voice after which the mean is measured for the first time."""
LAST_LOOK = 27 * HZ // 10
"""Samples of voice beyond which the decoder's own estimate has outgrown what it was given."""
_LONGEST = 12 * HZ
"""Nor is more sound than this decoded anew, silence and all."""
_BEFORE = HZ * 3 // 10
"""So much silence is left before the first voice: more of it would pull the mean away again."""
_GROWTH, _LULL_DB, _LOUD_DB = 1.6, 14.0, 30.0
_LOUDER = 10.0
"""By so much greater a power shows that what was taken for voice was the room."""
_WEIGHT_OF_GIVEN = 500
_WEIGHT_OF_ANYONE = 30
"""Frames that the mean of all speakers counts for beside what was measured."""
_HOP = 160

Floats = NDArray[np.float64]
ANYONE: Floats = np.array(
    [41.00, -5.29, -0.12, 5.09, 2.48, -4.07, -1.37, -1.78, -5.08, -2.05, -6.45, -1.42, 1.17]
)  # fmt: skip
"""The mean that every utterance starts from, the acoustic model's own: none depends on who spoke before."""


class Decoding:
    """Feeds `decoder`, which is between utterances, and leaves it so at `finish` or `drop`.

    What the decoder knows of the last speaker's noise is forgotten first.
    """

    def __init__(self, decoder: Any) -> None:
        self.decoder = decoder
        self._sound: list[Pcm] = []
        self._powers: list[float] = []
        self._length = self._looked = 0
        self._loudest = 0.0
        """The greatest power when the mean was measured last."""
        self._looks = True
        forget_noise(decoder)
        self._start(ANYONE)

    def hear(self, pcm: Pcm) -> None:
        if not len(pcm):
            return
        self.decoder.process_raw(pcm.tobytes(), False, False)
        if not self._looks:
            return
        self._length += len(pcm)
        self._sound.append(pcm)
        self._powers.append(float(np.mean(pcm.astype(np.float64) ** 2)) + 1.0)
        if self._length > _LONGEST:
            self._looks = False
            self._sound.clear()
            return
        voiced = sum(map(len, self._loud()))
        if voiced <= LAST_LOOK and self._worth_another_look(voiced):
            self._look_again(voiced)

    def text(self) -> str:
        return plain(self.decoder.hyp())

    def finish(self) -> str:
        """The words of the whole utterance; the decoder's lattice is valid until it is used again."""
        self.decoder.end_utt()
        return self.text()

    def drop(self) -> None:
        self.decoder.end_utt()

    def _loud(self) -> list[Pcm]:
        floor = self._floor()
        return [pcm for pcm, power in zip(self._sound, self._powers, strict=True) if power > floor]

    def _floor(self) -> float:
        return max(self._powers) / 10 ** (_LOUD_DB / 10)

    def _worth_another_look(self, voiced: int) -> bool:
        loudest = max(self._powers)
        if not self._looked or loudest > _LOUDER * self._loudest:
            return voiced >= FIRST_LOOK
        lull = self._powers[-1] < loudest / 10 ** (_LULL_DB / 10)
        return lull and voiced >= _GROWTH * self._looked

    def _look_again(self, voiced: int) -> None:
        self._looked, self._loudest = voiced, max(self._powers)
        self._leave_out_silence()
        self.decoder.end_utt()
        self._start(self._mean(np.concatenate(self._loud())))
        self.decoder.process_raw(np.concatenate(self._sound).tobytes(), False, False)

    def _leave_out_silence(self) -> None:
        """Forget what came too long before the first voice."""
        floor = self._floor()
        first = next(at for at, power in enumerate(self._powers) if power > floor)
        kept = 0
        while first and kept < _BEFORE:
            first -= 1
            kept += len(self._sound[first])
        del self._sound[:first], self._powers[:first]

    def _mean(self, loud: Pcm) -> Floats:
        """The mean cepstrum of `loud`, drawn to anyone's; the decoder measures it without searching for words."""
        self._start(ANYONE)
        self.decoder.process_raw(loud.tobytes(), True, False)
        blended = np.array([float(value) for value in self.decoder.get_cmn(True).split(",")])
        self.decoder.end_utt()
        frames = len(loud) // _HOP
        own = (blended * (_WEIGHT_OF_GIVEN + frames) - ANYONE * _WEIGHT_OF_GIVEN) / frames
        mean: Floats = (own * frames + ANYONE * _WEIGHT_OF_ANYONE) / (frames + _WEIGHT_OF_ANYONE)
        return mean

    def _start(self, mean: Floats) -> None:
        self.decoder.set_cmn(",".join(f"{value:.4f}" for value in mean))
        self.decoder.start_utt()


def forget_noise(decoder: Any) -> None:
    """Start the estimate of the room's noise anew: pocketsphinx 5.1 calls this needless, yet keeps it otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        decoder.start_stream()


def plain(reading: Any) -> str:
    """The words of a decoder's hypothesis, without the marks of pronunciation variants and without hesitations."""
    if reading is None or not reading.hypstr:
        return ""
    return " ".join(word for word in re.sub(r"\(\d+\)", "", reading.hypstr).split() if word not in HESITATIONS)
