"""Streaming recognisers of sherpa-onnx: zipformers and other transducers, paraformers; Mandarin, English and more."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from runtime.hearing.hints import Hinted
from runtime.hearing.remote import RemoteAsr
from visavis.engines import Capabilities, Context, Count, Message
from visavis.errors import OptionError, SetupError
from visavis.pulled import pulled

_SERVICE = "runtime.hearing.sherpa_service:SherpaService"
_HINTS = 2_000
"""Characters of the knowledge base's words that the model is biased to."""


class SherpaAsr(RemoteAsr):
    """The client; the model lives in a worker process. Made by `open`."""

    name = "sherpa-onnx"
    _hinted: Hinted
    capabilities = Capabilities(languages=("*",), sample_rate=16_000)

    @classmethod
    async def open(
        cls,
        context: Context,
        *,
        model: str,
        tokens: str | None = None,
        encoder: str | None = None,
        decoder: str | None = None,
        joiner: str | None = None,
        boost: float = 1.5,
        threads: Count = 1,
        capacity: Count = 4,
        provider: str = "cpu",
    ) -> SherpaAsr:
        """`model`: a folder with tokens.txt and encoder, decoder and, for a transducer, joiner; or pulled weights.

        Single files may be named where the folder holds several. `boost` is how much more likely names and phrases of
        the knowledge base are made (0: not at all). Raises SetupError without the extra, OptionError where there are no
        such weights, EngineError when they cannot be used.
        """
        if find_spec("sherpa_onnx") is None:
            raise SetupError("sherpa-onnx is not installed", "install it: pip install 'visavis[sherpa-onnx]'")
        if not 0 <= boost <= 10:
            raise OptionError("boost", f"{boost:g} is no score", "write 0 to 10")
        named = {"tokens": tokens, "encoder": encoder, "decoder": decoder, "joiner": joiner}
        files = {part: str(pulled(path, context.cache, key=part)) for part, path in named.items() if path is not None}
        options: Message = {
            "model": str(pulled(model, context.cache)), "language": context.language, "files": files,
            "boost": boost, "threads": threads, "capacity": capacity, "provider": provider,
        }  # fmt: skip
        pool = Hinted(await context.launcher.pool(_SERVICE, options=options), context.phrases, _HINTS)
        asr = cls(pool)
        asr._hinted = pool
        return asr

    async def learn(self, phrases: Sequence[str]) -> None:
        """Expect other names and phrases from the next utterance on."""
        self._hinted.learn(phrases)
