"""A face in every frame, one face, turned towards the lens."""

from __future__ import annotations

import numpy as np

from avatars.inspect.film import Film
from avatars.inspect.finding import Found
from avatars.inspect.person import CROWD_EVERY

BRIEF = 2
"""Frames that the face may be missed in without a hole that matters."""
TURNED, FAR, RAISED = 30.0, 45.0, 25.0
"""Degrees."""
AWAY = 15.0
"""Degrees that the head may point off the lens for two seconds on end."""
_LOOKS = 2


def find(film: Film) -> list[Found]:
    if film.people is None:
        return []
    return missing(film) + crowded(film) + turned(film)


def missing(film: Film) -> list[Found]:
    gone = np.array([each is None for each in film.people or ()], np.bool_)
    if gone.all():
        return [Found("no_face", "error", 0.0, film.seconds)]
    return [
        Found("face_missing", "error" if at.stop - at.start > BRIEF else "warning", begin, end,
              at.stop - at.start, 0, "frames")
        for begin, end, at in film.spans(gone)
    ]  # fmt: skip


def crowded(film: Film) -> list[Found]:
    """Two faces in looks on end: a single look is often a pattern that only resembles a face."""
    over = np.zeros(len(film.times), np.bool_)
    for index, count in film.crowds:
        over[index : index + CROWD_EVERY] = count > 1
    least = _LOOKS * CROWD_EVERY if len(over) >= _LOOKS * CROWD_EVERY else 1
    return [
        Found("second_face", "error", begin, end, 2, 1, "")
        for begin, end, _ in film.spans(over, least=least, gap=CROWD_EVERY)
    ]


def turned(film: Film) -> list[Found]:
    yaw = np.array([abs(each.yaw) if each else 0.0 for each in film.people or ()])
    pitch = np.array([abs(each.pitch) if each else 0.0 for each in film.people or ()])
    found = []
    for begin, end, at in film.spans(yaw > TURNED, least=2, gap=5):
        most = float(yaw[at].max())
        rule, limit = ("head_far_turned", FAR) if most >= FAR else ("head_turned", TURNED)
        found.append(Found(rule, "warning", begin, end, most, limit, "°"))
    for begin, end, at in film.spans(pitch > RAISED, least=2, gap=5):
        found.append(Found("head_tilted", "warning", begin, end, float(pitch[at].max()), RAISED, "°"))
    long = max(2, round(2.0 / film.interval))
    away = (yaw > AWAY) & (yaw <= TURNED)
    for begin, end, at in film.spans(away, least=long, gap=3):
        found.append(Found("looks_away", "warning", begin, end, float(np.median(yaw[at])), AWAY, "°"))
    return found
