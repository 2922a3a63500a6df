"""What a review finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether words may pass, and `text`, the words as they may be used: personal data and links may be masked.

    `reason` names class and rule (`lexicon:insult:zh:12`), never the words; it is empty where nothing was found.
    """

    ok: bool
    reason: str = ""
    text: str = ""
