"""Keying tried on a still or a clip, by a process of its own: it takes nobody along whatever the file holds."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avatars.keying.methods import Method
from avatars.keying.parameters import Parameters
from visavis.errors import EngineError

COLOUR = re.compile("#[0-9a-fA-F]{6}")
CHECKER = "checker"
LONGEST_S = 600.0


@dataclass(frozen=True)
class Order:
    """What is tried. `background`: empty for transparency, `checker`, `#rrggbb`, or a picture's or video's path.

    `end_s` None is the end of the file, after `LONGEST_S` at the latest.
    """

    file: Path
    method: Method
    parameters: Parameters
    background: str
    out: Path
    start_s: float = 0.0
    end_s: float | None = None


def preview(order: Order, done: Callable[[int, int], object] = lambda at, total: None) -> dict[str, Any]:
    """Write `order.out`, whole or not at all, and tell how many `pictures` and what share the `person` has of them.

    Blocks; call it in a thread or from a command. Raises EngineError naming the file for what cannot be keyed.
    """
    hidden = order.out.with_name(f".{order.out.name}.{secrets.token_hex(4)}.part")
    try:
        result = _told(order, hidden, done)
        hidden.replace(order.out)
    finally:
        hidden.unlink(missing_ok=True)
    return result


def _told(order: Order, hidden: Path, done: Callable[[int, int], object]) -> dict[str, Any]:
    line = {
        "file": str(order.file.absolute()), "method": order.method, "parameters": order.parameters.as_json(),
        "background": order.background, "start_s": order.start_s,
        "end_s": order.start_s + LONGEST_S if order.end_s is None else order.end_s,
        "suffix": order.out.suffix.lower(), "out": str(hidden.absolute()),
    }  # fmt: skip
    last: dict[str, Any] = {}
    command = [sys.executable, "-P", "-m", "avatars.keying.preview_child"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, env=_environment(), **pipes) as child:  # type: ignore[call-overload]  # noqa: S603
        try:
            child.stdin.write(json.dumps(line) + "\n")
            child.stdin.flush()
            for each in child.stdout:
                last = json.loads(each)
                if "done" in last:
                    done(last["done"], last["total"])
        finally:
            child.kill()
    if "problem" in last:
        raise EngineError("keying", f"{order.file.name}: {last['problem']}", last["remedy"])
    if "pictures" not in last:
        raise EngineError("keying", f"{order.file.name}: it cannot be decoded, or is far too large", "export it again")
    return last


def _environment() -> dict[str, str]:
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    limits = {"OMP_NUM_THREADS": "1", "OPENCV_IO_MAX_IMAGE_PIXELS": "10000000"}
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), **limits}
