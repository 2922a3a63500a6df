"""All rules over one recording."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from avatars.inspect.advice import ADVICE
from avatars.inspect.album import Album
from avatars.inspect.checklist import CHECKLIST
from avatars.inspect.film import Film, watched
from avatars.inspect.finding import Finding, Found
from avatars.inspect.footage import Facts, Footage
from avatars.inspect.hearing import heard
from avatars.inspect.kinds import Kind
from avatars.inspect.person import Eyes
from avatars.inspect.rules import (
    borders,
    container,
    cuts,
    duration,
    exposure,
    faces,
    focus,
    framing,
    green,
    lips,
    rate,
    resolution,
    shake,
    sound,
    stills,
)
from avatars.voices.enrol.inspect.take import Embed

MANY = 12
"""Findings of one rule that are told; the rest is only counted."""
_ORDER = {"error": 0, "warning": 1, "note": 2}
_FILE = (container.find, resolution.find, rate.find, duration.find)
_PICTURE = (
    cuts.find, stills.find, shake.find, focus.find, borders.find, exposure.find,
    faces.find, lips.find, framing.find,
)  # fmt: skip
_PHOTO = (container.find, resolution.find, focus.find, borders.find, exposure.find, faces.find, framing.find)


class Inspection(BaseModel):
    """What was found in a recording. `unjudged` names what nothing could be said of; `more` counts what is not told."""

    model_config = ConfigDict(frozen=True)
    file: str
    kind: str
    keyed: bool
    seconds: float
    frames: int
    facts: Facts
    screen: str
    """green, blue or none."""
    findings: tuple[Finding, ...]
    more: dict[str, int]
    unjudged: tuple[str, ...]
    checklist: tuple[str, ...]
    """Keys of what a person has to judge."""

    @property
    def passed(self) -> bool:
        """Whether an avatar may be made of it."""
        return not any(each.severity == "error" for each in self.findings)


def inspected(
    path: Path, kind: Kind, *, keyed: bool = False, eyes: Eyes | None, embed: Embed | None,
    done: Callable[[float], object] = lambda share: None,
) -> Inspection:  # fmt: skip
    """Every rule over the recording at `path`; nothing is said of faces without `eyes`, of voices without `embed`.

    `done` is told the share that is behind it. Blocks for up to three times the length of a recording of 1080 lines.
    Raises FootageError for what cannot be decoded.
    """
    with Footage.open(path, path.name) as footage, Album() as album:
        length = max(footage.facts.duration_s, 0.1)
        film = watched(
            footage, kind, keyed=keyed, eyes=eyes, album=album, done=lambda second: done(0.8 * min(second / length, 1))
        )
        found, take = list[Found](), None
        if footage.facts.sound:
            take, problem = heard(path, footage.facts.container)
            found += [Found("sound_damaged", "error", 0.0, film.seconds)] if problem else []
        film = replace(film, take=take)
        done(0.9)
        found += _ruled(film, embed, skip_sound=bool(found))
        done(1.0)
        return _told(film, found, album, embed)


def _ruled(film: Film, embed: Embed | None, *, skip_sound: bool) -> list[Found]:
    if film.footage.facts.container == "picture":
        return [each for rule in _PHOTO for each in rule(film)]
    found = [each for rule in (*_FILE, *_PICTURE) for each in rule(film)]
    if not film.keyed:
        found += green.find(film)
    return found if skip_sound else found + sound.find(film, embed)


def _told(film: Film, found: Iterable[Found], album: Album, embed: Embed | None) -> Inspection:
    findings, count = list[Finding](), dict[str, int]()
    for each in sorted(found, key=lambda found: (_ORDER[found.severity], found.start_s)):
        count[each.rule] = count.get(each.rule, 0) + 1
        if count[each.rule] <= MANY:
            findings.append(_finding(film, each, album))
    facts = film.footage.facts
    return Inspection(
        file=film.footage.name, kind=film.kind.name, keyed=film.keyed, seconds=round(film.seconds, 3),
        frames=len(film.times), facts=facts, screen=_screen(film), findings=tuple(findings),
        more={rule: number - MANY for rule, number in count.items() if number > MANY},
        unjudged=tuple(_unjudged(film, embed)), checklist=CHECKLIST[film.kind.name],
    )  # fmt: skip


def _finding(film: Film, found: Found, album: Album) -> Finding:
    """Its picture is of its middle, which shows more than where it begins; of a single moment, of that."""
    middle = (found.start_s + found.end_s - film.interval) / 2
    frame = int(abs(film.times - max(middle, found.start_s)).argmin())
    return Finding(
        rule=found.rule, severity=found.severity, start_s=round(found.start_s, 3), end_s=round(found.end_s, 3),
        measured=round(float(found.measured), 3), limit=round(float(found.limit), 3), unit=found.unit, frame=frame,
        picture=album.picture(frame), advice=ADVICE[found.rule],
    )  # fmt: skip


def _screen(film: Film) -> str:
    channels = [look.channel for _, look in film.screens]
    return "none" if not channels else "green" if channels.count(1) * 2 >= len(channels) else "blue"


def _unjudged(film: Film, embed: Embed | None) -> list[str]:
    video = film.footage.facts.container != "picture"
    found = ["faces"] if film.people is None else []
    if video and film.take is None and film.kind.lips:
        found.append("sound")
    if video and film.take is not None and embed is None:
        found.append("second_voice")
    return [*found, "eyes", "hands", "lip_sync"] if video and film.kind.lips else found
