"""What a language model may look up or do besides talking: HTTP services that a trusted dialog's file declares.

What they answer is data: it is shown to the model as such, and an answer may state the figures in it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from agent.arguments import address, parsed, wrong
from agent.prompt import quoted
from visavis.engines import ChatMessage, Llm, ToolCall, ToolSpec
from visavis.servers import key_in
from visavis.streams import closing

log = logging.getLogger(__name__)

ROUNDS = 3
"""So often a model may call tools before it must answer."""
CALLS = 4
"""Calls of one round."""
ANSWER_BYTES = 64 * 1024
SHOWN = 4_000
"""Characters of an answer that the model is shown."""


class TalksToTools(Llm, Protocol):
    """A language model that may call tools."""

    def converse(self, messages: Sequence[ChatMessage], tools: Sequence[ToolSpec]) -> AsyncIterator[str | ToolCall]:
        """As `complete`; the calls come behind the text. Raises EngineError."""
        ...


@dataclass(frozen=True, slots=True)
class Tool:
    """One service. `{name}` in `url` stands for an argument; the others go into the query, or a POST's JSON body."""

    name: str
    description: str
    url: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    method: Literal["GET", "POST"] = "GET"
    key_env: str | None = None
    timeout_s: float = 3.0

    @property
    def spec(self) -> ToolSpec:
        schema = {"type": "object", "properties": {}, **self.parameters}
        return {"name": self.name, "description": self.description, "parameters": schema}


class Toolbox:
    """Calls tools. A failure is told to the model, never raised."""

    def __init__(self, tools: Sequence[Tool], *, transport: Any = None) -> None:
        """Raises SetupError for a key that is not set."""
        self._tools = {tool.name: tool for tool in tools}
        self._keys = {tool.name: key_in(tool.key_env) for tool in tools if tool.key_env}
        self._transport = transport
        self._client: Any = None

    @property
    def specs(self) -> list[ToolSpec]:
        return [tool.spec for tool in self._tools.values()]

    async def run(self, call: ToolCall) -> str:
        """What a call gives, as JSON or text."""
        tool = self._tools.get(call.name)
        if tool is None:
            return _problem(f"there is no tool {call.name[:64]!r}")
        try:
            arguments = parsed(call.arguments)
        except ValueError:
            return _problem("the arguments are not JSON")
        if problem := wrong(arguments, tool.parameters):
            return _problem(problem)
        try:
            url, rest = address(tool.url, arguments, query=tool.method == "GET")
        except ValueError as error:
            return _problem(str(error))
        try:
            async with asyncio.timeout(tool.timeout_s):
                return quoted(await self._ask(tool, url, rest))[:SHOWN]
        except TimeoutError:
            log.warning("the tool %s did not answer in %g s", tool.name, tool.timeout_s)
            return _problem("it did not answer in time")
        except Exception as error:
            log.warning("the tool %s failed: %s", tool.name, type(error).__name__)
            return _problem("it cannot be reached")

    async def _ask(self, tool: Tool, url: str, rest: dict[str, Any]) -> str:
        sent: dict[str, Any] = {"json": rest} if tool.method == "POST" else {}
        headers = {"Authorization": f"Bearer {self._keys[tool.name]}"} if tool.name in self._keys else {}
        async with (await self._connected()).stream(tool.method, url, headers=headers, **sent) as response:
            body = b""
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > ANSWER_BYTES:
                    return _problem("its answer is too long")
            if response.status_code >= 300:
                return _problem(f"status {response.status_code}")
            return body.decode("utf-8", "replace")

    async def _connected(self) -> Any:
        if self._client is None:
            import httpx2

            self._client = httpx2.AsyncClient(transport=self._transport, follow_redirects=False, timeout=None)
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


class ToolUser:
    """A language model with its tools."""

    def __init__(self, llm: TalksToTools, toolbox: Toolbox) -> None:
        self._llm, self._toolbox = llm, toolbox

    async def complete(
        self, messages: Sequence[ChatMessage], learned: Callable[[str], None]
    ) -> AsyncGenerator[str, None]:
        """The answer, with the calls that the model makes on the way; each result is told to `learned`."""
        told = list(messages)
        for turn in range(ROUNDS + 1):
            calls: list[ToolCall] = []
            said = ""
            async with closing(self._llm.converse(told, self._toolbox.specs if turn < ROUNDS else ())) as pieces:
                async for piece in pieces:
                    if isinstance(piece, ToolCall):
                        calls.append(piece)
                    else:
                        said += piece
                        yield piece
            if not calls:
                return
            results = await asyncio.gather(*(self._toolbox.run(call) for call in calls[:CALLS]))
            told.append(ChatMessage("assistant", said, calls=tuple(calls[:CALLS])))
            for call, result in zip(calls, results, strict=False):
                learned(result)
                told.append(ChatMessage("tool", result, answers=call.id))


def _problem(what: str) -> str:
    return json.dumps({"error": what})
