"""Whisper through faster-whisper: many languages, own weights; streaming by local agreement."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Annotated

from pydantic import Field

from runtime.hearing.hints import Hinted
from runtime.hearing.remote import RemoteAsr
from visavis.engines import Capabilities, Context, Count, Message
from visavis.errors import SetupError
from visavis.pulled import pulled

_SERVICE = "runtime.hearing.whisper_service:WhisperService"
_HINTS = 400
"""Characters of the knowledge base's words that are given as hints; the decoder reads no more."""


class WhisperAsr(RemoteAsr):
    """The client; the model lives in a worker process. Made by `open`."""

    name = "faster-whisper"
    _hinted: Hinted
    capabilities = Capabilities(languages=("*",), streams=False, word_times=True, sample_rate=16_000)

    @classmethod
    async def open(
        cls,
        context: Context,
        *,
        model: str,
        device: str = "auto",
        compute_type: str = "default",
        beam: Count = 1,
        partial_s: Annotated[float, Field(ge=0, le=30)] = 1.0,
        capacity: Count = 4,
        threads: Count = 1,
    ) -> WhisperAsr:
        """`model`: a folder of weights in CTranslate2's format, or the name of pulled ones.

        While somebody speaks, every `partial_s` seconds of sound are decoded again, or none of them (0). Raises
        SetupError without the extra, OptionError where there are no such weights, EngineError when they cannot be used.
        """
        if find_spec("faster_whisper") is None:
            raise SetupError("faster-whisper is not installed", "install it: pip install 'visavis[faster-whisper]'")
        options: Message = {
            "model": str(pulled(model, context.cache)), "language": context.language, "device": device,
            "compute_type": compute_type, "beam": beam, "partial_s": partial_s, "capacity": capacity,
            "threads": threads,
        }  # fmt: skip
        pool = Hinted(await context.launcher.pool(_SERVICE, options=options), context.phrases, _HINTS)
        asr = cls(pool)
        asr._hinted = pool
        asr.capabilities = dataclasses.replace(cls.capabilities, streams=partial_s > 0)
        return asr

    async def learn(self, phrases: Sequence[str]) -> None:
        """Expect other names and phrases from the next utterance on."""
        self._hinted.learn(phrases)
