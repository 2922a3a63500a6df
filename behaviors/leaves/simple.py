"""Small leaves to build branches of: an action, a look, a wait."""

from __future__ import annotations

from py_trees.common import Status
from pydantic import Field

from behaviors.attention import EPSILON, Attention
from behaviors.leaves.fields import Action
from behaviors.leaves.leaf import Doing, Leaf, Limit, Seconds
from behaviors.ports import Gaze
from visavis.config import Strict


class Act(Doing):
    """Play an action while nobody speaks; fails when somebody does."""

    kind = "act"

    class Parameters(Doing.Parameters):
        silent_s: Limit = Field(default=30, description="An action that has not ended after so long is given up.")
        action: Action = Field(description="The action.")

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._action = parameters.action

    def update(self) -> Status:
        if not self.attention.free:
            self.drop()
            return self.fail("somebody speaks")
        if not self.started:
            self.start(self.body.act(self._action))
        return self.poll(f"it does {self._action!r}")


class Look(Leaf):
    """Turn the eyes; succeeds at once."""

    kind = "look"

    class Parameters(Strict):
        at: Gaze = Field(description="Where it looks.")

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._at = parameters.at

    def update(self) -> Status:
        self.body.look(self._at)
        self.feedback_message = f"it looks at {self._at!r}"
        return Status.SUCCESS


class Wait(Leaf):
    """Go on for a time and succeed."""

    kind = "wait"
    limit_s = None

    class Parameters(Strict):
        seconds: Seconds = Field(description="How long.")

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._seconds, self._until = parameters.seconds, 0.0

    def initialise(self) -> None:
        self._until = self.body.now() + self._seconds

    def update(self) -> Status:
        left = self._until - self.body.now()
        if left > EPSILON:
            return self.go_on(f"{left:.1f} s are left")
        self.feedback_message = f"{self._seconds:g} s are over"
        return Status.SUCCESS
