"""What English in general is like: its common words and which of them follow each other.

Read out of the large language model that comes with pocketsphinx (BSD), which is too slow and too sure of itself to
hear with, and kept in the cache: counts of words and of pairs, as if in a text of a thousand words.
"""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from visavis.recipe import recipe

WORDS, FIRST = 3_000, 400
"""Words that are taken, the commonest; those of them whose followers are."""
LIKELY = 0.004
"""A follower is kept from this probability on."""
HESITATIONS = frozenset(["uh", "um", "er", "ah", "eh", "hm", "hmm", "huh", "mhm", "mm", "uhh", "umm"])
"""Sounds that are no words: they are heard, so that they are not taken for words, and never told."""
_PARTS = 1_000


@dataclass(frozen=True, slots=True)
class Common:
    """How often a word, and one word after another, comes in a thousand words."""

    words: Mapping[str, float]
    pairs: Mapping[str, Mapping[str, float]]


def common(known: Mapping[str, object], cache: Path) -> Common:
    """Of the words that are `known`, from the cache or made in some seconds. Blocks; imports pocketsphinx."""
    file = cache / "asr" / f"common-{recipe(Path(__file__).parent, ('common',))[:16]}.json"
    try:
        kept = json.loads(file.read_text("utf-8"))
        return Common(kept["words"], kept["pairs"])
    except (OSError, ValueError, KeyError):
        made = _made(known)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{id(made)}.new")
    fresh.write_text(json.dumps({"words": made.words, "pairs": made.pairs}), "utf-8")
    fresh.replace(file)
    return made


def _made(known: Mapping[str, object]) -> Common:
    sphinx = importlib.import_module("pocketsphinx")
    large: Any = sphinx.NGramModel.readfile(sphinx.get_model_path("en-us/en-us.lm.bin"))
    base = math.log(1.0001)

    def probability(*words: str) -> float:
        """Of the first word behind the others, nearest first."""
        return math.exp(large.prob(list(words)) * base)

    alone = {word: probability(word) for word in known}
    ordered = sorted((word for word in alone if word not in HESITATIONS), key=lambda word: -alone[word])[:WORDS]
    words = {word: _PARTS * alone[word] for word in (*ordered, *sorted(HESITATIONS & alone.keys()))}
    pairs: dict[str, dict[str, float]] = {}
    for first in ordered[:FIRST]:
        after = {word: probability(word, first) for word in ordered}
        likely = {word: share for word, share in after.items() if share >= LIKELY}
        pairs[first] = {word: words[first] * share for word, share in likely.items()}
    return Common(words, pairs)
