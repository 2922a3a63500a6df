"""How many avatars speak at once without a missed slot, what a picture costs, and lips against sound."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

import avatars
from runtime.bench import page
from runtime.bench.lips import Lips, compare, lip_rows, watch
from runtime.bench.report import Report, Row, percentile, yardstick
from runtime.bench.speakers import Speaker
from runtime.face import Face
from runtime.workers.moments import pack_moment
from runtime.workers.pool import LocalLauncher, LocalPool
from visavis.clock import LoopClock
from visavis.engines import Look
from visavis.words import FPS

PRESENTER = Path(avatars.__file__).parent / "presenter"
LEAD = 5
"""Slots by which pictures may be drawn ahead, as on the stage (200 ms)."""
TRIES = (16, 14, 12, 10, 8, 6, 4, 2, 1)
FACES = "runtime.workers.face:FaceService"
COSTS = "runtime.bench.cost:CostService"
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Held:
    """What became of `sessions` avatars that spoke at once for `seconds`."""

    sessions: int
    seconds: float
    pictures: int
    missed: int
    late_ms_p99: float
    """How long after its slot's beginning a picture was there; below zero it was early."""
    worker_ms: float
    """CPU milliseconds of the workers for each picture."""
    client_ms: float
    """CPU milliseconds of the asking process for each picture."""
    kilobytes: float
    """Of a picture, coded."""


async def bench_face(
    avatar: Path = PRESENTER,
    *,
    renderer: str = "rig",
    workers: int = 2,
    quick: bool = False,
    folder: Path | None = None,
) -> Report:
    """Find the most sessions of 540x960 that `workers` processes hold for a minute (`quick`: a few seconds).

    With the configuration `folder` its server is visited in a browser too, where there is one.
    """
    report = Report("face", [], yardstick_ms=yardstick())
    found = {language: compare(await watch(avatar, language, renderer=renderer)) for language in LANGUAGES}
    report.rows += lip_rows(list(found.values()), list(found))
    if folder is not None:
        await _visit(report, folder, found.values(), quick=quick)
    costs = await picture_cost(avatar, renderer=renderer, pictures=60 if quick else 200)
    for name, cost in costs.items():
        report.rows += [
            Row(f"{name}: draw, CPU", cost["draw_ms"], "ms"),
            Row(f"{name}: convert and code, CPU", cost["convert_ms"] + cost["code_ms"], "ms"),
            Row(f"{name}: a picture, coded", cost["bytes"] / 1000, "kB"),
        ]
    probe, proof = (3.0, 3.0) if quick else (10.0, 60.0)
    for sessions in TRIES:
        held = await hold(sessions, probe, avatar=avatar, renderer=renderer, workers=workers)
        if held.missed or (
            not quick and (held := await hold(sessions, proof, avatar=avatar, renderer=renderer)).missed
        ):
            report.notes.append(f"{sessions} sessions missed {held.missed} of {held.pictures} slots.")
            continue
        report.rows += _rows(held, workers)
        break
    return report


async def _visit(report: Report, folder: Path, found: Iterable[Lips], *, quick: bool) -> None:
    if lacking := page.missing():
        report.notes.append(f"Not measured, at the page: needs {lacking}.")
        return
    seen = await page.visit(folder, answers=3 if quick else 6, ends=5 if quick else 20)
    report.rows += page.page_rows(seen, [offset for each in found for offset in each.offsets])


async def picture_cost(
    avatar: Path = PRESENTER, *, renderer: str = "rig", pictures: int = 200
) -> dict[str, dict[str, float]]:
    """CPU milliseconds and bytes of a 540x960 picture, for speech alone and with gestures."""
    launcher = LocalLauncher(LoopClock())
    try:
        pool = await launcher.pool(COSTS)
        found = {}
        for name, gestures in (("speaking", False), ("gesturing", True)):
            stream = await pool.open({"avatar": str(avatar), "renderer": renderer, "look": {}})
            speaker = Speaker(1, stream.hello["actions"], gestures=gestures)
            replies = stream.__aiter__()
            for start in (0, 5):
                slots = range(start, 5) if start == 0 else range(start, start + pictures)
                await stream.append({"moments": [pack_moment(speaker.moment(slot)) for slot in slots]})
                found[name] = await anext(replies)
            stream.cancel()
        return found
    finally:
        await launcher.close()


