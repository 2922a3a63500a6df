"""Going on with a script."""

from __future__ import annotations

from py_trees.common import Status
from pydantic import Field

from behaviors.attention import Attention
from behaviors.leaves.leaf import Doing, Seconds


class Recite(Doing):
    """Say the script's next piece while nobody speaks."""

    kind = "recite"

    class Parameters(Doing.Parameters):
        pause_s: Seconds = Field(default=0.6, description="So long after a visitor's voice it goes on.")

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._pause_s = parameters.pause_s

    def update(self) -> Status:
        if not self.started:
            if not self.body.scripted:
                return self.fail("there is no script, or it is not ready")
            if self.body.playing is not None or not self.attention.hushed(self._pause_s):
                return self.fail("somebody speaks")
            self.start(self.body.recite())
            self.attention.show("idle")
        return self.poll("the script goes on")
