"""How long an answer takes to start: typed, spoken, by six visitors at once, and through a language model."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from runtime.agent_settings import Llm
from runtime.bench.overhead import overhead
from runtime.bench.probe import Probe
from runtime.bench.recordings import HZ, Recording, missing_tools, record
from runtime.bench.report import Report, Row, percentile, yardstick
from runtime.dialog import LiveDialog
from runtime.house import House
from runtime.session import Session
from runtime.settings import Installation
from visavis.clock import LoopClock
from visavis.engines import Tts
from visavis.fakes.llm_server import LlmServer
from visavis.words import Utterance

PIECE_S = 0.02
LLM_DELAY_S, LLM_GAP_S, LLM_ANSWER = 0.3, 0.005, "That is not something the museum tells."
VISITORS = 6
NO_KNOWLEDGE = [
    "Who won the football world cup in nineteen ninety?",
    "How do I bake sourdough bread at home?",
    "What is the square root of a thousand?",
    "Tell me a story about a dragon and a baker.",
]


@dataclass(frozen=True, slots=True)
class Question:
    recording: Recording
    entry: str
    """The entry that answers it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`first_ms`: from the question's true end to the first sound and picture; None: cut off or not heard."""

    first_ms: float | None
    right: bool


async def bench_turn(folder: Path, *, quick: bool = False) -> Report:
    """Measure the first dialog of the installation."""
    installation = Installation(folder)
    report = Report("turn", [], yardstick_ms=yardstick())
    house = await House.open(installation, LoopClock(), [installation.dialog(None)])
    try:
        dialog = next(iter(house.dialogs.values()))
        await dialog.prepared()
        report.rows += await _typed(dialog, 20 if quick else 60)
        if dialog.deaf_because is None and not missing_tools():
            report.rows += await _spoken(dialog, 8 if quick else 40)
        else:
            report.notes.append(
                f"Not measured, spoken: {dialog.deaf_because or 'needs ' + ', '.join(missing_tools())}."
            )
        report.rows += await _ending(dialog, 5 if quick else 20)
    finally:
        await house.close()
    report.rows += await _through_llm(installation, 5 if quick else 20)
    report.rows += await overhead(50 if quick else 200)
    return report


@asynccontextmanager
async def visiting(dialog: LiveDialog, *, tts: Tts | None = None) -> AsyncIterator[tuple[Session, Probe]]:
    """A session of the dialog with a face, as the kiosk has it."""
    clock = dialog.house.clock
    probe = Probe(clock)
    session = dialog.session(probe, clock, seed=1, tts=tts)
    session.manner.holds = True
    face = await dialog.face("h264")
    session.see(face)
    living = asyncio.create_task(session.run())
    try:
        await asyncio.sleep(0.3)
        yield session, probe
    finally:
        living.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await living
        await session.close()
        await face.close()


async def ask(dialog: LiveDialog, session: Session, probe: Probe, text: str) -> float:
    """Type a question; milliseconds to its first sound and picture."""
    probe.reset()
    now = dialog.house.clock.now()
    session.say(Utterance(text, dialog.language, "text", now, now))
    async with asyncio.timeout(30):
        await probe.first.wait()
    assert probe.latency is not None
    session.stop()
    await asyncio.sleep(0.15)
    return probe.latency.first_av_ms


