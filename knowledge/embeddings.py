"""Sentence embeddings from any server that speaks OpenAI's `/v1/embeddings`, through the `openai` client."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from knowledge.normalise import normalise
from visavis.engines import Capabilities, Context
from visavis.errors import EngineError, OptionError
from visavis.servers import access, explained, hush

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NAME = "embedder"
BATCH, AT_ONCE = 64, 4
"""Texts in a request, and requests under way."""
LONGEST = 2_000
"""Characters of a text that are sent."""
RETRIES = 2
REST_S = 15.0
"""How long no question is sent to a server that has just failed, so that nobody waits for it again and again."""
ADVICE = {400: "check `model`: it must be one that embeds"}

Floats = NDArray[np.float32]


class OpenAiEmbeddings:
    """Sends the library's texts in batches and each question alone. A key never appears in an error."""

    capabilities = Capabilities(languages=("*",), streams=False)

    def __init__(self, client: AsyncOpenAI, url: str, model: str, question_s: float, batch_s: float) -> None:
        self._client, self._url, self._model = client, url, model
        self._question_s, self._batch_s = question_s, batch_s
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._rests_until = 0.0
        self.dimensions = 0
        self.version = ""

    @classmethod
    async def open(
        cls,
        context: Context,
        *,
        url: str,
        model: str,
        key_env: str | None = None,
        question_s: float = 2,
        batch_s: float = 30,
    ) -> Self:
        """Ask the server once, for the size of its vectors.

        `url` ends in `/v1`; `key_env` names the environment variable that holds the key; a question is waited for
        `question_s` seconds, a batch of the library's texts `batch_s`. Raises SetupError when the key is missing,
        EngineError when the server cannot be used.
        """
        if min(question_s, batch_s) <= 0:
            key = "question_s" if question_s <= 0 else "batch_s"
            raise OptionError(key, "no time is left to answer in", "write a number of seconds above 0")
        key = access(url, key_env)
        self = cls(await asyncio.to_thread(_client, url, key), url, model, question_s, batch_s)
        try:
            rows = await self._ask(["probe"], batch_s, RETRIES)
        except BaseException:
            await self.close()
            raise
        self.dimensions = len(rows[0])
        digest = hashlib.sha256(f"{url}\n{model}".encode("utf-8", "replace")).hexdigest()[:16]
        self.version = f"openai-{digest}-{self.dimensions}"
        return self

    async def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (len(texts), dimensions); a text without any letter becomes one fixed vector.

        Raises EngineError; for a while after one failed, a question fails at once.
        """
        out = np.zeros((len(texts), self.dimensions), np.float32)
        out[:, :1] = 1.0
        rows = [row for row, text in enumerate(texts) if normalise(text)]
        sent = [_sendable(texts[row]) for row in rows]
        if len(sent) == 1:
            out[rows] = await self._question(sent)
        elif sent:
            starts = range(0, len(sent), BATCH)
            asked = (self._batch(sent[at : at + BATCH]) for at in starts)
            out[rows] = np.concatenate(await _all(asked))
        return out

    async def close(self) -> None:
        await self._client.close()

    async def _question(self, text: list[str]) -> Floats:
        now = asyncio.get_running_loop().time()
        if now < self._rests_until:
            raise EngineError(NAME, f"{self._url} failed a moment ago", "it is asked again soon", retryable=True)
        try:
            return await self._ask(text, self._question_s, 0)
        except EngineError:
            self._rests_until = asyncio.get_running_loop().time() + REST_S
            raise

    async def _batch(self, texts: list[str]) -> Floats:
        async with self._gate:
            return await self._ask(texts, self._batch_s, RETRIES)

    async def _ask(self, texts: list[str], limit_s: float, retries: int) -> Floats:
        client = self._client.with_options(timeout=limit_s, max_retries=retries)
        try:
            async with asyncio.timeout(limit_s * (retries + 1)):
                answer = await client.embeddings.create(model=self._model, input=texts, encoding_format="float")
            return self._rows(answer, len(texts))
        except TimeoutError:
            raise EngineError(NAME, f"{self._url} did not answer in time", retryable=True) from None
        except EngineError:
            raise
        except Exception as error:
            unlike = EngineError(NAME, f"{self._url} sent what is no list of embeddings", "check `url`", retryable=True)
            raise explained(NAME, self._url, error, ADVICE) or unlike from None

    def _rows(self, answer: Any, count: int) -> Floats:
        """The vectors of an answer in the order of the texts, made as long as 1."""
        data = sorted(answer.data, key=lambda each: int(each.index))
        if [each.index for each in data] != list(range(count)):
            raise EngineError(NAME, f"{self._url} sent {len(data)} vectors for {count} texts", "check `model`")
        sizes = {len(each.embedding) for each in data}
        if sizes != {self.dimensions or min(sizes)} or 0 in sizes:
            wanted = self.dimensions or "as many as each other"
            problem = f"{self._url} sent vectors of {', '.join(map(str, sorted(sizes)))} numbers where {wanted} are due"
            raise EngineError(NAME, problem, "start again: the server's model has changed")
        rows = np.array([each.embedding for each in data], np.float32)
        if not np.isfinite(rows).all():
            raise EngineError(NAME, f"{self._url} sent a vector that is not finite", "check `model`")
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        rows[lengths[:, 0] == 0, 0] = 1.0
        return np.asarray(rows / np.where(lengths == 0, 1, lengths), np.float32)


async def _all(asked: Any) -> list[Floats]:
    """What every one answers, in order; the first that fails ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in asked]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [each.result() for each in tasks]


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", " ")[:LONGEST]


def _client(url: str, key: str) -> AsyncOpenAI:
    """Imports that take half a second."""
    import openai

    hush()
    return openai.AsyncOpenAI(base_url=url, api_key=key)
