"""What to do with words that may have been others: offer what they would be answered by, instead of saying it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from knowledge.answers import Entry, Finding
from visavis.words import Choice

CHOICES, FAINT = 3, 0.02
"""How many are offered at most, and how likely each must be."""


def asked_back(finding: Finding, named: Callable[[str], Entry | None]) -> Finding:
    """A direct answer as choices, likeliest first; nothing is known where it has no question to ask back.

    `named` gives an entry with a question by its id.
    """
    matches = [match for match in (finding.match, *finding.candidates) if match is not None and match.score >= FAINT]
    names = dict.fromkeys(match.id for match in matches)
    likely = [entry for entry in map(named, names) if entry is not None and entry.question]
    choices = tuple(Choice(entry.id, entry.question) for entry in likely[:CHOICES])
    if not choices or finding.entry is None or choices[0].id != finding.entry.id:
        return replace(finding, decision="fallback", source="fallback", entry=None, match=None)
    return replace(finding, decision="suggest", source="suggest", entry=None, choices=choices)
