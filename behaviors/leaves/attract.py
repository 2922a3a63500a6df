"""Inviting people while nobody is there."""

from __future__ import annotations

from py_trees.common import Status
from pydantic import Field

from behaviors.attention import EPSILON, Attention
from behaviors.leaves.fields import Action, Between
from behaviors.leaves.idle import Pastime, Weight
from behaviors.leaves.leaf import Seconds
from behaviors.ports import Gaze


class Attract(Pastime):
    """Wave now and then, and look about, after nobody has been there for a while; it ends when somebody comes.

    It says nothing: what is written beside the picture is the page's.
    """

    kind = "attract"

    class Parameters(Pastime.Parameters):
        after_s: Seconds = Field(default=20, description="It begins when nobody has been there for so long.")
        every_s: Between = Field(default=(9.0, 18.0), description="The seconds from one invitation to the next.")
        actions: dict[Action, Weight] = Field(
            default={"wave": 4, "welcome_both": 2, "present_right": 1, "nod": 1},
            max_length=20,
            description="How it invites, by weight; `idle` is nothing.",
        )
        look_every_s: Between = Field(default=(2.0, 5.0), description="The seconds from one look to the next.")
        looks: dict[Gaze, Weight] = Field(
            default={"visitor": 3, "aside": 3, "away": 3}, description="Where it looks, by weight."
        )

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._after_s, self._looks = parameters.after_s, parameters.looks
        self._alone_since: float | None = None
        self._inviting = False

    def initialise(self) -> None:
        self._inviting = False

    def update(self) -> Status:
        now = self.body.now()
        if self.body.present:
            self._alone_since = None
            return self._leave("somebody is there")
        if self._alone_since is None:
            self._alone_since = now
        alone = now - max(self._alone_since, self.body.quiet_since)
        if not self.attention.idle:
            return self._leave("something else is to be done")
        if alone < self._after_s - EPSILON:
            return self._leave(f"nobody has been there for {alone:.0f} s, which is less than {self._after_s:g} s")
        if not self._inviting:
            self._inviting = True
            self.begin()
            self._next = now
        return self.go_by(f"nobody has been there for {alone:.0f} s", self._looks)

    def _leave(self, why: str) -> Status:
        self.drop()
        return self.fail(why)
