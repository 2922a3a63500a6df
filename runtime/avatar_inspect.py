"""A recording inspected from the command line: faces and voices are told apart where their networks are installed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avatars.inspect.kinds import KINDS, NAMES
from runtime.console import Verb, as_json, check_place, config, ends, progress, tell
from visavis.errors import SetupError

if TYPE_CHECKING:
    from avatars.inspect.inspection import Inspection
    from avatars.inspect.person import Eyes

STEPS = 1000


def register(group: Any, verb: Verb) -> None:
    """Add the verbs to the parser's group."""
    made = verb(group, "inspect", _inspect, "Say what is wrong with a recording before an avatar is made of it.")
    made.add_argument("video", type=Path, metavar="VIDEO", help="MP4; MOV or WebM with --keyed; a photo for portrait")
    _shared(made)
    made.add_argument("--keyed", action="store_true", help="its background is transparent already")
    made.add_argument("--out", type=Path, metavar="report.html", help="write the report with pictures")
    _shared(verb(group, "checklist", _checklist, "Show what a person has to judge about a recording, to print it."))


def _shared(made: argparse.ArgumentParser) -> None:
    made.add_argument("--kind", choices=NAMES, default="standard", help="default: standard")
    made.add_argument("--lang", choices=("en", "zh"), default="en", help="default: en")


def _inspect(options: argparse.Namespace) -> int:
    ends(options, "out", ".html")
    if options.out is not None:
        check_place(options.out)
    from runtime.settings import Installation

    cache = Path(Installation(config(options), required=False, with_dialogs=False).app.cache.dir)
    with progress(f"inspecting {options.video.name}") as done:
        found = inspect_once(options.video, options.kind, keyed=options.keyed, cache=cache, done=done)
    if options.out is not None:
        from avatars.inspect.page import page

        options.out.write_text(page(found, options.lang), encoding="utf-8")
    tell(found.model_dump_json() if options.json else lines(found, options.lang))
    return 0 if found.passed else 1


def _checklist(options: argparse.Namespace) -> None:
    from avatars.inspect.checklist import CHECKLIST, POINTS, printed

    points = [{"key": key, "en": POINTS[key][0], "zh": POINTS[key][1]} for key in CHECKLIST[options.kind]]
    tell(as_json(points) if options.json else printed(options.kind, options.lang))


def inspect_once(video: Path, kind: str, *, keyed: bool, cache: Path, done: Callable[[int, int], None]) -> Inspection:
    """Raises FootageError for what cannot be decoded."""
    from avatars.inspect.inspection import inspected
    from avatars.voices.enrol.service import embedder

    return inspected(
        video, KINDS[kind], keyed=keyed, eyes=eyes(), embed=embedder(cache),
        done=lambda share: done(round(share * STEPS), STEPS),
    )  # fmt: skip


def eyes() -> Eyes | None:
    """What follows one recording's person; None where the networks are not installed."""
    from avatars.faces.landmarks import FaceFinder
    from avatars.inspect.person import Eyes

    try:
        return Eyes(FaceFinder.open())
    except SetupError:
        return None


def lines(found: Inspection, language: str) -> str:
    """What was found, a line each."""
    rows = []
    for each in found.findings:
        where = f"{each.start_s:g}-{each.end_s:g} s"
        advice = each.advice.zh if language == "zh" else each.advice.en
        rows.append(f"{each.severity:8}{each.rule:20}{where:20}{advice}")
    rows += [f"{rule}: {count} more" for rule, count in found.more.items()]
    if found.unjudged:
        rows.append(f"not judged: {', '.join(each.replace('_', ' ') for each in found.unjudged)}")
    verdict = "can be used" if found.passed else "cannot be used yet"
    return "\n".join([*rows, f"{found.file}: this recording {verdict}"])
