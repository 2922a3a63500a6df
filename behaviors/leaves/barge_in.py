"""What the avatar does when somebody speaks into what it says: fall silent for a moment, or give way."""

from __future__ import annotations

from py_trees.common import Status
from pydantic import Field

from behaviors.attention import EPSILON, ONSET_S, Attention
from behaviors.backchannel import is_backchannel
from behaviors.leaves.leaf import Leaf, Seconds
from visavis.config import Strict


class Yield(Leaf):
    """Hold the turn while the visitor may be speaking and resume it after a cough; never takes the branch."""

    kind = "yield"

    class Parameters(Strict):
        onset_s: Seconds = Field(default=ONSET_S, description="So much voice over the avatar makes it fall silent.")
        resume_s: Seconds = Field(default=0.6, description="So long after the sound's end it goes on.")

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._set = parameters
        self._held: tuple[int, float] | None = None

    def update(self) -> Status:
        playing, voice, now = self.body.playing, self.body.voice, self.body.now()
        if playing is None or not (playing.audible or playing.held):
            self._held = None
            return self.fail("nothing is being said")
        if not playing.held:
            if not self.attention.speaking(self._set.onset_s):
                return self.fail("nobody speaks over it")
            self.body.hold()
            self._held = (playing.turn, now)
            return self.fail(f"held: a voice of {voice.voiced_s:.2f} s over the avatar")
        if self._held is None or self._held[0] != playing.turn:
            self._held = (playing.turn, now)
        silent = now - max(voice.ended, self._held[1])
        if voice.active or silent < self._set.resume_s - EPSILON:
            return self.fail("held until it is known whether the visitor says something")
        self.body.resume()
        return self.fail(f"resumed: no voice for {silent:.2f} s")


class GiveWay(Leaf):
    """End the turn that plays: for words, a long voice, or a new question. A body may refuse."""

    kind = "give_way"

    class Parameters(Strict):
        floor_s: Seconds = Field(default=0.7, description="So much voice ends what the avatar says, without any words.")
        questions: bool = Field(default=True, description="Whether a new question ends it too.")

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._set = parameters

    def update(self) -> Status:
        if not self.attention.audible:
            return self.fail("nothing is being said")
        asked = self._set.questions and self.attention.question is not None
        why = "a new question waits" if asked else self._taken()
        if not why:
            return self.fail("nobody has taken the floor")
        self.attention.show("thinking" if asked else "listening")
        self.body.interrupt()
        if self.attention.audible:
            self.attention.show("idle")
            return self.fail(f"{why}, but it must not be interrupted")
        self.feedback_message = why
        return Status.FAILURE if asked else Status.SUCCESS

    def _taken(self) -> str:
        """Why the visitor has the floor now; empty when that is not so."""
        voice = self.body.voice
        if not (voice.active or self.attention.held):
            return ""
        if voice.active and voice.voiced_s >= self._set.floor_s - EPSILON:
            return f"the visitor has spoken {voice.voiced_s:.2f} s"
        return "" if is_backchannel(voice.words) else "the visitor says words"
