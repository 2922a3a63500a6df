"""No vectors at all: what a library is matched by while its texts are being embedded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from visavis.engines import Capabilities


class Letters:
    """An embedder of no dimensions, with which only letters are compared."""

    capabilities = Capabilities(languages=("*",), streams=False)
    dimensions = 0
    version = "letters"

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Nothing for each text: shape (len(texts), 0)."""
        return np.empty((len(texts), 0), np.float32)

    async def close(self) -> None:
        return None


LETTERS_ALONE = Letters()
