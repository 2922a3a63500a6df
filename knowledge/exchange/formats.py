"""The formats by name: which file is which, and how each is written and read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast, get_args

from knowledge.exchange import bundle, chatterbot, plain_json, sheet_csv, workbook
from knowledge.exchange.checking import checked
from knowledge.exchange.columns import of_key
from knowledge.exchange.contents import Contents, Incoming
from knowledge.exchange.faults import Fault
from visavis.config import contents, suggest
from visavis.errors import SetupError

Format = Literal["csv", "xlsx", "json", "chatterbot", "zip"]
FORMATS: tuple[Format, ...] = get_args(Format)
LIMIT = 64 * 1024 * 1024
"""Bytes that a file to be taken in may have."""
_SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".json": "json",
    ".yml": "chatterbot",
    ".yaml": "chatterbot",
    ".zip": "zip",
}


def format_of(path: Path, named: str | None) -> Format:
    """The format that was named, or that the file's name tells. Raises SetupError."""
    if named is not None:
        return cast(Format, named)
    if path.suffix.lower() not in _SUFFIXES:
        raise SetupError(f"{path}: the name does not tell its format", f"name one with --format {'|'.join(FORMATS)}")
    return _SUFFIXES[path.suffix.lower()]


def exported(
    library: Contents, form: Format, folder: Path, *, kind: str = "faq", name: str | None = None, bom: bool = False
) -> bytes:
    """A library in a format; the same library always gives the same bytes.

    `kind`: what a CSV file holds, the others hold what they can; `name`: the id of the skill that a ZIP archive holds;
    `folder`: where its pictures lie; `bom`: mark CSV as UTF-8 for Excel. Raises SetupError, ConfigError.
    """
    match form:
        case "csv":
            return sheet_csv.write(kind, library.records.get(kind, []), bom)
        case "xlsx":
            return workbook.write(library)
        case "json":
            return plain_json.write(library)
        case "chatterbot":
            return chatterbot.write(library)
    skills = {each["id"]: each for each in library.records.get("skills", [])}
    if name is None and len(skills) == 1:
        name = next(iter(skills))
    if name is None or name not in skills:
        problem = f"there is no skill {name!r}" if name else f"the knowledge base has {len(skills)} skills"
        raise SetupError(problem, suggest(name or "", sorted(skills)) if name else "name one with --id")
    return bundle.write(skills[name], library.language, folder)


def incoming(path: Path, form: Format, *, kind: str = "faq") -> Incoming:
    """What a file brings, each row checked by itself. Raises ConfigError where the file cannot be read."""
    raw = contents(path, LIMIT)
    if len(raw) > LIMIT:
        return Incoming(faults=[Fault(1, "", f"the file is larger than {LIMIT >> 20} MB", "split it")])
    match form:
        case "csv":
            return checked(sheet_csv.read(raw, kind), of_key)
        case "xlsx":
            return checked(workbook.read(raw, kind), of_key)
        case "json":
            return checked(plain_json.read(raw, kind))
        case "chatterbot":
            return checked(chatterbot.read(raw, path))
    return checked(bundle.read(raw))


__all__ = ["FORMATS", "Format", "exported", "format_of", "incoming"]
