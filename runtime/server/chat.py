"""`POST /v1/chat/completions`: the whole brain of a dialog as a chat model, for any client that speaks the standard.

A completion's message carries what the standard has no place for under `avatar`: where the answer comes from, what it
matched, choices, citations, what to show, and each sentence with its emotion and actions.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from agent.sentences import rejoin, units
from runtime.dialog import LiveDialog
from runtime.house import House
from runtime.remembering import note
from runtime.server.body import read_json
from runtime.server.chat_request import ChatRequest, parse
from runtime.server.guard import Guard
from visavis.errors import ClientError, EngineError, VisavisError
from visavis.streams import closing
from visavis.words import Choice, Reply, Sentence, Utterance

log = logging.getLogger(__name__)

PLACES = 32
"""Completions at once; more are refused."""
BODY = 6 * 1024 * 1024
"""A picture may have four megabytes, which are more than five in base64."""
Json = dict[str, Any]
T = TypeVar("T")
STATUS = {"model_not_found": 404, "at_capacity": 429, "invalid_api_key": 401, "too_large": 413}


def chat_routes(house: Callable[[], House], guard: Guard) -> APIRouter:
    """The routes `/v1/models` and `/v1/chat/completions`."""
    router = APIRouter(prefix="/v1", tags=["chat"])
    busy: set[object] = set()

    @router.get("/models", summary="The dialogs, as models")
    async def models(request: Request) -> Response:
        if (refusal := refused(guard, request)) is not None:
            return refusal
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "visavis"} for name in house().dialogs]
        return JSONResponse({"object": "list", "data": rows})

    @router.post("/chat/completions", summary="Ask a dialog's brain")
    async def complete(request: Request) -> Response:
        if (refusal := refused(guard, request)) is not None:
            return refusal
        place = object()
        try:
            completion = await asyncio.to_thread(_asked, await read_json(request, BODY), house())
            if len(busy) >= PLACES:
                raise ClientError("at_capacity", f"all {PLACES} places are taken; try again later")
            busy.add(place)
            if completion.asked.stream:
                return Stream(completion.events(), lambda: busy.discard(place))
            try:
                return JSONResponse(await unless_left(request, completion.whole()) or {})
            finally:
                busy.discard(place)
        except ClientError as error:
            return problem(error)

    return router


def refused(guard: Guard, request: Request) -> Response | None:
    """The answer to who may not ask, None for who may."""
    reason = guard.refuses(request.headers)
    return None if reason is None else problem(ClientError("invalid_api_key", reason))


def _asked(body: Any, house: House) -> Completion:
    """The completion that a request's body asks for; a long conversation takes a while. Raises ClientError."""
    asked = parse(body)
    return Completion(asked, dialog_named(house, asked.model))


def dialog_named(house: House, name: str) -> LiveDialog:
    """The dialog named, the first one where none is. Raises ClientError."""
    name = name or next(iter(house.dialogs))
    if name not in house.dialogs:
        known = ", ".join(house.dialogs)
        raise ClientError("model_not_found", f"there is no dialog {name[:64]!r}; there are: {known}", param="model")
    return house.dialogs[name]


def problem(error: ClientError) -> Response:
    """The error in the standard's shape."""
    status = STATUS.get(error.code, 400)
    kind = "server_error" if status == 429 else "invalid_request_error"
    told = {"message": str(error), "type": kind, "param": error.param, "code": error.code}
    return JSONResponse({"error": told}, status)


class Stream(StreamingResponse):
    """Server-sent events; `ended` is called when they are over, also for a client that left before the first."""

    def __init__(self, events: AsyncGenerator[str, None], ended: Callable[[], None]) -> None:
        super().__init__(events, media_type="text/event-stream")
        self._events, self._ended = events, ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()
            await self._events.aclose()


