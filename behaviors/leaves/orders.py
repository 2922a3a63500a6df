"""Doing what an operator or a program orders."""

from __future__ import annotations

from py_trees.common import Status
from pydantic import Field

from behaviors.attention import Attention
from behaviors.leaves.leaf import Doing, Seconds
from behaviors.ports import Order, Urgency


class Obey(Doing):
    """Say or do what is ordered with its urgency. `now` ends what plays; the others wait until nobody speaks.

    An action that is ordered now is played beside what is being said, and takes no branch.
    """

    kind = "obey"

    class Parameters(Doing.Parameters):
        urgency: Urgency = Field(description="The orders that it obeys.")
        pause_s: Seconds = Field(default=0.6, description="So long after a visitor's voice one begins; not with `now`.")

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._set = parameters

    def update(self) -> Status:
        self.tend()
        order = self.body.ordered
        wanted = order is not None and order.urgency == self._set.urgency
        if order is None or not wanted:
            return self._obeying() if self.started else self.fail(f"nothing is ordered {self._set.urgency!r}")
        if self._set.urgency == "now":
            return self._at_once(order)
        if self.started:
            return self._obeying()
        if self.body.playing is not None or not self.attention.hushed(self._set.pause_s):
            return self.fail("an order waits until nobody speaks")
        self.start(self.body.obey())
        self.attention.show("idle")
        return self._obeying()

    def _at_once(self, order: Order) -> Status:
        if not order.text:
            self.accompany(self.body.obey())
            return self._obeying() if self.started else self.fail("an action was ordered and has begun")
        if self.body.playing is not None:
            self.body.cut()
        self.start(self.body.obey())
        self.attention.show("idle")
        return self._obeying()

    def _obeying(self) -> Status:
        return self.poll(f"an order came with the urgency {self._set.urgency!r}")
