"""Any server that speaks OpenAI's `/v1/audio/speech`, streamed: its first sound is passed on at once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Literal, Self

from avatars.voices.align import Aligner
from avatars.voices.speech_url_body import SpeechBody
from visavis.engines import Capabilities, Context, Style
from visavis.errors import EngineError, OptionError
from visavis.servers import access, explained, hush
from visavis.words import RATE, Emotion, Pcm, SpeechChunk

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NAME = "openai"
SPEEDS = 0.25, 4.0
ADVICE = {400: "check `model`, `voice` and `response_format`"}
MANNERS = {
    Emotion.HAPPY: "Speak happily, with a smile.",
    Emotion.SAD: "Speak sadly and slowly.",
    Emotion.SURPRISED: "Speak with surprise.",
    Emotion.SORRY: "Speak apologetically and softly.",
    Emotion.CALM: "Speak calmly and gently.",
}
_DEGREES = ((0.75, "A little: "), (1.25, ""), (float("inf"), "Very strongly: "))


class OpenAiTts:
    """The `tts` engine `openai`. A key never appears in an error, and what is said goes to `url` alone."""

    def __init__(self, client: AsyncOpenAI, aligner: Aligner, url: str, hz: int, wanted: dict[str, Any]) -> None:
        self._client, self._aligner, self._url, self._hz, self._wanted = client, aligner, url, hz, wanted
        self._instructions = str(wanted.pop("instructions", ""))
        controls = {"rate": wanted.pop("speed"), "emotion": wanted.pop("emotions")}
        self._follows = frozenset(name for name, does in controls.items() if does)
        self.capabilities = Capabilities(("*",), streams=True, word_times=True, sample_rate=hz, controls=self._follows)
        named = f"{url}\n{sorted(wanted.items())}\n{self._instructions}\n{sorted(self._follows)}\n{hz}"
        self.version = f"openai {hashlib.sha256(named.encode()).hexdigest()[:16]}, {aligner.version}"

    @classmethod
    async def open(
        cls,
        context: Context,
        *,
        url: str,
        model: str,
        voice: str = "alloy",
        key_env: str | None = None,
        response_format: Literal["pcm", "wav"] = "pcm",
        sample_rate: int = RATE,
        speed: bool = True,
        instructions: str = "",
        emotions: bool = False,
        timeout_s: float = 30,
    ) -> Self:
        """`url` ends in `/v1`; `key_env` names the environment variable that holds the key.

        `sample_rate` is that of `pcm`, which has no header. `speed` says whether the server follows that parameter,
        `emotions` whether it is told by `instructions` how a sentence is meant. Nothing is sent yet. Raises
        SetupError when the key is missing, OptionError for a value that cannot be used.
        """
        if not 8_000 <= sample_rate <= 192_000:
            raise OptionError("sample_rate", f"{sample_rate} Hz is no rate of speech", "write one such as 24000")
        if timeout_s <= 0:
            raise OptionError("timeout_s", "no time is left to answer in", "write a number of seconds above 0")
        key = access(url, key_env)
        client = await asyncio.to_thread(_client, url, key, timeout_s)
        wanted = {
            "model": model, "voice": voice, "response_format": response_format, "speed": speed,
            "instructions": instructions, "emotions": emotions,
        }  # fmt: skip
        return cls(client, await Aligner.open(context, NAME), url, sample_rate, wanted)

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        rate = min(SPEEDS[1], max(SPEEDS[0], style.rate)) if "rate" in self._follows else 1.0
        asked = self._wanted | ({"speed": rate} if rate != 1.0 else {})
        told = " ".join(each for each in (self._instructions, self._manner(style)) if each)
        asked |= {"instructions": told} if told else {}
        speech = self._aligner.speak(text, lambda piece: self._sound(piece, asked), live=True, rate=rate)
        async with aclosing(speech) as chunks:
            async for chunk in chunks:
                yield chunk

    async def close(self) -> None:
        await self._client.close()
        await self._aligner.close()

    def _manner(self, style: Style) -> str:
        if "emotion" not in self._follows or style.emotion not in MANNERS:
            return ""
        return next(words for least, words in _DEGREES if style.degree <= least) + MANNERS[style.emotion]

    async def _sound(self, text: str, asked: dict[str, Any]) -> AsyncIterator[Pcm]:
        """One request; closing it closes the connection's stream. Raises EngineError."""
        try:
            create = self._client.audio.speech.with_streaming_response.create
            async with create(input=text, **asked) as response:
                body = SpeechBody(NAME, response.headers.get("content-type", "").lower(), self._hz)
                async for data in response.iter_bytes():
                    pcm = body.push(data)
                    if len(pcm):
                        yield pcm
                yield body.flush()
        except EngineError:
            raise
        except Exception as error:
            broke = EngineError(NAME, f"{self._url} broke off: {type(error).__name__}", retryable=True)
            raise (explained(NAME, self._url, error, ADVICE) or broke) from None


def _client(url: str, key: str, timeout_s: float) -> AsyncOpenAI:
    from openai import AsyncOpenAI

    hush()
    return AsyncOpenAI(base_url=url, api_key=key, max_retries=0, timeout=timeout_s)
