"""From a clip to its speaker's embedding: the voice in it is found, cut into windows, seen by the network, averaged."""

from __future__ import annotations

import asyncio
import math
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avatars.voices.speaker.checkpoint import read_tensors
from avatars.voices.speaker.mel import RATE, STEP, WINDOW, mel
from avatars.voices.speaker.network import FRAMES, SHAPES, Network
from visavis.errors import EngineError, SetupError
from visavis.vad import CHUNK, Vad
from visavis.weights import GE2E, REMEDY, locate
from visavis.words import Pcm

Embedding = NDArray[np.float32]
"""A unit vector of 256."""
SAME_SPEAKER = 0.77
"""The least similarity of two clips of one person; `visavis bench voice` measures what it lets pass and what it
refuses, docs/voice-style.md says so."""
NEEDED_S = 1.6
"""Seconds of voice below which nothing is said of a clip: one window of the network."""
MAX_WINDOWS = 160
"""A longer recording is sampled evenly: no more than so many windows of 1.6 s are looked at."""
_SPAN = FRAMES * STEP
_HOP = 77 * STEP
_BATCH = 32
_LEVEL_DBFS = -30.0
_VOICED, _AROUND = 0.5, 3


def similarity(one: Embedding, other: Embedding) -> float:
    """The cosine of two embeddings, 0 to 1."""
    return float(np.clip(one @ other, 0.0, 1.0))


class SpeakerEncoder:
    """The network with its weights; it may be asked by many at once."""

    def __init__(self, network: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> None:
        self._network = network

    @classmethod
    async def open(cls, cache: Path) -> SpeakerEncoder:
        """Ready the weights; their plain form is kept in `cache`. Raises SetupError when they are not installed."""
        return cls(Network(await asyncio.to_thread(weights, cache)))

    async def embed(self, pcm: Pcm) -> Embedding:
        """The speaker of 16 kHz sound, in a thread of its own. Raises EngineError without `NEEDED_S` of voice."""
        return await asyncio.to_thread(self.embed_now, pcm)

    def embed_now(self, pcm: Pcm) -> Embedding:
        """As `embed`, in the caller's thread."""
        voice = voiced(pcm)
        if len(voice) < NEEDED_S * RATE:
            found = f"{len(voice) / RATE:.1f} s of voice were found, {NEEDED_S} s are needed"
            raise EngineError("speaker", found, "record at least ten seconds of speech")
        windows = _windows(voice)
        seen = [self._network(windows[at : at + _BATCH]) for at in range(0, len(windows), _BATCH)]
        mean = np.concatenate(seen).mean(axis=0)
        unit: Embedding = (mean / np.linalg.norm(mean)).astype(np.float32)
        return unit


def voiced(pcm: Pcm) -> NDArray[np.float32]:
    """The parts of 16 kHz sound where somebody speaks, with 96 ms around them, brought to -30 dBFS."""
    whole = len(pcm) // CHUNK * CHUNK
    if not whole:
        return np.zeros(0, np.float32)
    speaks = np.array(Vad().push(pcm[:whole])) > _VOICED
    near = np.convolve(speaks, np.ones(2 * _AROUND + 1), "full")[_AROUND : _AROUND + len(speaks)] > 0
    kept = pcm[:whole].reshape(-1, CHUNK)[near].reshape(-1).astype(np.float32) / 32_768
    level = 20 * math.log10(max(float(np.sqrt(np.mean(kept**2))), 1e-6)) if len(kept) else _LEVEL_DBFS
    gain = np.float32(10 ** ((_LEVEL_DBFS - level) / 20))
    return (kept * gain).astype(np.float32)


def _windows(voice: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mel windows of 1.6 s, half over one another, spread over all of the voice: (count, 160, 40)."""
    count = 1 + max(0, math.ceil((len(voice) - _SPAN) / _HOP))
    starts = np.arange(count) * _HOP
    if len(voice) - starts[-1] < 0.75 * _SPAN and count > 1:
        starts = starts[:-1]
    if len(starts) > MAX_WINDOWS:
        starts = starts[np.linspace(0, len(starts) - 1, MAX_WINDOWS).astype(int)]
    padded = np.pad(voice, (WINDOW // 2, _SPAN + WINDOW))
    return np.stack([mel(padded[at : at + _SPAN - STEP + WINDOW]) for at in starts])


def weights(cache: Path) -> dict[str, NDArray[np.float32]]:
    """The network's tensors; read from the installed file once, then from the cache."""
    kept = cache / "speaker" / f"ge2e-{GE2E.sha256[:16]}.npz"
    try:
        with np.load(kept, allow_pickle=False) as file:
            return {name: file[name] for name in SHAPES}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        pass
    try:
        read = read_tensors(locate(GE2E), "model_state")
        found = {name: read[name] for name in SHAPES}
    except (ValueError, KeyError) as error:
        raise SetupError(f"{GE2E.name} cannot be read: {error}", REMEDY) from error
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=kept.parent, suffix=".npz", delete=False) as file:
        np.savez(file, **found)  # type: ignore[arg-type]
    os.replace(file.name, kept)  # noqa: PTH105
    return found
