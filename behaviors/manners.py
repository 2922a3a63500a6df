"""How patient an avatar is, in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """`onset_s` of voice over the avatar holds it, `floor_s` ends it; it resumes `resume_s` after the sound's end.

    After a voice the avatar stays attentive for `linger_s`. Idle, it does one of `idle_actions` (an empty
    name is nothing) every `idle_every_s`, drawn between the two.
    """

    onset_s: float = 0.095
    floor_s: float = 0.7
    resume_s: float = 0.6
    linger_s: float = 0.6
    idle_every_s: tuple[float, float] = (20.0, 40.0)
    idle_actions: tuple[str, ...] = ("nod", "")
