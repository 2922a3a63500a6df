"""`visavis avatar cuts`: how far the ends of a package's actions are from the pose of idle, where they fit."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avatars.package import find
from avatars.packages.manifest import Body
from avatars.packages.poses import SIZE, Poses, cuts, report
from avatars.packages.segments import clock
from runtime.console import Verb, config, show, table, working
from visavis.errors import EngineError, SetupError

PATIENCE_S = 600.0
THUMBS = "avatars.renderers.recorded.thumbs_child"


def register(group: Any, verb: Verb) -> None:
    """Add the verb to the parser's group."""
    made = verb(group, "cuts", _cuts, "Say where the actions of a recorded avatar would begin and end as idle looks.")
    made.add_argument("name", metavar="NAME")


def _cuts(options: argparse.Namespace) -> int:
    avatar = find(options.name, config(options))
    if not avatar.recorded:
        raise SetupError(f"{avatar.name} is drawn: its actions have no footage", "name a recorded avatar")
    rows = []
    with working(f"looking at {options.name}"):
        for body in avatar.manifest.bodies:
            found = report(cuts(_poses(avatar.folder, body), body.actions))
            look = getattr(body, "name", "")
            rows += [{"look": look, **row} for row in found]
    show(options, rows, _table)
    return 0 if all(row["fits"] for row in rows) else 1


def _table(rows: list[dict[str, Any]]) -> str:
    head = ("look", "action", "end", "written", "distance", "better", "distance", "fade", "")
    lines = [
        (r["look"], r["action"], r["end"], clock(r["written"]), f"{r['distance_written']:.2f}", clock(r["frame"]),
         f"{r['distance']:.2f}", str(r["fade"]), "" if r["fits"] else "not the pose of idle: record it again")
        for r in rows
    ]  # fmt: skip
    return table([head, *lines], right=(4, 6, 7)) if lines else "there is no action besides idle"


def _poses(folder: Path, body: Body) -> Poses:
    """The poses of a body's frames, with landmarks where the package has them. Raises EngineError."""
    command = [sys.executable, "-P", "-m", THUMBS, str((folder / body.video.file).resolve()), str(body.video.frames)]
    paths = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]))
    environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False, env=environment)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise EngineError("cuts", f"{body.video.file} takes longer than {PATIENCE_S:g} s", "scale it down") from error
    if done.returncode or len(done.stdout) != body.video.frames * SIZE[0] * SIZE[1]:
        told = done.stderr.decode("utf-8", "replace").strip()[-300:]
        raise EngineError("cuts", told or f"{body.video.file} cannot be decoded", "bring the video that was packed")
    pictures = np.frombuffer(done.stdout, np.uint8).reshape(-1, SIZE[1], SIZE[0])
    return Poses(pictures, _points(folder, body))


def _points(folder: Path, body: Body) -> NDArray[np.float32] | None:
    if body.geometry is None:
        return None
    try:
        found = np.load(folder / body.geometry.file, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise EngineError("cuts", f"{body.geometry.file} cannot be read", "bring the file that was packed") from error
    if found.ndim != 3 or len(found) != body.video.frames or found.shape[2] != 2:
        problem = f"{body.geometry.file} has the shape {found.shape}, not ({body.video.frames}, points, 2)"
        raise EngineError("cuts", problem, "bring the file that was packed")
    return np.asarray(found, np.float32)
