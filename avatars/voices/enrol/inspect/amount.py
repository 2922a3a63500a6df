"""How much speech there is, and what a profile asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from avatars.voices.enrol.inspect.finding import Found
from avatars.voices.enrol.inspect.take import Take

ProfileName = Literal["fast", "full"]


@dataclass(frozen=True, slots=True)
class Amount:
    """Seconds of speech: from `least` to `most`; `file_s` is how long all files together may last."""

    least: float
    most: float
    file_s: float


AMOUNTS: dict[ProfileName, Amount] = {"fast": Amount(50, 90, 600), "full": Amount(1200, 1800, 5400)}


def find(take: Take, profile: ProfileName) -> list[Found]:
    asked, spoken, whole = AMOUNTS[profile], take.effective_s, len(take.levels) / 100
    if spoken < asked.least:
        return [Found("too_short", "error", 0.0, whole, spoken, asked.least, "s")]
    if spoken > asked.most:
        return [Found("too_long", "error", 0.0, whole, spoken, asked.most, "s")]
    return []
