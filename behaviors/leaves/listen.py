"""Attending to who speaks."""

from __future__ import annotations

from py_trees.common import Status
from pydantic import Field

from behaviors.attention import EPSILON, ONSET_S, Attention
from behaviors.leaves.leaf import Leaf, Seconds
from visavis.config import Strict


class Listen(Leaf):
    """Attend to a visitor who speaks, and a moment longer."""

    kind = "listen"
    limit_s = None

    class Parameters(Strict):
        onset_s: Seconds = Field(default=ONSET_S, description="So much voice is taken for somebody who speaks.")
        linger_s: Seconds = Field(default=0.6, description="So long it stays attentive after the voice.")

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._set = parameters
        self._shown = False

    def initialise(self) -> None:
        self._shown = False

    def update(self) -> Status:
        if self.attention.audible:
            return self.fail("the avatar speaks")
        why = self._heard()
        if not why:
            return self.fail("nobody speaks")
        if not self._shown:
            self.attention.show("listening")
            self.body.look("visitor")
            self._shown = True
        return self.go_on(why)

    def _heard(self) -> str:
        voice = self.body.voice
        if self.attention.speaking(self._set.onset_s):
            return f"the visitor has spoken {voice.voiced_s:.1f} s"
        since = self.body.now() - voice.ended
        if self._shown and (voice.active or since < self._set.linger_s - EPSILON):
            return f"the visitor spoke {max(0.0, since):.1f} s ago"
        return ""
