"""What a tree perceived and decided, kept so that it can be read, handed on and lived through again.

One JSON value a line: first a head, then `{"at_s", "perceived": {…}}` with what has changed, and `{"at_s", "decision":
{…}}`. Times are seconds since the record began. Words are there only as the kind of words that they are.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from behaviors.masking import kind_of
from behaviors.ports import Order, Playing, Voice
from behaviors.witness import PERCEIVED
from visavis.words import Emotion, Utterance

KEPT = 4_000
"""Lines that a session keeps; of a longer one the latest."""
FORMAT = 1


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
