"""Embeddings by URL against a scripted server, and what is answered while it is down."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from knowledge import Knowledge
from knowledge.embeddings import BATCH, OpenAiEmbeddings
from visavis.contracts.embedder import check_embedder
from visavis.engines import engine
from visavis.errors import EngineError, OptionError, SetupError
from visavis.fakes.embedder import FakeEmbedder

TEXTS = ("When does the museum open?", "When is the museum open?"), "My cat sleeps on a chair."
Answer = Callable[[list[str]], tuple[int, Any]]


def vectors(texts: list[str]) -> list[list[float]]:
    """What the server's model makes of texts: like the fake's, but not of length 1."""
    found: list[list[float]] = (3 * asyncio.run(FakeEmbedder().embed(texts))).tolist()
    return found


def listed(rows: list[list[float]]) -> dict[str, Any]:
    data = [{"object": "embedding", "index": at, "embedding": row} for at, row in enumerate(rows)]
    return {"object": "list", "model": "any", "data": data[::-1], "usage": {"prompt_tokens": 1, "total_tokens": 1}}


def usual(texts: list[str]) -> tuple[int, Any]:
    return 200, listed(vectors(texts))


class Server(ThreadingHTTPServer):
    """`answer` may be put in place of another at any time; `requests` and `keys` are what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Answer = usual
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, *_: Any) -> None:
        """A client that left before its answer is no fault."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(request)
        self.server.keys.append(self.headers.get("Authorization", ""))
        status, answer = self.server.answer(request["input"])
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return None


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
async def embedder(server, context):
    opened = await OpenAiEmbeddings.open(context, url=server.url, model="any")
    yield opened
    await opened.close()


def test_it_is_found_by_name():
    assert engine("embedder", "openai") is OpenAiEmbeddings


async def test_it_keeps_the_contract(embedder):
    await check_embedder(embedder, *TEXTS)


async def test_it_sends_what_an_openai_style_server_expects(server, context, monkeypatch):
    monkeypatch.setenv("THE_KEY", "sk-secret-1")
    embedder = await OpenAiEmbeddings.open(context, url=server.url, model="m", key_env="THE_KEY")
    await embedder.embed(["Hello?"])
    assert server.keys[-1] == "Bearer sk-secret-1"
    assert server.requests[-1] == {"input": ["Hello?"], "model": "m", "encoding_format": "float"}
    await embedder.close()


async def test_many_texts_go_in_batches_and_come_back_in_order(server, embedder):
    texts = [f"question {at}" for at in range(2 * BATCH + 5)]
    rows = await embedder.embed(texts)
    sizes = sorted(len(each["input"]) for each in server.requests[1:])
    assert sizes == [5, BATCH, BATCH]
    assert np.allclose(rows, await FakeEmbedder().embed(texts), atol=1e-5)


async def test_another_model_or_server_has_another_version(server, context):
    opened = [await OpenAiEmbeddings.open(context, url=server.url, model=each) for each in ("a", "b")]
    assert opened[0].version != opened[1].version
    for each in opened:
        await each.close()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda _: (401, {"error": "bad key sk-secret-1"}), "status 401; check the key"),
        (lambda _: (404, {}), "status 404; check `url`"),
        (lambda _: (200, b"<html>"), "no list of embeddings"),
        (lambda _: (200, {"data": [{"index": 0}]}), "no list of embeddings"),
        (lambda _: (200, {"object": "list", "data": []}), "0 vectors for 1 texts|no list of embeddings"),
        (lambda _: (200, listed([[1.0, 2.0]])), "vectors of 2 numbers where"),
        (lambda texts: (200, b'{"data": [{"index": 0, "embedding": [NaN' + b", 1" * 63 + b"]}]}"), "."),
    ],
)
async def test_a_server_that_errs_is_one_clear_line(server, embedder, monkeypatch, answer, told, caplog):
    server.answer = answer
    with pytest.raises(EngineError, match=told) as failed:
        await embedder.embed(["private words"])
    for text in (str(failed.value), caplog.text):
        assert "sk-secret-1" not in text
        assert "private words" not in text


async def test_a_question_is_not_waited_for_longer_than_it_may_take(server, context):
    gate = threading.Event()
    embedder = await OpenAiEmbeddings.open(context, url=server.url, model="any", question_s=0.05)
    server.answer = lambda texts: (gate.wait(5), usual(texts))[1]
    with pytest.raises(EngineError, match="did not answer in time"):
        await embedder.embed(["Hello?"])
    sent = len(server.requests)
    with pytest.raises(EngineError, match="failed a moment ago"):
        await embedder.embed(["Hello again?"])
    assert len(server.requests) == sent
    gate.set()
    await embedder.close()


async def test_a_server_that_is_not_there_is_named(context):
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:9/v1 cannot be reached; check that the server runs"):
        await OpenAiEmbeddings.open(context, url="http://127.0.0.1:9/v1", model="any")


async def test_a_missing_key_and_a_wrong_address_are_refused(context, monkeypatch):
    monkeypatch.delenv("NO_KEY", raising=False)
    with pytest.raises(SetupError, match="NO_KEY holds no key; set it"):
        await OpenAiEmbeddings.open(context, url="http://host/v1", model="any", key_env="NO_KEY")
    with pytest.raises(OptionError, match="no address of a server"):
        await OpenAiEmbeddings.open(context, url="host/v1", model="any")


MUSEUM = """
knowledge: museum
language: en
keywords:
  items:
    - {id: restroom, any: [restroom], say: "Next to the cloakroom."}
faq:
  items:
    - id: opening-hours
      ask: [What are your opening hours?, When do you open in the morning?, Until when are you open?]
      say: "From nine to five."
    - id: ticket-price
      ask: [How much is a ticket?, What does a ticket cost?, What is the ticket price?]
      say: "Twelve euros."
"""


async def test_while_the_server_is_down_words_decide(server, embedder, context, write, caplog):
    knowledge = await Knowledge.open_file(write(MUSEUM), context, embedder)
    server.answer = lambda _: (500, {})
    with caplog.at_level(logging.WARNING):
        asked = {
            "How much is a ticket?": "ticket-price",
            "where is the restroom": "restroom",
            "how much does one ticket cost": "ticket-price",
        }
        for text, expected in asked.items():
            found = await knowledge.find(text)
            assert (found.decision, found.match.id) == ("direct", expected), text
    assert [each.id for each in await knowledge.passages("the price of a ticket", 1)] == ["ticket-price"]
    assert await knowledge.confidence("how much does one ticket cost") >= 0.5
    assert (await knowledge.explain("how much does one ticket cost")).finding.decision == "direct"
    assert caplog.text.count("words alone") == 1
    assert "ticket cost" not in caplog.text
