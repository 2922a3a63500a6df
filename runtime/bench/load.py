"""How many visitors one machine serves at once, how soon the server is ready, and what it takes when idle."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

from knowledge.library import load_library
from runtime.bench.report import Report, Row, percentile, yardstick
from runtime.settings import Installation
from visavis.errors import EngineError

AIM, TRIED = 8, (8, 10, 12)


async def bench_load(folder: Path, *, quick: bool = False) -> Report:
    """Start servers of the installation on a free port and visit them from another process."""
    report = Report("load", [], yardstick_ms=yardstick())
    chosen = Installation(folder).dialog(None)
    libraries = [load_library(name, folder / "knowledge") for name in chosen.knowledge]
    dialog, texts = chosen.dialog, [item.ask[0] for library in libraries for item in library.faq]
    async with served(folder):
        pass
    async with served(folder) as (url, server, ready_s):
        report.rows.append(Row("server ready, caches warm", ready_s, "s", 4.0))
        idle = asyncio.create_task(_visitors(url, dialog, texts, 1, 6))
        await asyncio.sleep(4)
        report.rows.append(Row("memory idle, one session open (PSS)", _pss(server) / 1e6, "MB", 600.0))
        await idle
    held = 0
    for count in TRIED[:1] if quick else TRIED:
        async with served(folder) as (url, server, _):
            rows, whole = await _load(url, dialog, texts, server, count, 15 if quick else 60)
        report.rows += rows
        if not whole:
            break
        held = count
    report.rows.append(Row("sessions speaking at once, no slot missed", held, "sessions", AIM, at_least=True))
    return report


async def _load(
    url: str, dialog: str, texts: list[str], server: psutil.Process, count: int, seconds: float
) -> tuple[list[Row], bool]:
    before = _cpu(server)
    result = await _visitors(url, dialog, texts, count, seconds)
    spent = _cpu(server) - before
    visits = result["visits"]
    refused = sum(each["refused"] is not None for each in visits)
    missed = sum(each["missed"] for each in visits)
    late = sum(each["late"] for each in visits)
    pictures = sum(each["pictures"] for each in visits)
    speaking = sum(each["speaking"] for each in visits) / max(1, pictures)
    gestures = sum(each["gestures"] for each in visits)
    first = [value for each in visits for value in each["first_av_ms"]]
    note = f"{speaking:.0%} of the time speaking, {gestures} gestures, {refused} refused"
    rows = [
        Row(f"{count} sessions, {seconds:.0f} s: slots missed", missed, f"of {pictures}", note=note),
        Row(f"{count} sessions: pictures late", late, "pictures"),
        Row(f"{count} sessions: text → first_av, p95", percentile(first, 95), "ms"),
        Row(f"{count} sessions: the server's processors", spent / seconds, "cores"),
        Row(f"{count} sessions: the visitors' own", result["cpu_s"] / seconds, "cores"),
    ]
    return rows, missed == 0 and late == 0 and refused == 0


async def _visitors(url: str, dialog: str, texts: list[str], count: int, seconds: float) -> dict[str, Any]:
    address = url.replace("http", "ws", 1)
    arguments = ["-m", "runtime.bench.visitors", address, dialog, str(count), str(seconds)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=pipe, stdout=pipe)
    out, _ = await process.communicate(json.dumps(texts).encode())
    if process.returncode:
        raise EngineError("bench", f"the visitors failed with status {process.returncode}")
    result: dict[str, Any] = json.loads(out)
    return result


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[str, psutil.Process, float]]:
    """A server of its own process: its address, the process, seconds until it was ready."""
    began = time.monotonic()
    arguments = ["-m", "runtime.cli", "serve", "--config", str(folder), "--port", "0", "--json"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, env=os.environ | {"VISAVIS_TOKEN": ""}
    )
    try:
        assert process.stdout is not None
        line = await process.stdout.readline()
        if not line:
            raise EngineError("bench", "the server did not start", "try `visavis serve` alone")
        url = str(json.loads(line)["url"])
        await asyncio.to_thread(_get, f"{url}/readyz")
        yield url, psutil.Process(process.pid), time.monotonic() - began
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content


def _family(server: psutil.Process) -> list[psutil.Process]:
    return [server, *server.children(recursive=True)]


def _pss(server: psutil.Process) -> float:
    return float(sum(each.memory_full_info().pss for each in _family(server)))


def _cpu(server: psutil.Process) -> float:
    return float(sum(sum(each.cpu_times()[:2]) for each in _family(server)))