def _questions(dialog: LiveDialog, count: int) -> list[tuple[str, str]]:
    """The first phrasing of `count` entries, spread over the library, with the entry's id."""
    items = dialog.knowledge.items()
    step = max(1, len(items) // count)
    return [(item.ask[0], item.id) for item in items[::step]][:count]


# ── typed ──
async def _typed(dialog: LiveDialog, count: int) -> list[Row]:
    exact = [text for text, _ in _questions(dialog, count)]
    loose = [f"Excuse me, {text[0].lower()}{text[1:]}" for text in exact]
    rows = []
    for name, texts, tts, target in (
        ("text → first_av, FAQ hit, voice live", exact, dialog.live_voice, 120.0),
        ("text → first_av, FAQ hit by meaning, voice live", loose, dialog.live_voice, 120.0),
        ("text → first_av, FAQ hit, prepared", exact, None, 60.0),
    ):
        async with visiting(dialog, tts=tts) as (session, probe):
            taken = [await ask(dialog, session, probe, text) for text in texts]
        rows.append(
            Row(f"{name}, p95", percentile(taken, 95), "ms", target, note=f"p50 {percentile(taken, 50):.0f} ms")
        )
    return rows


# ── spoken ──
async def _spoken(dialog: LiveDialog, count: int) -> list[Row]:
    asked = dict(_questions(dialog, count))
    recordings = await asyncio.to_thread(record, list(asked), ("slt", "rms"), ("clean", "pink"))
    whole = [Question(each, asked[each.text]) for each in recordings if not each.pauses]
    chosen = random.Random(7).sample(whole, min(count, len(whole)))  # noqa: S311
    async with visiting(dialog) as (session, probe):
        alone = [await _listen(dialog, session, probe, each) for each in chosen]
    rows = _spoken_rows("speech end → first_av", alone, (600.0, 1000.0))
    crowd = await _crowd(dialog, chosen)
    return [*rows, *_spoken_rows(f"{VISITORS} visitors speaking at once", crowd, (None, 1300.0))]


def _spoken_rows(name: str, taken: Sequence[Answer], targets: tuple[float | None, float]) -> list[Row]:
    good = [each.first_ms for each in taken if each.first_ms is not None]
    cut = sum(each.first_ms is None for each in taken)
    right = sum(each.right for each in taken)
    return [
        Row(f"{name}, p50", percentile(good, 50), "ms", targets[0], note=f"{len(taken)} questions, clean and 20 dB"),
        Row(f"{name}, p95", percentile(good, 95), "ms", targets[1]),
        Row(f"{name}: cut off or not heard", 100 * cut / max(1, len(taken)), "%", 5.0),
        Row(f"{name}: answered by the right entry", 100 * right / max(1, len(taken)), "%"),
    ]


async def _crowd(dialog: LiveDialog, questions: Sequence[Question]) -> list[Answer]:
    async def visitor(mine: Sequence[Question]) -> list[Answer]:
        async with visiting(dialog) as (session, probe):
            return [await _listen(dialog, session, probe, each) for each in mine]

    rounds = max(2, len(questions) // VISITORS)
    shares = [[questions[(v + r * VISITORS) % len(questions)] for r in range(rounds)] for v in range(VISITORS)]
    results = await asyncio.gather(*(visitor(share) for share in shares))
    return [each for result in results for each in result]


async def _listen(dialog: LiveDialog, session: Session, probe: Probe, question: Question) -> Answer:
    """Speak a recording in real time."""
    assert session.ears is not None
    recording = question.recording
    clock, pcm, step = dialog.house.clock, recording.pcm(), int(HZ * PIECE_S)
    probe.reset()
    began = clock.now()
    for at in range(0, len(pcm), step):
        await clock.sleep_until(began + at / HZ)
        session.ears.push(pcm[at : at + step], HZ)
    end = began + recording.ended / HZ
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(3):
            await probe.first.wait()
    first, reply = probe.first_at, probe.reply
    session.stop()
    await asyncio.sleep(0.3)
    right = reply is not None and reply.match is not None and reply.match.id == question.entry
    return Answer(None if first is None or first < end else (first - end) * 1000, right)


# ── ending ──
async def _ending(dialog: LiveDialog, count: int) -> list[Row]:
    """From the decision to end to the last packet, with the answer in full flow."""
    taken = []
    async with visiting(dialog) as (session, probe):
        for text, _ in _questions(dialog, count):
            probe.reset()
            now = dialog.house.clock.now()
            session.say(Utterance(text, dialog.language, "text", now, now))
            await probe.first.wait()
            await asyncio.sleep(0.5)
            decided = dialog.house.clock.now()
            session.stop()
            await asyncio.sleep(0.3)
            taken.append(max(0.0, probe.last_speech_at - decided) * 1000)
    return [Row("decision to end → last packet, p95", percentile(taken, 95), "ms", 100.0)]


# ── through a language model ──
async def _through_llm(installation: Installation, count: int) -> list[Row]:
    """What the runtime adds to a scripted server's own first sentence."""
    scripted = LlmServer(answer=LLM_ANSWER, delay_s=LLM_DELAY_S, gap_s=LLM_GAP_S)
    async with scripted.serving() as server:
        settings = installation.dialog(None).model_copy(
            update={"llm": Llm(url=server.url, model="scripted"), "asr": None}
        )
        house = await House.open(installation, LoopClock(), [settings])
        try:
            dialog = next(iter(house.dialogs.values()))
            async with visiting(dialog) as (session, probe):
                await ask(dialog, session, probe, NO_KNOWLEDGE[0])
                texts = [NO_KNOWLEDGE[n % len(NO_KNOWLEDGE)] for n in range(count)]
                taken = [await ask(dialog, session, probe, text) for text in texts]
        finally:
            await house.close()
    own = (LLM_DELAY_S + LLM_GAP_S * len(LLM_ANSWER.split())) * 1000
    added = [each - own for each in taken]
    return [Row("LLM: added to the server's own first sentence, p95", percentile(added, 95), "ms", 150.0)]
