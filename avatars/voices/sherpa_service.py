"""The worker's side of sherpa-onnx's voices."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avatars.voices.edge import Edge
from visavis.engines import Message
from visavis.signal import to_bytes

_PARTS = {
    "vits": ("model", "tokens", "lexicon", "data_dir", "dict_dir"),
    "matcha": ("tokens", "vocoder", "lexicon", "data_dir", "dict_dir"),
    "kokoro": ("model", "tokens", "voices", "lexicon", "data_dir", "dict_dir"),
    "kitten": ("model", "tokens", "voices", "data_dir"),
}


class SherpaVoiceService:
    """`open` takes rate (a factor) and answers {version, hz, languages}; `append` takes text and answers with {pcm:
    bytes at 24 kHz}, a sentence at a time."""

    capacity = 16
    patience_s = 120.0

    def __init__(self, files: dict[str, str], speaker: int, rate: float, threads: int, languages: list[str]) -> None:
        import sherpa_onnx  # type: ignore[import-untyped]

        config = _config(sherpa_onnx, files, threads)
        if not config.validate():
            raise ValueError("the files do not make a voice together; is the family right?")
        self._voice = sherpa_onnx.OfflineTts(config)
        if not 0 <= speaker < max(1, self._voice.num_speakers):
            raise ValueError(f"it has no speaker {speaker}; it has {self._voice.num_speakers}")
        self._speaker, self._usual = speaker, rate
        self._facts: Message = {
            "version": sherpa_onnx.__version__, "hz": int(self._voice.sample_rate), "languages": languages
        }  # fmt: skip
        self._rates: dict[int, float] = {}

    def open(self, stream: int, message: Message) -> Message:
        self._rates[stream] = float(message["rate"]) * self._usual
        return self._facts

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        edge = Edge("sherpa-onnx", self._facts["hz"])
        given = 0
        failures: list[Exception] = []

        def take(samples: NDArray[np.float32], progress: float) -> int:
            nonlocal given
            given += len(samples)
            try:
                return int(emit({"pcm": to_bytes(edge.push(np.array(samples, np.float32)))}))
            except Exception as failure:  # nothing may pass through the C++ frames
                failures.append(failure)
                return 0

        with _silent():
            made = self._voice.generate(message["text"], sid=self._speaker, speed=self._rates[stream], callback=take)
        if failures:
            raise failures[0]
        if not given and len(made.samples):
            take(np.array(made.samples, np.float32), 1.0)
        emit({"pcm": to_bytes(edge.flush())})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        self._rates.pop(stream, None)

    def cancel(self, stream: int) -> None:
        self._rates.pop(stream, None)


@contextmanager
def _silent() -> Iterator[None]:
    """Without what the library writes to the standard error: it repeats words that it does not know."""
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nothing:  # noqa: PTH123
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _config(sherpa_onnx: Any, files: dict[str, str], threads: int) -> Any:
    family = files["family"]
    parts = {part: files[part] for part in _PARTS[family] if files.get(part)}
    if family == "matcha":
        parts["acoustic_model"] = files["model"]
    kind = getattr(sherpa_onnx, f"OfflineTts{family.capitalize()}ModelConfig")
    model = sherpa_onnx.OfflineTtsModelConfig(**{family: kind(**parts)}, num_threads=threads)
    return sherpa_onnx.OfflineTtsConfig(
        model=model, rule_fsts=files.get("rule_fsts", ""), rule_fars=files.get("rule_fars", "")
    )
