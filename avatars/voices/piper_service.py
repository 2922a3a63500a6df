"""The worker's side of Piper. It is under the GPL: import this in a worker process only."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from avatars.voices.edge import Edge
from visavis.engines import Message
from visavis.signal import to_bytes


class PiperService:
    """`open` takes rate (a factor) and answers {version, hz, languages}; `append` takes text and answers with {pcm:
    bytes at 24 kHz}, a sentence at a time."""

    capacity = 16
    patience_s = 120.0

    def __init__(self, model: str, speaker: int | str | None, rate: float, threads: int) -> None:
        import onnxruntime  # type: ignore[import-untyped]
        from piper.voice import PiperVoice

        self._voice = PiperVoice.load(model)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        self._voice.session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
        self._speaker = self._known(speaker)
        self._usual = rate
        self._rates: dict[int, float] = {}

    def open(self, stream: int, message: Message) -> Message:
        self._rates[stream] = float(message["rate"]) * self._usual
        config = self._voice.config
        return {
            "version": version("piper-tts"),
            "hz": config.sample_rate,
            "languages": [_language(config.espeak_voice)],
        }

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        from piper.config import SynthesisConfig

        config = self._voice.config
        manner = SynthesisConfig(self._speaker, length_scale=config.length_scale / self._rates[stream])
        edge = Edge("piper", config.sample_rate)
        text = str(message["text"]).replace("[[", "[").replace("]]", "]")  # what stands in [[ ]] would be phonemes
        for sentence in self._voice.synthesize(text, manner):
            pcm = edge.push(sentence.audio_float_array)
            if not emit({"pcm": to_bytes(pcm)}):
                return
        emit({"pcm": to_bytes(edge.flush())})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        self._rates.pop(stream, None)

    def cancel(self, stream: int) -> None:
        self._rates.pop(stream, None)

    def _known(self, speaker: int | str | None) -> int | None:
        config: Any = self._voice.config
        if isinstance(speaker, str):
            if speaker not in config.speaker_id_map:
                raise ValueError(f"it has no speaker {speaker!r}; it has {', '.join(config.speaker_id_map) or 'one'}")
            return int(config.speaker_id_map[speaker])
        if speaker is not None and not 0 <= speaker < max(1, config.num_speakers):
            raise ValueError(f"it has no speaker {speaker}; it has {config.num_speakers}")
        return speaker


def _language(voice: str) -> str:
    """A BCP-47 primary tag for an espeak-ng voice's name."""
    primary = voice.split("-")[0].lower()
    return {"cmn": "zh", "yue": "zh"}.get(primary, primary)
