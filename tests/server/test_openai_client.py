"""The official OpenAI client, as it is, against a real server."""

from __future__ import annotations

import base64
import json
import typing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
import openai.types.realtime as rt
import pytest
from openai.resources.realtime.realtime import AsyncRealtimeConnection
from openai.types.realtime.realtime_server_event import RealtimeServerEvent
from place import HOURS, Server


def _by_type() -> dict[str, Any]:
    """The library's class of every event that a server may send."""
    union = typing.get_args(RealtimeServerEvent)[0]
    return {typing.get_args(each.model_fields["type"].annotation)[0]: each for each in typing.get_args(union)}


KNOWN = _by_type()


class Line:
    """The library's connection; every event is held to the library's own class, required fields and all."""

    def __init__(self, connection: AsyncRealtimeConnection) -> None:
        self.connection = connection
        self.seen: list[Any] = []

    async def next(self) -> Any:
        data = await self.connection.recv_bytes()
        assert isinstance(data, bytes)
        raw = json.loads(data)
        assert raw["type"] in KNOWN, f"a plain client got {raw['type']}"
        event = KNOWN[raw["type"]].model_validate(raw)
        assert type(self.connection.parse_event(data)) is KNOWN[raw["type"]]
        self.seen.append(event)
        return event

    async def until(self, kind: str) -> Any:
        while (event := await self.next()).type != kind:
            assert event.type != "error", event
        return event

    async def ask(self, text: str) -> None:
        content: Any = [{"type": "input_text", "text": text}]
        await self.connection.conversation.item.create(item={"type": "message", "role": "user", "content": content})
        await self.connection.response.create()

    def of(self, kind: str) -> list[Any]:
        return [event for event in self.seen if event.type == kind]


@asynccontextmanager
async def talk(server: Server, dialog: str = "silent") -> AsyncIterator[Line]:
    client = openai.AsyncOpenAI(api_key="unused", base_url=f"{server.url}/v1")
    async with client, client.realtime.connect(model=dialog) as connection:
        yield Line(connection)


async def test_a_typed_question_is_answered_aloud_and_in_words(server: Server) -> None:
    async with talk(server) as line:
        created = await line.until("session.created")
        assert created.session.model == "silent"
        await line.ask("When do you open?")
        done = await line.until("response.done")
    assert done.response.status == "completed"
    assert done.response.output[0].content[0].transcript == HOURS
    assert "".join(e.delta for e in line.of("response.output_audio_transcript.delta")) == HOURS
    assert line.of("response.output_audio_transcript.done")[0].transcript == HOURS
    audio = b"".join(base64.b64decode(e.delta) for e in line.of("response.output_audio.delta"))
    assert 2 * 24_000 * 2 < len(audio) < 2 * 24_000 * 6
    item = line.of("response.output_item.added")[0].item.id
    assert {e.item_id for e in line.of("response.output_audio.delta")} == {item}
    kinds = [event.type for event in line.seen]
    assert kinds[:3] == ["session.created", "conversation.item.added", "conversation.item.done"]
    assert kinds.index("response.created") < kinds.index("response.output_audio.delta")


async def test_a_client_that_wants_text_alone_gets_text_alone(server: Server) -> None:
    async with talk(server) as line:
        await line.connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
        updated = await line.until("session.updated")
        assert updated.session.output_modalities == ["text"]
        await line.ask("When do you open?")
        done = await line.until("response.done")
    assert done.response.output[0].content[0].text == HOURS
    assert "".join(e.delta for e in line.of("response.output_text.delta")) == HOURS
    assert line.of("response.output_text.done")[0].text == HOURS
    assert not [e for e in line.seen if "audio" in e.type]


async def test_a_response_can_be_cancelled(server: Server) -> None:
    async with talk(server) as line:
        await line.ask("Tell me everything about the museum.")
        await line.until("response.output_audio.delta")
        await line.connection.response.cancel()
        done = await line.until("response.done")
        assert done.response.status == "cancelled"
        assert done.response.status_details.reason == "client_cancelled"
        assert done.response.output[0].status == "incomplete"
        await line.ask("When do you open?")
        assert (await line.until("response.done")).response.status == "completed"
        await line.connection.response.cancel()
        assert (await line.next()).error.code == "response_cancel_not_active"


async def test_what_was_cut_off_is_forgotten(server: Server) -> None:
    async with talk(server) as line:
        await line.ask("When do you open?")
        done = await line.until("response.done")
        item = done.response.output[0].id
        await line.connection.conversation.item.truncate(item_id=item, content_index=0, audio_end_ms=700)
        truncated = await line.until("conversation.item.truncated")
        assert (truncated.item_id, truncated.audio_end_ms) == (item, 700)
        await line.connection.conversation.item.retrieve(item_id=item)
        shown = (await line.until("conversation.item.retrieved")).item.content[0].transcript
        assert HOURS.startswith(shown)
        assert 0 < len(shown) < len(HOURS)


async def test_items_can_be_fetched_and_deleted(server: Server) -> None:
    async with talk(server) as line:
        item: Any = {"id": "mine", "type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
        await line.connection.conversation.item.create(item=item)
        assert (await line.until("conversation.item.done")).item.id == "mine"
        await line.connection.conversation.item.retrieve(item_id="mine")
        assert (await line.until("conversation.item.retrieved")).item.content[0].text == "Hi"
        await line.connection.conversation.item.delete(item_id="mine")
        assert (await line.until("conversation.item.deleted")).item_id == "mine"
        await line.connection.conversation.item.retrieve(item_id="mine")
        assert (await line.next()).error.code == "item_not_found"


async def test_a_dialog_that_does_not_hear_says_so_once(server: Server) -> None:
    async with talk(server) as line:
        await line.until("session.created")
        for _ in range(3):
            await line.connection.input_audio_buffer.append(audio=base64.b64encode(bytes(4_800)).decode())
        assert (await line.next()).error.code == "hearing_unavailable"
        await line.ask("When do you open?")
        assert (await line.until("response.done")).response.status == "completed"


@pytest.mark.parametrize("second", ["When do you open?"])
async def test_one_response_at_a_time(server: Server, second: str) -> None:
    async with talk(server) as line:
        await line.ask("Tell me everything about the museum.")
        await line.until("response.output_audio.delta")
        await line.connection.response.create()
        while (event := await line.next()).type != "error":
            pass
        assert event.error.code == "conversation_already_has_active_response"
        await line.connection.response.cancel()
        await line.ask(second)
        await line.until("response.done")


async def test_the_library_s_own_types_are_all_known() -> None:
    assert rt.SessionCreatedEvent is KNOWN["session.created"]
    assert len(KNOWN) > 30
