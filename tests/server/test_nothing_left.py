"""Two hundred sessions come and go; what they needed is given back."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import psutil
import websockets
from place import Inside, inside
from visitor import visit

SESSIONS = 200
AT_ONCE = 8
ASK = (
    '{"type": "conversation.item.create", "item": {"type": "message", "role": "user",'
    ' "content": [{"type": "input_text", "text": "Tell me everything about the museum."}]}}'
)


async def come_and_go(server: Inside, number: int) -> None:
    """One session, ended in one of six ways; every tenth has pictures."""
    url = f"{server.socket}?model={'museum' if number % 2 else 'silent'}"
    connection = await websockets.connect(url, proxy=None, max_size=None, ping_interval=None)
    try:
        if number % 10 == 0:
            await connection.send('{"type": "session.update", "session": {"avatar": {"video": "h264"}}}')
        if number % 2:
            await connection.send(f'{{"type": "input_audio_buffer.append", "audio": "{"A" * 12_800}"}}')
        if number % 3:
            await connection.send(ASK)
            await connection.send('{"type": "response.create"}')
            wanted = "response.created" if number % 3 == 1 else "response.output_audio.delta"
            while True:
                message = await connection.recv()
                if isinstance(message, str) and f'"{wanted}"' in message:
                    break
        if number % 7 == 0:
            connection.transport.abort()
    finally:
        await connection.close()


class Count:
    """What this process and its children hold."""

    def __init__(self) -> None:
        gc.collect()
        mine = psutil.Process()
        self.tasks = sorted(task.get_name().partition("-")[0] for task in asyncio.all_tasks())
        self.files = mine.num_fds()
        self.children = sorted(child.pid for child in mine.children(recursive=True))
        self.worker_files = [child.num_fds() for child in mine.children()]
        self.objects = len(gc.get_objects())
        self.memory = sum(each.memory_info().rss for each in (mine, *mine.children(recursive=True)))


async def settled(wanted: int) -> None:
    """Return when no more tasks run than `wanted`."""
    async with asyncio.timeout(20):
        while len(asyncio.all_tasks()) > wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_two_hundred_sessions_leave_nothing(museum: Path) -> None:
    async with inside(museum) as server:
        async with visit(server, "museum") as visitor:
            await visitor.show(video="h264")
            await visitor.answer("When do you open?")
        for number in range(20):
            await come_and_go(server, number)
        await asyncio.sleep(1)
        before = Count()
        for first in range(0, SESSIONS, AT_ONCE):
            await asyncio.gather(*(come_and_go(server, first + n) for n in range(AT_ONCE)))
        await settled(len(before.tasks))
        after = Count()
        assert after.tasks == before.tasks
        assert after.children == before.children
        assert (after.files, after.worker_files) == (before.files, before.worker_files)
        grown = after.memory - before.memory
        objects = after.objects - before.objects
        print(f"{SESSIONS} sessions: {objects} objects more, {grown / 2**20:.1f} MB")
        assert objects < 20 * SESSIONS
        assert grown < SESSIONS * 2**20
        async with visit(server, "museum") as visitor:
            await visitor.show(video="h264")
            assert (await visitor.answer("When do you open?"))["status"] == "completed"
    assert not psutil.Process().children(recursive=True)
