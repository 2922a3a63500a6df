"""How a stretch of a marked-up text is spoken, and what the attributes' values mean."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from visavis.words import Emotion

LONGEST_BREAK_S = 10.0
_STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.7, "x-strong": 1.0}
_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.6}
_PITCHES = {"x-low": 0.75, "low": 0.87, "medium": 1.0, "default": 1.0, "high": 1.15, "x-high": 1.33}
_VOLUMES = {"silent": 0.0, "x-soft": 0.3, "soft": 0.6, "medium": 1.0, "default": 1.0, "loud": 1.4, "x-loud": 1.9}
_EMPHASES = {"strong": (0.9, 1.12, 1.3), "moderate": (0.95, 1.06, 1.15), "none": (1.0, 1.0, 1.0),
             "reduced": (1.06, 0.95, 0.8)}  # fmt: skip
_LIMITS = {"rate": (0.25, 4.0), "pitch": (0.5, 2.0), "energy": (0.0, 4.0)}
_STYLES = {
    "cheerful": Emotion.HAPPY, "excited": Emotion.HAPPY, "friendly": Emotion.HAPPY, "joyful": Emotion.HAPPY,
    "sadness": Emotion.SAD, "depressed": Emotion.SAD, "disappointed": Emotion.SAD, "surprise": Emotion.SURPRISED,
    "apologetic": Emotion.SORRY, "empathetic": Emotion.SORRY, "gentle": Emotion.CALM, "serious": Emotion.CALM,
    "calm": Emotion.CALM, "lyrical": Emotion.CALM, "chat": Emotion.NEUTRAL, "customerservice": Emotion.NEUTRAL,
    "default": Emotion.NEUTRAL,
}  # fmt: skip
_DEGREES = {"low": 0.5, "medium": 1.0, "high": 1.5}
_NUMBER = r"[+-]?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})"


@dataclass(frozen=True, slots=True)
class Manner:
    """Factors of what is asked for, an `emotion` in place of that one; an empty `voice` or `language` goes on."""

    rate: float = 1.0
    pitch: float = 1.0
    energy: float = 1.0
    emotion: Emotion | None = None
    degree: float = 1.0
    voice: str = ""
    language: str = ""

    def times(self, *, rate: float = 1.0, pitch: float = 1.0, energy: float = 1.0) -> Manner:
        """This manner with its factors multiplied, never beyond what one of them may be."""
        return replace(
            self,
            rate=_within("rate", self.rate * rate),
            pitch=_within("pitch", self.pitch * pitch),
            energy=_within("energy", self.energy * energy),
        )


def seconds(text: str) -> float | None:
    """A time such as `500ms` or `1.5s`; None for what is none."""
    found = re.fullmatch(rf"\s*\+?({_NUMBER})(ms|s)\s*", text)
    return None if not found else max(0.0, float(found[1]) / (1000 if found[2] == "ms" else 1))


def strength(text: str) -> float | None:
    """The pause of a named strength, in seconds."""
    return _STRENGTHS.get(text.strip().lower())


def rate(text: str) -> float | None:
    """The factor of a speaking rate: `x-fast`, `120%`, `+20%`, `1.2`."""
    return _factor("rate", text, _RATES)


def pitch(text: str) -> float | None:
    """The factor of a pitch: `high`, `+10%`, `+2st`."""
    found = re.fullmatch(rf"\s*({_NUMBER})\s*st\s*", text)
    return _within("pitch", 2 ** (float(found[1]) / 12)) if found else _factor("pitch", text, _PITCHES)


def volume(text: str) -> float | None:
    """The factor of a volume: `loud`, `+6dB`, `50%`, `80` of a hundred."""
    found = re.fullmatch(rf"\s*({_NUMBER})\s*dB\s*", text)
    if found:
        return _within("energy", 10 ** (min(float(found[1]), 60.0) / 20))
    whole = re.fullmatch(r"\s*(\d{1,3}(?:\.\d+)?)\s*", text)
    return _within("energy", float(whole[1]) / 100) if whole else _factor("energy", text, _VOLUMES)


def emphasis(text: str) -> tuple[float, float, float] | None:
    """The factors of rate, pitch and energy of a level."""
    return _EMPHASES.get(text.strip().lower() or "moderate")


def emotion(text: str) -> Emotion | None:
    """The emotion of a speaking style's name."""
    name = text.strip().lower()
    return Emotion(name) if name in list(Emotion) else _STYLES.get(name)


def degree(text: str) -> float:
    """How strongly a style shows, 0 to 2; 1 where that is not said."""
    if text.strip().lower() in _DEGREES:
        return _DEGREES[text.strip().lower()]
    return min(2.0, max(0.0, float(text))) if re.fullmatch(_NUMBER, text.strip()) else 1.0


def _factor(kind: str, text: str, named: dict[str, float]) -> float | None:
    name = text.strip().lower()
    if name in named:
        return named[name]
    found = re.fullmatch(rf"({_NUMBER})(%?)", name)
    if not found:
        return None
    number = float(found[1])
    if found[2]:
        number = 1 + number / 100 if found[1][0] in "+-" else number / 100
    elif found[1][0] in "+-":
        number = 1 + number
    return _within(kind, number)


def _within(kind: str, factor: float) -> float:
    low, high = _LIMITS[kind]
    return min(high, max(low, factor)) if math.isfinite(factor) else 1.0
