"""What a mind is asked, as its parts hand it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.memory import Memory
from agent.visitor import Words
from visavis.words import Picture

Given = Mapping[str, object]
"""What the caller knows of the visitor and the place: fields of templates, and facts for a language model."""
NOTHING: Given = {}


@dataclass(frozen=True, slots=True)
class Question:
    """`words` are cleaned; `context` and `pictures` came with them. `sure`: whether these words were really said."""

    words: Words
    memory: Memory
    context: Given = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    sure: bool = True
