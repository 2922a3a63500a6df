"""What the leaves of one tree agree on about the visitor, and the facts that its conditions ask for."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from behaviors.backchannel import is_backchannel
from behaviors.ports import Body, Occasion
from visavis.words import UNSURE, Mood, Utterance

_LONE = re.compile(r"\W*[a-z']+\W*", re.IGNORECASE)
"""A single word; coughs and exclamations come out as such."""
EPSILON = 1e-6
"""Seconds by which a time that has been summed up may fall short."""
ONSET_S = 0.095
"""Seconds of voice from which the visitor is taken to speak, where a leaf says nothing else."""


class Attention:
    """One for a session's tree; it outlives a tree that is exchanged. `rng` draws what leaves leave to chance."""

    def __init__(self, body: Body, rng: random.Random | None = None) -> None:
        self.body, self.rng = body, rng or random.Random(0)  # noqa: S311
        self._passed_over: Utterance | None = None
        self._outdated: Occasion | None = None
        self._shown: Mood = "idle"

    def notice(self) -> None:
        """Once a tick: an "mm-hm" or a doubtful lone word over the avatar's speech is not a question, now or later."""
        waiting = self.body.waiting
        if waiting is not None and waiting.via == "voice" and waiting.text and self.audible:
            doubtful = waiting.confidence < UNSURE and _LONE.fullmatch(waiting.text) is not None
            self._passed_over = waiting if doubtful or is_backchannel(waiting.text) else self._passed_over
        if self.body.occasion is None:
            self._outdated = None

    # ── the visitor ──
    @property
    def question(self) -> Utterance | None:
        """The utterance that wants an answer."""
        waiting = self.body.waiting
        return None if waiting is None or waiting is self._passed_over else waiting

    @property
    def occasion(self) -> Occasion | None:
        """The occasion that wants a greeting: not one from before a question, who asks is welcome already."""
        occasion = self.body.occasion
        return None if occasion == self._outdated else occasion

    def answering(self) -> None:
        """A question is being answered now."""
        self._outdated = self.body.occasion

    def speaking(self, onset_s: float = ONSET_S) -> bool:
        """Whether the visitor has spoken for so long, and still does."""
        voice = self.body.voice
        return voice.active and voice.voiced_s >= onset_s - EPSILON

    def hushed(self, pause_s: float) -> bool:
        """Whether the visitor has made no sound for so long."""
        voice = self.body.voice
        silent = voice.voiced_s <= 0 or self.body.now() - voice.ended >= pause_s - EPSILON
        return silent and not voice.active

    # ── the avatar ──
    @property
    def audible(self) -> bool:
        """Whether a turn is being heard, or held in the middle."""
        playing = self.body.playing
        return playing is not None and (playing.audible or playing.held)

    @property
    def held(self) -> bool:
        """Whether the turn that has the stage is held."""
        playing = self.body.playing
        return playing is not None and playing.held

    @property
    def free(self) -> bool:
        """Whether nothing plays and nobody makes a sound."""
        return self.body.playing is None and not self.body.voice.active

    @property
    def idle(self) -> bool:
        """Whether nothing plays, nobody speaks and nothing waits to be said."""
        return self.free and self.question is None and self.body.ordered is None

    @property
    def quiet_s(self) -> float:
        """Seconds since the last turn, voice or touch ended."""
        return max(0.0, self.body.now() - self.body.quiet_since)

    def show(self, mood: Mood) -> None:
        """Set the mood that is shown while nothing plays."""
        self._shown = mood
        self.body.show(mood)

    @property
    def mood(self) -> Mood:
        """What is shown: the turn's own, else what was set."""
        playing = self.body.playing
        if playing is None:
            return self._shown
        return "held" if playing.held else "speaking" if playing.audible else "thinking"

    def facts(self) -> dict[str, Any]:
        """All that a condition may ask for, as JSON can hold it; none of it is a visitor's word."""
        return {name: ask(self) for name, ask in FACTS.items()}


def _urgency(attention: Attention) -> str | None:
    order = attention.body.ordered
    return None if order is None else order.urgency


FACTS: Mapping[str, Callable[[Attention], Any]] = {
    "present": lambda attention: attention.body.present,
    "speaking": lambda attention: attention.speaking(),
    "audible": lambda attention: attention.audible,
    "held": lambda attention: attention.held,
    "question": lambda attention: attention.question is not None,
    "occasion": lambda attention: attention.occasion,
    "order": _urgency,
    "scripted": lambda attention: attention.body.scripted,
    "taken_over": lambda attention: attention.body.taken_over,
    "frozen": lambda attention: attention.body.frozen,
    "quiet_s": lambda attention: round(attention.quiet_s, 2),
    "mood": lambda attention: attention.mood,
    "emotion": lambda attention: attention.body.emotion.value,
}
"""Every fact by its name."""
