"""Clients that stop reading, vanish, or are one too many."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
import websockets
from place import Inside, Server, inside
from visitor import Picture, Visitor, visit

from runtime.house import FACES
from runtime.outlets.socket import PICTURES


async def stalled(server: Server | Inside, dialog: str = "silent") -> websockets.ClientConnection:
    """A client with an avatar that reads no further than it must."""
    url = f"{server.socket}?model={dialog}"
    return await websockets.connect(url, proxy=None, max_size=None, max_queue=1, ping_interval=None)


def held(server: Server, connection: websockets.ClientConnection) -> bool:
    """Whether the server still holds the connection's socket."""
    port = connection.local_address[1]
    return any(each.raddr and each.raddr.port == port for each in psutil.Process(server.process.pid).net_connections())


async def gone(server: Server, connection: websockets.ClientConnection) -> None:
    async with asyncio.timeout(60):
        while held(server, connection):  # noqa: ASYNC110
            await asyncio.sleep(0.25)


ASK = (
    '{"type": "conversation.item.create", "item": {"type": "message", "role": "user",'
    ' "content": [{"type": "input_text", "text": "Tell me everything about the museum."}]}}'
)
AVATAR = '{"type": "session.update", "session": {"avatar": {"video": "h264"}}}'


def missed(pictures: list[Picture]) -> int:
    """Slots of the line that have no picture."""
    return (pictures[-1].pts - pictures[0].pts) // 960 + 1 - len(pictures)


async def test_a_slow_viewer_loses_pictures_up_to_the_next_key_frame(server: Server) -> None:
    connection = await stalled(server)
    await connection.send(AVATAR)
    await connection.send(ASK)
    await connection.send('{"type": "response.create"}')
    await asyncio.sleep(6)
    visitor = Visitor(connection)
    try:
        await visitor.until("response.created")
        await visitor.until_pictures(150)
    finally:
        await connection.close()
    every = visitor.pictures
    shed = [after for before, after in pairwise(every) if after.pts - before.pts > PICTURES * 960]
    assert shed
    assert all(picture.key for picture in shed)


async def test_who_takes_nothing_is_given_up_and_nobody_else_notices(server: Server) -> None:
    memory = psutil.Process(server.process.pid).memory_info().rss
    async with visit(server) as bystander:
        await bystander.show(video="h264")
        connection = await stalled(server)
        await connection.send(AVATAR)
        for _ in range(3):
            await connection.send(ASK)
            await connection.send('{"type": "response.create"}')
        await gone(server, connection)
        assert (await bystander.answer("When do you open?"))["status"] == "completed"
        print(f"the other client missed {missed(bystander.pictures)} slots, got {len(bystander.pictures)}")
    assert psutil.Process(server.process.pid).memory_info().rss - memory < 50 * 2**20
    connection.transport.abort()


async def test_who_vanishes_leaves_nothing(server: Server) -> None:
    connection = await stalled(server)
    await connection.send(AVATAR)
    await connection.send(ASK)
    await connection.send('{"type": "response.create"}')
    await asyncio.sleep(1)
    connection.transport.abort()
    await gone(server, connection)
    async with visit(server) as visitor:
        await visitor.show(video="h264")
        assert (await visitor.answer("When do you open?"))["status"] == "completed"


async def test_one_session_too_many_is_refused(museum: Path) -> None:
    async with inside(museum, places=1) as server:
        async with visit(server) as first:
            await first.until("session.created")
            async with visit(server) as second:
                assert (await second.refusal())["code"] == "at_capacity"
                assert (await second.until_closed())[0] == 1013
            assert (await first.answer("When do you open?"))["status"] == "completed"
        async with asyncio.timeout(10):
            while True:
                async with visit(server) as again:
                    await asyncio.sleep(0.1)
                    if again.all("session.created"):
                        break


async def test_a_session_that_nobody_can_draw_is_refused(museum: Path) -> None:
    async with inside(museum) as server:
        server.house.faces = await server.house.launcher.pool(FACES, workers=1, options={"capacity": 1})
        async with visit(server) as first:
            await first.show(video="h264")
            async with visit(server) as second:
                await second.send("session.update", session={"avatar": {"video": "h264"}})
                error = await second.refusal()
                assert error["code"] == "at_capacity"
                assert await second.until_closed() == (1013, "at_capacity")
                assert not second.all("session.updated")
            async with visit(server) as voice_alone:
                await voice_alone.show(video="none")
                assert (await voice_alone.answer("When do you open?"))["status"] == "completed"
            await first.until_pictures(len(first.pictures) + 3)
        async with visit(server) as third:
            await third.show(video="h264")
            await third.until_pictures(3)


async def test_without_a_drawing_process_the_voice_goes_on(museum: Path) -> None:
    async with inside(museum) as server:
        await server.house.faces.close()
        server.house.faces = broken = await server.house.launcher.pool(FACES, workers=1, options={"capacity": 2})
        await broken._pool.close()  # type: ignore[attr-defined]
        async with visit(server) as visitor:
            await visitor.send("session.update", session={"avatar": {"video": "h264"}})
            assert (await visitor.refusal())["code"] == "video_unavailable"
            await visitor.until("session.updated")
            assert (await visitor.answer("When do you open?"))["status"] == "completed"
            assert not visitor.pictures


@pytest.mark.parametrize("name", ["nobody", "../museum", "x" * 10_000, "%00", "\u202e"])
async def test_an_unknown_dialog_is_refused(server: Server, name: str) -> None:
    try:
        async with visit(server, name) as visitor:
            error = await visitor.refusal()
            assert error["code"] == "model_not_found"
            assert "museum" in error["message"]
            assert (await visitor.until_closed())[0] == 1008
    except (websockets.InvalidHandshake, websockets.InvalidURI, EOFError, ConnectionError):
        assert len(name) > 1_000
