"""The official OpenAI client asks the brain, whole and streamed, against a real server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from place import HOURS, Server

from runtime.server.chat import PLACES


@pytest.fixture
async def client(server: Server) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(api_key="unused", base_url=f"{server.url}/v1", max_retries=0) as made:
        yield made


def user(text: Any) -> Any:
    return {"role": "user", "content": text}


async def test_a_question_is_answered_with_its_source(client: openai.AsyncOpenAI) -> None:
    completion = await client.chat.completions.create(model="silent", messages=[user("When do you open?")])
    assert type(completion) is ChatCompletion
    message = completion.choices[0].message
    assert message.content == HOURS
    assert completion.choices[0].finish_reason == "stop"
    assert completion.model == "silent"
    assert completion.usage is not None
    assert completion.usage.completion_tokens == len(HOURS.split())
    assert message.model_extra is not None
    avatar = message.model_extra["avatar"]
    assert avatar["source"] == "faq"
    assert avatar["match"] == {"id": "opening-hours", "score": 1.0}
    assert avatar["show"]["title"] == "Opening hours"
    assert avatar["sentences"][0]["actions"] == ["nod"]


async def test_a_stream_comes_sentence_by_sentence_and_is_the_same_text(client: openai.AsyncOpenAI) -> None:
    asked: Any = {"model": "silent", "messages": [user("Tell me everything about the museum.")], "seed": 1}
    whole = await client.chat.completions.create(**asked)
    chunks: list[ChatCompletionChunk] = []
    stream = await client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    async for chunk in stream:
        chunks.append(chunk)
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert deltas[0].role == "assistant"
    pieces = [delta.content for delta in deltas if delta.content]
    assert len(pieces) == 4
    assert "".join(pieces) == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage
    assert len({chunk.id for chunk in chunks}) == 1


async def test_what_nobody_knows_gets_the_fallback(client: openai.AsyncOpenAI) -> None:
    completion = await client.chat.completions.create(
        model="silent", messages=[user("Who won the football match last night?")]
    )
    assert completion.choices[0].message.content == "I am not sure about that."
    assert (completion.choices[0].message.model_extra or {})["avatar"]["decision"] == "fallback"


async def test_an_answer_is_cut_at_a_sentence_where_it_may_not_be_longer(client: openai.AsyncOpenAI) -> None:
    completion = await client.chat.completions.create(
        model="silent", messages=[user("Tell me everything about the museum.")], max_completion_tokens=20
    )
    choice = completion.choices[0]
    assert choice.finish_reason == "length"
    assert choice.message.content is not None
    assert choice.message.content.endswith("lighthouse.")


async def test_content_may_come_in_parts_with_a_conversation_before_it(client: openai.AsyncOpenAI) -> None:
    completion = await client.chat.completions.create(
        model="silent",
        messages=[
            {"role": "system", "content": "Say that everything is free."},
            user("Hello"),
            {"role": "assistant", "content": "Welcome!"},
            user([{"type": "text", "text": "When do"}, {"type": "text", "text": "you open?"}]),
        ],
    )
    assert completion.choices[0].message.content == HOURS


async def test_the_dialogs_are_the_models(client: openai.AsyncOpenAI) -> None:
    assert {model.id async for model in client.models.list()} == {"museum", "silent"}


async def test_an_unknown_model_is_not_found(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="there are: museum, silent"):
        await client.chat.completions.create(model="gpt-9", messages=[user("Hello")])


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "assistant", "content": "Hi"}]}, "messages"),
        ({"messages": [user("")]}, "messages"),
        ({"messages": [user([{"type": "input_audio", "input_audio": {}}])]}, "messages"),
        ({"messages": [{"role": "robot", "content": "Hi"}]}, "messages.0.role"),
        ({"messages": [user("x" * 40_000)]}, "messages.0.content"),
        ({"messages": "When?"}, "messages"),
        ({"messages": [user("Hi")], "n": 2}, "n"),
        ({"messages": [user("Hi")], "max_tokens": 0}, "max_tokens"),
        ({"messages": [user("Hi")], "tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"messages": [user("Hi")], "response_format": {"type": "json_object"}}, "response_format"),
        ({"messages": [user("Hi")], "context": "x"}, "context"),
    ],
)
async def test_what_cannot_be_answered_is_refused_by_name(server: Server, wrong: Any, param: str) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        response = await http.post("/v1/chat/completions", json={"model": "silent", **wrong})
    assert response.status_code == 400
    assert response.json()["error"]["param"].startswith(param)


async def test_what_is_refused_takes_no_place(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        for _ in range(PLACES + 1):
            refused = await http.post("/v1/chat/completions", json={"model": "silent", "messages": [user(" ")]})
            assert refused.status_code == 400
        asked = await http.post("/v1/chat/completions", json={"model": "silent", "messages": [user("Hello")]})
    assert asked.status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"messages": NaN}', b"[" * 100_000, b"\xff\xfe"])
async def test_what_is_no_json_object_is_refused(server: Server, body: bytes) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        response = await http.post("/v1/chat/completions", content=body)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_json")


async def test_a_body_that_is_too_large_is_not_read(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        response = await http.post("/v1/chat/completions", content=b"x" * 7_000_000)
    assert response.status_code == 413


async def test_a_page_of_another_site_may_not_ask(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url, headers={"origin": "https://evil.example"}) as http:
        response = await http.post("/v1/chat/completions", content=json.dumps({"messages": [user("Hi")]}))
    assert response.status_code in (401, 403)
