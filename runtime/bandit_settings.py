"""What a dialog's file says of learning how to answer."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from behaviors.learning import PLAIN, Arm, Beats, Reward, Terms
from runtime.choices import Name
from visavis.config import Strict

Worth = Annotated[float, Field(ge=0, le=10)]
Factor = Annotated[float, Field(ge=0.7, le=1.4)]


class ArmChoice(Strict):
    """A manner of answering; the factors are of what the sentence's own feeling gives."""

    name: Name
    rate: Factor = 1.0
    energy: Factor = 1.0
    degree: Factor = Field(default=1.0, description="How strongly the sentence's emotion shows in the voice.")
    beats: Beats = Field(default="all", description="Whether hands stress words: as planned, once a sentence, never.")

    @model_validator(mode="after")
    def _another(self) -> Self:
        if self.arm in (PLAIN, Arm(self.name)):
            raise ValueError(f"{self.name!r} is the plain manner, which is always there; give it a rate or beats")
        return self

    @property
    def arm(self) -> Arm:
        return Arm(self.name, self.rate, self.energy, self.degree, self.beats)


class Worths(Strict):
    """What a visitor's doing after an answer is worth."""

    stay_s: float = Field(default=30, ge=1, le=600, description="Who is there so long after the answer has stayed.")
    stay: Worth = 0.5
    follow_up: Worth = Field(default=0.5, description="A question within that time.")
    like: Worth = Field(default=1.0, description="A like; a dislike costs as much.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.stay or self.follow_up or self.like):
            raise ValueError("nothing is worth anything; give stay, follow_up or like a worth above 0")
        return self

    @property
    def reward(self) -> Reward:
        return Reward(self.stay, self.follow_up, self.like)


class Learn(Strict):
    """How answers are spoken is chosen by what visitors like; never what is said."""

    enabled: bool = False
    arms: tuple[ArmChoice, ...] = Field(
        default=(
            ArmChoice(name="brisk", rate=1.1, energy=1.1),
            ArmChoice(name="warm", rate=0.95, degree=1.2, beats="fewer"),
        ),
        min_length=1,
        max_length=8,
        description="The manners besides the plain one.",
    )
    explore: float = Field(default=0.1, ge=0.02, le=1, description="The share of choices that is left to chance.")
    reward: Worths = Worths()
    window: int = Field(default=2_000, ge=100, le=5_000, description="So many of the newest choices are learnt from.")
    least: int = Field(default=500, ge=50, le=5_000, description="Fewer choices prove nothing.")
    confidence: float = Field(default=0.99, ge=0.8, le=0.9999, description="Of being better before it is followed.")
    stale_days: int = Field(default=14, ge=1, le=365, description="What was learnt so long ago is not followed.")
    days: int = Field(default=30, ge=1, le=365, description="So long choices and their outcomes are kept.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [each.name for each in self.arms]
        if len(set(names)) != len(names) or PLAIN.name in names:
            raise ValueError(f"two arms share a name, or one is called {PLAIN.name!r}; name each otherwise")
        if self.least > self.window:
            raise ValueError("`least` is more than `window` holds; lower it, or widen the window")
        return self

    @property
    def terms(self) -> Terms:
        return Terms(self.explore, self.window, self.least, self.confidence, self.stale_days)
