"""`visavis kb import` and `visavis kb export`: knowledge from other programs and for them."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.console import Verb, bad_call, check_place, complain, config, show, working

if TYPE_CHECKING:
    from knowledge.exchange import Contents, Incoming
    from knowledge.exchange.taking import Taken

FORMATS = ("csv", "xlsx", "json", "chatterbot", "zip")
KINDS = ("faq", "keywords", "greetings", "rules", "skills", "documents")
_SHOWN = 20


def register(group: Any, verb: Verb) -> None:
    """Add the verbs to the parser's group."""
    made = verb(group, "import", _import, "Take in CSV, XLSX, JSON, ChatterBot YAML, or a skill's ZIP archive.")
    made.add_argument("file", type=Path, metavar="FILE")
    made.add_argument("--into", metavar="PATH|NAME", help="a knowledge file or a knowledge base, there already or new")
    made.add_argument("--format", choices=FORMATS, help="default: by the file's name")
    made.add_argument("--kind", choices=KINDS, default="faq", help="what the rows of a CSV file are (faq)")
    made.add_argument("--language", metavar="TAG", help="of a new file; default: what the file says, or looks like")
    made.add_argument("--skip-bad", action="store_true", help="take the good rows where others are refused")
    made.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    made = verb(
        group, "export", _export, "Write a knowledge base as CSV, XLSX, JSON, ChatterBot YAML or a skill's ZIP."
    )
    made.add_argument("which", metavar="PATH|NAME", help="a knowledge file, or the name of a knowledge base")
    made.add_argument("--out", type=Path, required=True, metavar="FILE")
    made.add_argument("--format", choices=FORMATS, help="default: by the file's name")
    made.add_argument("--kind", choices=KINDS, default="faq", help="what a CSV file is to hold (faq)")
    made.add_argument("--id", metavar="ID", help="the skill that a ZIP archive is to hold")
    made.add_argument("--bom", action="store_true", help="mark CSV as UTF-8, so that Excel reads it right")


# ── export ──
def _export(options: argparse.Namespace) -> None:
    from knowledge.exchange import exported
    from knowledge.exchange.formats import format_of

    check_place(options.out)
    form = format_of(options.out, options.format)
    library, folder = _library(options)
    raw = exported(library, form, folder, kind=options.kind, name=options.id, bom=options.bom)
    options.out.write_bytes(raw)
    counts = {kind: len(records) for kind, records in library.records.items() if records}
    held = {"csv": {options.kind}, "chatterbot": {"faq"}, "zip": {"skills"}}.get(form, set(KINDS))
    left = [f"{kind} ({count})" for kind, count in counts.items() if kind not in held]
    result = {
        "file": str(options.out),
        "format": form,
        "records": {kind: count for kind, count in counts.items() if kind in held},
        "left_out": left,
    }
    remark = f"\nnot in this file: {', '.join(left)}" if left else ""
    show(options, result, lambda _: f"→ {options.out} ({form}, {len(raw):,} bytes){remark}")


def _library(options: argparse.Namespace) -> tuple[Contents, Path]:
    """What a file or all files of a library say, and their folder. Raises ConfigError."""
    from knowledge.exchange.contents import contents
    from knowledge.library import assemble, parts
    from knowledge.schema import KnowledgeFile
    from visavis.config import build, read

    path = Path(options.which)
    if path.suffix in (".yaml", ".yml") or path.exists():
        document = read(path)
        found = [(document, build(KnowledgeFile, document))]
        assemble(found)
        return contents(found), path.parent
    folder = config(options) / "knowledge"
    found = parts(options.which, folder)
    assemble(found)
    return contents(found), folder


# ── import ──
def _import(options: argparse.Namespace) -> int:
    from knowledge.editing.faults import EditError
    from knowledge.exchange import incoming
    from knowledge.exchange.formats import format_of
    from visavis.errors import SetupError

    form = format_of(options.file, options.format)
    with working(f"reading {options.file.name}"):
        found = incoming(options.file, form, kind=options.kind)
        try:
            taken = _taken(options, found)
        except EditError as error:
            raise SetupError(f"{options.file}: {error}", "nothing was changed") from error
    for fault in taken.refused:
        complain(f"{options.file}: {fault}")
    told = {key: value for key, value in asdict(taken).items() if key != "into"}
    result = {"file": str(options.file), "format": form, "into": str(taken.into), "dry_run": options.dry_run, **told}
    show(options, result, lambda _: _text(taken, options))
    return 1 if taken.refused and not options.skip_bad else 0


def _taken(options: argparse.Namespace, found: Incoming) -> Taken:
    """Put what comes in where it belongs: into a library that is there, else into a new file."""
    from knowledge.exchange.checking import library_name
    from knowledge.exchange.newfile import content, language_of
    from knowledge.exchange.taking import create, merge
    from knowledge.library import load_file, names

    switches = {"skip_bad": options.skip_bad, "dry_run": options.dry_run}
    into: str = options.into or found.name or library_name(options.file.stem)
    path = Path(into)
    named = path.suffix not in (".yaml", ".yml")
    folder = config(options) / "knowledge" if named else path.parent
    if not folder.is_dir():
        bad_call(options, f"there is no folder {folder}; make it first, or name a file with --into")
    logs = _logs(options)
    if named and into in names(folder):
        return merge(found, into, folder, logs, file=None, **switches)
    if not named and path.exists():
        return merge(found, load_file(path).name, folder, logs, file=path.name, **switches)
    path = folder / f"{library_name(into)}.yaml" if named else path
    name = library_name(into if named else path.stem)
    if not named and found.name and found.name not in names(folder):
        name = found.name
    if found.name and found.name != name and found.name in names(folder):
        found.notes.append(f"the knowledge base is called {name!r}, because {found.name!r} is there already")
    language = options.language or language_of(found)
    return create(found, lambda rows: content(found, rows, name, language), path, **switches)


def _logs(options: argparse.Namespace) -> Path:
    """Where the server keeps its record of edits, too."""
    from runtime.settings import Installation

    installation = Installation(config(options), required=False, with_dialogs=False)
    return Path(installation.app.cache.dir).parent / "edits"


def _text(taken: Taken, options: argparse.Namespace) -> str:
    counts = ", ".join(
        f"{len(each)} {word}"
        for word, each in (("added", taken.added), ("changed", taken.changed), ("unchanged", taken.unchanged))
    )
    would = "would be " if options.dry_run else ""
    lines = [f"{would}{counts}, {len(taken.refused)} refused → {taken.into}"]
    if taken.refused and not taken.written and not options.dry_run:
        lines[0] = (
            f"nothing was changed: {len(taken.refused)} refused; correct them, or take the others with --skip-bad"
        )
    lines += [f"  {note}" for note in taken.notes[:_SHOWN]]
    if len(taken.notes) > _SHOWN:
        lines.append(f"  … and {len(taken.notes) - _SHOWN} remarks more (--json lists them)")
    return "\n".join(lines)
