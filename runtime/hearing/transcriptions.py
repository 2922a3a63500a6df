"""Any recogniser behind an OpenAI-style `/v1/audio/transcriptions`: an utterance is sent when it has ended."""

from __future__ import annotations

import asyncio
import io
import json
import math
import wave
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from runtime.hearing.hints import hints
from visavis.engines import Capabilities, Context, HeardWord, Transcript
from visavis.errors import EngineError, OptionError
from visavis.servers import access, explained, hush
from visavis.streams import closing
from visavis.words import Pcm

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NAME = "openai"
HZ = 16_000
SHORTEST_S, LONGEST_S = 0.1, 600.0
"""Less sound than the first is no word; what is over the second is not sent."""
RETRIES = 1
_PROMPT = 400
"""Characters of the knowledge base's words that are sent as the prompt."""
_ANSWER = 4 << 20
"""Bytes that an answer may have."""
_NO_SPEECH = 0.6
_ADVICE = {400: "check `model` and `format`", 413: "the utterance is too long for that server"}

FORMATS = ("auto", "verbose_json", "json")
Json = dict[str, Any]


class OpenAiAsr:
    """A client of one server; it holds no connection while nobody speaks. A key never appears in an error."""

    capabilities = Capabilities(languages=("*",), streams=False, sample_rate=HZ)

    def __init__(self, client: AsyncOpenAI, url: str, asked: Json, form: str, answer_s: float, stream: bool) -> None:
        self._client, self._url, self._asked, self._answer_s = client, url, asked, answer_s
        self._forms: list[str] = ["verbose_json", "json"] if form == "auto" and not stream else [form]
        if stream:
            self._forms = ["json"]
            self._asked = asked | {"stream": True}
        self._learns = True

    @classmethod
    async def open(
        cls,
        context: Context,
        *,
        url: str,
        model: str,
        key_env: str | None = None,
        answer_s: float = 4.5,
        format: str = "auto",  # noqa: A002
        stream: bool = False,
        prompt: str | None = None,
    ) -> Self:
        """`url` ends in `/v1`; `key_env` names the environment variable that holds the key.

        `format`: `verbose_json` tells how sure the server is; `auto` falls back to `json` where a server refuses it.
        With `stream` the words are shown as the server finds them, after the utterance's end. `prompt`: in place of
        names and phrases of the knowledge base; empty: none. Raises OptionError, SetupError when the key is missing.
        """
        if format not in FORMATS:
            raise OptionError("format", f"{format!r} is no format", f"write one of: {', '.join(FORMATS)}")
        if answer_s <= 0:
            raise OptionError("answer_s", "no time is left to answer in", "write a number of seconds above 0")
        key = access(url, key_env)
        asked: Json = {"model": model, "language": context.language.split("-")[0].lower()}
        client = await asyncio.to_thread(_client, url, key)
        asr = cls(client, url, asked | ({"prompt": prompt} if prompt else {}), format, answer_s, stream)
        asr._learns = prompt is None
        await asr.learn(context.phrases)
        return asr

    async def learn(self, phrases: Sequence[str]) -> None:
        """Expect other names and phrases from the next utterance on, unless the dialog's file has its own prompt."""
        told = ", ".join(hints(phrases, _PROMPT))
        if self._learns:
            self._asked = {key: value for key, value in self._asked.items() if key != "prompt"}
            self._asked |= {"prompt": told} if told else {}

    async def transcribe(self, audio: AsyncIterator[Pcm]) -> AsyncIterator[Transcript]:
        """See `visavis.engines.Asr`."""
        sound = await _gathered(audio)
        if len(sound) < SHORTEST_S * HZ or not sound.any():
            yield Transcript("", True, 0.0)
            return
        due = asyncio.get_running_loop().time() + self._answer_s
        async with closing(self._replies(_wav(sound), len(sound) / HZ)) as replies:
            while True:
                transcript = await self._next(replies, due)
                yield transcript
                if transcript.final:
                    return

    async def _next(self, replies: AsyncIterator[Transcript], due: float) -> Transcript:
        """The next transcript. Raises EngineError."""
        try:
            async with asyncio.timeout_at(due):
                return await anext(replies)
        except TimeoutError:
            raise EngineError(NAME, f"{self._url} did not answer in time", retryable=True) from None
        except StopAsyncIteration:
            raise EngineError(NAME, f"{self._url} ended without a transcript", retryable=True) from None
        except Exception as error:
            unlike = EngineError(NAME, f"{self._url} sent what is no transcript", "check `url`")
            raise explained(NAME, self._url, error, _ADVICE) or unlike from None

    async def close(self) -> None:
        await self._client.close()

    async def _replies(self, wav: bytes, seconds: float) -> AsyncIterator[Transcript]:
        """Transcripts of the answer; a server that refuses a format is asked in the next one, now and later."""
        from openai import BadRequestError, UnprocessableEntityError

        while True:
            try:
                async for transcript in self._ask(wav, seconds, self._forms[0]):
                    yield transcript
                return
            except (BadRequestError, UnprocessableEntityError):
                if len(self._forms) == 1:
                    raise
                self._forms.pop(0)

    async def _ask(self, wav: bytes, seconds: float, form: str) -> AsyncIterator[Transcript]:
        create: Any = self._client.audio.transcriptions.with_streaming_response.create
        sent: Json = {"file": ("speech.wav", wav, "audio/wav"), "response_format": form, "timeout": self._answer_s}
        async with create(**self._asked, **sent) as answer:
            if "text/event-stream" in answer.headers.get("content-type", ""):
                async for transcript in _events(answer):
                    yield transcript
            else:
                yield _transcript(json.loads(await _body(answer)), seconds)


