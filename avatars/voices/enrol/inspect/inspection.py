"""All rules over one take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from avatars.voices.enrol.inspect import (
    amount,
    bandwidth,
    ceiling,
    channels,
    fillers,
    levels,
    noise,
    plosives,
    repeats,
    reverb,
    speakers,
)
from avatars.voices.enrol.inspect.advice import ADVICE
from avatars.voices.enrol.inspect.fillers import Said
from avatars.voices.enrol.inspect.finding import Finding, Found
from avatars.voices.enrol.inspect.take import Embed, Take

MANY = 20
"""Findings of one rule that are told; the rest is only counted."""
_ORDER = {"error": 0, "warning": 1, "note": 2}
_POINTS = 800


class Inspection(BaseModel):
    """What was found in the recordings of a voice; `outline` are their loudest moments, 0 to 1, evenly spaced."""

    model_config = ConfigDict(frozen=True)
    files: tuple[tuple[str, float], ...]
    """Names and seconds."""
    seconds: float
    effective_s: float
    snr_db: float
    level_dbfs: float
    findings: tuple[Finding, ...]
    more: dict[str, int] = {}
    outline: tuple[float, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether a voice may be made of it."""
        return not any(each.severity == "error" for each in self.findings)


def inspected(
    take: Take,
    profile: amount.ProfileName,
    embed: Embed | None,
    done: Callable[[float], object] = lambda share: None,
) -> Inspection:
    """Every rule; without `embed` nothing is said of who speaks. `done` is told the share that is behind it."""
    found = list(amount.find(take, profile))
    rules = (bandwidth.find, channels.find, ceiling.find, levels.find, noise.find, reverb.find, plosives.find)
    steps: tuple[Callable[[Take], list[Found]], ...] = (*rules, fillers.find, repeats.find)
    for index, rule in enumerate(steps):
        found += rule(take)
        done(0.4 * (index + 1) / len(steps))
    if embed is not None:
        found += speakers.find(take, embed, lambda share: done(0.4 + 0.6 * share))
    files = tuple((each.name, round(each.seconds, 2)) for each in take.recordings)
    told, more = _told(files, found)
    return Inspection(
        files=files,
        seconds=round(len(take.levels) / 100, 2),
        effective_s=round(take.effective_s, 1),
        snr_db=round(noise.snr_db(take), 1) if take.speech else 0.0,
        level_dbfs=round(levels.speech_dbfs(take), 1),
        findings=tuple(told),
        more=more,
        outline=_outline(take),
    )


def with_words(inspection: Inspection, said: Sequence[Said]) -> Inspection:
    """The same, with what a recogniser's words tell besides what was found by sound."""
    found = [*fillers.find_said(said), *repeats.find_said(said)]
    seen = {(each.rule, each.file): (each.start_s, each.end_s) for each in inspection.findings}
    told, more = _told(inspection.files, found)
    new = [each for each in told if not _overlaps(each, seen.get((each.rule, each.file)))]
    both = sorted([*inspection.findings, *new], key=lambda each: (_ORDER[each.severity], each.file, each.start_s))
    return inspection.model_copy(update={"findings": tuple(both), "more": {**inspection.more, **more}})


def _overlaps(finding: Finding, span: tuple[float, float] | None) -> bool:
    return span is not None and finding.start_s < span[1] and span[0] < finding.end_s


def _told(files: Sequence[tuple[str, float]], found: Iterable[Found]) -> tuple[list[Finding], dict[str, int]]:
    """The worst first; of many of one kind the first."""
    told: list[Finding] = []
    count: dict[str, int] = {}
    for each in sorted(found, key=lambda f: (_ORDER[f.severity], f.start_s)):
        count[each.rule] = count.get(each.rule, 0) + 1
        if count[each.rule] > MANY:
            continue
        name, start, seconds = _place(files, each.start_s)
        told.append(
            Finding(
                rule=each.rule, severity=each.severity, file=name, start_s=round(start, 2),
                end_s=round(min(start + each.end_s - each.start_s, seconds), 2),
                measured=round(each.measured, 3), limit=round(each.limit, 3), unit=each.unit, advice=ADVICE[each.rule],
            )
        )  # fmt: skip
    return told, {rule: number - MANY for rule, number in count.items() if number > MANY}


def _place(files: Sequence[tuple[str, float]], second: float) -> tuple[str, float, float]:
    """The file that a second of the whole lies in, which second of it that is, and how long it lasts."""
    for name, seconds in files[:-1]:
        if second < seconds:
            return name, max(second, 0.0), seconds
        second -= seconds
    name, seconds = files[-1]
    return name, min(max(second, 0.0), seconds), seconds


def _outline(take: Take) -> tuple[float, ...]:
    if not len(take.pcm):
        return ()
    edges = np.linspace(0, len(take.pcm), min(_POINTS, len(take.pcm)) + 1).astype(int)[:-1]
    loudest = np.maximum.reduceat(np.abs(take.pcm.astype(np.int32)), edges) / 32768
    return tuple(round(float(each), 3) for each in loudest)
