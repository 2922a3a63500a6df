"""Who speaks, and within which limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agent.grounding import Grounding
from visavis.words import Cue, Emotion

Directions = tuple[Emotion, tuple[Cue, ...]]
StageDirections = Callable[[str, str], Directions]
"""From a sentence and its language to how it is played."""


def deadpan(text: str, language: str) -> Directions:
    """No emotion and no action."""
    return Emotion.NEUTRAL, ()


@dataclass(frozen=True, slots=True)
class Persona:
    """How a language model is to speak; `taboo` are subjects that it declines."""

    name: str = ""
    tone: str = "warm"
    taboo: tuple[str, ...] = ()
    max_sentences: int = 3


@dataclass(frozen=True, slots=True)
class Room:
    """How questions of a live room are answered: nothing is offered to choose from.

    What is probably meant is answered from the probability `answer_from` on; `silent`: nothing is said to the rest.
    """

    answer_from: float = 0.35
    silent: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """A model's first sentence must be there within `first_sentence_s`, its whole answer in `answer_s` of waiting.

    `passages` are shown to it; one below `floor` is not worth saying in its place when it fails. `grounding`: what of
    its sentences must be in them; `off` leaves language and repetitions unchecked too.
    """

    first_sentence_s: float = 2.0
    answer_s: float = 15.0
    passages: int = 4
    floor: float = 0.45
    grounding: Grounding = "off"
