"""What is found in pictures and videos, and what it costs.

python -m avatars.faces FILE…           a line a file
python -m avatars.faces --draw FOLDER FILE…   also a frame of each with the points on it, as FOLDER/NAME.png
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from avatars.faces import Face, FaceFinder, Picture, Tracker, lips
from visavis.errors import SetupError


@dataclass
class Seen:
    """Of one file: each frame's face, a frame to show, seconds of the processor."""

    faces: list[Face | None] = field(default_factory=list)
    shown: tuple[Picture, Face] | None = None
    seconds: float = 0.0


def frames(path: Path) -> Iterator[Picture]:
    """Of a picture or a video, in RGB."""
    video = cv2.VideoCapture(str(path))
    while True:
        there, frame = video.read()
        if not there:
            return
        yield np.ascontiguousarray(frame[..., ::-1], np.uint8)


def watch(tracker: Tracker, path: Path) -> Seen:
    seen = Seen()
    for rgb in frames(path):
        begun = time.process_time()
        face = tracker.next(rgb)
        seen.seconds += time.process_time() - begun
        seen.faces.append(face)
        if face and (len(seen.faces) & (len(seen.faces) - 1)) == 0:
            seen.shown = rgb, face
    return seen


def line(path: Path, tracker: Tracker, seen: Seen) -> str:
    if not seen.faces:
        return f"{path.name}: no picture can be read"
    found = [face for face in seen.faces if face]
    cost = f"{len(seen.faces)} frames, {1000 * seen.seconds / len(seen.faces):.1f} ms each"
    if not found:
        return f"{path.name}: {cost}; no face"
    spans = [
        f"{name} {min(values):.0f}…{max(values):.0f}°"
        for name in ("yaw", "pitch", "roll")
        for values in [[float(getattr(face, name)) for face in found]]
    ]
    gaps = np.percentile([face.gap for face in found], (5, 50, 95))
    without, others = (sum(span.end - span.start for span in all_) for all_ in (tracker.gaps, tracker.seconds))
    return (
        f"{path.name}: {cost}; without a face {without}, with a second one {others}; {', '.join(spans)}; "
        f"lips {gaps[0]:.3f} {gaps[1]:.3f} {gaps[2]:.3f}; width {np.median([face.width for face in found]):.0f} px"
    )


def drawn(rgb: Picture, face: Face) -> Picture:
    """The picture with its points, and outlines of lips, eyes and face; BGR, as OpenCV writes it."""
    canvas = np.ascontiguousarray(rgb[..., ::-1])
    for x, y in face.points.tolist():
        cv2.circle(canvas, (int(x), int(y)), 1, (0, 255, 0), -1)
    for group in (lips.OUTER_LIPS, lips.INNER_LIPS, lips.LEFT_EYE, lips.RIGHT_EYE, lips.OVAL):
        corners = np.round(face.points[list(group)] * 8 - 4).astype(np.int32)
        cv2.polylines(canvas, [corners], True, (0, 200, 255), 1, cv2.LINE_AA, 3)
    return np.asarray(canvas, np.uint8)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m avatars.faces", description="What is found in pictures and videos.")
    parser.add_argument("--draw", type=Path, metavar="FOLDER", help="write a frame of each with its points")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    chosen = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    try:
        finder = FaceFinder.open()
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path in chosen.files:
        tracker = Tracker(finder, smooth=False)
        seen = watch(tracker, path)
        sys.stdout.write(line(path, tracker, seen) + "\n")
        if chosen.draw and seen.shown:
            chosen.draw.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(chosen.draw / f"{path.stem}.png"), drawn(*seen.shown))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
