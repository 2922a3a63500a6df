"""Vectors of a library's texts, kept on disk by text, so that a start or an edit embeds only what is new."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge.pieces import Encoded, PieceEmbedder, Pieces
from visavis.engines import Embedder

log = logging.getLogger(__name__)

_DIGEST = 16
AT_ONCE = 128
"""Texts that are embedded in one go: a question that comes meanwhile waits for no more than these."""
PART = 2_048
"""Vectors that a failure or a stop may lose."""
PARTS = 32
"""Files beside that of all texts, from which they are put together."""
ADDED = ".added.npz"
"""How the files end that hold what was added."""

Done = Callable[[int, int], None]
"""Is told how much is done, of how much."""


def nobody(done: int, total: int) -> None:
    """For work whose progress nobody watches."""


class _Kept(NamedTuple):
    vector: NDArray[np.float32]
    pieces: Pieces | None


async def embedded(texts: Sequence[str], embedder: Embedder, folder: Path, name: str) -> NDArray[np.float32]:
    """Vectors of `texts`, shape (len(texts), embedder.dimensions); `name` tells apart what is kept."""
    return (await encoded(texts, embedder, folder, name, pieces=False)).vectors


async def encoded(texts: Sequence[str], embedder: Embedder, folder: Path, name: str, *, pieces: bool = True) -> Encoded:
    """As `embedded`, with the pieces of each text where they are wanted and the embedder tells them."""
    shelf = await Shelf.open(embedder, folder, name, pieces=pieces)
    await shelf.fill(texts)
    return await asyncio.to_thread(shelf.encoded, texts)


async def added(texts: Sequence[str], embedder: Embedder, folder: Path, name: str) -> dict[str, NDArray[np.float32]]:
    """The vector of each text, made now and kept beside the others, which are not read."""
    shelf = Shelf(embedder, folder, name, pieces=False)
    await shelf.fill(texts)
    return {text: shelf.known[key].vector for text, key in zip(texts, map(_key, texts), strict=True)}


class Shelf:
    """What is kept of one library and one embedder: a file of all texts, and beside it what was added since."""

    def __init__(self, embedder: Embedder, folder: Path, name: str, *, pieces: bool) -> None:
        self._embedder = embedder
        self._telling = embedder if pieces and isinstance(embedder, PieceEmbedder) else None
        about = f"{embedder.version}/{name}" + ("/pieces" if self._telling else "")
        self._path = folder / f"{hashlib.sha256(about.encode()).hexdigest()[:24]}.npz"
        self._parts: list[Path] = []
        self._read = False
        self.known: dict[bytes, _Kept] = {}

    @classmethod
    async def open(cls, embedder: Embedder, folder: Path, name: str, *, pieces: bool = True) -> Self:
        """With everything that was kept read in."""
        self = cls(embedder, folder, name, pieces=pieces)
        await asyncio.to_thread(self._load)
        return self

    def lacking(self, texts: Sequence[str]) -> int:
        """How many different texts have no vector yet."""
        return len(self._missing(texts))

    async def fill(self, texts: Sequence[str], done: Done = nobody) -> None:
        """Embed the texts that have no vector yet, and keep them; what was embedded before a failure is kept too.

        `done` is told how many of them have one.
        """
        missing = await asyncio.to_thread(self._missing, texts)
        if not missing and len(self._parts) <= PARTS:
            return
        loose: list[bytes] = []
        count = 0
        order = sorted(missing, key=lambda key: len(missing[key]))
        try:
            for at in range(0, len(order), AT_ONCE):
                keys = order[at : at + AT_ONCE]
                self.known.update(zip(keys, await self._fresh([missing[key] for key in keys]), strict=True))
                loose += keys
                count += len(keys)
                done(count, len(order))
                if len(loose) >= PART and count < len(order):
                    await asyncio.to_thread(self._add, loose)
                    loose = []
        except BaseException:
            if loose:
                await asyncio.to_thread(self._add, loose)
            raise
        if self._read:
            await asyncio.to_thread(self._whole, texts)
        else:
            await asyncio.to_thread(self._add, loose)

    def encoded(self, texts: Sequence[str]) -> Encoded:
        """The vectors of texts that all have one, in order."""
        kept = [self.known[_key(text)] for text in texts]
        vectors = np.empty((len(kept), self._embedder.dimensions), np.float32)
        for row, each in enumerate(kept):
            vectors[row] = each.vector
        if self._telling is None:
            return Encoded(vectors)
        return Encoded(vectors, [each.pieces for each in kept if each.pieces], self._telling.words)

    def _missing(self, texts: Sequence[str]) -> dict[bytes, str]:
        return {key: text for text in texts if (key := _key(text)) not in self.known}

    async def _fresh(self, texts: list[str]) -> list[_Kept]:
        if self._telling is None:
            return [_Kept(vector, None) for vector in await self._embedder.embed(texts)]
        vectors, pieces = await self._telling.embed_pieces(texts)
        return [_Kept(*each) for each in zip(vectors, pieces, strict=True)]

    def _load(self) -> None:
        self._read = True
        self._parts = sorted(self._path.parent.glob(f"{self._path.stem}.*{ADDED}"))
        for path in (self._path, *self._parts):
            self.known.update(_load(path, self._embedder.dimensions, self._telling is not None))

    def _add(self, keys: list[bytes]) -> None:
        """Keep some beside what is kept."""
        part = self._path.with_name(f"{self._path.stem}.{secrets.token_hex(8)}{ADDED}")
        if _save(part, {key: self.known[key] for key in keys}):
            self._parts.append(part)

    def _whole(self, texts: Sequence[str]) -> None:
        """Keep all texts in one file, and nothing else."""
        if _save(self._path, {key: self.known[key] for key in dict.fromkeys(map(_key, texts))}):
            for part in self._parts:
                part.unlink(missing_ok=True)
            self._parts = []


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_DIGEST).digest()


def _load(path: Path, dimensions: int, telling: bool) -> dict[bytes, _Kept]:
    try:
        with np.load(path, allow_pickle=False) as kept:
            keys, vectors = kept["keys"], kept["vectors"]
            pieces = _cut(kept["counts"], kept["pieces"], kept["ids"], len(keys)) if telling else [None] * len(keys)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    if vectors.shape != (len(keys), dimensions) or vectors.dtype != np.float32 or keys.shape[1:] != (_DIGEST,):
        return {}
    rows = zip(keys, vectors, pieces, strict=False)
    return {key.tobytes(): _Kept(vector, each) for key, vector, each in rows}


def _cut(
    counts: NDArray[np.int64], states: NDArray[np.float16], ids: NDArray[np.int32], rows: int
) -> Sequence[Pieces | None]:
    """The pieces of each text; none at all where what is kept does not fit together."""
    if counts.shape != (rows,) or states.ndim != 2 or counts.sum() != len(states) or len(states) != len(ids):
        return []
    edges = np.cumsum(counts)[:-1]
    return [Pieces(*each) for each in zip(np.split(states, edges), np.split(ids, edges), strict=True)]


def _save(path: Path, known: Mapping[bytes, _Kept]) -> bool:
    """Whether it could be written."""
    keys = np.frombuffer(b"".join(known), np.uint8).reshape(-1, _DIGEST)
    arrays: dict[str, NDArray[Any]] = {"keys": keys, "vectors": np.stack([each.vector for each in known.values()])}
    if pieces := [each.pieces for each in known.values() if each.pieces is not None]:
        arrays["counts"] = np.array([len(each.ids) for each in pieces], np.int64)
        arrays["pieces"] = np.concatenate([each.vectors for each in pieces])
        arrays["ids"] = np.concatenate([each.ids for each in pieces])
    part = path.with_name(f"{path.stem}.{secrets.token_hex(4)}.part.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(part, **arrays)  # type: ignore[arg-type]
        part.replace(path)
    except OSError as error:
        log.warning("what was embedded cannot be kept: %s", error)
        with suppress(OSError):
            part.unlink()
        return False
    return True
