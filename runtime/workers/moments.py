"""A moment as a compact list, for the wire."""

from __future__ import annotations

from typing import Any, cast

from visavis.words import Emotion, Gaze, Moment, Mood, Viseme

_VISEMES = tuple(Viseme)
_INDEX = {viseme: index for index, viseme in enumerate(_VISEMES)}

Packed = list[Any]


def pack_moment(moment: Moment) -> Packed:
    """Lists, numbers and strings alone; visemes and actions flattened to start, index, … and id, age, …"""
    visemes: list[int] = []
    for start, viseme in moment.visemes:
        visemes += (start, _INDEX[viseme])
    actions: list[str | int] = []
    for name, age in moment.actions:
        actions += (name, age)
    felt = (str(moment.emotion), moment.intensity)
    return [moment.pts, moment.turn, moment.mood, *felt, visemes, actions, moment.gaze, moment.breath]


def unpack_moment(packed: Packed) -> Moment:
    """The moment that `pack_moment` packed. Raises ValueError, IndexError or TypeError for anything else."""
    pts, turn, mood, emotion, intensity, visemes, actions, gaze, breath = packed
    return Moment(
        pts=pts,
        turn=turn,
        mood=cast(Mood, mood),
        emotion=Emotion(emotion),
        intensity=intensity,
        visemes=tuple((start, _VISEMES[index]) for start, index in zip(visemes[::2], visemes[1::2], strict=True)),
        actions=tuple(zip(actions[::2], actions[1::2], strict=True)),
        gaze=cast(Gaze, gaze),
        breath=breath,
    )
