"""Any sentence-transformers model, by name or folder: needs the extra `sentence-transformers`."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from visavis.engines import Capabilities, Context
from visavis.errors import EngineError, SetupError


class SentenceTransformer:
    """Sentence embeddings by a model of the user's choice; one thread encodes, in order of arrival."""

    capabilities = Capabilities(languages=("*",), streams=False)

    def __init__(self, model: Any, name: str, dimensions: int) -> None:
        self._model, self.dimensions = model, dimensions
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sentences")
        self.version = f"sentences-{_fingerprint(name)}-{dimensions}"

    @classmethod
    async def open(cls, context: Context, *, model: str, device: str = "cpu") -> Self:
        """Load `model`, a name on the hub or a folder. Raises SetupError."""

        def load() -> tuple[Any, int]:
            import sentence_transformers  # type: ignore[import-not-found,unused-ignore]

            loaded = sentence_transformers.SentenceTransformer(model, device=device, cache_folder=str(context.cache))
            return loaded, int(loaded.encode(["probe"], show_progress_bar=False).shape[1])

        try:
            loaded, dimensions = await asyncio.to_thread(load)
            return cls(loaded, model, dimensions)
        except ImportError as error:
            problem = "the embedder 'sentence-transformers' is not installed"
            raise SetupError(problem, "install it: pip install 'visavis[sentence-transformers]'") from error
        except (OSError, ValueError, RuntimeError) as error:
            raise SetupError(f"the model {model!r} cannot be loaded: {error}", "name a folder that holds it") from error

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions)."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)

        def encode() -> NDArray[np.float32]:
            plain = [each.encode("utf-8", "replace").decode() for each in texts]
            found = self._model.encode(plain, normalize_embeddings=True, show_progress_bar=False)
            return np.asarray(found, np.float32)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, encode)
        except RuntimeError as error:
            raise EngineError("sentence-transformers", str(error), "choose a smaller model") from error

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def _fingerprint(name: str) -> str:
    """Another model has another one, and so has a folder whose files have changed."""
    about = [name]
    if Path(name).is_dir():
        files = sorted(each for each in Path(name).rglob("*") if each.is_file())
        about += [f"{each.relative_to(name)} {each.stat().st_size} {each.stat().st_mtime_ns}" for each in files]
    return hashlib.sha256("\n".join(about).encode("utf-8", "replace")).hexdigest()[:16]
