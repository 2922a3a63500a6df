"""The worker's side of word and mouth times for voices that give none: their sound laid beside espeak-ng's speech."""

from __future__ import annotations

from avatars.voices.align_speech import AlignedSpeech, Emit
from avatars.voices.front_end import FrontEnd
from visavis.engines import Message
from visavis.signal import from_bytes

LEARNING = 0.5
"""How much one sentence tells of a voice's pace."""


class AlignService:
    """`open` takes text, at (its place in the whole), manner (what the espeak service opens with), voice (any name,
    under which its pace is learned) and live (whether sound is given back while it comes); it answers {}, or {error}
    where espeak-ng has no such voice.

    `append` takes pcm (bytes at 24 kHz). It answers with chunks {pcm, visemes: [(start, name)], words: [(start, end,
    at, length, reach)], phonemes: [(start, ipa)]} in samples of what is given back, or with {problem} where this is no
    speech of the text, and then with {done: True}. `end` answers with the rest.
    """

    capacity = 64

    def __init__(self) -> None:
        self._front_end = FrontEnd()
        self._speeches: dict[int, tuple[AlignedSpeech, str]] = {}
        self._paces: dict[str, float] = {}

    def open(self, stream: int, message: Message) -> Message:
        try:
            reference = self._front_end.reference(message["text"], int(message["at"]), message["manner"])
        except ValueError as error:
            return {"error": str(error)}
        voice = str(message["voice"])
        self._speeches[stream] = (
            AlignedSpeech(reference, self._paces.get(voice, 1.0), live=bool(message["live"])),
            voice,
        )
        return {}

    def append(self, stream: int, message: Message, emit: Emit) -> None:
        speech, _ = self._speeches[stream]
        speech.push(from_bytes(message["pcm"]), emit)
        emit({"done": True})

    def end(self, stream: int, emit: Emit) -> None:
        speech, voice = self._speeches.pop(stream)
        pace = speech.finish(emit)
        if pace is not None:
            self._paces[voice] = self._paces.get(voice, 1.0) * (1 - LEARNING) + pace * LEARNING

    def cancel(self, stream: int) -> None:
        self._speeches.pop(stream, None)
