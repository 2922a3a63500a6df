"""A voice opened for one text: what `voice say` speaks and the sample of a new voice."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import numpy as np

from agent.sentences import split
from avatars.voices.enrol.record import Voice
from avatars.voices.enrol.store import EMBEDDING, SAMPLE, Store
from avatars.voices.speaker import SpeakerEncoder, similarity
from runtime.outlets.wav import write_wav
from runtime.parts import made
from runtime.settings import Installation
from runtime.turn import PAUSE
from runtime.voice_settings import enrolled
from visavis.engines import Context, Launcher, Style, Tts
from visavis.errors import EngineError
from visavis.signal import resample
from visavis.vad import VAD_RATE
from visavis.words import RATE, Pcm

TEXTS = {
    "en": "This is how I sound when I speak to you. Ask me for the way, for the time, or for a good cup of tea.",
    "zh": "这是我和您说话时的声音。您可以问我路怎么走，现在几点，或者哪一种茶好喝。",
    "ja": "これがお話しするときの私の声です。道や時間、おいしいお茶のことを、どうぞお尋ねください。",
    "ko": "제가 이야기할 때의 목소리입니다. 길이나 시간, 맛있는 차에 대해 물어보세요.",
}


async def sampled(store: Store, name: str, installation: Installation, launcher: Launcher) -> Voice:
    """Let an approved voice speak, keep that, and measure how like its recordings it is. Raises VisavisError."""
    voice, cache = await asyncio.to_thread(store.usable, name), Path(installation.app.cache.dir)
    context = Context(voice.language, launcher, cache)
    tts: Tts = await made("tts", enrolled(name, installation.app.voices), context, None)
    try:
        pcm = np.concatenate(await aloud(tts, TEXTS[voice.language]) or [np.zeros(0, np.int16)])
        spoken_by = str(getattr(tts, "spoken_by", tts.version))
    finally:
        await tts.close()
    if not pcm.any():
        raise EngineError("enrolled", "the engine returned silence", "look at its log", retryable=True)
    encoder = await SpeakerEncoder.open(cache)
    training = np.array(json.loads((store.path(name) / EMBEDDING).read_bytes()), np.float32)
    alike = similarity(training, await encoder.embed(resample(pcm, RATE, VAD_RATE)))
    sample = await asyncio.to_thread(_wav, store.path(name), pcm)
    found = voice.model_copy(update={"similarity": round(alike, 4), "spoken_by": spoken_by})
    return await asyncio.to_thread(store.update, found, {SAMPLE: sample})


async def aloud(tts: Tts, text: str) -> list[Pcm]:
    """Its sentences with the pauses between them."""
    pieces: list[Pcm] = []
    for sentence in split(text):
        if pieces:
            pieces.append(np.zeros(PAUSE, np.int16))
        pieces += [chunk.pcm async for chunk in tts.speak(sentence, Style())]
    return pieces


def _wav(folder: Path, pcm: Pcm) -> bytes:
    """A WAV file that says that it is synthetic."""
    part = folder / ".sample.wav"
    try:
        write_wav(part, [pcm])
        return part.read_bytes()
    finally:
        part.unlink(missing_ok=True)
