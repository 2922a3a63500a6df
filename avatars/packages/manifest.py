"""What `manifest.yaml` of an avatar's folder says, in its first format.

A drawn avatar says who it is and what draws it. One that is made of recordings also says which files show it, which
frames are which action, what it was made from, and by its hash which consent allows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from avatars.packages.kinds import RECORDED, Keying, Kind
from avatars.packages.segments import Frame, Segment, checked
from visavis.config import Fault, Strict, suggest
from visavis.words import ACTIONS

MANIFEST = "manifest.yaml"
NAME = r"^[a-z0-9][a-z0-9_-]{0,63}$"
FADE = 6
"""The most frames of a cross-fade."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Relative = Annotated[
    str, Field(pattern=r"^(?:[a-z0-9][a-z0-9_-]{0,63}/){0,3}[a-z0-9][a-z0-9_-]{0,63}\.[a-z0-9]{1,11}$")
]
Side = Annotated[int, Field(ge=64, le=4096, multiple_of=2)]
Seconds = Annotated[float, Field(ge=0, le=600)]


def _action(name: str) -> str:
    if name not in ACTIONS:
        raise ValueError(f"there is no action {name!r}: {suggest(name, ACTIONS)}")
    return name


class Voice(Strict):
    """The voice that suits the avatar; a dialog may choose another."""

    engine: str = "espeak"
    voice: str = "en-us"


class Gestures(Strict):
    """How the avatar moves while it speaks, in seconds; what is not given is usual for its kind.

    `stroke`: from an action's beginning to its stroke, that belongs to the stressed word. `apart`: from one action's
    end to the next one's beginning. `again`: between two of the same. `longest`: an action is over by then.
    """

    stroke: dict[Annotated[str, AfterValidator(_action)], Annotated[float, Field(ge=0, le=10)]] = Field(
        default_factory=dict
    )
    apart: Seconds | None = None
    again: Seconds | None = None
    longest: Annotated[float, Field(gt=0, le=10)] = 10.0


class File(Strict):
    """A file of the package, below its folder, and what it holds."""

    file: Relative
    sha256: Sha256


class Footage(File):
    """A video of 25 pictures a second, each of which can be had by its number."""

    frames: int = Field(ge=1, le=24 * 3600 * 25)


class Stretch(Strict):
    """The frames `start` to `end`, both shown."""

    start: Frame
    end: Frame

    @model_validator(mode="after")
    def _in_order(self) -> Stretch:
        if self.end <= self.start:
            raise Fault("end", "it is not after the start; write a later frame")
        return self


class Body(Strict):
    """What one look of a person is shown by.

    `alpha` is a grey video of the same frames: how much of each pixel is the person. `geometry`: landmarks of each
    frame, a float32 array (frames, points, 2) in pixels. `moving` is played there and back while it speaks.
    """

    video: Footage
    alpha: Footage | None = None
    geometry: File | None = None
    actions: tuple[Segment, ...]
    moving: Stretch | None = None
    transition: int = Field(default=FADE, ge=0, le=FADE)

    @property
    def idle(self) -> Segment:
        return self.actions[0]

    def files(self) -> Iterator[tuple[str, File]]:
        """Its files, each with its key."""
        for key, each in (("video", self.video), ("alpha", self.alpha), ("geometry", self.geometry)):
            if each is not None:
                yield key, each

    @model_validator(mode="after")
    def _fits(self) -> Body:
        try:
            checked(self.actions)
        except Fault as fault:
            raise Fault(f"actions{fault.key}", str(fault)) from None
        if self.alpha is not None and self.alpha.frames != self.video.frames:
            problem = f"it has {self.alpha.frames} frames and the video {self.video.frames}"
            raise Fault("alpha.frames", f"{problem}; key the same video")
        stretches = [(f"actions[{place}].end", each.end) for place, each in enumerate(self.actions)]
        if self.moving is not None:
            stretches.append(("moving.end", self.moving.end))
        for key, end in stretches:
            if end >= self.video.frames:
                raise Fault(key, f"the video has no frame {end}; its last one is {self.video.frames - 1}")
        return self


class LookBody(Body):
    """One outfit or angle of several; the first of them is the one that is shown where none is asked for."""

    name: str = Field(pattern=NAME)
    title: str = ""


class Picture(Strict):
    """The size of what the files show, in pixels."""

    width: Side
    height: Side


class Source(Strict):
    """The pair that the package was made from: the recording, and the model that came of it first."""

    video: Sha256
    model: Sha256 | None = None


