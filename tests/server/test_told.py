"""What a client tells besides words: what it knows of the visitor and the place, and pictures."""

from __future__ import annotations

import asyncio
import base64
import json
import struct
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from place import Server, write_museum
from visitor import Visitor, visit

from runtime.server import chat_request, client_events
from visavis.errors import ClientError
from visavis.fakes.llm_server import LlmServer

FIELDS = """\
      - {id: hello, ask: ["Who am I?"], say: "You are {name}."}
      - {id: price, ask: ["What does this one cost?"], say: "It costs {product.price} euros."}
"""
GREETING = '    - {id: welcome, on: enter, say: "Welcome, {name}!"}\n'
SEES = "llm: {url: 'URL', model: any, pictures: true, first_sentence_s: 20, answer_s: 30, grounding: off}\n"
UNSURE = "I am not sure about that."
MEMORY = "memory: {visitors: true}\n"


def png() -> str:
    """A picture of one grey pixel as a `data:` address."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(data).decode()


def write_place(folder: Path, url: str = "") -> Path:
    """The museum, whose dialog `silent` knows fields and visitors and, with `url`, has a model that sees."""
    write_museum(folder)
    knowledge = folder / "knowledge" / "museum.yaml"
    text = knowledge.read_text()
    greeting = next(line for line in text.splitlines(keepends=True) if "id: welcome" in line)
    assert "    - id: long\n" in text
    text = text.replace(greeting, GREETING).replace("    - id: long\n", _dedented(FIELDS) + "    - id: long\n")
    knowledge.write_text(text)
    dialog = folder / "dialogs" / "silent.yaml"
    dialog.write_text(dialog.read_text() + MEMORY + (SEES.replace("URL", url) if url else ""))
    return folder


def _dedented(text: str) -> str:
    return "".join(line[2:] for line in text.splitlines(keepends=True))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(write_place(tmp_path_factory.mktemp("told"))) as running:
        yield running


@asynccontextmanager
async def seeing(folder: Path) -> AsyncIterator[tuple[LlmServer, Server]]:
    async with LlmServer(answer="That is a grey pixel.").serving() as model:
        server = await asyncio.to_thread(Server(write_place(folder, model.url)).start)
        try:
            yield model, server
        finally:
            await asyncio.to_thread(server.__exit__)


async def said(visitor: Visitor, text: str) -> str:
    await visitor.ask(text)
    return transcript(await visitor.until("response.done"))


def transcript(done: dict[str, Any]) -> str:
    return str(done["response"]["output"][0]["content"][0]["transcript"])


# ── what the client knows ──
async def test_answers_are_filled_with_what_the_client_told_last(told: Server) -> None:
    async with visit(told) as visitor:
        await visitor.show(video="none", context={"name": "Ada", "product": {"price": 3.5}})
        assert await said(visitor, "What does this one cost?") == "It costs 3.5 euros."
        session = await visitor.show(context={"name": "Grace"})
        assert (session["avatar"]["video"], "context" in session["avatar"]) == ("none", False)
        assert await said(visitor, "What does this one cost?") == UNSURE
        assert await said(visitor, "Who am I?") == "You are Grace."


async def test_a_greeting_knows_the_name_and_the_next_visitor_is_not_called_by_it(told: Server) -> None:
    async with visit(told) as visitor:
        await visitor.show(video="none", context={"name": "Ada"})
        await visitor.send("avatar.presence", present=True)
        assert transcript(await visitor.until("response.done")) == "Welcome, Ada!"
        await visitor.send("avatar.presence", present=False)
        assert await said(visitor, "Who am I?") == UNSURE


async def test_a_remembered_name_stands_in_for_one_that_is_not_told(told: Server) -> None:
    visitor_of = {"id": "visitor-0042", "consent": True, "name": "Anna"}
    async with visit(told) as visitor:
        await visitor.show(video="none", visitor=visitor_of)
        assert await said(visitor, "Who am I?") == "You are Anna."
        await visitor.show(context={"name": "Mrs Smith"})
        assert await said(visitor, "Who am I?") == "You are Mrs Smith."


async def test_a_value_is_reviewed_before_it_is_said(told: Server) -> None:
    async with visit(told) as visitor:
        await visitor.show(video="none", context={"product": {"price": "call 555-123-4567"}})
        assert await said(visitor, "What does this one cost?") == UNSURE


@pytest.mark.parametrize(
    "context",
    [
        "Ada", ["Ada"], {"a": {"b": {"c": {"d": {"e": 1}}}}}, {"a": "x" * 20_000}, {"x" * 20_000: 1},
        {str(n): n for n in range(1_000)}, {"a": [[[[[]]]]]}, {"a": float("inf")},
    ],
)  # fmt: skip
def test_what_is_too_much_or_no_object_is_refused(context: Any) -> None:
    with pytest.raises(ClientError, match="context"):
        client_events.parse(json.dumps({"type": "session.update", "session": {"avatar": {"context": context}}}))
    with pytest.raises(ClientError, match="context"):
        chat_request.parse({"messages": [{"role": "user", "content": "Hi"}], "context": context})


async def test_what_is_refused_changes_nothing(told: Server) -> None:
    async with visit(told) as visitor:
        await visitor.show(video="none", context={"product": {"price": 7}})
        await visitor.send("session.update", session={"avatar": {"context": ["no object"]}})
        assert (await visitor.refusal())["param"] == "session.avatar.context"
        assert await said(visitor, "What does this one cost?") == "It costs 7 euros."


# ── pictures ──
async def test_the_model_gets_the_picture_of_a_session_and_of_a_completion(tmp_path: Path) -> None:
    picture: Any = {"type": "image_url", "image_url": {"url": png(), "detail": "low"}}
    async with seeing(tmp_path) as (model, server):
        async with visit(server) as visitor:
            shown: list[Any] = [{"type": "input_text", "text": "When do you open?"}, {"type": "input_image"}]
            shown[1]["image_url"] = png()
            await visitor.send("conversation.item.create", item={"type": "message", "role": "user", "content": shown})
            await visitor.send("response.create")
            assert transcript(await visitor.until("response.done")) == "That is a grey pixel."
            words, seen = model.requests[-1]["messages"][-1]["content"]
            assert (words["text"], seen["image_url"]["url"]) == ("When do you open?", png())
        client = openai.AsyncOpenAI(api_key="unused", base_url=f"{server.url}/v1", max_retries=0)
        for parts in ([{"type": "text", "text": "What is this?"}, picture], [picture]):
            message: Any = {"role": "user", "content": parts}
            answer = await client.chat.completions.create(model="silent", messages=[message])
            assert answer.choices[0].message.content == "That is a grey pixel."
            assert model.requests[-1]["messages"][-1]["content"][-1]["image_url"]["url"] == png()
        await client.close()


async def test_a_dialog_whose_model_takes_none_says_so(told: Server) -> None:
    shown = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": png()}}]}
    async with httpx.AsyncClient(base_url=told.url) as http:
        answer = (await http.post("/v1/chat/completions", json={"model": "silent", "messages": [shown]})).json()
    assert answer["choices"][0]["message"]["content"].startswith("I cannot look at pictures.")
    async with visit(told) as visitor:
        item = {"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": png()}]}
        await visitor.send("conversation.item.create", item=item)
        await visitor.send("response.create")
        assert transcript(await visitor.until("response.done")).startswith("I cannot look at pictures.")


@pytest.mark.parametrize(
    "address",
    ["https://a.example/cat.png", "http://127.0.0.1/x", "file:///etc/passwd", "data:image/png;base64,AAAA", ""],
)
async def test_nothing_is_fetched_and_what_is_no_picture_is_refused(told: Server, address: str) -> None:
    shown = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": address}}]}
    five = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": png()}}] * 5}
    async with httpx.AsyncClient(base_url=told.url) as http:
        for message in (shown, five):
            answer = await http.post("/v1/chat/completions", json={"model": "silent", "messages": [message]})
            assert (answer.status_code, answer.json()["error"]["param"]) == (400, "messages")