# ── out ──
async def _gathered(audio: AsyncIterator[Pcm]) -> Pcm:
    pieces: list[Pcm] = [np.zeros(0, np.int16)]
    held = 0
    async for pcm in audio:
        if held < LONGEST_S * HZ:
            pieces.append(pcm)
            held += len(pcm)
    return np.concatenate(pieces)


def _wav(pcm: Pcm) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(HZ)
        file.writeframes(pcm.astype("<i2", copy=False).tobytes())
    return held.getvalue()


def _client(url: str, key: str) -> AsyncOpenAI:
    """Imports that take half a second."""
    import openai

    hush()
    return openai.AsyncOpenAI(base_url=url, api_key=key, max_retries=RETRIES)


# ── back ──
async def _body(answer: Any) -> bytes:
    held = bytearray()
    async for piece in answer.iter_bytes():
        held += piece
        if len(held) > _ANSWER:
            raise ValueError("far too long an answer")
    return bytes(held)


async def _events(answer: Any) -> AsyncIterator[Transcript]:
    """Server-sent events: what is new each time, then all of it."""
    text = ""
    async for line in answer.iter_lines():
        data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
        if not data or data == "[DONE]":
            continue
        event = json.loads(data)
        if event.get("type") == "transcript.text.delta":
            text += str(event["delta"])
            if len(text) > _ANSWER:
                raise ValueError("far too long an answer")
            yield Transcript(text.strip(), False)
        elif event.get("type") == "transcript.text.done":
            yield Transcript(_text(event), True)
            return


def _text(answer: Json) -> str:
    text = answer["text"]
    if not isinstance(text, str):
        raise TypeError("a text that is none")
    return text.strip()


def _transcript(answer: Json, seconds: float) -> Transcript:
    """Of a JSON answer. Raises for what is none."""
    text = _text(answer)
    segments = [each for each in answer.get("segments") or () if isinstance(each, dict)]
    said = [each for each in segments if not _number(each, "no_speech_prob", 0.0) >= _NO_SPEECH]
    if segments and not said:
        return Transcript("", True, 0.0)
    sure = [math.exp(min(0.0, _number(each, "avg_logprob", 0.0))) for each in said]
    confidence = (sum(sure) / len(sure) if sure else 1.0) if text else 0.0
    return Transcript(text, True, confidence, words=_words(answer.get("words"), seconds))


def _words(given: object, seconds: float) -> tuple[HeardWord, ...]:
    """Words with times that go on and lie within the sound; none of them where one does not."""
    found: list[HeardWord] = []
    at = 0.0
    for each in given if isinstance(given, list) else ():
        text = each.get("word") if isinstance(each, dict) else None
        start, end = (_number(each, "start", -1.0), _number(each, "end", -1.0)) if text else (-1.0, -1.0)
        if not isinstance(text, str) or not text.strip() or not at <= start <= end or start > seconds + 1.0:
            return ()
        at = start
        found.append(HeardWord(text.strip(), start, end))
    return tuple(found)


def _number(given: Json, key: str, otherwise: float) -> float:
    value = given.get(key)
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if usable else otherwise  # type: ignore[arg-type]
