"""How soon a voice is heard: the embedded one, and what is added to a server's own first byte."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path

import numpy as np

from avatars.voices.espeak import EspeakTts
from avatars.voices.speech_url import OpenAiTts
from runtime.bench.report import Row, percentile
from runtime.bench.voice.alignment import TEXTS as ENGLISH
from runtime.settings import Installation
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.engines import Context, Style, Tts
from visavis.fakes.speech_server import SpeechServer

CHINESE = (
    "您好，欢迎光临我们的茶馆，请问您想喝点什么？",
    "我们上午十点开门，周末开到晚上十一点。",
    "这款白茶是今年春天的新茶，味道很清香。",
    "洗手间在走廊的尽头，请向左拐。",
)
EMBEDDED_MS, ADDED_MS = 20.0, 10.0
ROUNDS, QUICK = 5, 1
DELAY_S = 0.2
"""How long the server that is measured against thinks: longer than it takes to read the text's phonemes."""
CHUNK, GAP_S = 4_800, 0.01
"""Bytes that it sends at once (100 ms of sound), and how far apart."""


async def measure(
    installation: Installation, *, quick: bool, data: Path, done: Callable[[int, int], None]
) -> tuple[list[Row], list[str]]:
    rounds = QUICK if quick else ROUNDS
    launcher = LocalLauncher(LoopClock())
    with tempfile.TemporaryDirectory() as folder:
        try:
            english = await EspeakTts.open(Context("en", launcher, Path(folder)))
            chinese = await EspeakTts.open(Context("zh", launcher, Path(folder)))
            own = [each for text in ENGLISH * rounds for each in [await first_pcm(english, text)]]
            own += [each for text in CHINESE * rounds for each in [await first_pcm(chinese, text)]]
            done(1, 2)
            added = await _added(Context("en", launcher, Path(folder)), english, ENGLISH * rounds)
            done(2, 2)
        finally:
            await launcher.close()
    return [
        Row("first PCM, embedded voice: p95", percentile(own, 95), "ms", EMBEDDED_MS, note=_note(own)),
        Row(
            "first PCM, added to a streaming URL engine's first byte: p95",
            percentile(added, 95), "ms", ADDED_MS, note=_note(added),
        ),
    ], []  # fmt: skip


def _note(values: Sequence[float]) -> str:
    return f"{len(values)} sentences, median {np.median(values):.1f} ms"


async def first_pcm(tts: Tts, text: str) -> float:
    """Milliseconds from the call to the first chunk."""
    clock = asyncio.get_running_loop().time
    began = clock()
    return (await _first_at(tts, text) - began) * 1000


async def _first_at(tts: Tts, text: str) -> float:
    """When the first chunk came; the sentence is spoken to its end."""
    at = 0.0
    async with aclosing(tts.speak(text, Style())) as chunks:  # type: ignore[type-var]
        async for _ in chunks:
            at = at or asyncio.get_running_loop().time()
    return at


async def _added(context: Context, voice: Tts, texts: Sequence[str]) -> list[float]:
    """Milliseconds from the server's first byte to our first chunk, its sound being another sentence of espeak-ng."""
    said = {}
    for text in dict.fromkeys(texts):
        chunks = [chunk.pcm async for chunk in voice.speak(text, Style(rate=0.9))]
        said[text] = np.concatenate(chunks).tobytes()
    spent = []
    server = SpeechServer(said.__getitem__, chunk=CHUNK, delay_s=DELAY_S, gap_s=GAP_S)
    async with server.serving():
        tts = await OpenAiTts.open(context, url=server.url, model="any")
        await _first_at(tts, texts[0])
        for text in texts:
            server_at = len(server.first_at)
            heard = await _first_at(tts, text)
            spent.append((heard - server.first_at[server_at]) * 1000)
        await tts.close()
    return spent
