"""A language model behind any OpenAI-style `/v1/chat/completions`, through LangChain."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Self, cast

from visavis.engines import Capabilities, ChatMessage, Context, ToolCall, ToolSpec
from visavis.errors import EngineError
from visavis.servers import access, explained, hush

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI


class OpenAiLlm:
    """Streams answers. A key never appears in an error, and what is asked goes to `url` alone."""

    capabilities = Capabilities(languages=("*",), streams=True)

    def __init__(self, chat: ChatOpenAI, client: Any, url: str, first_sentence_s: float, answer_s: float) -> None:
        self._chat, self._client, self._url = chat, client, url
        self.first_sentence_s, self.answer_s = first_sentence_s, answer_s

    @classmethod
    async def open(
        cls,
        context: Context,
        *,
        url: str,
        model: str,
        key_env: str | None = None,
        temperature: float = 0.3,
        first_sentence_s: float = 2,
        answer_s: float = 15,
    ) -> Self:
        """`url` ends in `/v1`. `key_env` names the environment variable that holds the key.

        Raises SetupError when that variable is not set. Nothing is sent yet.
        """
        key = access(url, key_env)
        _keep_private()
        chat, client = await asyncio.to_thread(_connect, url, model, key, temperature, answer_s)
        return cls(chat, client, url, first_sentence_s, answer_s)

    async def complete(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        """Stream the answer. Closing the generator closes the connection. Raises EngineError."""
        async with aclosing(self.converse(messages, ())) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    yield piece

    async def converse(
        self, messages: Sequence[ChatMessage], tools: Sequence[ToolSpec]
    ) -> AsyncGenerator[str | ToolCall, None]:
        """The same with tools; the calls come behind the text. Raises EngineError."""
        begun = finished = False
        calls: dict[int, ToolCall] = {}
        try:
            told = [_message(message) for message in messages]
            wanted: dict[str, Any] = (
                {"tools": [{"type": "function", "function": tool} for tool in tools]} if tools else {}
            )
            stream = cast(AsyncGenerator[Any, None], self._chat.astream(told, **wanted))
            async with aclosing(stream):
                async for chunk in stream:
                    begun = True
                    finished = finished or bool(chunk.response_metadata.get("finish_reason"))
                    for part in chunk.tool_call_chunks:
                        _gather(calls, part)
                    if isinstance(chunk.content, str) and chunk.content:
                        yield chunk.content
        except Exception as error:
            raise self._explained(error, begun) from None
        if not finished:
            raise EngineError("llm", f"{self._url} broke off in the middle of its answer", retryable=True)
        for call in calls.values():
            yield call

    async def close(self) -> None:
        await self._client.aclose()

    def _explained(self, error: Exception, begun: bool) -> EngineError:
        """An error in our words."""
        import openai

        match error:
            case openai.APIConnectionError() if begun and not isinstance(error, openai.APITimeoutError):
                return EngineError("llm", f"{self._url} broke off in the middle of its answer", retryable=True)
            case openai.APIConnectionError() | openai.APIStatusError():
                told = explained("llm", self._url, error)
                assert told is not None
                return told
            case json.JSONDecodeError() | openai.APIError() | ValueError() | TypeError() | KeyError():
                return EngineError("llm", f"{self._url} sent what is no chat completion", retryable=True)
        return EngineError("llm", f"{self._url} broke off: {type(error).__name__}", retryable=True)


def _message(message: ChatMessage) -> Any:
    """A message as the standard has it; LangChain takes it so."""
    if message.role == "tool":
        return {"role": "tool", "content": message.text, "tool_call_id": message.answers}
    if message.calls:
        calls = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments or "{}"}}
            for call in message.calls
        ]
        return {"role": "assistant", "content": message.text, "tool_calls": calls}
    if message.pictures:
        content: list[dict[str, Any]] = [{"type": "text", "text": message.text}] if message.text else []
        for picture in message.pictures:
            url = f"data:{picture.media};base64,{base64.b64encode(picture.data).decode()}"
            content.append({"type": "image_url", "image_url": {"url": url}})
        return {"role": message.role, "content": content}
    return (message.role, message.text)


def _gather(calls: dict[int, ToolCall], part: dict[str, Any]) -> None:
    """Add a piece of a call to those that are coming."""
    place = part.get("index") or 0
    known = calls.get(place) or ToolCall("", "", "")
    arguments = known.arguments + (part.get("args") or "")
    calls[place] = ToolCall(part.get("id") or known.id, part.get("name") or known.name, arguments)


def _keep_private() -> None:
    """LangChain reports to a tracing service when its variables say so."""
    hush()
    for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"):
        os.environ[name] = "false"


def _connect(url: str, model: str, key: str, temperature: float, answer_s: float) -> tuple[ChatOpenAI, Any]:
    """Imports that take a second, and a client of our own: LangChain's is shared between event loops."""
    import httpx2
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    client = httpx2.AsyncClient()
    chat = ChatOpenAI(
        model=model,
        base_url=url,
        api_key=SecretStr(key),
        temperature=temperature,
        timeout=httpx2.Timeout(answer_s, connect=min(answer_s, 5.0)),
        max_retries=0,
        stream_usage=False,
        use_responses_api=False,
        stream_chunk_timeout=None,  # it waits with asyncio.wait_for, in which Python 3.11 loses cancellations
        http_async_client=client,
    )
    return chat, client
