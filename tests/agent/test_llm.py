"""The OpenAI-style model against a scripted server: it streams, and fails in one clear line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from agent.fakes import FakeKnowledge
from agent.llm import OpenAiLlm
from agent.memory import Memory
from agent.mind import Mind
from agent.persona import Limits
from visavis.clock import LoopClock
from visavis.contracts.llm import ASKED, check_llm
from visavis.engines import Context, Launcher, Llm, engine
from visavis.errors import EngineError, SetupError
from visavis.fakes.llm_server import LlmServer
from visavis.words import Emotion, Utterance

CONTEXT = Context("en", cast(Launcher, None), Path())


@asynccontextmanager
async def opened(server: LlmServer, **options: Any) -> AsyncIterator[OpenAiLlm]:
    async with server.serving():
        llm = await OpenAiLlm.open(CONTEXT, **{"url": server.url, "model": "any"} | options)
        yield llm
        await llm.close()


async def read(llm: Llm) -> str:
    return "".join([piece async for piece in llm.complete(ASKED)])


async def test_it_keeps_the_contract() -> None:
    async with opened(LlmServer()) as llm:
        await check_llm(llm)


def test_it_is_found_by_name() -> None:
    assert engine("llm", "openai") is OpenAiLlm


async def test_it_sends_what_an_openai_style_server_expects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", "sk-secret-1")
    server = LlmServer()
    async with opened(server, key_env="THE_KEY", temperature=0.1) as llm:
        assert await read(llm) == server.answer
    assert server.keys == ["Bearer sk-secret-1"]
    request = server.requests[0]
    assert request["messages"] == [
        {"role": "system", "content": "Answer in one short sentence."},
        {"role": "user", "content": "Hello?"},
    ]
    assert (request["model"], request["stream"], request["temperature"]) == ("any", True, 0.1)
    assert "stream_options" not in request


async def test_closing_the_answer_closes_the_connection() -> None:
    server = LlmServer(way="forever")
    async with opened(server) as llm:
        answer = llm.complete(ASKED)
        await anext(answer)
        await answer.aclose()
        await asyncio.wait_for(server.left.wait(), 5)
    assert server.disconnects == 1


async def test_cancelling_while_it_thinks_closes_the_connection() -> None:
    server = LlmServer(way="hang")
    async with opened(server) as llm:
        reading = asyncio.create_task(read(llm))
        await asyncio.wait_for(server.asked.wait(), 5)
        reading.cancel()
        await asyncio.wait_for(server.left.wait(), 5)
    assert reading.cancelled()


@pytest.mark.parametrize(
    ("way", "says", "retryable"),
    [
        ("error", "status 500", True),
        ("refuse", "status 401; check the key", False),
        ("early", "broke off", True),
        ("half", "sent what is no chat completion", True),
    ],
)
async def test_a_failure_is_one_line_without_the_key(
    way: Any, says: str, retryable: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("THE_KEY", "sk-secret-2")
    server = LlmServer(way=way)
    async with opened(server, key_env="THE_KEY") as llm:
        with pytest.raises(EngineError, match=says) as caught:
            await read(llm)
    assert caught.value.retryable is retryable
    assert server.url in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "secret" not in caplog.text
    assert "Hello?" not in caplog.text
    assert len(server.requests) == 1, "a failure is not tried again"


async def test_a_server_that_is_not_there_is_named() -> None:
    llm = await OpenAiLlm.open(CONTEXT, url="http://127.0.0.1:9/v1", model="any")
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:9/v1 cannot be reached; check that the server runs"):
        await read(llm)
    await llm.close()


async def test_silence_is_given_up() -> None:
    async with opened(LlmServer(way="hang"), answer_s=0.2) as llm:
        with pytest.raises(EngineError, match="did not answer in time"):
            await read(llm)


async def test_a_key_that_is_not_set_is_named() -> None:
    with pytest.raises(SetupError, match="NO_SUCH_KEY holds no key; set it: export NO_SUCH_KEY"):
        await OpenAiLlm.open(CONTEXT, url="http://127.0.0.1:9/v1", model="any", key_env="NO_SUCH_KEY")


async def test_a_mind_speaks_with_it() -> None:
    async with opened(LlmServer()) as llm:
        mind = Mind(FakeKnowledge(), llm, clock=LoopClock(), limits=Limits(first_sentence_s=20, answer_s=60))
        reply = await mind.answer(Utterance("Is it high?", "en", "text", 0, 0), Memory())
        said = [(sentence.text, sentence.emotion) async for sentence in reply.sentences]
    assert reply.source == "llm"
    assert said == [
        ("The tower is forty metres high.", Emotion.HAPPY),
        ("You can climb it every day, from nine to five.", Emotion.HAPPY),
    ]


async def test_whenever_its_reader_is_cancelled_it_lets_go() -> None:
    """At every step of the loop: also when a piece has come and its reader has not yet been told."""

    async with opened(LlmServer(gap_s=0)) as llm:

        async def read() -> None:
            async for _ in llm.complete(ASKED):
                await asyncio.Event().wait()

        for steps in range(100):
            reading = asyncio.create_task(read())
            for _ in range(steps):
                await asyncio.sleep(0)
            reading.cancel()
            done, _ = await asyncio.wait({reading}, timeout=20)
            assert done, f"cancelled after {steps} steps it reads on"
