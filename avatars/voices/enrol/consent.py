"""Whether a person allowed his voice to be copied: who speaks, what is said, and who says so.

Two things are looked at: that the authorisation is spoken by the voice that was recorded, and that it is the script
with the right names. A full recogniser may approve what it hears; the embedded one, which knows little but the script,
may only refuse another text or leave it to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from avatars.voices.enrol.scripts import Language
from avatars.voices.enrol.wording import WRONG, Likeness, compared

Verdict = Literal["approved", "queued", "refused"]
CLOSED_WRONG = 0.35
"""Likeness under which even the embedded recogniser heard another text."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser heard; `full`: it knows the language, not only the script."""

    text: str
    engine: str
    full: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a consent, why, and how like the script it is."""

    verdict: Verdict
    reason: str
    likeness: Likeness | None = None


def decide(
    similarity: float, threshold: float, heard: Heard | None, language: Language, speaker: str, company: str
) -> Decision:
    """The rule of the house. A person may settle what is queued, never what is refused."""
    if similarity < threshold:
        return Decision(
            "refused", f"another person speaks: likeness {similarity:.2f}, at least {threshold:.2f} is needed"
        )
    if heard is None:
        return Decision("queued", "no recogniser can hear what is said; a person has to listen")
    likeness = compared(heard.text, language, speaker, company)
    if not heard.full:
        if likeness.sentence < min(CLOSED_WRONG, WRONG):
            return Decision("refused", "this is not the script", likeness)
        return Decision("queued", "the embedded recogniser may not approve; a person has to listen", likeness)
    if likeness.verdict == "wrong":
        return Decision("refused", _wrong(likeness), likeness)
    if likeness.verdict == "unsure":
        return Decision("queued", "it was not heard clearly; a person has to listen", likeness)
    return Decision("approved", f"heard by {heard.engine}", likeness)


def _wrong(likeness: Likeness) -> str:
    if likeness.denied:
        return "the script is denied, not said"
    if likeness.sentence < WRONG:
        return "this is not the script"
    return "the speaker's name is another one" if likeness.speaker <= likeness.company else "the company is another one"
