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


class Idle(Doing):
    """Do nothing in particular: now and then a small action, now and then a look elsewhere. It never ends by itself."""

    kind = "idle"

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
        looks_alone: dict[Gaze, Weight] = Field(
            default={"visitor": 2, "aside": 2, "away": 3}, description="Where it looks while nobody is there."
        )

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._set = parameters
        self._next = self._look = 0.0

    def initialise(self) -> None:
        self.attention.show("idle")
        self._plan()
        self._plan_look()

    def update(self) -> Status:
        now, why = self.body.now(), f"nothing is to be done; quiet for {self.attention.quiet_s:.0f} s"
        if not self.attention.free:
            self.drop()
            self._plan()
            return self.go_on("something goes on that no branch deals with")
        if now >= self._look - EPSILON:
            looks = self._set.looks if self.body.present else self._set.looks_alone
            self.body.look(self._draw(looks, "visitor"))
            self._plan_look()
        if self.started:
            self.poll(why)
        elif now >= self._next - EPSILON:
            action = self._draw(self._set.actions, "idle")
            self._plan()
            if action != "idle":
                self.start(self.body.act(action))
        return self.go_on(why)

    def _draw(self, weights: Mapping[T, float], otherwise: T) -> T:
        if sum(weights.values()) <= 0:
            return otherwise
        return self.attention.rng.choices(list(weights), list(weights.values()))[0]

    def _plan(self) -> None:
        self._next = self.body.now() + self.attention.rng.uniform(*self._set.every_s)

    def _plan_look(self) -> None:
        self._look = self.body.now() + self.attention.rng.uniform(*self._set.look_every_s)
