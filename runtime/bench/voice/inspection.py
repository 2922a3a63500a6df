"""Planted faults found, clean recordings left alone: the inspection of recordings for a voice.

Clean are the clips of each LibriSpeech speaker joined, without what lies below 70 Hz, as some of them carry thumps; and
texts spoken by flite, which no limit was chosen on. The limits were chosen on the first half of the speakers.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]

from avatars.voices.enrol.clipped import Clipped
from avatars.voices.enrol.inspect import Inspection, inspected, take_of
from avatars.voices.enrol.inspect.take import Embed
from avatars.voices.enrol.service import embedder
from avatars.voices.enrol.sound import Recording, Source
from runtime.bench.recordings import HZ, record
from runtime.bench.report import Row
from runtime.bench.voice.planting import FAULTS, Fault, Sound, Span, high_passed, joined
from runtime.settings import Installation
from visavis.signal import resample, to_pcm
from visavis.words import RATE

NEAR_S = 1.0
"""How far a finding may lie from what was planted."""
AMOUNTS = frozenset({"too_short", "too_long"})
TEXTS = (
    "The old lighthouse stands at the end of a narrow path between the dunes.",
    "Every Thursday the baker sells small cakes with plums and a little cinnamon.",
    "My uncle repairs clocks, and his workshop is full of patient ticking.",
    "We took the ferry across the river because the bridge was being painted.",
    "A good teacher knows when to wait and when to ask one more question.",
    "The library opens at nine, but the reading room is quiet until noon.",
    "Snow fell on the market square, and nobody bought any flowers that day.",
    "Please bring the long ladder, the apples at the top are ripe by now.",
    "Her letter arrived in the morning, folded twice and smelling of lavender.",
    "They measured the field again and found that it was larger than before.",
)
Said = Callable[[int, int], None]


async def measure(installation: Installation, *, quick: bool, data: Path, done: Said) -> tuple[list[Row], list[str]]:
    """Shares of faults found and of clean recordings flagged, for the speakers that no limit was chosen on."""
    speakers = await asyncio.to_thread(speakers_in, data)
    if len(speakers) < 4:
        return [], [f"Left out, inspection: {data}/speech/librispeech is absent."]
    embed = embedder(Path(installation.app.cache.dir))
    if embed is None:
        return [], ["Left out, inspection: the speaker network is not installed; run `make setup`."]
    return await asyncio.to_thread(_measured, speakers, embed, quick, done)


def _measured(speakers: dict[str, list[Sound]], embed: Embed, quick: bool, done: Said) -> tuple[list[Row], list[str]]:
    names = sorted(speakers)
    halves = {"tuned on": names[: len(names) // 2], "held out": names[len(names) // 2 :]}
    rows: list[Row] = []
    notes: list[str] = []
    for half, chosen in halves.items():
        if quick and half == "tuned on":
            continue
        missed, planted = _planted(speakers, chosen[:1] if quick else chosen, embed, done)
        target = 95.0 if half == "held out" else None
        found = 100 * (1 - len(missed) / max(planted, 1))
        rows.append(Row("planted faults found", found, "%", target, at_least=True, note=f"{planted}, {half}"))
        notes += [f"Missed, {half}: {each}." for each in missed]
    clean = {
        f"{name}, take {n + 1}": take for name in halves["held out"] for n, take in enumerate(_takes(speakers[name]))
    }
    clean |= _synthesised()
    flagged = [f"{name}: {rules}" for name, take in clean.items() if (rules := _flags(take, embed))]
    share = 100 * len(flagged) / len(clean)
    rows.append(Row("clean recordings flagged", share, "%", 5.0, note=f"{len(clean)} recordings, held out"))
    return rows, [*notes, *(f"Flagged though clean: {each}." for each in flagged)]


def _planted(
    speakers: dict[str, list[Sound]], chosen: Sequence[str], embed: Embed, done: Said
) -> tuple[list[str], int]:
    """What was missed, and how many faults were planted."""
    missed, count, names = [], 0, sorted(speakers)
    for index, name in enumerate(chosen):
        other = speakers[names[(names.index(name) + 1) % len(names)]]
        for number, fault in enumerate(FAULTS):
            done(index * len(FAULTS) + number, len(chosen) * len(FAULTS))
            sound, span = fault.plant(speakers[name], other, number + 7 * index)
            count += 1
            if not _found(_inspected(sound, embed if fault.rule == "second_speaker" else None), fault, span):
                missed.append(f"{fault.rule} ({fault.strength}) in {name}")
    return missed, count


def _found(inspection: Inspection, fault: Fault, span: Span | None) -> bool:
    for each in inspection.findings:
        if each.rule == fault.rule and (
            span is None or (each.start_s < span[1] + NEAR_S and span[0] - NEAR_S < each.end_s)
        ):
            return True
    return False


def _flags(sound: Sound, embed: Embed) -> str:
    found = [each for each in _inspected(sound, embed).findings if each.rule not in AMOUNTS and each.severity != "note"]
    return ", ".join(f"{each.rule} at {each.start_s:.1f} s, {each.measured:g} {each.unit}" for each in found)


def _inspected(sound: Sound, embed: Embed | None) -> Inspection:
    clipped = Clipped(RATE)
    clipped.push(sound.astype(np.float32)[None])
    source = Source("pcm_s16le", HZ, 1, len(sound) / RATE, clipped=clipped.spans())
    pcm = to_pcm((sound * 32768).astype(np.float32))
    return inspected(take_of([Recording("planted.wav", pcm, source)]), "fast", embed)


def speakers_in(data: Path) -> dict[str, list[Sound]]:
    """The clips of each speaker at `RATE`."""
    found: dict[str, list[Sound]] = defaultdict(list)
    for path in sorted((data / "speech" / "librispeech").rglob("*.flac")):
        samples, rate = soundfile.read(path, dtype="int16")
        found[path.name.split("-")[0]].append(high_passed(resample(samples, rate, RATE) / 32768.0))
    return dict(found)


def _takes(clips: list[Sound]) -> list[Sound]:
    """Three recordings of one speaker: all clips, and two selections in another order."""
    return [joined(clips), joined([*clips[5:], *clips[:3]]), joined([*clips[::-2], *clips[:6:2]])]


def _synthesised() -> dict[str, Sound]:
    """Texts spoken by flite, where it is installed."""
    if shutil.which("flite") is None:
        return {}
    found = {}
    for voice in ("slt", "rms", "awb"):
        spoken = [resample(each.pcm(), HZ, RATE) / 32768.0 for each in record(TEXTS, (voice,), ("clean",))]
        found[f"flite {voice}"] = joined(spoken)
    return found