class Manifest(Strict):
    """What `manifest.yaml` says. `synthetic`: whether the likeness is drawn, or taken from recordings of a person."""

    format: Literal[1] = 1
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str
    renderer: str
    languages: tuple[str, ...] = ("*",)
    voice: Voice = Voice()
    actions: tuple[str, ...] = ("idle",)
    gestures: Gestures = Gestures()
    licence: str
    synthetic: Literal["drawn", "recorded"]
    kind: Kind = "drawn"
    keying: Keying = "none"
    picture: Picture | None = None
    scale: float = Field(default=1.0, gt=0, le=1)
    """Of the recording's size."""
    body: Body | None = None
    looks: tuple[LookBody, ...] = Field(default=(), max_length=16)
    models: dict[Annotated[str, Field(pattern=NAME)], File] = Field(default_factory=dict, max_length=16)
    source: Source | None = None
    consent: Sha256 | None = None
    """The hash of the record `consent.json`."""
    exportable: bool = True

    @property
    def bodies(self) -> tuple[Body, ...]:
        """What it is shown by, the primary look first; none of a drawn avatar."""
        return (self.body,) if self.body is not None else self.looks

    def files(self) -> Iterator[tuple[str, File]]:
        """Every file that is named, with its dotted key."""
        if self.body is not None:
            yield from ((f"body.{key}", each) for key, each in self.body.files())
        for place, look in enumerate(self.looks):
            yield from ((f"looks[{place}].{key}", each) for key, each in look.files())
        yield from ((f"models.{name}", each) for name, each in self.models.items())

    @model_validator(mode="after")
    def _of_its_kind(self) -> Manifest:
        drawn = self.synthetic == "drawn"
        if drawn != (self.kind == "drawn"):
            allowed = "drawn" if drawn else "one of: " + ", ".join(RECORDED)
            raise Fault("kind", f"a {self.synthetic} avatar is not of the kind {self.kind}; write {allowed}")
        if drawn:
            self._only_drawn()
        else:
            self._needs()
            self._keeps_rules()
        return self

    def _only_drawn(self) -> None:
        given = {"body": self.body, "looks": self.looks, "source": self.source, "consent": self.consent}
        for key, value in given.items():
            if value:
                raise Fault(key, "a drawn avatar has none; remove it, or say which recorded kind it is")

    def _needs(self) -> None:
        for key in ("picture", "source", "consent"):
            if getattr(self, key) is None:
                raise Fault("kind", f"of the kind {self.kind} it needs the key {key!r}; add `{key}: …`")
        if "actions" in self.model_fields_set:
            raise Fault("actions", "those of a recorded avatar stand with its footage; write them in `body.actions`")

    def _keeps_rules(self) -> None:
        rules = RECORDED[self.kind]
        if self.keying not in rules.keying:
            raise Fault("keying", f"{self.kind} keeps its background; write none")
        if rules.looks and (self.body is not None or len(self.looks) < rules.looks):
            raise Fault("looks", f"{self.kind} has {rules.looks} looks or more, and no body; write them in `looks`")
        if not rules.looks and (self.body is None or self.looks):
            raise Fault("looks", f"{self.kind} has one body and no looks; write `body: …`")
        if len({each.name for each in self.looks}) < len(self.looks):
            raise Fault("looks", "two of them have one name; give each its own")
        for place, body in enumerate(self.bodies):
            key = "body" if self.body is not None else f"looks[{place}]"
            self._keeps_rules_of(key, body)

    def _keeps_rules_of(self, key: str, body: Body) -> None:
        rules = RECORDED[self.kind]
        if (body.alpha is None) != (self.keying == "none"):
            needs = "has no `alpha`" if self.keying == "none" else "needs `alpha`"
            raise Fault(key, f"with keying {self.keying} it {needs}; correct one of them")
        if rules.actions == "idle" and len(body.actions) > 1:
            raise Fault(f"{key}.actions", f"{self.kind} has idle alone; motion-editable has actions")
        if rules.actions == "some" and len(body.actions) < 2:
            raise Fault(f"{key}.actions", f"{self.kind} has an action besides idle; add one, or write standard")
        if rules.moving != (body.moving is not None):
            needs = "needs `moving`, that it shows while it speaks" if rules.moving else "has no `moving`"
            raise Fault(key, f"{self.kind} {needs}; correct one of them")


def update_fault(old: Manifest, new: Manifest) -> str:
    """Why `new` is no update of `old`, or nothing: same kind, same keying, same source pair, and the lips stay."""
    for what in ("kind", "keying", "source", "models"):
        if getattr(old, what) != getattr(new, what):
            return f"it has another {what.removesuffix('s')}"
    return ""
