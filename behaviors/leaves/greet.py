"""Speaking first, when there is an occasion."""

from __future__ import annotations

from py_trees.common import Status
from pydantic import Field

from behaviors.attention import Attention
from behaviors.leaves.leaf import Doing
from behaviors.ports import Occasion


class Greet(Doing):
    """Use an occasion to greet while nobody speaks."""

    kind = "greet"

    class Parameters(Doing.Parameters):
        occasions: tuple[Occasion, ...] = Field(
            default=("enter", "first_visit", "return", "idle", "time"),
            min_length=1,
            description="The occasions that it greets on.",
        )

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._occasions = parameters.occasions
        self._why = ""

    def update(self) -> Status:
        if not self.started:
            occasion = self.attention.occasion
            if occasion is None:
                return self.fail("there is no occasion to greet")
            if occasion not in self._occasions:
                return self.fail(f"it does not greet on the occasion {occasion!r}")
            if not self.attention.free:
                return self.fail("somebody speaks")
            self._why = f"the occasion {occasion!r} has come, after {self.attention.quiet_s:.0f} quiet s"
            self.start(self.body.greet())
            self.attention.show("idle")
        return self.poll(self._why)
