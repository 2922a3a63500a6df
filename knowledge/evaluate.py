"""How well a knowledge base answers a list of questions: `visavis kb eval`, and the figures of the bench."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Protocol

from knowledge.answers import Finding
from knowledge.cases import Case
from visavis.words import Decision

CHOICES = 3
"""Choices that are looked at."""


class Finds(Protocol):
    """A knowledge base."""

    async def find(self, text: str) -> Finding: ...


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one case. `got_id` is None unless it was answered directly; `choices` are ids, best first."""

    text: str
    expected_id: str
    got_id: str | None
    decision: Decision
    score: float
    choices: tuple[str, ...]


class Point(NamedTuple):
    """With answers from `threshold` on: the share of on-topic questions answered, and of answers that are right."""

    threshold: float
    coverage: float
    precision: float


class Confusion(NamedTuple):
    """Questions to which `got` was answered in place of `expected`, which is empty where they are off the topic."""

    expected: str
    got: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What became of all cases, in their order, with the id and score of what each is most like."""

    rows: tuple[Row, ...]
    nearest: tuple[tuple[str, float], ...]

    @property
    def on_topic(self) -> int:
        return sum(bool(row.expected_id) for row in self.rows)

    @property
    def off_topic(self) -> int:
        return len(self.rows) - self.on_topic

    @property
    def right(self) -> int:
        """Direct answers to on-topic questions by the expected entry."""
        return sum(bool(row.expected_id) and row.got_id == row.expected_id for row in self.rows)

    @property
    def wrong(self) -> int:
        """Direct answers to on-topic questions by another entry."""
        return sum(bool(row.expected_id) and row.got_id not in (None, row.expected_id) for row in self.rows)

    @property
    def offered(self) -> int:
        """On-topic questions not answered directly, whose entry is among the first three choices."""
        return sum(row.got_id is None and row.expected_id in row.choices[:CHOICES] for row in self.rows)

    @property
    def rejected(self) -> int:
        """Off-topic questions without a direct answer."""
        return sum(not row.expected_id and row.got_id is None for row in self.rows)

    @property
    def distracted(self) -> int:
        """Off-topic questions that were given choices."""
        return sum(not row.expected_id and bool(row.choices) for row in self.rows)

    @property
    def shares(self) -> dict[str, float | None]:
        """The figures as shares, 0..1; None where there is no question to take a share of."""
        on, off, right = self.on_topic, self.off_topic, self.right
        direct = sum(row.got_id is not None for row in self.rows)
        return {
            "precision": _share(right, direct),
            "coverage": _share(right + self.wrong, on),
            "direct_right": _share(right, on),
            "direct_wrong": _share(self.wrong, on),
            "right_or_offered": _share(right + self.offered, on),
            "off_topic_rejected": _share(self.rejected, off),
            "off_topic_given_choices": _share(self.distracted, off),
        }

    @property
    def data(self) -> dict[str, Any]:
        """What `kb eval --json` prints."""
        return {
            "n": len(self.rows),
            "right": self.right,
            "wrong": self.wrong,
            "offered": self.offered,
            "rejected": self.rejected,
            "rows": [asdict(row) | {"choices": list(row.choices)} for row in self.rows],
        }

    def confusions(self) -> list[Confusion]:
        """Wrong direct answers by what was expected and what was got, the most frequent first."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self.rows:
            if row.got_id is not None and row.got_id != row.expected_id:
                found[row.expected_id, row.got_id].append(row.text)
        pairs = sorted(found.items(), key=lambda pair: -len(pair[1]))
        return [Confusion(expected, got, tuple(texts)) for (expected, got), texts in pairs]

    def curve(self) -> list[Point]:
        """Coverage against precision, were the nearest entry answered from each score on; highest score first."""
        ordered = sorted(
            ((score, row.expected_id, got) for row, (got, score) in zip(self.rows, self.nearest, strict=True) if got),
            key=lambda each: -each[0],
        )
        points: list[Point] = []
        answered = right = 0
        for place, (score, expected, got) in enumerate(ordered):
            answered += bool(expected)
            right += expected == got
            last = place + 1 == len(ordered) or ordered[place + 1][0] != score
            if last and self.on_topic:
                points.append(Point(score, answered / self.on_topic, right / (place + 1)))
        return points


async def evaluate(
    knowledge: Finds, cases: Sequence[Case], done: Callable[[int, int], None] = lambda done, total: None
) -> Evaluation:
    """Ask every case; `done` is told how many of how many are. Raises EngineError when one cannot be embedded."""
    rows: list[Row] = []
    nearest: list[tuple[str, float]] = []
    for case in cases:
        finding = await knowledge.find(case.text)
        rows.append(_row(case, finding))
        best = finding.candidates[0] if finding.candidates else None
        nearest.append((best.id, best.score) if best else ("", 0.0))
        done(len(rows), len(cases))
    return Evaluation(tuple(rows), tuple(nearest))


def _row(case: Case, finding: Finding) -> Row:
    direct = finding.decision == "direct"
    match = finding.match or next(iter(finding.candidates), None)
    return Row(
        text=case.text,
        expected_id=case.expected_id,
        got_id=match.id if direct and match else None,
        decision=finding.decision,
        score=match.score if match else 0.0,
        choices=_ids(each.id for each in finding.choices) if finding.decision == "suggest" else (),
    )


def _ids(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
