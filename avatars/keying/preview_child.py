"""The process that tries keying on one file: a line of JSON on standard input, lines of JSON on standard output.

In: `{file, method, parameters, background, start_s, end_s, suffix, out}`. Out: `{"done", "total"}` on the way, in the
end `{"pictures", "person", "screen", …}` or `{"problem", "remedy"}`. It decodes what strangers recorded, so it has
limits, and it is what writes, so nothing else needs to trust it.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import av
import cv2

from avatars.keying import parameters as given
from avatars.keying.backdrop import behind
from avatars.keying.methods import keyer, settled
from avatars.keying.picture import Keyed, over
from avatars.keying.reading import FPS, Refused, pictures
from avatars.keying.writing import Film, still
from visavis.confined import confine
from visavis.errors import VisavisError

MEMORY, CPU_S, FILE = 5 * 1024**3, 3600, 4 * 1024**3


def main() -> None:
    """Do what the line on standard input says."""
    confine(MEMORY, CPU_S, file=FILE)
    try:
        tell(**run(json.loads(sys.stdin.readline())))
    except Refused as refused:
        tell(problem=refused.args[0], remedy=refused.args[1])
    except VisavisError as error:
        problem, _, remedy = str(error).removeprefix("keying: ").partition("; ")
        tell(problem=problem, remedy=remedy)
    except (av.error.FFmpegError, cv2.error, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error).partition(":")[0]
        tell(problem=f"it is damaged: {reason[:80]}", remedy="export it again, or record it again")
    except MemoryError:
        tell(problem="it takes too much memory", remedy="scale it down, or cut it")


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Key and write. Raises Refused, VisavisError, PyAV's and OpenCV's errors."""
    parameters = settled(order["method"], given.of(order["parameters"]))
    work = keyer(order["method"], parameters)
    shares = list[float]()
    out, suffix = Path(order["out"]), order["suffix"]
    total = 1 if suffix == ".png" else round(((order["end_s"] or 0) - order["start_s"]) * FPS)
    grounds = None
    with contextlib.ExitStack() as stack:
        film = stack.enter_context(Film(out, suffix)) if suffix != ".png" else None
        for picture in pictures(Path(order["file"]), order["start_s"], order["end_s"]):
            keyed = work.key(picture)
            shares.append(float(keyed.alpha.mean()) / 255)
            if grounds is None and order["background"]:
                grounds = behind(order["background"], *keyed.alpha.shape)
            shown = keyed.rgba if grounds is None else over(keyed, next(grounds))
            if film is None:
                still(out, shown)
                break
            film.add(shown)
            tell(done=len(shares), total=max(total, len(shares)))
    _check(order["method"], shares, keyed)
    return {"pictures": len(shares), "person": round(sum(shares) / len(shares), 4), "fps": FPS}


def _check(method: str, shares: list[float], keyed: Keyed) -> None:
    if method in ("none", "portrait") or min(shares) < 0.999:
        return
    if method == "alpha":
        raise Refused("it has no transparent pixel", "export it with alpha (WebM VP9, MOV ProRes 4444), or key it here")
    wanted = "blue" if method == "blue" else "green"
    raise Refused(f"there is no {wanted} screen in it", "choose another method, or give SamplePointBgr")


def tell(**told: Any) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    cv2.setNumThreads(1)
    av.logging.set_level(None)
    main()
