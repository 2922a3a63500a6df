"""A scenario: what a visitor, an operator and a room do, and when. One YAML file each."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from behaviors.ports import Urgency
from runtime.choices import Name
from runtime.settings import Language
from visavis.config import Strict, load, suggest
from visavis.errors import SetupError
from visavis.words import ACTIONS, Occasion

Visitor = Literal["arrives", "leaves", "speaks", "says", "types", "touches", "comments", "coughs"]
Operator = Literal["takes_over", "gives_back", "freezes", "releases", "orders"]
Line = Annotated[str, Field(min_length=1, max_length=2_000)]
DAY_S = 86_400.0
REST_S = 8.0
"""So long is looked on after the last event."""
SHIPPED = Path(str(files("runtime.simulate") / "scenarios"))
DEFAULTS = {name: name for name in ("kiosk", "widget", "live")}
"""What is played where no scenario is named, by tree; `kiosk` for any other."""


class Event(Strict):
    """What somebody does, `at` seconds after the session began.

    A visitor who `says` something is understood, one who `speaks` is not; `for_s` is how long the voice lasts.
    """

    at: float = Field(ge=0, le=DAY_S)
    visitor: Visitor | None = None
    operator: Operator | None = None
    script: Line | None = Field(default=None, description="A piece of the script that is ready from then on.")
    text: str = Field(default="", max_length=2_000)
    for_s: float | None = Field(default=None, gt=0, le=600)
    answer: Line | None = Field(default=None, description="What the avatar answers.")
    action: str = ""
    urgency: Urgency = "next"

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        given = [name for name in ("visitor", "operator", "script") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("an event is of one of visitor, operator and script; write exactly one of these keys")
        if self.visitor in ("says", "types", "touches", "comments") and not self.text.strip():
            raise ValueError(f"a visitor who {self.visitor} needs words; add `text: …`")
        if self.operator == "orders" and not (self.text.strip() or self.action):
            raise ValueError("an order says or does something; add `text: …` or `action: …`")
        if self.action and self.action not in ACTIONS:
            raise ValueError(f"there is no action {self.action!r}; {suggest(self.action, ACTIONS)}")
        return self

    @property
    def told(self) -> tuple[str, str]:
        """Who does what, in short."""
        if self.script is not None:
            return "script", f"“{self.script}” is ready"
        who, what = ("visitor", self.visitor) if self.visitor is not None else ("operator", self.operator)
        text = f" “{self.text}”" if self.text else f" {self.action}" if self.action else ""
        lasts = f" for {self.for_s:g} s" if self.for_s is not None and not self.text else ""
        urgency = f" ({self.urgency})" if self.operator == "orders" else ""
        return who, f"{str(what).replace('_', ' ')}{text}{lasts}{urgency}"


class Scenario(Strict):
    """configs/behaviors/scenarios/*.yaml, or a file anywhere"""

    scenario: Name
    tree: Name = Field(default="kiosk", description="The tree that it is meant for.")
    language: Language = "en"
    greets: dict[Occasion, Line] = Field(default_factory=dict, description="Greetings; an empty set greets nobody.")
    answers: tuple[Line, ...] = Field(default=(), max_length=100, description="Answers to who asks, in turn.")
    idle_after_s: float = Field(default=60, gt=0, le=DAY_S, description="Quiet time that calls for the idle greeting.")
    ends: float | None = Field(default=None, gt=0, le=DAY_S, description="When it is over; default: 8 s after the end.")
    story: tuple[Event, ...] = Field(min_length=1, max_length=2_000)

    @property
    def ends_s(self) -> float:
        """When it is over."""
        last = max(event.at + (event.for_s or 0.0) for event in self.story)
        return self.ends if self.ends is not None else last + REST_S


def scenario_for(tree: str, given: str | None, language: str = "en") -> Scenario:
    """A scenario by its file or its shipped name; without one what is shipped for the tree. Raises VisavisError."""
    if given is None:
        name = DEFAULTS.get(tree, "kiosk")
        own = SHIPPED / f"{name}-{language[:2].lower()}.yaml"
        return load(Scenario, own if own.exists() else SHIPPED / f"{name}.yaml")
    names = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
    if given in names:
        return load(Scenario, SHIPPED / f"{given}.yaml")
    path = Path(given)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return load(Scenario, path)
    raise SetupError(f"there is no scenario {given!r}", f"{suggest(given, names)} or name a file")
