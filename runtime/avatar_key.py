"""`visavis avatar key`: try keying on a file, look at it, copy the parameters."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from runtime.console import Verb, bad_call, check_place, ends, progress, show

METHODS = ("green", "blue", "alpha", "portrait", "none", "green-after-lips")


def register(group: Any, verb: Verb) -> None:
    """Add the verb to the parser's group."""
    made = verb(group, "key", _key, "Try keying on a picture or a recording and show the parameters to copy.")
    made.add_argument("file", type=Path, metavar="FILE", help="MP4, MOV, WebM, PNG, JPEG or WebP")
    made.add_argument("--method", choices=METHODS, default="green", help="default: green")
    made.add_argument("--parameters", type=Path, metavar="F.json", help="as they were copied; // comments may stay")
    made.add_argument("--background", metavar="B", help="checker, #rrggbb, a picture or a video")
    when = made.add_mutually_exclusive_group()
    when.add_argument("--at", type=_seconds, metavar="SECONDS", help="the moment of a still; default: 0")
    when.add_argument("--clip", type=_span, metavar="START-END", help="seconds of the recording; default: all of it")
    made.add_argument("--out", type=Path, required=True, metavar="F", help=".png, .webm (both may keep alpha), .mp4")


def _key(options: argparse.Namespace) -> None:
    ends(options, "out", ".png", ".mp4", ".webm")
    is_still = options.out.suffix.lower() == ".png"
    if is_still and options.clip is not None:
        bad_call(options, "--clip needs an --out that ends in .mp4 or .webm")
    if not is_still and options.at is not None:
        bad_call(options, "--at needs an --out that ends in .png")
    from avatars.keying import parameters
    from avatars.keying.methods import settled
    from avatars.keying.preview import Order, preview

    check_place(options.out)
    given = parameters.load(options.parameters) if options.parameters else parameters.Parameters()
    used = settled(options.method, given)
    start, end = options.clip or (options.at or 0.0, None)
    order = Order(options.file, options.method, used, _background(options, used), options.out, start, end)
    if not options.file.is_file():
        raise FileNotFoundError(2, "there is no such file", str(options.file))
    with progress(f"keying {options.file.name}") as done:
        result = preview(order, done)
    told = {"out": str(options.out), "method": options.method, **result, "parameters": used.as_json()}
    show(options, told, lambda row: f"{_summary(row)}\n{parameters.text(used)}")


def _background(options: argparse.Namespace, used: Any) -> str:
    """What is put behind; nothing where the file can stay transparent and nobody asked."""
    from avatars.keying.preview import CHECKER, COLOUR

    wanted: str | None = options.background
    if wanted is None:
        return "" if options.out.suffix.lower() != ".mp4" else "#{:02x}{:02x}{:02x}".format(*used.background.color)
    if wanted != CHECKER and not COLOUR.fullmatch(wanted) and not Path(wanted).is_file():
        bad_call(options, f"--background takes checker, #rrggbb or a file, and there is no file {wanted!r}")
    return wanted


def _summary(row: dict[str, Any]) -> str:
    several = "" if row["pictures"] == 1 else f", {row['pictures']} pictures at {row['fps']} a second"
    return f"the person has {row['person']:.1%} of the picture{several} → {row['out']}"


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; give seconds, such as 3.5")
    return found


def _span(text: str) -> tuple[float, float]:
    start, dash, end = text.partition("-")
    if not dash:
        raise argparse.ArgumentTypeError(f"{text!r} is no span; give START-END in seconds, such as 2-5.5")
    found = _seconds(start), _seconds(end)
    if not 0 < found[1] - found[0] <= 600:
        raise argparse.ArgumentTypeError(f"{text!r} is no span; END comes after START, by 600 s at most")
    return found
