"""The espeak-ng library through ctypes. It is process-global and GPL: import this in a worker process only."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import espeakng_loader  # type: ignore[import-untyped]
import numpy as np

from visavis.errors import SetupError
from visavis.words import Pcm

_SYNCHRONOUS, _PHONEMES_IPA_NO_EXIT, _UTF8 = 2, 0x8003, 1
_NAMED = 0x100
_BUFFER_MS = 120
_WORD, _PHONEME = 1, 7
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("uid", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Word:
    """A word begins at `sample`: `length` characters from character `at` (from 0) of the text."""

    sample: int
    at: int
    length: int


@dataclass(frozen=True, slots=True)
class Sound:
    """A phoneme in IPA begins at `sample`; an empty one is a pause."""

    sample: int
    ipa: str


Take = Callable[[Pcm, list[Word | Sound]], bool]
"""Receives sound and the events within it; False stops the synthesis."""


@dataclass(frozen=True, slots=True)
class Manner:
    """The library's parameters: words a minute, and 0 to 100 for pitch, range and volume, 50 being the voice's own."""

    voice: str
    rate: int
    pitch: int
    range: int
    volume: int


class Espeak:
    """The synthesiser of this process. There may be several of these, of which one speaks at a time: `set` it first."""

    _speaker: ClassVar[Espeak | None] = None

    def __init__(self) -> None:
        self._lib = ctypes.CDLL(espeakng_loader.get_library_path())
        self._data = Path(espeakng_loader.get_data_path())
        path = str(self._data).encode()
        self.rate = int(self._lib.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, path, _PHONEMES_IPA_NO_EXIT))
        if self.rate <= 0:
            raise SetupError("espeak-ng finds no voice data", "pip install --force-reinstall espeakng-loader")
        self._lib.espeak_Info.restype = ctypes.c_char_p
        self.version = str(self._lib.espeak_Info(None).decode())
        self._manner: Manner | None = None
        self._take: Take | None = None
        self._failure: BaseException | None = None
        self._callback = _Callback(self._received)
        Espeak._speaker = None

    def set(self, manner: Manner) -> bool:
        """Use this voice and these parameters; False when there is no such voice."""
        if Espeak._speaker is not self:
            self._lib.espeak_SetSynthCallback(self._callback)
            Espeak._speaker, self._manner = self, None
        if manner == self._manner:
            return True
        if (self._manner is None or manner.voice != self._manner.voice) and not self._set_voice(manner.voice):
            self._manner = None
            return False
        wanted = {_RATE: manner.rate, _VOLUME: manner.volume, _PITCH: manner.pitch, _RANGE: manner.range}
        for parameter, value in wanted.items():
            self._lib.espeak_SetParameter(parameter, value, 0)
        self._manner = manner
        return True

    def _set_voice(self, voice: str) -> bool:
        variant = voice.partition("+")[2]
        if variant and not (self._data / "voices" / "!v" / variant).is_file():
            return False
        return bool(self._lib.espeak_SetVoiceByName(voice.encode()) == 0)

    def speak(self, text: str, take: Take, *, phonemes: bool = False) -> None:
        """Synthesise `text`, which holds no null character, handing everything to `take`; its exceptions come out.

        With `phonemes` what stands in `[[…]]` are names of phonemes.
        """
        data = text.encode("utf-8")
        self._take, self._failure = take, None
        self._lib.espeak_Synth(data, len(data) + 1, 0, 0, 0, _UTF8 | (_NAMED if phonemes else 0), None, None)
        self._take = None
        if self._failure is not None:
            raise self._failure

    def _received(self, wave: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]) -> int:
        if self._take is None:
            return 1
        try:
            pcm = np.ctypeslib.as_array(wave, (count,)).copy() if wave and count else np.zeros(0, np.int16)
            return 0 if self._take(pcm, list(_read(events))) else 1
        except BaseException as failure:  # nothing may pass through the C frames
            self._failure = failure
            return 1


def _read(events: ctypes._Pointer[_Event]) -> list[Word | Sound]:
    out: list[Word | Sound] = []
    index = 0
    while events[index].type:
        event = events[index]
        if event.type == _WORD:
            out.append(Word(event.sample, event.text_position - 1, event.length))
        elif event.type == _PHONEME:
            out.append(Sound(event.sample, event.id.string.decode("utf-8", "ignore")))
        index += 1
    return out
