"""The verbs of `visavis voice`: enrol a voice with its owner's consent, list, speak, compare, take back."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.console import (
    Verb,
    as_json,
    bad_call,
    complain,
    config,
    ends,
    given_text,
    progress,
    show,
    table,
    tell,
    working,
)

if TYPE_CHECKING:
    from avatars.voices.enrol.store import Store
    from runtime.settings import Installation


def register(group: Any, verb: Verb) -> None:
    """Add the verbs to the parser's group."""
    _enroll_options(verb(group, "enroll", _enroll, "Make a voice of a person's recordings, with his consent."))
    approve = verb(group, "approve", _approve, "Say that a spoken authorisation is right, having listened to it.")
    approve.add_argument("name", metavar="NAME")
    approve.add_argument("--by", required=True, metavar="PERSON", help="who has listened")
    revoke = verb(group, "revoke", _revoke, "Take a voice back: all that was made of it is deleted.")
    revoke.add_argument("name")
    revoke.add_argument("--keep-uploads", action="store_true", help="leave the recordings that were uploaded for it")
    verb(group, "list", _list, "List the voices that can be used.")
    _say_options(verb(group, "say", _say, "Speak a text to a WAV file."))
    verify = verb(group, "verify", _verify, "Say whether two clips are of one speaker.")
    verify.add_argument("one", metavar="NAME|CLIP", help="an enrolled voice, or a recording")
    verify.add_argument("other", metavar="CLIP", help="a recording")


def _enroll_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("name", metavar="NAME", help="lower-case letters, digits, - and _")
    made.add_argument("--recording", type=Path, nargs="+", action="extend", default=[], metavar="F")
    made.add_argument("--consent", type=Path, metavar="F", help="the spoken authorisation")
    made.add_argument("--speaker", required=True, metavar="NAME", help="whose voice it is, as he says it")
    made.add_argument("--company", required=True, metavar="NAME", help="who may use it, as it is said")
    made.add_argument("--language", choices=("zh", "en", "ja", "ko"), default="en")
    made.add_argument("--profile", choices=("fast", "full"), default="fast", help="50-90 s or 20-30 min of speech")
    made.add_argument("--approved-by", default="", metavar="PERSON", help="who has listened to the authorisation")
    made.add_argument("--script", action="store_true", help="show what the speaker has to read, and do nothing else")
    made.add_argument("--report", type=Path, metavar="out.html", help="write what was found in the recordings")


def _say_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("text", help="- reads standard input")
    made.add_argument("--ssml", action="store_true", help="the text is marked up in SSML")
    made.add_argument("--voice", metavar="NAME", help="an enrolled or configured voice, or one of the engine")
    made.add_argument("--out", type=Path, required=True, metavar="x.wav")


def _installation(options: argparse.Namespace) -> Installation:
    from runtime.settings import Installation

    return Installation(config(options), required=False, with_dialogs=False)


def _store(options: argparse.Namespace) -> Store:
    from avatars.voices.enrol.store import Store, folder_of

    return Store(folder_of(_installation(options).app.cache.dir))


# ── enroll ──
def _enroll(options: argparse.Namespace) -> int:
    from avatars.voices.enrol.scripts import script

    if options.script:
        said = script(options.language, options.speaker, options.company)
        show(options, {"language": options.language, "script": said}, lambda row: str(row["script"]))
        return 0
    if not options.recording:
        bad_call(options, "give the recordings with --recording")
    if options.consent is None:
        bad_call(options, "give the spoken authorisation with --consent; --script shows what to read")
    ends(options, "report", ".html")
    from runtime.enrolling_once import enrol_once

    order = {
        "name": options.name, "speaker": options.speaker, "company": options.company,
        "language": options.language, "profile": options.profile, "approved_by": options.approved_by,
    }  # fmt: skip
    with progress(f"enrolling {options.name}") as done:
        work = enrol_once(_installation(options), order, options.recording, options.consent, options.report, done)
        found = asyncio.run(work)
    if options.json:
        tell(as_json(found))
    else:
        for each in found["findings"]:
            where = f"{each['file']} {each['start_s']:g}-{each['end_s']:g} s"
            tell(f"{each['severity']:8}{each['rule']:16}{where:32}{each['advice'][_tongue(options)]}")
        (complain if found["taskStatus"] == 4 else tell)(found["msg"])
    return 1 if found["taskStatus"] == 4 else 0


def _tongue(options: argparse.Namespace) -> str:
    return "zh" if options.language == "zh" else "en"


def _approve(options: argparse.Namespace) -> None:
    from runtime.enrolling_once import approve_once

    with working(f"approving {options.name}"):
        found = asyncio.run(approve_once(_installation(options), options.name, options.by))
    show(options, found, lambda row: str(row["msg"]))


def _revoke(options: argparse.Namespace) -> None:
    from avatars.voices.enrol.taking_back import taken_back
    from avatars.voices.enrol.task import Tasks
    from runtime.enrolling import TASKS

    store = _store(options)
    stone = taken_back(store, Tasks(store.folder.parent / TASKS), options.name, uploads=options.keep_uploads)
    found = {"name": options.name, "revoked": True, **stone.model_dump(mode="json")}
    show(options, found, lambda row: f"{row['name']} is taken back; what was made of it is deleted")


# ── list, say, verify ──
def _list(options: argparse.Namespace) -> None:
    from runtime.voices import told

    show(options, told(_store(options), _installation(options).presets), _listed)


def _listed(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "no voices; enrol one with visavis voice enroll, or write configs/voices/NAME.yaml"
    head = ["name", "kind", "languages", "likeness", "consent", "state"]
    return table([head, *([_cell(row, key) for key in head] for row in rows)])


def _cell(row: dict[str, Any], key: str) -> str:
    if key == "languages":
        return " ".join(row.get("languages") or ["-"])
    if key == "likeness":
        return f"{row['similarity']:.2f}" if row.get("similarity") is not None else "-"
    return str(row.get(key) or "-")


def _say(options: argparse.Namespace) -> None:
    text = given_text(options, "text")
    ends(options, "out", ".wav")
    from runtime.one_shot import say_once

    with working(f"speaking {options.out}"):
        result = asyncio.run(say_once(options.config, text, voice=options.voice, out=options.out, ssml=options.ssml))
    for each in result.get("warnings", ()):
        complain(each)
    show(options, result, lambda row: f"{row['seconds']:.2f} s → {row['out']}")


def _verify(options: argparse.Namespace) -> None:
    from runtime.enrolling_once import verify_once

    with working("comparing"):
        found = asyncio.run(verify_once(_installation(options), options.one, options.other))
    show(options, found, _verified)


def _verified(row: dict[str, Any]) -> str:
    verdict = "the same speaker" if row["same"] else "different speakers"
    return f"likeness {row['similarity']:.3f}, threshold {row['threshold']:g}: {verdict}"
