"""What an avatar does in place of an action that it lacks."""

from __future__ import annotations

from collections.abc import Container

NEAREST: dict[str, tuple[str, ...]] = {
    "idle": (),
    "nod": ("ok", "thumbs_up"),
    "shake": (),
    "wave": ("welcome_both", "forward_right", "nod"),
    "present_right": ("emphasis_right", "emphasis_both"),
    "present_left": ("emphasis_left", "emphasis_both"),
    "forward_right": ("palm_sweep", "welcome_both", "emphasis_right"),
    "up_right": ("index",),
    "index": ("emphasis_right", "emphasis_left", "emphasis_both", "nod"),
    "thumbs_up": ("ok", "fist", "nod"),
    "ok": ("thumbs_up", "nod"),
    "heart": ("nod",),
    "fist": ("thumbs_up", "emphasis_both", "nod"),
    "palm_sweep": ("forward_right", "spread_both", "emphasis_right"),
    "welcome_both": ("spread_both", "wave", "forward_right", "nod"),
    "spread_both": ("welcome_both", "emphasis_both", "palm_sweep"),
    "emphasis_right": ("emphasis_both", "emphasis_left", "nod"),
    "emphasis_left": ("emphasis_both", "emphasis_right", "nod"),
    "emphasis_both": ("emphasis_right", "emphasis_left", "nod"),
}
"""The nearest first. Nobody points to another side than the one that was meant, and a refusal has no likeness."""


def nearest(action: str, has: Container[str]) -> str | None:
    """`action`, or the nearest that the avatar `has`; None where no other one would say the same."""
    return next((each for each in (action, *NEAREST.get(action, ())) if each in has), None)