async def unless_left(request: Request, work: Coroutine[Any, Any, T]) -> T | None:
    """What comes of the work; it ends early when the client leaves."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


@dataclass
class Completion:
    """One answer, whole or as a stream of events."""

    asked: ChatRequest
    dialog: LiveDialog
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))
    text: str = ""
    finish: str = "stop"
    sentences: list[Sentence] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.question, self.pictures = self.asked.question, self.asked.pictures
        self.memory = self.asked.remember()
        self.prompt = sum(units(each.words()) for each in self.asked.messages)
        """Units of all messages."""

    async def whole(self) -> Json:
        """The completion as one object."""
        reply = await self._reply()
        async with closing(self._pieces(reply)) as pieces:
            async for _ in pieces:
                pass
        message = {"role": "assistant", "content": self.text, "refusal": None, "avatar": self._avatar(reply)}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self._usage()}

    async def events(self) -> AsyncGenerator[str, None]:
        """The completion as server-sent events; leaving the generator ends what it started."""
        try:
            reply = await self._reply()
            yield self._chunk({"role": "assistant", "content": ""})
            async with closing(self._pieces(reply)) as pieces:
                async for piece in pieces:
                    yield self._chunk({"content": piece})
            yield self._chunk({"avatar": self._avatar(reply)}, self.finish)
            if self.asked.stream_options and self.asked.stream_options.include_usage:
                yield _event({**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage()})
        except VisavisError as error:
            log.warning("%s: a completion broke off: %s", self.dialog.name, error)
            yield _event({"error": {"message": str(error), "type": "server_error", "param": None, "code": None}})
        yield "data: [DONE]\n\n"

    async def _reply(self) -> Reply:
        mind = self.dialog.mind(self.asked.seed)
        await self._review()
        await self._recall()
        now = self.dialog.house.clock.now()
        utterance = Utterance(self.question, self.dialog.language, "text", now, now, pictures=self.pictures)
        reply = await mind.answer(utterance, self.memory, self.asked.context)
        note(self.dialog.journal, self.question, reply)
        return reply

    async def _review(self) -> None:
        """Of the conversation as the client tells it, what a review lets pass."""
        review, exchanges = self.dialog.review, self.memory.exchanges
        if review is None:
            return
        told = await asyncio.gather(*(review.heard(text) for each in exchanges for text in (each.asked, each.heard)))
        for exchange, asked, heard in zip(exchanges, told[::2], told[1::2], strict=True):
            exchange.asked = asked.text if asked.ok else ""
            exchange.heard = heard.text if asked.ok and heard.ok else ""

    async def _recall(self) -> None:
        """What the question before was about, so that a follow-up is understood."""
        before = [exchange.asked for exchange in self.memory.exchanges if exchange.asked]
        if before:
            try:
                finding = await self.dialog.knowledge.find(before[-1])
            except EngineError as error:
                log.warning("%s: the question before cannot be looked up: %s", self.dialog.name, error)
                return
            if finding.decision == "direct" and finding.entry is not None:
                self.memory.topic = finding.entry.id

    async def _pieces(self, reply: Reply) -> AsyncGenerator[str, None]:
        """The text as it comes; choices stand behind it as a list, as a chat has no buttons."""
        async with closing(reply.sentences) as sentences:
            async for sentence in _limited(sentences, self.asked.most, self._cut):
                self.sentences.append(sentence)
                whole = rejoin((self.text, sentence.text))
                piece, self.text = whole[len(self.text) :], whole
                yield piece
        if reply.decision == "suggest":
            listed = "".join(f"\n- {choice.text}" for choice in reply.choices)
            self.text += listed
            yield listed

    def _cut(self) -> None:
        self.finish = "length"

    def _avatar(self, reply: Reply) -> Json:
        return {
            "source": reply.source,
            "decision": reply.decision,
            "match": asdict(reply.match) if reply.match else None,
            "choices": [_choice(choice) for choice in reply.choices],
            "citations": list(dict.fromkeys(each for sentence in self.sentences for each in sentence.citations)),
            "show": asdict(reply.show) if reply.show else None,
            "sentences": [
                {
                    "text": sentence.text,
                    "emotion": sentence.emotion.value,
                    "actions": [cue.name for cue in sentence.cues if cue.kind == "action"],
                }
                for sentence in self.sentences
            ],
        }

    def _usage(self) -> Json:
        """Counted in words, a Chinese character being one: there are no tokens here."""
        said = units(self.text)
        return {"prompt_tokens": self.prompt, "completion_tokens": said, "total_tokens": self.prompt + said}

    def _chunk(self, delta: Json, finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**self._head("chat.completion.chunk"), "choices": [choice]})

    def _head(self, kind: str) -> Json:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.dialog.name}


def _choice(choice: Choice) -> Json:
    return {"id": choice.id, "text": choice.text}


def _event(data: Json) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


async def _limited(
    sentences: AsyncIterator[Sentence], most: int | None, cut: Callable[[], None]
) -> AsyncGenerator[Sentence, None]:
    """Whole sentences of at most `most` units in all; `cut` is called where there would be more."""
    said = 0
    async for sentence in sentences:
        said += units(sentence.text)
        if most is not None and said > most:
            cut()
            return
        yield sentence
