"""Sounds by which a listener says "go on": they never end a turn. Which they are stands in `data/backchannels.yaml`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

_MARKS = r"[\s,.!?…~\-，。！？、～—]*"
_LONGEST = 60


def is_backchannel(words: str) -> bool:
    """Whether a transcript, in any language of the list, holds nothing but such sounds. True without any words."""
    return len(words) <= _LONGEST and _only().fullmatch(words.casefold()) is not None


@cache
def _only() -> re.Pattern[str]:
    known = yaml.safe_load(files("behaviors").joinpath("data", "backchannels.yaml").read_text("utf-8"))
    spaced, joined = "|".join(known["spaced"]), "|".join(known["joined"])
    return re.compile(rf"{_MARKS}(?:(?:(?:{spaced})(?![^\W_])|{joined}){_MARKS})*")
