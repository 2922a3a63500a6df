"""Somebody else's service as a brain: what it is told, what of its answer is said, and what happens when it fails."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from agent.failover import FAILURES
from agent.fakes import FakeKnowledge
from agent.memory import Memory
from agent.mind import Mind
from agent.persona import Limits, deadpan
from agent.review import Review
from agent.reviewing import Reviews, Unreviewed
from agent.webhook import Service, Webhook
from knowledge.passages import Passage
from visavis.clock import LoopClock, run_virtual
from visavis.words import Card, Choice, Cue, Emotion, Reply, Sentence, Utterance

TOWER = Passage("tower", "How high is the tower?", "The tower is forty metres high.", 0.6)
HOOK = "https://brain.example/answer"


class Desk:
    """A mind with a webhook whose service is `answer`."""

    def __init__(
        self, answer: Any, *, instead: bool = True, key: str | None = None, review: Reviews | None = None
    ) -> None:
        self.clock = LoopClock()
        self.requests: list[httpx2.Request] = []

        async def noted(request: httpx2.Request) -> httpx2.Response:
            self.requests.append(request)
            found = answer(request)
            response = await found if asyncio.iscoroutine(found) else found
            assert isinstance(response, httpx2.Response)
            return response

        service = Service(HOOK, self.clock, key=key, transport=httpx2.MockTransport(noted))
        hook = Webhook(
            service,
            self.clock,
            dialog="museum",
            session="s1",
            language="en",
            limits=Limits(first_sentence_s=2.0, answer_s=5.0),
            directions=deadpan,
            review=review or Unreviewed(),
        )
        thinkers = [] if instead else [hook]
        self.mind = Mind(
            FakeKnowledge(TOWER), None, clock=self.clock, thinkers=thinkers, instead=hook if instead else None
        )

    async def ask(self, text: str = "Hm?", **context: object) -> tuple[Reply, list[tuple[float, Sentence]]]:
        memory = Memory()
        memory.heard(1, "Welcome!")
        reply = await self.mind.answer(Utterance(text, "en", "text", 0, 0), memory, context)
        return reply, [(round(self.clock.now(), 3), sentence) async for sentence in reply.sentences]


def test_what_it_shows_is_reviewed_too() -> None:
    async def main() -> None:
        show = {"title": "Call 555-123-4567 now", "text": "Cheap", "image": "https://brain.example/a.png"}
        desk = Desk(gives(say="Over there.", show=show, choices=["What the fuck?", "And then?"]), review=Review())
        reply, _ = await desk.ask()
        assert (reply.show, [each.text for each in reply.choices]) == (None, ["And then?"])

    run_virtual(main())


def test_a_flood_of_empty_lines_holds_nobody_up(calls: Callable[..., int]) -> None:
    said: list[str] = []

    def flooded(lines: int) -> None:
        content = b"\n" * lines + b'{"say": "Here."}\n'
        stream = httpx2.Response(200, headers={"content-type": "application/x-ndjson"}, content=content)
        said.extend(answered(lambda request: stream)[1])

    flooded(1)  # what is imported by the first one does not count
    assert calls(flooded, 200_000) < 2 * 200_000
    assert said == ["Here.", "Here."]


def answered(answer: Any, text: str = "Hm?", **options: Any) -> tuple[Reply, list[str], float]:
    async def main() -> tuple[Reply, list[str], float]:
        reply, said = await Desk(answer, **options).ask(text)
        return reply, [sentence.text for _, sentence in said], said[0][0] if said else -1.0

    return run_virtual(main())


def gives(**answer: Any) -> Any:
    return lambda request: httpx2.Response(200, json=answer)


def test_it_is_told_the_question_signed_and_its_answer_is_played() -> None:
    async def main() -> None:
        show = {"title": "Map", "link": "https://a.example/map", "image": "../secret.png"}
        desk = Desk(
            gives(say=["Over there.", "Follow me!"], emotion="happy", action="wave", show=show, choices=["And then?"]),
            key="sk-1",
        )
        reply, said = await desk.ask("Where is it?", name="Ann", product={"price": 3})
        assert (reply.source, reply.decision) == ("webhook", "suggest")
        assert [sentence for _, sentence in said] == [
            Sentence("Over there.", Emotion.HAPPY, (Cue("action", "wave"),)),
            Sentence("Follow me!", Emotion.HAPPY),
        ]
        assert reply.show == Card("Map", link="https://a.example/map")
        assert reply.choices == (Choice("choice-1", "And then?"),)
        request = desk.requests[0]
        assert json.loads(request.content) == {
            "dialog": "museum", "language": "en", "session": "s1", "text": "Where is it?",
            "history": [{"role": "assistant", "text": "Welcome!"}], "context": {"name": "Ann", "product": {"price": 3}},
        }  # fmt: skip
        signed = request.headers["x-visavis-timestamp"].encode() + b"." + request.content
        expected = hmac.new(b"sk-1", signed, hashlib.sha256).hexdigest()
        assert request.headers["x-visavis-signature"] == f"sha256={expected}"
        assert request.headers["authorization"] == "Bearer sk-1"

    run_virtual(main())


@pytest.mark.parametrize(
    ("kind", "mark"), [("application/x-ndjson", b"%s\n"), ("text/event-stream; charset=utf-8", b"data: %s\n\n")]
)
def test_a_stream_is_spoken_as_it_comes(kind: str, mark: bytes) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for text in ("[happy]One st", "ep. Two ", "steps. "):
            await asyncio.sleep(0.5)
            yield mark % json.dumps({"delta": text}).encode()

    async def main() -> list[tuple[float, str]]:
        desk = Desk(lambda request: httpx2.Response(200, headers={"content-type": kind}, content=pieces()))
        _, said = await desk.ask()
        return [(at, sentence.text) for at, sentence in said]

    assert run_virtual(main()) == [(1.0, "One step."), (1.5, "Two steps.")]


def test_with_nothing_to_say_it_leaves_the_question_to_the_knowledge_base() -> None:
    for nothing in (gives(), lambda request: httpx2.Response(204), gives(say=""), gives(say=[])):
        reply, said, _ = answered(nothing, "When do you open?")
        assert (reply.source, said[0]) == ("faq", "We open at nine.")


def test_behind_the_knowledge_base_it_is_asked_what_no_entry_answers() -> None:
    reply, _, _ = answered(gives(say="Never."), "When do you open?", instead=False)
    assert reply.source == "faq"
    reply, said, _ = answered(gives(say="Gladly."), instead=False)
    assert (reply.source, said) == ("webhook", ["Gladly."])


async def _hang(request: httpx2.Request) -> httpx2.Response:
    await asyncio.Event().wait()
    raise AssertionError


def _refuse(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("no route")


@pytest.mark.parametrize(
    ("answer", "at"),
    [
        (_hang, 2.0),
        (_refuse, 0.0),
        (lambda request: httpx2.Response(500, text="trace"), 0.0),
        (lambda request: httpx2.Response(302, headers={"location": "http://inside.example/"}), 0.0),
        (lambda request: httpx2.Response(200, content=b'{"say": "We op'), 0.0),
        (lambda request: httpx2.Response(200, content=b'["We open"]'), 0.0),
        (lambda request: httpx2.Response(200, content=b"[" * 100_000), 0.0),
        (lambda request: httpx2.Response(200, content=b"x" * 1_000_000), 0.0),
        (gives(say=7), 0.0),
        (gives(say=[["no"]]), 0.0),
    ],
    ids=["hangs", "refuses", "500", "redirects", "half", "list", "deep", "huge", "number", "nested"],
)  # fmt: skip
def test_what_fails_leaves_the_best_answer(answer: Any, at: float) -> None:
    reply, said, when = answered(answer, instead=False)
    assert (reply.source, said, when) == ("rag", ["The tower is forty metres high."], at)


def test_a_service_that_keeps_failing_is_left_alone() -> None:
    async def main() -> None:
        desk = Desk(_hang)
        for _ in range(FAILURES + 3):
            await desk.ask()
        assert len(desk.requests) == FAILURES
        assert desk.clock.now() == pytest.approx(2.0 * FAILURES)

    run_virtual(main())


def test_its_words_are_reviewed() -> None:
    say = ["Call 555 0100 4477 now.", "Or come by."]
    _, said, _ = answered(gives(say=say), review=Review())
    assert said == ["Or come by."]


def test_leaving_closes_the_connection() -> None:
    closed = asyncio.Event()

    async def forever() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b'{"delta": "word. "}\n'
                await asyncio.sleep(1)
        finally:
            closed.set()

    async def main() -> None:
        headers = {"content-type": "application/x-ndjson"}
        desk = Desk(lambda request: httpx2.Response(200, headers=headers, content=forever()))
        asking = asyncio.create_task(desk.ask())
        await asyncio.sleep(2.5)
        asking.cancel()
        await asyncio.wait([asking])
        await asyncio.wait_for(closed.wait(), 1)

    run_virtual(main())
