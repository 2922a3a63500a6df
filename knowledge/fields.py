"""The kinds of value that a knowledge file holds: texts, ids, durations, windows, paths."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, StringConstraints, WithJsonSchema

from knowledge import templates
from knowledge.languages import language
from knowledge.when import condition
from visavis.config import Fault, short, suggest
from visavis.ssml import MarkupError, is_markup, parse
from visavis.words import ACTIONS

SAY_LIMIT = 2_000
ASK_LIMIT = 300
TEXTS_LIMIT = 1_000
"""Wordings or words that one item may have."""
_LONGEST_S = 10 * 366 * 86_400.0
_ID_SCHEMA = r"^[^\s.!-,/:-@\[-^`{-~][^\s!-,/:-@\[-^`{-~]{0,63}$"
"""What an id looks like to a validator whose `\\w` knows ASCII alone; `_ID` is stricter."""
_ID = re.compile(r"[\w-][\w.-]{0,63}")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhd])")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg")
VIDEOS = (".mp4", ".webm")
SOUNDS = (".mp3", ".wav", ".ogg", ".m4a")
DOCUMENTS = (".md", ".txt", ".html", ".htm", ".pdf", ".docx", ".xlsx")
"""How a document's name may end."""
EventKind = Literal[
    "comment", "paid_comment", "gift", "enter", "like", "follow", "share", "viewer_count", "idle", "time"
]  # fmt: skip
"""What a rule may wait for: what happens in a room, quiet, and the clock."""


def clean(text: str, limit: int) -> str:
    """One line of at most `limit` characters; raises ValueError for an empty one or control characters."""
    line = " ".join(text.split())
    if not line:
        raise ValueError("the text is empty; write something or remove the key")
    if len(line) > limit:
        raise ValueError(f"the text has {len(line):,} characters, more than {limit:,}; shorten it")
    if any(
        unicodedata.category(each) in ("Cc", "Cs", "Co") or each in "\u202a\u202b\u202d\u202e\u2066\u2067"
        for each in line
    ):
        raise ValueError("the text holds control characters; remove them")
    return line


