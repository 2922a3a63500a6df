"""faster-whisper in a worker process: it hears an utterance when it has ended, and while it goes on if asked to."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visavis.engines import Message
from visavis.errors import SetupError

HZ = 16_000
_HOTWORDS = 400
"""Characters of the knowledge base's words that are given as hints; the decoder reads no more."""


class WhisperService:
    """Options: `model` is a folder of converted weights, `partial_s` the sound between two partials (0: none)."""

    def __init__(
        self,
        model: str,
        language: str = "en",
        device: str = "auto",
        compute_type: str = "default",
        beam: int = 1,
        partial_s: float = 0.0,
        capacity: int = 4,
        phrases: Sequence[str] = (),
        max_tokens: int = 128,
    ) -> None:
        if not (Path(model) / "model.bin").is_file():
            raise SetupError(f"{model}: no model.bin there", "name the folder of a converted model: asr.model")
        whisper: Any = importlib.import_module("faster_whisper").WhisperModel
        self.capacity = capacity
        self._model = whisper(model, device=device, compute_type=compute_type, cpu_threads=1, local_files_only=True)
        self._asked = {
            "language": language.split("-")[0],
            "beam_size": beam,
            "temperature": 0.0,
            "max_new_tokens": max_tokens,
            "condition_on_previous_text": False,
            "hotwords": " ".join(phrases)[:_HOTWORDS] or None,
        }
        self._every = round(partial_s * HZ)
        self._sounds: dict[int, list[NDArray[np.int16]]] = {}
        self._unheard: dict[int, int] = {}

    def open(self, stream: int, message: Message) -> Message:
        self._sounds[stream], self._unheard[stream] = [], 0
        return {"sample_rate": HZ}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        pcm = np.frombuffer(message["pcm"], "<i2")
        self._sounds[stream].append(pcm)
        self._unheard[stream] += len(pcm)
        if self._every and self._unheard[stream] >= self._every:
            self._unheard[stream] = 0
            emit({"text": self._hear(self._sounds[stream])[0], "final": False})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        sound = self._sounds[stream]
        self.cancel(stream)
        text, confidence = self._hear(sound)
        emit({"text": text, "final": True, "confidence": confidence})

    def cancel(self, stream: int) -> None:
        self._sounds.pop(stream, None)
        self._unheard.pop(stream, None)

    def _hear(self, sound: list[NDArray[np.int16]]) -> tuple[str, float]:
        if not sum(map(len, sound)):
            return "", 0.0
        samples = np.concatenate(sound).astype(np.float32) / 32_768
        segments = list(self._model.transcribe(samples, **self._asked)[0])
        said = [segment for segment in segments if segment.no_speech_prob < 0.6]
        likely = float(np.exp(np.mean([segment.avg_logprob for segment in said]))) if said else 0.0
        return "".join(segment.text for segment in said).strip(), min(1.0, likely)
