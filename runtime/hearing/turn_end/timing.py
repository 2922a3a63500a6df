"""The numbers of turn-taking that a dialog's file may set under `asr.endpointing`, and their bounds."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from visavis.config import Strict

Strategy = Literal["vad", "match", "complete", "smart-turn", "pace"]
TURN: tuple[Strategy, ...] = ("pace", "match", "complete", "smart-turn", "vad")
"""What is used where a dialog names nothing."""

Share = Annotated[float, Field(ge=0.05, le=1)]
Wait = Annotated[float, Field(ge=0.1, le=5)]


class Endpointing(Strict):
    """Probabilities and seconds; every `…silence_s` counts from the last voice."""

    onset: Share = Field(default=0.5, description="Probability from which sound is the beginning of a voice.")
    offset: Share = Field(default=0.35, description="Probability from which a voice goes on.")
    begin_s: float = Field(default=0.09, ge=0.03, le=1, description="So much voice begins an utterance.")
    pre_roll_s: float = Field(default=0.3, ge=0, le=2, description="Sound before it that the recogniser gets too.")
    release_s: float = Field(default=0.07, ge=0, le=0.3, description="The voice detector's delay at the end.")
    pause_s: Wait = Field(default=0.16, description="Silence from which an answer is prepared.")
    silence_s: Wait = Field(default=1.0, description="`vad`: the turn passes.")
    matched_silence_s: Wait = Field(default=0.3, description="`match`: a question known word for word passes.")
    meant_silence_s: Wait = Field(default=0.9, description="`match`: a question known by its meaning passes.")
    open_silence_s: Wait = Field(default=0.6, description="`match`: one that a longer question begins with passes.")
    complete_silence_s: Wait = Field(
        default=0.7, description="`complete`: a whole question that can be answered passes."
    )
    finished_silence_s: Wait = Field(default=0.5, description="`smart-turn`: what sounds finished passes.")
    held_s: Wait = Field(default=1.4, description="How long words that dangle, or sound unfinished, are waited for.")
    longest_silence_s: Wait = Field(default=2.0, description="The turn passes, whatever the strategies say.")
    match_score: Share = Field(default=0.85, description="How sure `match` must be.")
    finished: float = Field(
        default=0.9, ge=0.5, le=1, description="`smart-turn`: the probability from which it sounds finished."
    )
    max_utterance_s: float = Field(default=20.0, ge=1, le=60, description="The longest utterance.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.offset > self.onset:
            raise ValueError("`offset` is above `onset`: a voice would end as it begins; lower it")
        waits = {name: value for name, value in self if name.endswith("silence_s") or name in ("held_s", "pause_s")}
        longest = max(waits, key=lambda name: waits[name])
        if waits[longest] > self.longest_silence_s:
            raise ValueError(
                f"`{longest}` is above `longest_silence_s`, which ends every turn; raise that, or lower it"
            )
        return self
