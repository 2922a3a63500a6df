"""Sound files of every kind, made in memory."""

from __future__ import annotations

import io
import wave
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

AAC_IN_MP4 = ("ipod", "aac")


def wav(pcm: NDArray[np.int16], hz: int) -> bytes:
    """A WAV file; of two dimensions the second is the channels."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(pcm.shape[1] if pcm.ndim > 1 else 1)
        file.setsampwidth(2)
        file.setframerate(hz)
        file.writeframes(pcm.astype("<i2").tobytes())
    return held.getvalue()


def encoded(pcm: NDArray[np.int16], form: str, codec: str, hz: int = 16_000) -> bytes:
    """Mono sound in one of FFmpeg's formats."""
    held = io.BytesIO()
    rate = 48_000 if codec == "libopus" else hz
    with av.open(held, "w", format=form) as file:
        stream: Any = file.add_stream(codec, rate=rate, layout="mono")
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate)
        frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate = hz
        fifo = av.AudioFifo()
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            piece.pts = None
            fifo.write(piece)
        size = stream.frame_size or 1_024
        while (piece := fifo.read(size) or fifo.read(size, partial=True)) is not None:
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return held.getvalue()
