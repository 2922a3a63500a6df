"""One person through the frames of a recording: smoothed points, frames without a face, a second person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from avatars.faces.face import Face, Picture, Points, overlap
from avatars.faces.landmarks import face_of
from avatars.faces.smooth import OneEuro

LASTING = 5
"""Frames in a row after which another face is a second person."""
LEAST = 0.3
"""Faces narrower than this share of the person's are nobody."""
LOOK_EVERY = 5
"""Frames from one look for other faces to the next, while there is no sign of one."""
SAME = 0.1
"""Boxes in neighbouring frames that overlap by more are one face."""


class Finder(Protocol):
    """What a tracker needs of `FaceFinder`."""

    def find(self, rgb: Picture) -> list[Face]: ...

    def follow(self, rgb: Picture, points: Points) -> Face | None: ...


@dataclass(frozen=True, slots=True)
class Span:
    """Frames from `start` up to, but without, `end`."""

    start: int
    end: int


class Tracker:
    """Follows the largest face of the first frame that has one; frames are given one after the other.

    The face is looked for only where it was, which takes a third of the time, until it is lost; then everywhere.
    """

    def __init__(self, finder: Finder, *, fps: float = 25.0, smooth: bool = True) -> None:
        self._finder, self._filter = finder, OneEuro(fps) if smooth else None
        self._person: Face | None = None
        self._gone, self._frames = 0, 0
        self._gaps: list[Span] = []
        self._second = _Other()

    @property
    def gaps(self) -> list[Span]:
        """Frames in which the person's face was not seen, the running ones too."""
        return [*self._gaps, Span(self._frames - self._gone, self._frames)] if self._gone else list(self._gaps)

    @property
    def second(self) -> Face | None:
        """Another person's face in the last frame, once it has been there for `LASTING` frames."""
        return self._second.face if self._second.lasts else None

    @property
    def seconds(self) -> list[Span]:
        """Frames in which there was a second person."""
        return self._second.spans

    def next(self, rgb: Picture) -> Face | None:
        """The person's face in the next frame; None when it is not to be seen."""
        person = self._finder.follow(rgb, self._person.points) if self._person and not self._gone else None
        faces = self._finder.find(rgb) if person is None or self._looks else None
        if person is None and faces:
            person = self._again(faces)
        if faces is not None:
            self._second.see(self._frames, [face for face in faces if self._is_another(face, person)])
        self._frames += 1
        return self._went_on(person)

    @property
    def _looks(self) -> bool:
        return self._second.face is not None or self._frames % LOOK_EVERY == 0

    def _again(self, faces: list[Face]) -> Face | None:
        """The person among these faces: where it was last, or else the largest that is large enough."""
        last = self._person
        if last is None:
            return max(faces, key=lambda face: face.area)
        known = [face for face in faces if face.width >= LEAST * last.width]
        return max(known, key=lambda face: (overlap(face.box, last.box), face.area), default=None)

    def _is_another(self, face: Face, person: Face | None) -> bool:
        beside = person or self._person
        return beside is not None and face.width >= LEAST * beside.width and overlap(face.box, beside.box) <= SAME

    def _went_on(self, person: Face | None) -> Face | None:
        if person is None:
            self._gone += 1
            if self._filter:
                self._filter.reset()
            return None
        if self._gone:
            self._gaps.append(Span(self._frames - 1 - self._gone, self._frames - 1))
            self._gone = 0
        self._person = person
        return self._smoothed(person)

    def _smoothed(self, face: Face) -> Face:
        if self._filter is None:
            return face
        mesh = np.column_stack([face.points, face.depth])
        return face_of(self._filter.next(mesh, face.width), face.score)


class _Other:
    """The largest face beside the person's, for as long as it is seen in every frame."""

    def __init__(self) -> None:
        self.face: Face | None = None
        self._since, self._until = 0, 0
        self._past: list[Span] = []

    @property
    def lasts(self) -> bool:
        return self.face is not None and self._until - self._since >= LASTING

    @property
    def spans(self) -> list[Span]:
        return [*self._past, Span(self._since, self._until)] if self.lasts else list(self._past)

    def see(self, frame: int, faces: list[Face]) -> None:
        """What a look at this frame showed."""
        same = [face for face in faces if self.face and overlap(face.box, self.face.box) > SAME]
        if not same:
            self._past = self.spans
            self._since = frame
        self.face = max(same or faces, key=lambda face: face.area, default=None)
        self._until = frame + 1
