"""Words of a visitor, put as the kind of words that they are: all that a tree's decision rests on, and nothing said."""

from __future__ import annotations

import re
from typing import Literal

from behaviors.backchannel import is_backchannel

Kind = Literal["", "mm-hm", "word", "words"]
"""None, a listener's sound, a single word, several."""
_LONE = re.compile(r"\W*[a-z']+\W*", re.IGNORECASE)
_STANDING: dict[Kind, str] = {"": "", "mm-hm": "mm-hm", "word": "perhaps", "words": "some words that were said"}


def kind_of(words: str) -> Kind:
    """Which kind of words these are."""
    if not words:
        return ""
    if is_backchannel(words):
        return "mm-hm"
    return "word" if _LONE.fullmatch(words) else "words"


def standing_for(kind: Kind) -> str:
    """Words of that kind, which nobody has said."""
    return _STANDING[kind]
