"""The agent against an OpenAI-style server that somebody else wrote: transformers' own, with a tiny random model."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import httpx2
import pytest

from agent.failover import Failover
from agent.fakes import FakeKnowledge
from agent.llm import OpenAiLlm
from agent.memory import Memory
from agent.mind import Mind
from agent.persona import Limits
from visavis.clock import LoopClock
from visavis.contracts.llm import ASKED, check_llm
from visavis.engines import Context, Launcher
from visavis.errors import EngineError
from visavis.words import Utterance

pytest.importorskip("torch", reason="the extra torch is not installed")
pytest.importorskip("transformers", reason="the extra sentence-transformers is not installed")
pytest.importorskip("accelerate", reason="transformers[serving] is not installed")

CONTEXT = Context("en", cast(Launcher, None), Path())
READY_S = 90


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The server's address and the model's name."""
    folder = tmp_path_factory.mktemp("tiny")
    subprocess.run([sys.executable, str(Path(__file__).with_name("tiny_model.py")), str(folder)], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = "import sys; from transformers.cli.transformers import main; sys.exit(main())"
    call = [sys.executable, "-c", start, "serve", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    quiet = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    log = folder / "log.txt"
    with log.open("wb") as out:
        server = subprocess.Popen([*call, "--device", "cpu"], stdout=out, stderr=out, env=quiet)
    try:
        until = time.monotonic() + READY_S
        while not _ready(port):
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the server does not start: {log.read_text('utf-8', 'replace')[-2000:]}")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1", str(folder)
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _ready(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/health").status_code == 200
    except httpx2.HTTPError:
        return False


async def opened(served: tuple[str, str]) -> OpenAiLlm:
    return await OpenAiLlm.open(CONTEXT, url=served[0], model=served[1], answer_s=60, first_sentence_s=60)


@pytest.mark.timeout(180)
async def test_it_streams_and_keeps_the_contract(served: tuple[str, str]) -> None:
    llm = await opened(served)
    answer = llm.complete(ASKED)
    pieces = [await anext(answer) for _ in range(5)]
    assert all(isinstance(piece, str) and piece for piece in pieces)
    await answer.aclose()
    await check_llm(llm)
    await llm.close()


async def test_leaving_closes_the_connection_and_the_next_question_is_answered(served: tuple[str, str]) -> None:
    llm = await opened(served)
    for _ in range(3):
        answer = llm.complete(ASKED)
        await asyncio.wait_for(anext(answer), 30)
        await asyncio.wait_for(answer.aclose(), 30)
    thinking = asyncio.create_task(anext(llm.complete(ASKED)))
    await asyncio.sleep(0)
    thinking.cancel()
    await asyncio.wait([thinking])
    assert [len(each._pool.connections) for each in [llm._client._transport]] == [0]
    await llm.close()


async def test_a_model_that_it_does_not_have_is_an_error_in_our_words(served: tuple[str, str]) -> None:
    llm = await OpenAiLlm.open(CONTEXT, url=served[0], model="no-such-model")
    with pytest.raises(EngineError, match=r"status|no chat completion|broke off"):
        async for _ in llm.complete(ASKED):
            pass
    await llm.close()


async def test_a_mind_speaks_with_it_and_says_nothing_that_stands_on_nothing(served: tuple[str, str]) -> None:
    llm = Failover([await opened(served)], LoopClock(), first_s=30)
    for grounding in ("off", "strict"):
        limits = Limits(first_sentence_s=30, answer_s=40, grounding=grounding)  # type: ignore[arg-type]
        mind = Mind(FakeKnowledge(), llm, clock=LoopClock(), limits=limits)
        reply = await mind.answer(Utterance("Is it high?", "en", "text", 0, 0), Memory())
        said = [sentence.text async for sentence in reply.sentences]
        assert said
        assert reply.source == ("llm" if grounding == "off" else "fallback")
    await llm.close()
