"""Whatever a client sends, it gets a clear word or a clean close, and nobody else notices."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
from contextlib import suppress
from typing import Any

import pytest
import websockets
from place import HOURS, Server
from visitor import Visitor, visit

ITEM = '{"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": CONTENT}}'


def item(text: str) -> str:
    return ITEM.replace("CONTENT", json.dumps([{"type": "input_text", "text": text}]))


BAD: list[tuple[str | bytes, str]] = [
    ("{", "invalid_json"),
    ("", "invalid_json"),
    ("[" * 100_000, "invalid_json"),
    ('{"type":"x","a":' + "[" * 10_000 + "]" * 10_000 + "}", "invalid_json"),
    ('{"type":"x","a":[' + "[]," * 500_000 + "0]}", "invalid_json"),
    ('{"type":"x","a":' + "9" * 100_000 + "}", "invalid_json"),
    ("null", "invalid_event"),
    ("[]", "invalid_event"),
    ('{"type": ["session.update"]}', "invalid_event"),
    ('{"type": "drop.table"}', "unknown_event"),
    ('{"type": "drop.table \\ud800"}', "invalid_json"),
    ('{"type": "' + "x" * 1_000_000 + '"}', "unknown_event"),
    (b"VV\x01\x00garbage", "invalid_event"),
    (os.urandom(100_000), "invalid_event"),
    (item("a" * 10_000), "string_above_max_length"),
    (item("\ud800").replace("\\\\", "\\"), "invalid_json"),
    (item("   "), "invalid_value"),
    (item("\u202e\u2066\u0000\u200b"), "invalid_value"),
    (ITEM.replace("CONTENT", "[]"), "invalid_value"),
    (
        ITEM.replace("CONTENT", '[{"type": "input_text", "text": "a"}]' * 1 + ', "id": "' + "i" * 65 + '"'),
        "string_above_max_length",
    ),
    ('{"type": "conversation.item.delete", "item_id": "nobody"}', "item_not_found"),
    ('{"type": "conversation.item.truncate", "item_id": "x", "content_index": 0, "audio_end_ms": 5}', "item_not_found"),
    ('{"type": "conversation.item.truncate", "item_id": "x", "audio_end_ms": -5}', "invalid_value"),
    ('{"type": "response.create"}', "nothing_to_answer"),
    ('{"type": "response.cancel"}', "response_cancel_not_active"),
    ('{"type": "avatar.presence", "present": true}', "avatar_not_enabled"),
    ('{"type": "session.update", "session": {"avatar": {"video": "../../etc/passwd"}}}', "invalid_value"),
    ('{"type": "session.update", "session": {"avatar": {"input_rate": 8000}}}', "invalid_value"),
    ('{"type": "session.update", "session": []}', "invalid_value"),
]


async def test_every_bad_message_has_its_word_and_the_talk_goes_on(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.until("session.created")
        for message, code in BAD:
            await visitor.connection.send(message)
            error = await visitor.refusal()
            assert error["code"] == code, message[:100]
            assert error["type"] == "invalid_request_error"
            assert 10 < len(error["message"]) < 300
        done = await visitor.answer("When do you open?")
        assert done["output"][0]["content"][0]["transcript"] == HOURS


async def test_the_error_names_the_event_and_the_place(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.send("conversation.item.delete", event_id="mine", item_id="nobody")
        error = await visitor.refusal()
        assert (error["event_id"], error["param"]) == ("mine", "item_id")
        assert "'nobody'" in error["message"]


async def test_characters_that_are_not_seen_change_nothing(server: Server) -> None:
    async with visit(server) as visitor:
        done = await visitor.answer("When\u202e do\u0000 you\u200b open?\u2069\ue000")
        assert done["output"][0]["content"][0]["transcript"] == HOURS
        (asked, *_) = visitor.all("conversation.item.added")
        assert asked["item"]["content"] == [{"type": "input_text", "text": "When do you open?"}]


async def test_a_message_that_is_too_long_ends_the_session_alone(server: Server) -> None:
    async with visit(server) as bystander, visit(server) as visitor:
        await visitor.until("session.created")
        await pour(visitor, "x" * 2_600_000, 1)
        assert (await visitor.until_closed())[0] == 1009
        assert (await bystander.answer("When do you open?"))["status"] == "completed"


async def test_bytes_that_are_no_text_end_the_session_alone(server: Server) -> None:
    async with visit(server) as bystander, visit(server) as visitor:
        await visitor.until("session.created")
        await visitor.connection.send(b"\xff\xfe\x80", text=True)
        assert (await visitor.until_closed())[0] == 1007
        assert (await bystander.answer("When do you open?"))["status"] == "completed"


async def test_what_is_no_websocket_is_turned_away(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    for noise in (os.urandom(4_000), b"GET /v1/realtime HTTP/1.1\r\n\r\n", b"\r\n" * 1_000, b"A" * 200_000):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(noise)
        with contextlib.suppress(OSError):  # it may have been turned away before it has said all
            writer.write_eof()
        try:
            async with asyncio.timeout(10):
                assert b"101 Switching" not in await reader.read()
        except ConnectionResetError:
            pass
        writer.close()
    async with visit(server) as visitor:
        assert (await visitor.answer("When do you open?"))["status"] == "completed"


@pytest.mark.parametrize(
    "event",
    [
        {"type": "nothing"},
        {"type": "input_audio_buffer.append", "audio": base64.b64encode(bytes(4_800)).decode()},
    ],
    ids=lambda event: event["type"],
)
async def test_a_flood_is_read_slowly_and_others_are_unharmed(server: Server, event: dict[str, Any]) -> None:
    async with visit(server, "museum") as bystander, visit(server, "museum") as visitor:
        await bystander.show(video="none")
        flood = asyncio.create_task(pour(visitor, json.dumps(event), 5_000))
        answer = await bystander.answer("When do you open?")
        flood.cancel()
        await asyncio.gather(flood, return_exceptions=True)
        assert answer["status"] == "completed"
        assert visitor.closed is None


async def pour(visitor: Visitor, message: str, count: int) -> None:
    """Send as fast as the server reads, until it reads no more."""
    with suppress(websockets.ConnectionClosed):
        for _ in range(count):
            await visitor.connection.send(message)


@pytest.mark.parametrize(
    "frame", [b"\x89\x80\0\0\0\0", b"\x8a\x80\0\0\0\0", b"\x00\x80\0\0\0\0"], ids=["ping", "pong", "fragment"]
)
async def test_a_flood_of_frames_that_are_no_messages_is_cut_off(server: Server, frame: bytes) -> None:
    async with visit(server) as bystander, visit(server) as visitor:
        await visitor.until("session.created")
        if frame[0] == 0:
            visitor.connection.transport.write(b"\x01\x80\0\0\0\0")
        visitor.connection.transport.write(frame * 50_000)
        assert (await visitor.until_closed())[0] == 1006
        assert (await bystander.answer("When do you open?"))["status"] == "completed"


async def test_item_ids_are_not_used_twice(server: Server) -> None:
    async with visit(server) as visitor:
        done = await visitor.answer("When do you open?")
        answer = done["output"][0]["id"]
        content = [{"type": "input_text", "text": "Hi"}]
        mine = {"id": answer, "type": "message", "role": "user", "content": content}
        await visitor.send("conversation.item.create", item=mine)
        assert (await visitor.refusal())["code"] == "item_exists"
