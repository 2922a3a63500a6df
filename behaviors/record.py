"""What a tree perceived and decided, kept so that it can be read, handed on and lived through again.

One JSON value a line: first a head, then `{"at_s", "perceived": {…}}` with what has changed, and `{"at_s", "decision":
{…}}`. Times are seconds since the record began. Words are there only as the kind of words that they are.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from behaviors.masking import kind_of, standing_for
from behaviors.ports import Order, Playing, Voice
from behaviors.witness import PERCEIVED
from visavis.errors import ConfigError
from visavis.words import Emotion, Utterance

KEPT = 4_000
"""Lines that a session keeps; of a longer one the latest."""
FORMAT = 1
LIMIT = 16 * 1024 * 1024
"""Bytes of a file that is read."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The `n`th decision of a session, `at_s` seconds after its tree began.

    `did` is what was done on the body ("greet enter", "hold"), empty where the tree turned to `node` and did nothing
    yet. `path` leads from the root to the node; `facts` is what was perceived.
    """

    n: int
    at_s: float
    node: str
    type: str
    path: tuple[str, ...]
    did: str
    why: str
    facts: Mapping[str, Any]

    def data(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "at_s": self.at_s,
            "node": self.node,
            "type": self.type,
            "path": list(self.path),
            "did": self.did,
            "why": self.why,
            "facts": dict(self.facts),
        }


class Record:
    """The latest lines of one session."""

    def __init__(self, since: float, kept: int = KEPT) -> None:
        self._since, self._kept = since, kept
        self._base: dict[str, Any] = {}
        """What was perceived before the first line that is kept."""
        self._last: tuple[Any, ...] | None = None
        self._lines: deque[tuple[float, Mapping[str, Any]] | Decision] = deque()
        self.forgotten = 0

    def perceive(self, at_s: float, perceived: tuple[Any, ...]) -> None:
        """What is perceived now; kept where it has changed."""
        last = self._last
        if perceived == last:
            return
        before = last if last is not None else (object(),) * len(perceived)
        changed = {
            name: _plain(new, self._since)
            for name, new, old in zip(PERCEIVED, perceived, before, strict=True)
            if new != old
        }
        self._last = perceived
        self._add((at_s, changed))

    def decide(self, decision: Decision) -> None:
        self._add(decision)

    def _add(self, line: tuple[float, Mapping[str, Any]] | Decision) -> None:
        self._lines.append(line)
        if len(self._lines) > self._kept:
            first = self._lines.popleft()
            self._base.update(first[1] if isinstance(first, tuple) else {})
            self.forgotten += 1

    def lines(self, head: Mapping[str, Any]) -> Iterator[str]:
        """The record as JSON lines; `head` tells what made it."""
        yield _dumped({"record": FORMAT, **head, "forgotten": self.forgotten})
        lines = list(self._lines)
        if self._base and lines:
            yield _dumped(
                {"at_s": lines[0][0] if isinstance(lines[0], tuple) else lines[0].at_s, "perceived": self._base}
            )
        for line in lines:
            if isinstance(line, Decision):
                yield _dumped({"at_s": line.at_s, "decision": line.data()})
            else:
                yield _dumped({"at_s": line[0], "perceived": line[1]})


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any, since: float) -> Any:
    """Something perceived as a record keeps it."""
    match value:
        case Voice(active, began, ended, voiced_s, words):
            times = {"began": round(began - since, 3), "ended": round(ended - since, 3)}
            return {"active": active, **times, "voiced_s": round(voiced_s, 3), "words": kind_of(words)}
        case Playing(turn, kind, held, audible):
            return {"turn": turn, "kind": kind, "held": held, "audible": audible}
        case Utterance():
            asked = {"asked_s": round(value.ended - since, 3)}
            return {"via": value.via, "confidence": value.confidence, "words": kind_of(value.text), **asked}
        case Order(ident, text, action, urgency):
            return {"id": ident, "says": bool(text), "action": action, "urgency": urgency}
        case Emotion():
            return value.value
        case bool() | None | str():
            return value
    return round(float(value) - since, 3)


# ── read ──
@dataclass(frozen=True, slots=True)
class Recorded:
    """A record that was read: what changed when, in order, and what was decided."""

    head: Mapping[str, Any]
    perceived: Sequence[tuple[float, Mapping[str, Any]]] = field(default=())
    decisions: Sequence[Mapping[str, Any]] = field(default=())

    @property
    def ended_s(self) -> float:
        """When its last line was written."""
        times = [at for at, _ in self.perceived[-1:]] + [float(each["at_s"]) for each in self.decisions[-1:]]
        return max(times, default=0.0)


def read_record(path: Path) -> Recorded:
    """Read a record of a session. Raises ConfigError with the line that is wrong."""
    text = _text(path)
    head: Mapping[str, Any] | None = None
    perceived: list[tuple[float, Mapping[str, Any]]] = []
    decisions: list[Mapping[str, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _object(path, number, line)
        if head is None:
            head = found
            if found.get("record") != FORMAT:
                raise ConfigError(path, number, "record", "this is no record of a behaviour", _REMEDY)
            continue
        at = found.get("at_s")
        if not isinstance(at, int | float) or isinstance(at, bool):
            raise ConfigError(path, number, "at_s", "there is no time", _REMEDY)
        if isinstance(changed := found.get("perceived"), dict):
            perceived.append((float(at), _checked(path, number, changed)))
        elif isinstance(decision := found.get("decision"), dict):
            decisions.append(_decision(path, number, decision))
        else:
            raise ConfigError(path, number, "", "the line tells neither what was perceived nor a decision", _REMEDY)
    if head is None:
        raise ConfigError(path, 1, "", "the file is empty", _REMEDY)
    return Recorded(head, perceived, decisions)


_REMEDY = "use what a session or `behavior simulate --record` wrote, as it was written"


def _text(path: Path) -> str:
    try:
        raw = path.open("rb").read(LIMIT + 1)
    except OSError as error:
        raise ConfigError(path, 1, "", f"the file cannot be read: {error.strerror}", "check its name") from error
    if len(raw) > LIMIT:
        raise ConfigError(path, 1, "", f"the file is larger than {LIMIT:,} bytes", "cut it")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(path, 1, "", "the file is not UTF-8 text", _REMEDY) from error


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ConfigError(path, number, "", "the line is not JSON", _REMEDY) from error
    if not isinstance(found, dict):
        raise ConfigError(path, number, "", "the line is no JSON object", _REMEDY)
    return found


def _decision(path: Path, number: int, found: dict[str, Any]) -> dict[str, Any]:
    for key, kind in (("at_s", int | float), ("node", str), ("did", str), ("why", str)):
        if not isinstance(found.get(key), kind):
            raise ConfigError(path, number, f"decision.{key}", "it is missing or of another type", _REMEDY)
    return found


def _checked(path: Path, number: int, changed: dict[str, Any]) -> dict[str, Any]:
    try:
        return {name: perceived(name, value) for name, value in changed.items() if name in PERCEIVED}
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(path, number, "perceived", f"it cannot be used: {error}", _REMEDY) from error


def perceived(name: str, value: Any) -> Any:
    """Something perceived, as it stands in a record, for a body. Raises KeyError, TypeError or ValueError."""
    match name, value:
        case ("voice", dict()):
            times = (float(value["began"]), float(value["ended"]), float(value["voiced_s"]))
            return Voice(bool(value["active"]), *times, standing_for(value["words"]))
        case ("playing", dict()):
            return Playing(int(value["turn"]), value["kind"], bool(value["held"]), bool(value["audible"]))
        case ("waiting", dict()):
            asked, sure = float(value["asked_s"]), float(value["confidence"])
            return Utterance(standing_for(value["words"]), "", value["via"], asked, asked, sure)
        case ("ordered", dict()):
            text = "something" if value["says"] else ""
            return Order(str(value["id"]), text, str(value["action"]), value["urgency"])
        case ("quiet_since", int() | float()):
            return float(value)
        case (("present" | "taken_over" | "frozen" | "scripted"), bool()):
            return value
        case ("emotion", str()):
            return Emotion(value)
        case ("occasion", str() | None) | (("playing" | "waiting" | "ordered"), None):
            return value
    raise ValueError(f"{name} is {value!r}"[:80])
