"""Whose authorisation is it? How often a person is taken for himself, and for another one.

Half of each LibriSpeech speaker's clips are the training recordings; each of the others stands for an authorisation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avatars.voices.enrol.inspect.take import Embed
from avatars.voices.enrol.service import embedder
from avatars.voices.speaker import SAME_SPEAKER, similarity
from runtime.bench.report import Row
from runtime.bench.voice.inspection import speakers_in
from runtime.bench.voice.planting import Sound, joined
from runtime.settings import Installation
from visavis.signal import resample, to_pcm
from visavis.vad import VAD_RATE
from visavis.words import RATE

SHORTEST_S = 5.0
"""An authorisation takes about eight seconds to read."""


async def measure(
    installation: Installation, *, quick: bool, data: Path, done: Callable[[int, int], None]
) -> tuple[list[Row], list[str]]:
    """The equal error rate, and both errors at the threshold in use."""
    speakers = await asyncio.to_thread(speakers_in, data)
    embed = embedder(Path(installation.app.cache.dir))
    if len(speakers) < 2 or embed is None:
        return [], [f"Left out, consent: {data}/speech/librispeech or the speaker network is absent."]
    return await asyncio.to_thread(_measured, speakers, embed, done), []


def _measured(speakers: dict[str, list[Sound]], embed: Embed, done: Callable[[int, int], None]) -> list[Row]:
    def point(sound: Sound) -> NDArray[np.float32]:
        return embed(resample(to_pcm((sound * 32768).astype(np.float32)), RATE, VAD_RATE))

    training: dict[str, NDArray[np.float32]] = {}
    spoken: list[tuple[str, NDArray[np.float32]]] = []
    for number, (name, clips) in enumerate(sorted(speakers.items())):
        done(number, len(speakers))
        training[name] = point(joined(clips[::2]))
        spoken += [(name, point(each)) for each in clips[1::2] if len(each) >= SHORTEST_S * RATE]
    same = np.array([similarity(training[name], each) for name, each in spoken])
    others = np.array([similarity(training[o], each) for name, each in spoken for o in training if o != name])
    levels = np.unique(np.concatenate([same, others]))
    wrong = [(max(float(np.mean(same < at)), float(np.mean(others >= at)))) for at in levels]
    return [
        Row("consent: equal error rate", 100 * min(wrong), "%", 1.0, note=f"{len(same)} own, {len(others)} foreign"),
        Row("consent: own voice refused", 100 * float(np.mean(same < SAME_SPEAKER)), "%", note=f"at {SAME_SPEAKER}"),
        Row(
            "consent: foreign voice taken", 100 * float(np.mean(others >= SAME_SPEAKER)), "%", note=f"at {SAME_SPEAKER}"
        ),
    ]
