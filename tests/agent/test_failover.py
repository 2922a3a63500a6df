"""Language models that stand in for one another, on a virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from agent.failover import BACKOFF_S, FAILURES, REST_S, Breaker, Failover
from agent.fakes import FakeKnowledge
from agent.memory import Memory
from agent.mind import Mind
from agent.persona import Limits
from knowledge.passages import Passage
from visavis.clock import LoopClock, run_virtual
from visavis.contracts.llm import ASKED
from visavis.errors import EngineError
from visavis.fakes.llm import BREAK, HANG, FakeLlm, Step, Wait
from visavis.words import Utterance

REFUSED = EngineError("llm", "status 401")
TOWER = Passage("tower", "How high is the tower?", "The tower is forty metres high.", 0.6)


def of(*models: FakeLlm, first_s: float = 2.0, retries: int = 1) -> Failover:
    return Failover(cast(Any, models), LoopClock(), first_s=first_s, retries=retries)


async def read(llm: Failover) -> tuple[float, str]:
    text = "".join([piece async for piece in llm.complete(ASKED)])
    return round(LoopClock().now(), 3), text


def asked(*scripts: Sequence[Step], **options: Any) -> tuple[float, str, list[int]]:
    async def main() -> tuple[float, str, list[int]]:
        models = [FakeLlm(script) for script in scripts]
        at, text = await read(of(*models, **options))
        assert [model.streams for model in models] == [0] * len(models)
        return at, text, [len(model.calls) for model in models]

    return run_virtual(main())


def test_the_first_one_answers_as_long_as_it_can() -> None:
    assert asked(["Hello."], ["never"]) == (0.0, "Hello.", [1, 0])


def test_what_may_help_is_tried_once_more_and_then_the_next_one_is_asked() -> None:
    assert asked([BREAK], ["Hello."]) == (BACKOFF_S, "Hello.", [2, 1])
    assert asked([REFUSED], ["Hello."]) == (0.0, "Hello.", [1, 1])
    assert asked([], ["Hello."]) == (0.0, "Hello.", [1, 1])


def test_one_that_hangs_leaves_the_others_their_share_of_the_time() -> None:
    assert asked([HANG], ["Hello."]) == (1.0, "Hello.", [1, 1])
    assert asked([HANG], [HANG], [Wait(0.5), "Hello."], first_s=3.0) == (2.5, "Hello.", [1, 1, 1])


def test_what_breaks_off_later_is_not_begun_again() -> None:
    with pytest.raises(EngineError, match="broke off"):
        asked(["Well, ", BREAK], ["never"])


def test_a_server_that_keeps_failing_is_left_alone_and_then_tried_with_one_question() -> None:
    async def main() -> None:
        bad, good = FakeLlm([REFUSED]), FakeLlm(["Hello."])
        llm = of(bad, good)
        for _ in range(FAILURES + 2):
            assert (await read(llm))[1] == "Hello."
        assert len(bad.calls) == FAILURES
        await asyncio.sleep(REST_S)
        await read(llm)
        assert len(bad.calls) == FAILURES + 1, "half open: one question tries it"
        await read(llm)
        assert len(bad.calls) == FAILURES + 1, "and it rests again"

    run_virtual(main())


def test_one_that_has_recovered_is_asked_again() -> None:
    async def main() -> None:
        breaker = Breaker(LoopClock(), failures=2, rest_s=10)
        for _ in range(2):
            breaker.failed()
        assert not breaker.closed
        await asyncio.sleep(10)
        assert breaker.closed
        breaker.asked()
        assert not breaker.closed, "the next question waits for what comes of the first"
        breaker.worked()
        breaker.failed()
        assert breaker.closed

    run_virtual(main())


def test_while_every_server_rests_the_best_answer_comes_at_once() -> None:
    async def main() -> list[float]:
        clock, model = LoopClock(), FakeLlm([HANG])
        mind = Mind(FakeKnowledge(TOWER), of(model), clock=clock, limits=Limits(first_sentence_s=2.0))
        waited: list[float] = []
        for _ in range(FAILURES + 1):
            began = clock.now()
            reply = await mind.answer(Utterance("Hm?", "en", "text", 0, 0), Memory())
            assert [sentence.text async for sentence in reply.sentences] == ["The tower is forty metres high."]
            waited.append(round(clock.now() - began, 3))
        assert len(model.calls) == FAILURES
        return waited

    assert run_virtual(main()) == [2.0, 2.0, 2.0, 0.0]


def test_a_visitor_who_takes_the_floor_is_no_failure() -> None:
    async def main() -> None:
        model = FakeLlm([HANG])
        llm = of(model)
        for _ in range(FAILURES + 1):
            reading = asyncio.create_task(read(llm))
            await asyncio.sleep(0.5)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            assert model.streams == 0
        assert len(model.calls) == FAILURES + 1

    run_virtual(main())
