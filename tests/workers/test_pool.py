"""Worker pools with real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from runtime.workers.pool import Backoff, LocalLauncher, LocalPool
from runtime.workers.stream import FAIL_AT
from runtime.workers.wire import WINDOW
from visavis.clock import LoopClock
from visavis.errors import AtCapacity, EngineError

HERE = Path(__file__).parent
ECHO = "echo_service:Echo"


@pytest.fixture(autouse=True)
def _findable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HERE))


@pytest.fixture
async def launcher() -> AsyncIterator[LocalLauncher]:
    launcher = LocalLauncher(LoopClock())
    yield launcher
    await launcher.close()


async def alive(pool: LocalPool, workers: int) -> None:
    """Return when that many workers serve."""
    for _ in range(3000):
        if pool.alive >= workers:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("no worker came back")


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


async def test_a_stream_says_hello_answers_in_order_and_ends(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO)
    stream = await pool.open({"name": "mia"})
    assert stream.hello["hello"] == "mia"
    for n in range(60):
        await stream.append({"data": n})
    await stream.end()
    replies = [reply async for reply in stream]
    assert replies == [{"echo": n} for n in range(60)] + [{"bye": "mia"}]
    assert pool.busy == 0


async def test_bytes_and_nested_lists_come_back_as_they_were(launcher: LocalLauncher) -> None:
    stream = await (await launcher.pool(ECHO)).open({})
    data = {"raw": bytes(range(256)) * 4000, "list": [1, 2.5, None, True, {"ü": "好"}]}
    await stream.append({"data": data})
    assert (await anext(stream.__aiter__()))["echo"] == data


async def test_an_exception_ends_its_stream_alone(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO)
    broken, fine = await pool.open({"name": "broken"}), await pool.open({"name": "fine"})
    for kind in ("raise", "echo"):
        await broken.append({"do": kind})
    with pytest.raises(EngineError, match="Echo-0: ValueError: the picture is upside down") as caught:
        await anext(broken.__aiter__())
    assert not caught.value.retryable
    with pytest.raises(EngineError, match="upside down"):
        await broken.append({})
    await fine.append({"do": "told"})
    assert await anext(fine.__aiter__()) == {"told": ["broken"], "open": ["fine"]}


async def test_an_engine_error_keeps_what_it_says_about_trying_again(launcher: LocalLauncher) -> None:
    stream = await (await launcher.pool(ECHO)).open({})
    await stream.append({"do": "engine_error"})
    with pytest.raises(EngineError, match="not now") as caught:
        await anext(stream.__aiter__())
    assert caught.value.retryable


async def test_what_cannot_be_sent_is_an_error_at_either_side(launcher: LocalLauncher) -> None:
    stream = await (await launcher.pool(ECHO)).open({})
    with pytest.raises(TypeError):
        await stream.append({"data": object()})
    await stream.append({"do": "unsendable"})
    with pytest.raises(EngineError, match="TypeError"):
        await anext(stream.__aiter__())
    with pytest.raises(TypeError):
        await launcher.pool(ECHO, options={"fail": object()})


async def test_streams_spread_and_a_full_pool_refuses_at_once(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO, workers=2, options={"capacity": 2})
    streams = [await pool.open({}) for _ in range(4)]
    pids = [stream.hello["pid"] for stream in streams]
    assert [pids.count(pid) for pid in set(pids)] == [2, 2]
    with pytest.raises(AtCapacity, match="all 4 places are taken"):
        await pool.open({})
    streams[0].cancel()
    assert (await pool.open({})).hello["pid"] == pids[0]


async def test_a_service_may_refuse_to_open(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO)
    with pytest.raises(EngineError, match="no such thing"):
        await pool.open({"refuse": True})
    with pytest.raises(AtCapacity):
        await pool.open({"full": True})
    assert pool.busy == 0


async def test_a_service_that_cannot_be_made_says_why(launcher: LocalLauncher) -> None:
    with pytest.raises(EngineError, match="the voice is not installed"):
        await launcher.pool(ECHO, options={"fail": "the voice is not installed"})
    with pytest.raises(EngineError, match="ModuleNotFoundError"):
        await launcher.pool("no_such_module:Nothing")
    assert children() == []


async def test_cancel_stops_the_call_and_drops_what_is_queued(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO)
    other, stream = await pool.open({"name": "other"}), await pool.open({"name": "long"})
    await stream.append({"do": "until_cancelled"})
    for _ in range(WINDOW - 1):
        await stream.append({"do": "until_cancelled"})
    await anext(stream.__aiter__())
    stream.cancel()
    stream.cancel()
    assert [reply async for reply in stream] == []
    await stream.append({})
    await other.append({"do": "told"})
    assert await anext(other.__aiter__()) == {"told": ["stopped long", "long"], "open": ["other"]}
    assert pool.busy == 1


async def test_an_abandoned_open_leaves_its_place_free(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO, options={"capacity": 2})
    busy = await pool.open({"name": "busy"})
    await busy.append({"do": "sleep", "s": 0.2})
    opening = asyncio.create_task(pool.open({"name": "gone"}))
    await asyncio.sleep(0)
    assert pool.busy == 2
    opening.cancel()
    await asyncio.wait([opening])
    assert pool.busy == 1
    await busy.append({"do": "told"})
    assert [await anext(busy.__aiter__()) for _ in range(2)][1] == {"told": [], "open": ["busy"]}


async def test_streams_take_turns(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO)
    first, second = await pool.open({}), await pool.open({})
    for _ in range(10):
        await first.append({"do": "sleep", "s": 0.02})
    await second.append({"data": 1})
    await anext(second.__aiter__())
    assert len(first._replies) <= 3


async def test_a_session_that_does_not_read_stalls_itself_alone(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO)
    deaf, fine = await pool.open({}), await pool.open({})

    async def flood() -> None:
        for n in range(1000):
            await deaf.append({"data": n})

    flooding = asyncio.create_task(flood())
    for n in range(300):
        await fine.append({"data": n})
        assert await anext(fine.__aiter__()) == {"echo": n}
    assert not flooding.done()
    assert len(deaf._replies) < 200
    replies = deaf.__aiter__()
    assert [(await anext(replies))["echo"] for _ in range(1000)] == list(range(1000))
    await flooding


async def test_a_flood_from_one_call_ends_its_stream(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO)
    stream = await pool.open({})
    await stream.append({"do": "many", "n": FAIL_AT + 10})
    other = await pool.open({})
    await other.append({"data": 1})
    assert await anext(other.__aiter__()) == {"echo": 1}
    with pytest.raises(EngineError, match="unread"):
        async for _ in stream:
            pass


async def test_a_killed_worker_fails_its_streams_and_comes_back(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO, workers=2)
    victim, other = await pool.open({}), await pool.open({})
    os.kill(victim.hello["pid"], signal.SIGKILL)
    with pytest.raises(EngineError) as caught:
        await anext(victim.__aiter__())
    assert caught.value.retryable
    await other.append({"data": "still here"})
    assert await anext(other.__aiter__()) == {"echo": "still here"}
    await alive(pool, 2)
    again = await pool.open({})
    assert again.hello["pid"] not in (victim.hello["pid"], other.hello["pid"])


async def test_a_worker_that_sends_garbage_is_replaced(launcher: LocalLauncher) -> None:
    pool = await launcher.pool(ECHO)
    stream = await pool.open({})
    await stream.append({"do": "garbage"})
    with pytest.raises(EngineError, match="unreadable"):
        await anext(stream.__aiter__())
    await alive(pool, 1)
    assert (await pool.open({})).hello["pid"] != stream.hello["pid"]


async def test_a_hung_worker_is_replaced() -> None:
    launcher = LocalLauncher(LoopClock(), hang_s=0.4)
    pool = await launcher.pool(ECHO)
    stream = await pool.open({})
    await stream.append({"do": "sleep", "s": 600})
    with pytest.raises(EngineError, match=r"no sign of life for 0.4 s"):
        await anext(stream.__aiter__())
    with pytest.raises(EngineError, match="no worker is running"):
        await pool.open({})
    await alive(pool, 1)
    await launcher.close()
    assert children() == []


async def test_a_service_may_ask_for_patience() -> None:
    launcher = LocalLauncher(LoopClock(), hang_s=0.1)
    pool = await launcher.pool(ECHO, options={"patience_s": 30.0})
    stream = await pool.open({})
    await stream.append({"do": "sleep", "s": 0.5})
    assert await anext(stream.__aiter__()) == {"slept": True}
    await launcher.close()
    with pytest.raises(EngineError, match="closed"):
        await pool.open({})


async def test_closing_while_a_pool_starts_leaves_nothing(launcher: LocalLauncher) -> None:
    starting = asyncio.create_task(launcher.pool(ECHO, workers=2))
    while not children():  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await launcher.close()
    with pytest.raises(EngineError, match="closed"):
        await starting
    assert children() == []


async def test_a_worker_that_dies_at_its_start_is_an_error(launcher: LocalLauncher, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="ended at its start"):
        await launcher.pool(ECHO, options={"die_unless": str(tmp_path / "mark")})


async def test_a_worker_that_keeps_dying_is_tried_until_it_lives(launcher: LocalLauncher, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    mark.touch()
    pool = await launcher.pool(ECHO, options={"die_unless": str(mark)})
    mark.unlink()
    os.kill(pool.pids[0], signal.SIGKILL)
    while pool.alive:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    with pytest.raises(EngineError, match="no worker is running"):
        await pool.open({})
    mark.touch()
    await alive(pool, 1)
    await pool.open({})


def test_the_pauses_between_starts_grow_until_it_gives_up() -> None:
    backoff = Backoff()
    assert [round(backoff.after(float(t)), 1) for t in range(6)] == [0.0, 0.1, 0.4, 1.6, 30.0, 30.0]
    assert backoff.after(200.0) == 0.0


async def test_what_a_worker_prints_is_logged_with_its_name(
    launcher: LocalLauncher, caplog: pytest.LogCaptureFixture
) -> None:
    stream = await (await launcher.pool(ECHO)).open({})
    await stream.append({"do": "print"})
    await anext(stream.__aiter__())
    await launcher.close()
    assert {"Echo-0: to stdout", "Echo-0: to stderr"} <= set(caplog.messages)


async def test_a_worker_has_its_memory_and_threads_set(
    launcher: LocalLauncher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MALLOC_MMAP_THRESHOLD_", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, "7")
    stream = await (await launcher.pool(ECHO)).open({})
    await stream.append({"do": "environment"})
    environment = await anext(stream.__aiter__())
    assert environment["MALLOC_MMAP_THRESHOLD_"] == "1000000000"
    assert environment["OMP_NUM_THREADS"] == environment["OPENBLAS_NUM_THREADS"] == "1"


async def test_two_launchers_do_not_know_each_other(launcher: LocalLauncher) -> None:
    other = LocalLauncher(LoopClock())
    mine, theirs = await launcher.pool(ECHO), await other.pool(ECHO)
    stream = await mine.open({})
    await theirs.open({})
    await other.close()
    await stream.append({"data": 1})
    assert await anext(stream.__aiter__()) == {"echo": 1}
    assert [child.pid for child in children()] == list(mine.pids)


async def test_two_hundred_streams_and_a_close_leave_nothing_behind() -> None:
    launcher = LocalLauncher(LoopClock())
    await launcher.pool(ECHO)
    await launcher.close()
    tasks, files = len(asyncio.all_tasks()), psutil.Process().num_fds()
    pool = await launcher.pool(ECHO, workers=2)
    running = psutil.Process().num_fds()
    for n in range(200):
        stream = await pool.open({"name": str(n)})
        await stream.append({"data": n})
        await anext(stream.__aiter__())
        if n % 2:
            stream.cancel()
        else:
            await stream.end()
            assert [reply async for reply in stream] == [{"bye": str(n)}]
    assert (pool.busy, psutil.Process().num_fds()) == (0, running)
    watcher = await pool.open({})
    await watcher.append({"do": "told"})
    assert (await anext(watcher.__aiter__()))["open"] == [""]
    pending = asyncio.create_task(anext(watcher.__aiter__()))  # type: ignore[arg-type]
    await launcher.close()
    with pytest.raises(EngineError):
        await pending
    assert children() == []
    assert psutil.Process().num_fds() == files
    assert len(asyncio.all_tasks()) == tasks


async def test_workers_end_when_the_server_is_killed() -> None:
    script = """
import asyncio
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock

async def main():
    pool = await LocalLauncher(LoopClock()).pool("echo_service:Echo", workers=2)
    stream = await pool.open({})
    await stream.append({"do": "sleep", "s": 600})
    print(*pool.pids, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""
    server = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220
    assert server.stdout is not None
    workers = [psutil.Process(int(pid)) for pid in server.stdout.readline().split()]
    assert len(workers) == 2
    server.kill()
    server.communicate()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert alive == []
