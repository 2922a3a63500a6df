"""What a session does, as the tree that asked for it polls it."""

from __future__ import annotations

from runtime.stage import Stage
from runtime.turn import Turn
from runtime.turns import Turns


class TurnJob:
    """A turn as the tree polls it."""

    def __init__(self, turns: Turns, turn: Turn) -> None:
        self._turns, self._turn = turns, turn

    @property
    def done(self) -> bool:
        return self._turn.ended

    def cancel(self) -> None:
        self._turns.end(self._turn)


class ActionJob:
    """An action outside speech as the tree polls it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    @property
    def done(self) -> bool:
        return not self._stage.acting

    def cancel(self) -> None:
        """Speech lets the renderer ease out of it."""
