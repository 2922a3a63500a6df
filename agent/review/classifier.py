"""A judge of another make: any class of the entry-point group `visavis.classifier`, or a moderation server."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol, Self

from visavis.engines import Context
from visavis.errors import EngineError, OptionError
from visavis.servers import key_in


class Classifier(Protocol):
    """Judges a text that the word lists let pass."""

    async def judge(self, text: str) -> str | None:
        """Why the text may not pass, in a word; None when it may. Raises EngineError."""
        ...

    async def close(self) -> None: ...


class Moderations:
    """Any server that speaks OpenAI's `/v1/moderations`."""

    def __init__(self, client: Any, url: str, model: str | None, timeout_s: float) -> None:
        self._client, self._url, self._model, self._timeout_s = client, url, model, timeout_s

    @classmethod
    async def open(
        cls, context: Context, *, url: str, model: str | None = None, key_env: str | None = None, timeout_s: float = 1.0
    ) -> Self:
        """`url` is the server's base address, such as http://host/v1; `key_env` names the variable with the key.

        Raises OptionError, and SetupError when that variable is not set.
        """
        import httpx2 as httpx

        if not url.startswith(("http://", "https://")):
            raise OptionError("url", f"{url!r} is no address", "write one such as http://host/v1")
        if timeout_s <= 0:
            raise OptionError("timeout_s", f"{timeout_s:g} seconds are too few", "write a number above 0")
        headers = {"Authorization": f"Bearer {key_in(key_env)}"} if key_env is not None else {}
        client = await asyncio.to_thread(httpx.AsyncClient, headers=headers, timeout=timeout_s)
        return cls(client, f"{url.rstrip('/')}/moderations", model, timeout_s)

    async def judge(self, text: str) -> str | None:
        """The categories that the server flags; None when it flags none. Raises EngineError."""
        asked: dict[str, Any] = {"input": text} | ({"model": self._model} if self._model else {})
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._client.post(self._url, json=asked)
            answer.raise_for_status()
            result = answer.json()["results"][0]
            flagged, categories = bool(result["flagged"]), dict(result.get("categories") or {})
        except TimeoutError as error:
            raise EngineError("moderations", f"no answer in {self._timeout_s:g} s", retryable=True) from error
        except Exception as error:
            raise EngineError("moderations", f"{type(error).__name__}: no usable answer", retryable=True) from error
        if not flagged:
            return None
        return ",".join(sorted(str(name)[:40] for name, value in categories.items() if value)) or "flagged"

    async def close(self) -> None:
        await self._client.aclose()
