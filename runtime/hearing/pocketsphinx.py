"""PocketSphinx as a speech recogniser: English, streaming, no download, with a language model of the knowledge base."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.hearing.remote import RemoteAsr
from visavis.engines import Capabilities, Context, Count, Message, Pool
from visavis.errors import EngineError

_SERVICE = "runtime.hearing.pocketsphinx_service:PocketSphinxService"


class PocketSphinxAsr(RemoteAsr):
    """The client; the decoders live in a worker process. Made by `open`."""

    name = "pocketsphinx"
    capabilities = Capabilities(languages=("en",), sample_rate=16_000)

    @classmethod
    async def open(cls, context: Context, *, capacity: Count = 8) -> PocketSphinxAsr:
        """`capacity`: utterances at a time. Raises EngineError for a language other than English."""
        if not cls.capabilities.speaks(context.language):
            problem = f"it understands English, not {context.language!r}"
            raise EngineError(cls.name, problem, "choose another asr engine, or null for touch and text")

        async def reopen(phrases: Sequence[str]) -> Pool:
            options: Message = {"phrases": list(phrases), "cache": str(context.cache), "capacity": capacity}
            return await context.launcher.pool(_SERVICE, options=options)

        return cls(await reopen(context.phrases), reopen)
