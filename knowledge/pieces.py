"""Vectors of the pieces of a text, for embedders that tell them besides the vector of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from knowledge.likelihood import WORDS, Weights

Floats = NDArray[np.float32]


class Pieces(NamedTuple):
    """The words of one text, or parts of them: `vectors` (count, dimensions), `ids` (count,) what piece each one is."""

    vectors: NDArray[np.float16]
    ids: NDArray[np.int32]


class Encoded(NamedTuple):
    """Texts as vectors, shape (texts, dimensions), and the pieces of each, where the embedder tells them.

    `words`: how the pieces of that embedder are to be weighed.
    """

    vectors: Floats
    pieces: list[Pieces] | None = None
    words: Weights = WORDS


@runtime_checkable
class PieceEmbedder(Protocol):
    """An embedder that tells the pieces of a text as its model sees them in their context; `words` weighs them."""

    words: Weights

    async def embed_pieces(self, texts: Sequence[str]) -> tuple[Floats, list[Pieces]]:
        """Unit vectors as of `embed`, and the pieces of each text. Raises EngineError."""
        ...


@runtime_checkable
class WordList(Protocol):
    """An embedder that tells which words its model has seen whole, so that others may be slips of the pen."""

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is one of the model's own."""
        ...
