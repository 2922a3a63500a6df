"""What the kb verbs found, as a person reads it on a terminal."""

from __future__ import annotations

from typing import Any

from knowledge.evaluate import Evaluation
from runtime.console import table

CANDIDATES, GAPS, WORDINGS = 8, 20, 5
CONFUSIONS, TEXTS = 10, 3
"""Pairs of entries that are shown, and questions of each."""
_SHARES = {
    "precision": "precision: direct answers that are right",
    "coverage": "coverage: on-topic questions answered directly",
    "off_topic_rejected": "rejection: off-topic questions not answered directly",
    "direct_right": "on-topic questions answered by the right entry",
    "direct_wrong": "on-topic questions answered by another entry",
    "right_or_offered": "on-topic questions answered right, or with the right entry among the choices",
    "off_topic_given_choices": "off-topic questions given choices",
}


def evaluated(evaluation: Evaluation) -> str:
    """The figures of an evaluation and what was mistaken for what."""
    n, on, off = len(evaluation.rows), evaluation.on_topic, evaluation.off_topic
    rows = [[_percent(evaluation.shares[name]), told] for name, told in _SHARES.items()]
    counted = (
        f"right {evaluation.right}, wrong {evaluation.wrong}, offered {evaluation.offered}, "
        f"rejected {evaluation.rejected}"
    )
    lines = [f"{n} questions: {on} on topic, {off} off topic", counted, "", table(rows, right=(0,))]
    return "\n".join([*lines, *_confused(evaluation)])


def _confused(evaluation: Evaluation) -> list[str]:
    found = evaluation.confusions()
    if not found:
        return ["", "no question was answered by a wrong entry"]
    lines = ["", "expected -> got"]
    for each in found[:CONFUSIONS]:
        lines.append(f"{len(each.texts):3}  {each.expected or '(off topic)'} -> {each.got}")
        lines += [f"       {text}" for text in each.texts[:TEXTS]]
        if len(each.texts) > TEXTS:
            lines.append(f"       … and {len(each.texts) - TEXTS} more")
    if len(found) > CONFUSIONS:
        lines.append(f"     … and {len(found) - CONFUSIONS} more pairs; --json has every row")
    return lines


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def tried(found: dict[str, Any]) -> str:
    """What `kb try` found for a text."""
    lines = [f"{found['decision']}: {found['because']}", "", *_spoken(found)]
    lines += [f"  or: {each}" for each in found["wordings"] if each != found["say"]]
    lines += [f"  [{each['text']}]  {each['id']}" for each in found["choices"]]
    lines += [f"  from {each['id']} ({each['score']:.2f}): {each['text']}" for each in found["passages"]]
    lines += ["", f"read as     {found['read_as']}"]
    lines += [f"{key:11} {', '.join(found[key])}" for key in ("exact", "keywords") if found[key]]
    limits = found["limits"]
    lines.append(
        f"thresholds  answered from {limits['direct']:.2f} with the next one {limits['margin']:.2f} behind, "
        f"offered from {limits['suggest']:.2f}"
    )
    if found["candidates"]:
        rows = [["score", "meaning", "letters", "entry", "question"]]
        rows += [
            [f"{each['score']:.2f}", f"{each['dense']:.2f}", f"{each['lexical']:.2f}", each["id"], each["question"]]
            for each in found["candidates"][:CANDIDATES]
        ]
        lines += ["", table(rows, right=(0, 1, 2))]
    return "\n".join(lines)


def reacted(found: dict[str, Any]) -> str:
    """What `kb try --event` found."""
    lines = [found["because"], "", *_spoken(found)]
    if found["rules"]:
        rows = [["priority", "rule", ""]]
        rows += [[str(each["priority"]), each["id"], each["because"]] for each in found["rules"]]
        lines += ["", table(rows, right=(0,))]
    return "\n".join(lines)


def _spoken(found: dict[str, Any]) -> list[str]:
    lines = [f"  says: {found['say']}"] if found["say"] else ["  says nothing"]
    if found["actions"]:
        lines.append(f"  does: {', '.join(found['actions'])}")
    shown = {key: value for key, value in (found["show"] or {}).items() if value}
    if shown:
        lines.append("  shows: " + ", ".join(f"{key} {value}" for key, value in shown.items()))
    return lines


def missed(found: dict[str, Any]) -> str:
    """What `kb gaps` found."""
    lines = [
        f"{found['dialog']}: of {found['asked']} questions in {found['days']} days {found['unanswered']} were not "
        "answered, or got choices alone"
    ]
    if found["note"]:
        lines.append(found["note"])
    for gap in found["gaps"][:GAPS]:
        lines += ["", *_gap(gap)]
    if len(found["gaps"]) > GAPS:
        lines += ["", f"… and {len(found['gaps']) - GAPS} more, each asked less often; --json has them all"]
    return "\n".join(lines)


def _gap(gap: dict[str, Any]) -> list[str]:
    nearest = gap["nearest"]
    lines = [f"{gap['count']}x  {gap['texts'][0]}"]
    lines += [f"    {text}" for text in gap["texts"][1:WORDINGS]]
    if len(gap["texts"]) > WORDINGS:
        lines.append(f"    … in {len(gap['texts']) - WORDINGS} more wordings")
    if nearest:
        lines.append(f"  nearest: {nearest['id']} ({nearest['score']:.2f}), {nearest['question']}")
    if gap["advice"] == "phrasing":
        lines.append(f"  if that answers it, add to `ask` of {nearest['id']}:")
    else:
        lines.append("  a new entry, below `faq:`, `items:`:")
    return [*lines, gap["yaml"]]
