"""Sounds of thinking: "uh", "um", 嗯. In speech the mouth moves on after a tenth of a second; a filler stands still.

Found by sound: voiced stretches whose spectrum hardly changes. Where a full recogniser is configured, the words that it
heard are looked through as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from avatars.voices.enrol.inspect.finding import Found
from avatars.voices.enrol.inspect.levels import speech_dbfs
from avatars.voices.enrol.inspect.take import Take
from avatars.voices.enrol.inspect.timbre import log_mel

LIMIT_S = 0.22
"""How long a sound may stand still."""
CHANGE_DB = 4.5
"""How much its bands may change within 80 ms."""
FAINT_DB = 18.0
JOIN_S = 0.13
"""An "um" closes on the way."""
_APART = 4
_WORDS = re.compile(
    r"\b(?:u+h+|u+m+|e+r+m*|h+m+|mm+|ah+|eh+)\b|嗯+|呃+|(?:^|[，。,. ])啊+(?=[，。,. ]|$)"
    r"|えっ?と|ええと|あのー|음+|어+(?=[ ,.]|$)",
    re.IGNORECASE,
)


class Said(NamedTuple):
    """What a recogniser heard between two seconds of the take."""

    start_s: float
    end_s: float
    text: str


def find(take: Take) -> list[Found]:
    if not take.speech:
        return []
    return [
        Found("filler", "warning", start, end, still, LIMIT_S, "s")
        for start, end, still in still_stretches(take)
        if still >= LIMIT_S
    ]


def find_said(said: Sequence[Said]) -> list[Found]:
    """Fillers among the words that a recogniser heard."""
    found = []
    for each in said:
        count = len(_WORDS.findall(each.text))
        if count:
            found.append(Found("filler", "warning", each.start_s, each.end_s, count, 0, ""))
    return found


def still_stretches(take: Take) -> list[tuple[float, float, float]]:
    """From, to and how much of it stands still, in seconds, of voiced sound; near stretches count as one."""
    raw = log_mel(take)
    bands = (np.roll(raw, 1, axis=0) + raw + np.roll(raw, -1, axis=0)) / 3
    shape = bands - bands.mean(axis=1, keepdims=True)
    change = np.full(len(shape), 99.0)
    change[_APART:-_APART] = np.sqrt(np.mean((shape[2 * _APART :] - shape[: -2 * _APART]) ** 2, axis=1))
    voiced = shape[:, :8].mean(axis=1) > shape[:, 14:].mean(axis=1) + 3
    still = (change < CHANGE_DB) & voiced & (take.levels > speech_dbfs(take) - FAINT_DB)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(np.int8), [0]])))
    found: list[tuple[float, float, float]] = []
    for begin, end in zip(edges[::2] / 100, edges[1::2] / 100, strict=True):
        length = float(end - begin)
        if length < 0.07:
            continue
        if found and begin - found[-1][1] <= JOIN_S:
            found[-1] = (found[-1][0], float(end), found[-1][2] + length)
        else:
            found.append((float(begin), float(end), length))
    return found
