"""A client's audio on its way to the ears."""

from __future__ import annotations

import asyncio
import base64
import binascii

import numpy as np

from runtime.listening import Listening
from visavis.clock import Clock
from visavis.errors import ClientError
from visavis.words import RATE, Pcm

AUDIO_LIMIT_S = 30
"""The longest audio of one message."""
SLICE = 4 * RATE // 10
"""A long message reaches the ears in slices, so that it delays nobody and is never too much at once."""


class Microphone:
    """`deaf_because`: why nobody can be heard, where there are no ears."""

    def __init__(self, ears: Listening | None, clock: Clock, deaf_because: str | None) -> None:
        self._ears, self._clock = ears, clock
        self._deaf_because = deaf_because or "this dialog has no recogniser"
        self._deafness_told = False
        self._manual = False
        self.rate = RATE
        """Samples a second of what is sent from now on."""
        self.began_s: float | None = None
        """When the first sample was captured, no later than that."""

    def detect(self, *, automatic: bool) -> None:
        """Find the ends of utterances by listening, or leave them to the client."""
        self._manual = not automatic
        if self._ears is not None:
            self._ears.hands_free(automatic)

    async def hear(self, audio: str) -> None:
        """Take the audio of one message. Raises ClientError; without ears once, not at every message."""
        pcm = _decode(audio, self.rate)
        if self._ears is None and self._deafness_told:
            return
        self._deafness_told = True
        ears = self._need_ears()
        if self._manual:
            ears.press()
        await self._push(ears, pcm)

    async def hear_item(self, parts: list[str]) -> None:
        """Take a whole spoken item. Raises ClientError."""
        ears = self._need_ears()
        spoken = [_decode(part, self.rate) for part in parts]
        ears.press()
        for pcm in spoken:
            await self._push(ears, pcm)
        self.commit()

    def commit(self) -> None:
        """The utterance ends with what was sent so far. Raises ClientError when that is nothing."""
        if self._ears is None or not self._ears.release():
            raise ClientError("input_audio_buffer_commit_empty", "there is no audio to commit; append some first")

    def _need_ears(self) -> Listening:
        if self._ears is None:
            raise ClientError("hearing_unavailable", self._deaf_because)
        return self._ears

    async def _push(self, ears: Listening, pcm: Pcm) -> None:
        if self.began_s is None:
            self.began_s = self._clock.now() - len(pcm) / self.rate
        for at in range(0, len(pcm), SLICE):
            ears.push(pcm[at : at + SLICE], self.rate)
            if len(pcm) > SLICE:
                await asyncio.sleep(0)


def _decode(audio: str, rate: int) -> Pcm:
    """Base64 PCM16. Raises ClientError where it is none, or too long."""
    if len(audio) > 4 * (2 * rate * AUDIO_LIMIT_S // 3 + 1):
        problem = f"`audio` is longer than {AUDIO_LIMIT_S} s; send less at once"
        raise ClientError("invalid_audio", problem, param="audio")
    try:
        data = base64.b64decode(audio, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ClientError("invalid_audio", "`audio` is not base64; send base64 PCM16", param="audio") from error
    if len(data) % 2:
        raise ClientError("invalid_audio", "`audio` has half a sample; send whole 16-bit samples", param="audio")
    return np.frombuffer(data, np.dtype("<i2"))
