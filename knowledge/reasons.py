"""Why a text was answered as it was, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.answers import Candidate, Finding


def reason(found: Finding, candidates: Sequence[Candidate], direct: float, suggest: float, margin: float) -> str:
    """One plain sentence; the limits are scores from 0 to 1."""
    match found.decision:
        case "direct" if found.entry is not None:
            return _answered(found, found.entry.id, direct)
        case "rag":
            return "No entry is near enough, but a document has a passage about it."
        case "suggest":
            return f"{_doubt(candidates, direct, margin)} What is at least {suggest:.2f} is offered."
    if not candidates:
        return "Nothing was asked, or there is no entry that could answer."
    best = candidates[0]
    return f"The nearest entry, {best.id!r}, has {best.score:.2f}; one is offered from {suggest:.2f}."


def _answered(found: Finding, name: str, direct: float) -> str:
    score = found.match.score if found.match else 0.0
    if found.source == "keyword":
        return f"The keyword {name!r} is in the text."
    if score >= 1:
        return f"The text is a question of {name!r} as it is written."
    return f"{name!r} has {score:.2f}, and {direct:.2f} is enough to answer."


def _doubt(candidates: Sequence[Candidate], direct: float, margin: float) -> str:
    best = candidates[0]
    if best.score < direct or len(candidates) < 2:
        return f"The nearest entry, {best.id!r}, has {best.score:.2f}, and it takes {direct:.2f} to answer."
    gap = best.score - candidates[1].score
    return f"{best.id!r} is only {gap:.2f} ahead of {candidates[1].id!r}, and it takes {margin:.2f} to tell them apart."
