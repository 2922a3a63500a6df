"""What the items of a knowledge file have in common: a switch, a window of validity, words, an action, a card."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Self

from pydantic import Field, model_validator

from knowledge.fields import (
    Action,
    CardText,
    Duration,
    Id,
    Link,
    Moment,
    Picture,
    Priority,
    Says,
    Sound,
    TimeOfDay,
    Video,
)
from visavis.config import Fault, Strict
from visavis.words import Card


class Dated(Strict):
    """What every item may carry: a switch and a window of validity. A bare date in `until` includes that day."""

    enabled: bool = True
    from_: Moment | None = Field(default=None, alias="from")
    until: Moment | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.until and begin(self.from_) >= end(self.until):
            raise Fault("until", "`until` is before `from`; exchange them")
        return self

    def valid(self, now: datetime) -> bool:
        """Whether the item is switched on and `now` lies in its window."""
        if not self.enabled:
            return False
        if self.from_ is not None and begin(now) < begin(self.from_):
            return False
        return self.until is None or begin(now) < end(self.until)

    def within(self, outer: Dated) -> Self:
        """The same item, said only where `outer` is valid as well."""
        starts = [each for each in (self.from_, outer.from_) if each is not None]
        ends = [each for each in (self.until, outer.until) if each is not None]
        narrowed = {
            "enabled": self.enabled and outer.enabled,
            "from_": max(starts, key=begin, default=None),
            "until": min(ends, key=end, default=None),
        }
        return self.model_copy(update=narrowed)


def begin(moment: date) -> datetime:
    """The local time, without a zone, at which a date or a moment begins."""
    if isinstance(moment, datetime):
        return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
    return datetime(moment.year, moment.month, moment.day)


def end(moment: date) -> datetime:
    """The local time at which a date is over; a moment is over at once."""
    return begin(moment) + timedelta(days=0 if isinstance(moment, datetime) else 1)


class Timed(Strict):
    """When something that is said unasked may come: after so much quiet, or by the clock."""

    after: Duration | None = Field(default=None, description="idle: how long nobody spoke")
    at: TimeOfDay | None = Field(default=None, description="time: when, each day")
    every: Duration | None = Field(default=None, description="time: how often, counted from midnight")

    def occasions(self) -> tuple[str, ...]:
        """The words that the item's `on` names."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _timing(self) -> Self:
        if self.after is not None and "idle" not in self.occasions():
            raise Fault("after", "`after` belongs to `on: idle`; remove it")
        if (self.at is not None or self.every is not None) and "time" not in self.occasions():
            raise Fault("at" if self.at is not None else "every", "`at` and `every` belong to `on: time`; remove them")
        if self.at is not None and self.every is not None:
            raise Fault("every", "`at` and `every` exclude each other; keep one")
        if self.every is not None and self.every < 60:
            raise Fault("every", "`every` is shorter than a minute; write at least 1m")
        return self


class Show(Strict):
    """A card beside the avatar; a picture, video or sound lies below the file's folder, or is an https link."""

    title: CardText = ""
    text: CardText = ""
    image: Picture | None = None
    video: Video | None = None
    audio: Sound | None = None
    link: Link | None = None

    def card(self) -> Card:
        return Card(self.title, self.text, self.image, self.link, self.video, self.audio)

    def files(self) -> dict[str, str]:
        """The names of its files below the folder, by their key; links are none."""
        named = {"image": self.image, "video": self.video, "audio": self.audio}
        return {key: name for key, name in named.items() if name and not name.startswith("https://")}


class Rested(Dated):
    """What may be said only now and then, and what comes before something else.

    `priority`: where several fit, the highest is said, ties go to the first in the file. `cooldown`: once said, it is
    not said again in the same session for so long, and what comes next takes its place.
    """

    id: Id
    priority: Priority = 0
    cooldown: Duration = Field(default=0.0, description="how long it is not said again in a session")


class Spoken(Rested):
    """An item that says something: one of `say` is picked."""

    say: Says
    action: Action | None = None
    show: Show | None = None
