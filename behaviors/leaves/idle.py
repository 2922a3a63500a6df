"""What the avatar does while there is nothing to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeVar

from py_trees.common import Status
from pydantic import Field

from behaviors.attention import EPSILON, Attention
from behaviors.leaves.fields import Action, Between
from behaviors.leaves.leaf import Doing, Limit
from behaviors.ports import Gaze

Weight = Annotated[float, Field(ge=0, le=1000)]
T = TypeVar("T", bound=str)


class Pastime(Doing):
    """Now and then a small action, now and then a look elsewhere."""

    class Parameters(Doing.Parameters):
        silent_s: Limit = Field(default=30, description="An action that has not ended after so long is given up.")
        every_s: Between = Field(default=(20.0, 40.0), description="The seconds from one small action to the next.")
        actions: dict[Action, Weight] = Field(
            default={"idle": 1, "nod": 1}, max_length=20, description="Which it does, by weight; `idle` is nothing."
        )
        look_every_s: Between = Field(default=(4.0, 10.0), description="The seconds from one look to the next.")
        looks: dict[Gaze, Weight] = Field(
            default={"visitor": 6, "aside": 2, "away": 1}, description="Where it looks, by weight."
        )

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._set = parameters
        self._next = self._look = 0.0

    def begin(self) -> None:
        """Show that nothing is to be done, and plan what comes first."""
        self.attention.show("idle")
        self.plan()
        self._plan_look()

    def go_by(self, why: str, looks: Mapping[Gaze, float]) -> Status:
        """Act and look where that is due."""
        now = self.body.now()
        if now >= self._look - EPSILON:
            self.body.look(self._draw(looks, "visitor"))
            self._plan_look()
        if self.started:
            self.poll(why)
        elif now >= self._next - EPSILON:
            action = self._draw(self._set.actions, "idle")
            self.plan()
            if action != "idle":
                self.start(self.body.act(action))
        return self.go_on(why)

    def plan(self) -> None:
        """Draw when the next action comes."""
        self._next = self.body.now() + self.attention.rng.uniform(*self._set.every_s)

    def _plan_look(self) -> None:
        self._look = self.body.now() + self.attention.rng.uniform(*self._set.look_every_s)

    def _draw(self, weights: Mapping[T, float], otherwise: T) -> T:
        if sum(weights.values()) <= 0:
            return otherwise
        return self.attention.rng.choices(list(weights), list(weights.values()))[0]


class Idle(Pastime):
    """Do nothing in particular: now and then a small action, now and then a look elsewhere. It never ends by itself."""

    kind = "idle"

    class Parameters(Pastime.Parameters):
        looks_alone: dict[Gaze, Weight] = Field(
            default={"visitor": 2, "aside": 2, "away": 3}, description="Where it looks while nobody is there."
        )

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._looks, self._looks_alone = parameters.looks, parameters.looks_alone

    def initialise(self) -> None:
        self.begin()

    def update(self) -> Status:
        if not self.attention.free:
            self.drop()
            self.plan()
            return self.go_on("something goes on that no branch deals with")
        looks = self._looks if self.body.present else self._looks_alone
        return self.go_by(f"nothing is to be done; quiet for {self.attention.quiet_s:.0f} s", looks)
