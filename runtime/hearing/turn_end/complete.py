"""`complete`: words that cannot end a sentence hold the turn; a question that lacks nothing shortens the wait."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.hearing.turn_end import chinese, english
from runtime.hearing.turn_end.opinion import Opinion, Silence

_UNFINISHED = (",", "，", "、", "…", "...", "-", "—", ":", "：")
"""Marks that a recogniser which writes marks puts after what goes on."""
_ANSWERED = 0.5


@dataclass(frozen=True, slots=True)
class CompleteEnd:
    """Dangling words hold the turn for `held_s`. A question that seems to lack nothing, and that can be answered more
    likely than not, passes after `silence_s`: half of one often seems whole ("can I come"), but can seldom be answered.

    English and Chinese are known; of another language only the marks are read.
    """

    silence_s: float
    held_s: float
    language: str = "en"

    def opinion(self, silence: Silence) -> Opinion | None:
        words = silence.words.strip()
        if silence.known or not words:
            return None
        known = _LANGUAGES.get(self.language.split("-")[0].lower())
        if words.endswith(_UNFINISHED) or (known is not None and known[0](words)):
            return "hold" if silence.silence_s < self.held_s else None
        whole = known is not None and known[1](words)
        answered = silence.match >= _ANSWERED and not silence.goes_on
        return "pass" if whole and answered and silence.silence_s >= self.silence_s else None


_LANGUAGES = {"en": (english.dangles, english.whole), "zh": (chinese.dangles, chinese.whole)}
