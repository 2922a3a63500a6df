"""How a session treats its client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Politeness = Literal["at_once", "sentence", "never"]
"""When a visitor's voice ends what the avatar says: at once, after the sentence, or never."""


@dataclass(slots=True)
class Manner:
    """Set by the client: the avatar's own page wants everything, a plain OpenAI client only what it asked for.

    `greets`: the avatar may speak first. `holds`: possible speech over the avatar holds its turn instead of
    ending it. `replies`: an utterance that was heard is answered without being asked to. `interrupts`: the
    visitor's voice may end the avatar's turn; then `politeness`, the dialog's own, says when.
    """

    greets: bool = False
    holds: bool = False
    replies: bool = True
    interrupts: bool = True
    politeness: Politeness = "at_once"

    @property
    def yields(self) -> Politeness:
        """When the avatar gives way to a visitor's voice."""
        return self.politeness if self.interrupts else "never"