def _as_tuple(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        what = "nothing is written here" if value is None else f"{short(value)} is not a text"
        raise ValueError(f"{what}; write a text or a list of texts")
    if len(value) > TEXTS_LIMIT:
        raise ValueError(f"the list has {len(value):,} texts, more than {TEXTS_LIMIT:,}; make several items of it")
    for place, each in enumerate(value):
        if not isinstance(each, str):
            remedy = "put it in quotes" if isinstance(each, int | float) else "write a text"
            raise Fault(f"[{place}]", f"{short(each)} is not a text; {remedy}")
    return tuple(value)


def _every(check: Callable[[str], str]) -> Any:
    """A check of each text of a list, which tells the one that is wrong."""

    def checked(values: tuple[str, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for place, each in enumerate(values):
            try:
                found.append(check(each))
            except ValueError as error:
                raise Fault(f"[{place}]", str(error)) from None
        return tuple(found)

    return AfterValidator(checked)


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise ValueError("the list is empty; write at least one text")
    return values


def _duration(value: Any) -> float:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"{short(value)} is not a duration; write for example 30s, 5m or 1h")
    seconds = float(found[1]) * _SECONDS[found[2]]
    if seconds > _LONGEST_S:
        raise ValueError(f"{value!r} is longer than ten years; write a shorter time")
    return seconds


def _clock(value: Any) -> time:
    if isinstance(value, time):
        return value
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f'{short(value)} is not a time of day; write for example "09:30"')
    return time(int(found[1]), int(found[2]))


def _moment(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{short(value)} is not a date; write for example 2026-12-31 or 2026-12-31T18:00") from error


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError(
            f"{short(value)} is not an id; write at most 64 letters, digits, _ - and dots, the first no dot"
        )
    return value


def _threshold(value: Any) -> Any:
    if value == "auto":
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{short(value)} is no threshold; write auto, or a number from 0 to 1")
    return float(value)


def _action(value: str) -> str:
    if value not in ACTIONS:
        raise ValueError(f"there is no action {value!r}; {suggest(value, ACTIONS)}")
    return value


def inside(value: str) -> str:
    """A relative path that stays below the file's folder; raises ValueError."""
    windows = PureWindowsPath(value)
    path = PurePosixPath(value)
    if path.is_absolute() or windows.drive or set(value) & {"\\", ":", "\0"} or ".." in path.parts or not path.name:
        raise ValueError(
            f"the path {value!r} leaves the folder of this file; put the file beside it and name it from here"
        )
    return str(path)


def _file(what: str, endings: tuple[str, ...]) -> Any:
    """A check of a file's name that ends in one of `endings`; a whole https link is taken as it is."""

    def check(value: str) -> str:
        if value.startswith("https://"):
            return _link(value)
        if "://" in value:
            raise ValueError(f"{value!r} cannot be shown; begin with https://, or name a file beside this one")
        if not value.lower().endswith(endings):
            raise ValueError(f"{value!r} is not a {what}; use one that ends in {', '.join(endings)}")
        return inside(value)

    return AfterValidator(check)


def _document(value: str) -> str:
    if not value.lower().endswith(DOCUMENTS):
        endings = ", ".join(DOCUMENTS)
        raise ValueError(f"{value!r} is not a document that can be read; use one that ends in {endings}")
    return inside(value)


def _kinds(values: tuple[str, ...]) -> tuple[str, ...]:
    known = get_args(EventKind)
    for each in values:
        if each not in known:
            raise ValueError(f"{each!r} is nothing that happens; {suggest(each, known)}")
    return tuple(dict.fromkeys(values))


def _link(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]{1,2000}", value):
        raise ValueError(f"{value!r} is not a link; begin with https://")
    return value


_ONE_OR_MORE = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}


def _texts(limit: int) -> Any:
    return _every(lambda text: clean(text, limit))


def _template(text: str) -> str:
    templates.fields(text)
    return text


def _marked(text: str) -> str:
    """A text that is no SSML, or SSML that is not refused."""
    try:
        if is_markup(text):
            parse(text)
    except MarkupError as error:
        raise ValueError(str(error)) from None
    return text


def _condition(text: str) -> str:
    if text:
        condition(text)
    return text


def _always(text: str) -> str:
    for field in templates.fields(text):
        if field not in templates.BUILT_IN:
            raise ValueError(f"{{{field}}} may be missing when the fallback is said; write a text without it")
    return text


Id = Annotated[str, AfterValidator(_id), WithJsonSchema({"type": "string", "pattern": _ID_SCHEMA})]
Priority = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Threshold = Annotated[
    Literal["auto"] | float,
    PlainValidator(_threshold),
    WithJsonSchema({"anyOf": [{"const": "auto"}, {"type": "number", "minimum": 0, "maximum": 1}]}),
]
Says = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_tuple),
    AfterValidator(_some),
    _texts(SAY_LIMIT),
    _every(_marked),
    _every(_template),
    WithJsonSchema(_ONE_OR_MORE),
]
Condition = Annotated[str, AfterValidator(_condition)]
LastWords = Annotated[Says, _every(_always)]
CardText = Annotated[str, StringConstraints(max_length=SAY_LIMIT), AfterValidator(_template)]
Asks = Annotated[
    tuple[str, ...], BeforeValidator(_as_tuple), AfterValidator(_some), _texts(ASK_LIMIT), WithJsonSchema(_ONE_OR_MORE)
]
Terms = Annotated[tuple[str, ...], BeforeValidator(_as_tuple), _texts(ASK_LIMIT), WithJsonSchema(_ONE_OR_MORE)]
Prompt = Annotated[str, AfterValidator(lambda text: _template(clean(text, SAY_LIMIT)))]
Duration = Annotated[
    float, BeforeValidator(_duration), WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?[smhd]$"})
]
TimeOfDay = Annotated[
    time, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$"})
]
Moment = Annotated[
    date, PlainValidator(_moment), WithJsonSchema({"type": "string", "description": "2026-12-31 or 2026-12-31T18:00"})
]
Action = Annotated[str, AfterValidator(_action), WithJsonSchema({"enum": list(ACTIONS)})]
Language = Annotated[
    str,
    AfterValidator(language),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"}),
]
Picture = Annotated[str, _file("picture", PICTURES)]
Video = Annotated[str, _file("video", VIDEOS)]
Sound = Annotated[str, _file("sound", SOUNDS)]
EventKinds = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_tuple),
    AfterValidator(_some),
    AfterValidator(_kinds),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(get_args(EventKind))},
                {"type": "array", "items": {"enum": list(get_args(EventKind))}, "minItems": 1},
            ]
        }
    ),
]
DocumentPath = Annotated[str, AfterValidator(_document)]
Link = Annotated[str, AfterValidator(_link)]