async def hold(
    sessions: int, seconds: float, *, avatar: Path = PRESENTER, renderer: str = "rig", workers: int = 2
) -> Held:
    """Let `sessions` avatars speak at once, a third of them gesturing, and count the pictures that came too late."""
    launcher = LocalLauncher(LoopClock())
    try:
        options = {"capacity": math.ceil(sessions / workers)}
        pool = await launcher.pool(FACES, workers=workers, options=options)
        faces = [await Face.open(pool, avatar, Look(), renderer=renderer) for _ in range(sessions)]
        speakers = [Speaker(n, face.actions, gestures=n % 3 == 0) for n, face in enumerate(faces)]
        await asyncio.gather(*(face.picture(speaker.moment(0)) for face, speaker in zip(faces, speakers, strict=True)))
        return await _measure(pool, faces, speakers, seconds)
    finally:
        await launcher.close()


async def _measure(pool: LocalPool, faces: list[Face], speakers: list[Speaker], seconds: float) -> Held:
    before, own = _cpu(pool), time.process_time()
    start = time.perf_counter() + LEAD / FPS
    slots = round(seconds * FPS)
    runs = [
        _play(face, speaker, start, slots, n / len(faces)) for n, (face, speaker) in enumerate(_pairs(faces, speakers))
    ]
    results = await asyncio.gather(*runs)
    own = time.process_time() - own
    spent = sum(after - before[pid] for pid, after in _cpu(pool).items())
    late = [value for lates, _ in results for value in lates]
    pictures = len(late)
    return Held(
        sessions=len(faces),
        seconds=seconds,
        pictures=pictures,
        missed=sum(value > 0 for value in late),
        late_ms_p99=1000 * percentile(late, 99),
        worker_ms=1000 * spent / pictures,
        client_ms=1000 * own / pictures,
        kilobytes=sum(size for _, size in results) / pictures / 1000,
    )


async def _play(face: Face, speaker: Speaker, start: float, slots: int, phase: float) -> tuple[list[float], int]:
    """Ask for a picture a slot, at most `LEAD` ahead; returns how late each was, in seconds, and their bytes."""
    late: list[float] = []
    size = 0
    for slot in range(slots):
        due = start + (slot + phase) / FPS
        await asyncio.sleep(max(0.0, due - LEAD / FPS - time.perf_counter()))
        packet = await face.picture(speaker.moment(slot + 1))
        late.append(time.perf_counter() - due)
        size += len(packet.data)
    return late, size


def _pairs(faces: list[Face], speakers: list[Speaker]) -> list[tuple[Face, Speaker]]:
    return list(zip(faces, speakers, strict=True))


def _cpu(pool: LocalPool) -> Mapping[int, float]:
    """CPU seconds of each worker so far."""
    times = {pid: psutil.Process(pid).cpu_times() for pid in pool.pids}
    return {pid: spent.user + spent.system for pid, spent in times.items()}


def _rows(held: Held, workers: int) -> list[Row]:
    note = f"{workers} workers, {held.seconds:g} s, a third gesturing"
    return [
        Row(
            "540x960 sessions speaking at once, no slot missed", held.sessions, "sessions", 8, at_least=True, note=note
        ),
        Row("a picture in a worker, CPU", held.worker_ms, "ms"),
        Row("a picture in the server, CPU", held.client_ms, "ms"),
        Row("a picture there after its slot began, p99", held.late_ms_p99, "ms", 0.0),
    ]


def as_data(held: Held) -> dict[str, float]:
    """`held` for JSON."""
    return asdict(held)
