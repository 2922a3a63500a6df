"""What every embedder must do: `await check_embedder(embedder, close, far)` in a test of your own.

An AssertionError says what the contract asks for. The embedder must be open.
"""

from __future__ import annotations

import asyncio

import numpy as np

from visavis.engines import Embedder

ODD = ("", " \n\t", "...", "\x00\x07\u202e", "\ud800", "🙂", "word " * 3_000)
"""Texts that a visitor may send and that must become vectors like any other."""


async def check_embedder(embedder: Embedder, close: tuple[str, str], far: str) -> None:
    """Run every check; `close` are two texts that mean much the same, `far` means something else than the first."""
    assert embedder.version, "version is empty: it must change whenever a vector would"
    assert embedder.dimensions > 0, "dimensions is not positive"
    assert embedder.capabilities.languages, "capabilities.languages is empty"
    await check_vectors(embedder, [*close, far])
    await check_meaning(embedder, close, far)
    await check_nothing_to_embed(embedder)
    await check_odd_texts(embedder)
    await check_two_at_once(embedder, close[0], far)


async def check_vectors(embedder: Embedder, texts: list[str]) -> None:
    """Shape, type and length of the vectors; each is the same alone, in company, and again."""
    vectors = await embedder.embed(texts)
    assert vectors.shape == (len(texts), embedder.dimensions), f"the shape is {vectors.shape}"
    assert vectors.dtype == np.float32, f"the vectors are {vectors.dtype}, not float32"
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.allclose(lengths, 1, atol=1e-3), f"the lengths are {lengths}, not 1"
    for text, vector in zip(texts, vectors, strict=True):
        alone = (await embedder.embed([text]))[0]
        assert np.allclose(alone, vector, atol=1e-4), f"{text!r} has another vector alone than in company"


async def check_meaning(embedder: Embedder, close: tuple[str, str], far: str) -> None:
    """Two texts that mean much the same are nearer to each other than to a third."""
    one, two, three = await embedder.embed([*close, far])
    assert float(one @ two) > float(one @ three), f"{close[0]!r} is nearer to {far!r} than to {close[1]!r}"


async def check_nothing_to_embed(embedder: Embedder) -> None:
    """No texts give no vectors."""
    assert (await embedder.embed([])).shape == (0, embedder.dimensions), "no texts must give the shape (0, dimensions)"


async def check_odd_texts(embedder: Embedder) -> None:
    """Empty, hostile and long texts give finite unit vectors."""
    vectors = await embedder.embed(ODD)
    assert vectors.shape == (len(ODD), embedder.dimensions)
    assert np.isfinite(vectors).all(), "a vector is not finite"
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3), "a vector's length is not 1"


async def check_two_at_once(embedder: Embedder, one: str, two: str) -> None:
    """Two visitors at once each get their own vector; one who leaves disturbs nobody."""
    first, second = await asyncio.gather(embedder.embed([one]), embedder.embed([two]))
    left = asyncio.ensure_future(embedder.embed([one]))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    again = await embedder.embed([one, two])
    assert np.allclose(again, np.concatenate([first, second]), atol=1e-4), "vectors were mixed up"
