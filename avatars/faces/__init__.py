"""Faces in pictures: where they are, 468 points of each, how the head is turned, how far the lips are open.

    finder = FaceFinder.open()
    for face in finder.find(rgb): ...
    tracker = Tracker(finder, fps=25)
    face = tracker.next(rgb)

All of it blocks for milliseconds a picture: call it from a worker process or a thread, never from the event loop.
"""

from avatars.faces.face import Box, Face, Picture, Points, overlap
from avatars.faces.landmarks import FaceFinder
from avatars.faces.nets import LiteNet, Net, open_net
from avatars.faces.track import Span, Tracker

__all__ = [
    "Box",
    "Face",
    "FaceFinder",
    "LiteNet",
    "Net",
    "Picture",
    "Points",
    "Span",
    "Tracker",
    "open_net",
    "overlap",
]
