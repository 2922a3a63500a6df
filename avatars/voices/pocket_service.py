"""The worker's side of pocket-tts."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from avatars.voices.edge import Edge
from visavis.engines import Message
from visavis.signal import to_bytes


class PocketService:
    """`open` takes rate, which it cannot follow, and answers {version, hz, languages}; `append` takes text and answers
    with {pcm: bytes at 24 kHz} as it is made."""

    capacity = 4
    patience_s = 300.0

    def __init__(
        self,
        config: str,
        voice: str,
        local: bool,
        temperature: float | None,
        threads: int,
        language: str,
        weights: str | None = None,
        tokenizer: str | None = None,
    ) -> None:
        import torch
        from pocket_tts import TTSModel  # type: ignore[import-untyped]

        logging.getLogger("pocket_tts").setLevel(logging.ERROR)  # its warnings repeat what is said
        torch.set_num_threads(threads)
        self._model = _loaded(TTSModel, Path(config), weights, tokenizer, temperature)
        prompt = Path(voice) if local else _prompt(Path(config), voice, with_weights=weights is not None)
        self._state: Any = self._model.get_state_for_audio_prompt(prompt, truncate=True)
        self._facts: Message = {
            "version": version("pocket-tts"), "hz": int(self._model.sample_rate), "languages": [language]
        }  # fmt: skip

    def open(self, stream: int, message: Message) -> Message:
        return self._facts

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        edge, stop = Edge("pocket-tts", self._facts["hz"]), threading.Event()
        try:
            for samples in self._model.generate_audio_stream(self._state, message["text"], stop=stop):
                if stop.is_set():
                    continue  # its threads end by themselves once it is read out
                if not emit({"pcm": to_bytes(edge.push(samples.numpy()))}):
                    stop.set()
            if not stop.is_set():
                emit({"pcm": to_bytes(edge.flush())})
        finally:
            stop.set()

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None: ...

    def cancel(self, stream: int) -> None: ...


def _prompt(config: Path, voice: str, *, with_weights: bool) -> str:
    """What the library finds its own voice by. Raises ValueError where it has none of that name."""
    from pocket_tts.utils.utils import (  # type: ignore[import-untyped]
        _ORIGINS_OF_PREDEFINED_VOICES,
        get_predefined_voice,
    )

    if voice not in _ORIGINS_OF_PREDEFINED_VOICES:
        raise ValueError(f"there is no voice {voice!r}; it has {', '.join(sorted(_ORIGINS_OF_PREDEFINED_VOICES))}")
    return str(get_predefined_voice(config.stem, voice)) if with_weights else voice


def _loaded(made: Any, config: Path, weights: str | None, tokenizer: str | None, temperature: float | None) -> Any:
    """The model of `config`; with files of its own, they stand in for those that it names on a hub."""
    if weights is None:
        return made.load_model(config=config, temp=temperature)
    settings = yaml.safe_load(config.read_text("utf-8"))
    settings["weights_path"] = weights
    settings.pop("weights_path_without_voice_cloning", None)
    table = settings["flow_lm"]["lookup_table"]
    table["tokenizer_path"] = tokenizer
    table["tokenizer"] = "tokenizers" if str(tokenizer).endswith(".json") else "sentencepiece"
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        yaml.safe_dump(settings, file)
        file.flush()
        return made.load_model(config=file.name, temp=temperature)
