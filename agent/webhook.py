"""Somebody else's HTTP service as a brain: it is told the question and answers with what to say and show.

The contract is in docs/webhook.md. What it says is reviewed like everything that nobody wrote beforehand.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.failover import Breaker
from agent.gate import Gate, Sources
from agent.grounding import Grounds
from agent.improvise import improvised
from agent.persona import Limits, StageDirections
from agent.prompt import quoted
from agent.question import Question
from agent.reviewing import Reviews, Unreviewed
from agent.streaming import begun
from agent.taboo import Taboo
from knowledge.passages import Passage
from visavis.clock import Clock
from visavis.errors import EngineError
from visavis.streams import closing
from visavis.words import ACTIONS, Card, Choice, Decision, Emotion, Reply

ANSWER_BYTES = 256 * 1024
SENTENCES = 20
CHOICES, CHOICE = 3, 120
"""Questions that may be offered, and the characters of one."""
HISTORY = 8
Json = Mapping[str, Any]


class Service:
    """The service as all sessions of a dialog share it. It follows no redirects."""

    def __init__(
        self, url: str, clock: Clock, *, key: str | None = None, patience_s: float = 2.0, transport: Any = None
    ) -> None:
        self._url, self._clock, self._key, self._transport = url, clock, key, transport
        self._breaker, self._patience_s = Breaker(clock), patience_s
        self._client: Any = None

    async def ask(self, told: Json) -> AsyncGenerator[Json, None]:
        """The objects of its answer as they come; closing the generator closes the connection. Raises EngineError."""
        if not self._breaker.closed:
            raise EngineError("webhook", "it rests after failures", retryable=True)
        self._breaker.asked()
        asked, answered = self._clock.now(), False
        try:
            async with closing(self._objects(told)) as objects:
                async for each in objects:
                    answered = True
                    yield each
        except EngineError:
            self._breaker.failed()
            raise
        except Exception as error:
            self._breaker.failed()
            raise EngineError("webhook", f"{self._url} failed: {type(error).__name__}", retryable=True) from None
        except BaseException:
            if not answered and self._clock.now() - asked >= 0.95 * self._patience_s:
                self._breaker.failed()
            raise
        self._breaker.worked()

    async def _objects(self, told: Json) -> AsyncGenerator[Json, None]:
        body = json.dumps(told, ensure_ascii=False).encode()
        async with self._connected().stream("POST", self._url, content=body, headers=self._headers(body)) as response:
            if response.status_code == 204:
                return
            if response.status_code >= 300:
                problem = f"{self._url} answered with status {response.status_code}"
                raise EngineError("webhook", problem, "see its log", retryable=response.status_code >= 500)
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            streamed = kind in ("text/event-stream", "application/x-ndjson", "application/jsonl")
            async with closing(_lines(response.aiter_bytes(), whole=not streamed)) as lines:
                async for line in lines:
                    if (found := _object(line, events=kind == "text/event-stream")) is not None:
                        yield found

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json, application/x-ndjson"}
        if self._key is not None:
            at = str(int(time.time()))
            signed = hmac.new(self._key.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
            headers |= {"Authorization": f"Bearer {self._key}", "X-Visavis-Timestamp": at}
            headers["X-Visavis-Signature"] = f"sha256={signed}"
        return headers

    def _connected(self) -> Any:
        if self._client is None:
            import httpx2

            self._client = httpx2.AsyncClient(
                transport=self._transport, follow_redirects=False, timeout=httpx2.Timeout(None, connect=5.0)
            )
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


@dataclass(slots=True)
class _Shown:
    """What an answer has besides words, as far as it is known."""

    show: Card | None = None
    choices: list[Choice] = field(default_factory=list)


class Webhook:
    """One session's way to ask the service.

    `trusted`: links and numbers in its words pass the review. Without `offers` its choices are not shown.
    """

    def __init__(
        self,
        service: Service,
        clock: Clock,
        *,
        dialog: str,
        session: str,
        language: str,
        limits: Limits,
        directions: StageDirections,
        review: Reviews | None,
        taboo: Sequence[str] = (),
        trusted: bool = False,
        offers: bool = True,
    ) -> None:
        self._service, self._clock, self._language, self._limits = service, clock, language, limits
        self._dialog, self._session, self._directions = dialog, session, directions
        self._review: Reviews = review or Unreviewed()
        self._taboo, self._trusted, self._offers = Taboo(taboo), trusted, offers
        self.sees = False

    async def answer(self, question: Question, passages: Sequence[Passage]) -> Reply | None:
        shown, sources = _Shown(), [question.words.text]
        text = self._text(self._told(question), shown, sources)
        sentences = improvised(text, language=self._language, directions=self._directions, max_sentences=SENTENCES)
        grounds = Grounds("off", self._language, (), (), "")
        gate = Gate(self._review, self._language, self._taboo, grounds, Sources(sources))
        stream = await begun(gate.passed(sentences), self._clock, self._limits, "webhook")
        if stream is None:
            return None
        await self._review_shown(shown, sources)
        decision: Decision = "suggest" if shown.choices else "direct"
        return Reply(
            "webhook", decision, stream, choices=tuple(shown.choices), show=shown.show, language=self._language
        )

    async def _review_shown(self, shown: _Shown, sources: list[str]) -> None:
        """Take off what may not be read."""
        shown.choices = [each for each in shown.choices if (await self._review.said(each.text, sources)).ok]
        if shown.show is not None and not self._trusted:
            judged = await self._review.said(f"{shown.show.title}\n{shown.show.text}", sources)
            shown.show = shown.show if judged.ok else None

    def _told(self, question: Question) -> Json:
        history = [
            {"role": each.role, "text": each.text} for each in question.memory.messages(question.words.text)[-HISTORY:]
        ]
        return {
            "dialog": self._dialog,
            "language": self._language,
            "session": self._session,
            "text": question.words.text,
            "history": history,
            "context": _plain(question.context),
        }

    async def _text(self, told: Json, shown: _Shown, sources: list[str]) -> AsyncGenerator[str, None]:
        """The words with their directions as tags; what is shown goes into `shown`."""
        async with closing(self._service.ask(told)) as objects:
            async for each in objects:
                _note(each, shown, offers=self._offers)
                words = _words(each)
                if words and self._trusted:
                    sources.append(words)
                yield words


def _note(answer: Json, shown: _Shown, *, offers: bool) -> None:
    show, choices = answer.get("show"), answer.get("choices")
    if isinstance(show, Mapping):
        given = {name: show[name] for name in ("title", "text") if isinstance(show.get(name), str)}
        links = {name: show[name] for name in ("image", "link", "video", "audio") if _https(show.get(name))}
        shown.show = Card(**{name: value[:2_000] for name, value in {**given, **links}.items()})
    for number, each in enumerate(choices[:CHOICES] if offers and isinstance(choices, list) else (), 1):
        text = each.get("text") if isinstance(each, Mapping) else each
        if isinstance(text, str) and text.strip():
            name = each.get("id") if isinstance(each, Mapping) else None
            shown.choices.append(Choice(name if isinstance(name, str) else f"choice-{number}", text[:CHOICE]))


def _words(answer: Json) -> str:
    """What an object of the answer says. Raises EngineError where that is no text."""
    if isinstance(answer.get("delta"), str):
        return str(answer["delta"])
    said = answer.get("sentences", answer.get("say"))
    parts = said if isinstance(said, list) else [said] if said is not None else []
    texts: list[str] = []
    for place, part in enumerate(parts):
        spoken = part if isinstance(part, Mapping) else {"text": part}
        if not isinstance(spoken.get("text"), str):
            raise EngineError("webhook", "it sent what is no answer", "see docs/webhook.md")
        directions = {**(answer if place == 0 else {}), **spoken}
        texts.append(_tags(directions) + spoken["text"])
    return "".join(f"{text}\n" for text in texts)


def _tags(directions: Json) -> str:
    emotion, action = directions.get("emotion"), directions.get("action")
    tags = f"[{emotion}]" if emotion in list(Emotion) else ""
    return tags + (f"[action:{action}]" if action in ACTIONS else "")


def _object(line: bytes, *, events: bool) -> Json | None:
    """One object of an answer; None where a line holds none. Raises EngineError."""
    if events:
        if not line.startswith(b"data:"):
            return None
        line = line[5:]
    line = line.strip()
    if not line or line == b"[DONE]":
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise EngineError("webhook", "it sent what is no answer", "see docs/webhook.md")
    return found


async def _lines(pieces: Any, *, whole: bool) -> AsyncGenerator[bytes, None]:
    """The lines of an answer, or all of it as one. Raises EngineError where it is too long."""
    held, size = b"", 0
    async for piece in pieces:
        held, size = held + piece, size + len(piece)
        if size > ANSWER_BYTES:
            raise EngineError("webhook", f"its answer is longer than {ANSWER_BYTES // 1024} KiB")
        if not whole:
            *lines, held = held.split(b"\n")
            for line in filter(None, lines):
                yield line
    yield held


def _https(value: object) -> bool:
    return isinstance(value, str) and value.startswith("https://") and len(value) <= 2_000


def _plain(value: object, depth: int = 4) -> Any:
    """What JSON can hold of a context."""
    match value:
        case str():
            return quoted(value)[:2_000]
        case bool() | int() | float() | None:
            return value
        case Mapping() if depth:
            return {str(key): _plain(each, depth - 1) for key, each in value.items()}
        case list() | tuple() if depth:
            return [_plain(each, depth - 1) for each in value]
    return None
