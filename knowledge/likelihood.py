"""From likenesses to probabilities: which entry is meant, or that none is.

Each entry has a utility, a weighted sum of its features, and so has the possibility that no entry is meant; the
probabilities are their softmax (a conditional logit model). A neighbour that is as like the question as the right
entry so takes from its probability by itself, and so does a question that is near what no library answers.

The weights are fitted by `python scripts/fit_matcher.py`, which prints them, over libraries with the questions that
people ask of them. They are few, so that they say what counts in general and nothing of any library. What speaks for an
entry never has a weight below zero: no word more in common with a question makes an entry lose it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Weights(NamedTuple):
    """By the name of a feature: of an entry, and of the possibility that none is meant.

    `astray`: the share of a library's own phrasings that another entry may answer when each is left out, times the
    square of how many an entry has: of few, one that is left out takes more away than a visitor's other wording does.
    """

    entry: Mapping[str, float]
    none: Mapping[str, float]
    astray: float = 0.36


DAY = 5.0
"""What it takes from an entry that it is about another day of the week than the text. Set by hand."""
WORDS = Weights(
    {"nearest": 3.5, "mean": 3.5, "answer": 3.7, "meets": 12.8, "day": DAY},
    {
        "always": 1.0,
        "stray": 6.5,
        "strange": 2.55,
        "decoy": 6.14,
        "unmet": 12.26,
        "unmeeting": -11.44,
        "letters": 8.21,
    },
)
"""Where the words of a text have vectors of their own. Letters in common with a library say little where no meaning is.

Two are set by hand. The fit gives 7.0 to `mean`; half of it is the nearest phrasing's, so that a wording more does not
make an entry lose its own question. It gives -3.0 to `always`, which answers too much that is near the subject."""
WHOLE = Weights(
    {"nearest": 3.61, "mean": 7.89, "answer": 7.72, "day": DAY},
    {"always": -0.6, "stray": 7.35, "strange": 0.62, "decoy": 5.33, "foreign": 6.0},
)
"""Where only a whole text has a vector. `foreign` is set by hand: words such as "is there a" alone are no answer."""
GRAMS = Weights(
    {"mean": 2.14, "answer": 9.13, "lexical": 8.41, "day": DAY},
    {"always": 0.34, "stray": 12.07, "strange": 2.82, "decoy": 1.94, "foreign": 4.0},
)
"""Where a vector is of n-grams, so that what shares no words shares nothing. `foreign` is set by hand as above."""
LETTERS = Weights({"lexical": 14.0, "day": DAY}, {"always": 4.0, "strange": 1.5, "foreign": 2.0})
"""Where there are no vectors at all."""
MANY = Weights(
    {"linear": 1.0, "nearest": 5.0, "scarce": 5.2, "lexical": 2.0, "whole": 8.0, "day": DAY},
    {"always": 8.0, "stray": 8.1, "foreign": 4.5},
)
"""Where entries have phrasings enough for a classifier. Set by hand from where the fit on BANKING77 ends, on CLINC150's
`val` and the folds of BANKING77."""


class Features(NamedTuple):
    """Of one question: the places of the entries that may be meant, the features of each, those of none."""

    entries: NDArray[np.int64]
    entry: Mapping[str, Floats]
    none: Mapping[str, float]


def probabilities(features: Features, weights: Weights, bias: float = 0.0) -> tuple[Floats, float]:
    """How likely each entry is meant, and how likely none is; they sum to 1. `bias` speaks for none."""
    utilities = np.zeros(len(features.entries) + 1, np.float64)
    for name, weight in weights.entry.items():
        utilities[:-1] += weight * features.entry[name]
    utilities[-1] = bias + sum(weight * features.none[name] for name, weight in weights.none.items())
    powers = np.exp(utilities - utilities.max())
    powers /= powers.sum()
    return powers[:-1].astype(np.float32), float(powers[-1])
