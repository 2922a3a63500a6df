"""Debian's flite in this process: speech that knows where its words end. Its voices are none of the product's."""

from __future__ import annotations

import ctypes
from ctypes import c_char_p, c_float, c_int, c_short, c_void_p
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from visavis.words import Pcm

VOICES = ("slt", "rms", "awb")
HZ = 16_000
_PARTS = ("flite", "flite_cmulex", "flite_usenglish", *(f"flite_cmu_us_{voice}" for voice in VOICES))
_END = b"R:SylStructure.daughtern.daughtern.R:Segment.end"


@dataclass(frozen=True, slots=True)
class Said:
    """Mono sound at 16 kHz, and each word with the sample where it ends."""

    pcm: Pcm
    words: tuple[tuple[str, int], ...]


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", c_char_p),
        ("rate", c_int),
        ("samples", c_int),
        ("channels", c_int),
        ("pcm", ctypes.POINTER(c_short)),
    )


@lru_cache(maxsize=1)
def _library() -> tuple[ctypes.CDLL, dict[str, int]]:
    parts = [ctypes.CDLL(f"lib{name}.so.1", mode=ctypes.RTLD_GLOBAL) for name in _PARTS]
    flite = parts[0]
    for name in ("flite_synth_text", "utt_wave", "utt_relation", "relation_head", "item_next"):
        getattr(flite, name).restype = c_void_p
    flite.ffeature_float.restype, flite.ffeature_string.restype = c_float, c_char_p
    flite.flite_init()
    voices = {}
    for voice, part in zip(VOICES, parts[-len(VOICES) :], strict=True):
        register = getattr(part, f"register_cmu_us_{voice}")
        register.restype = c_void_p
        voices[voice] = register(None)
    return flite, voices


def available() -> bool:
    """Whether flite and its voices are installed."""
    try:
        _library()
    except OSError:
        return False
    return True


def say(text: str, voice: str) -> Said:
    """`text` in one of `VOICES`. Raises OSError where flite is not installed."""
    flite, voices = _library()
    utterance = c_void_p(flite.flite_synth_text(text.encode("ascii", "ignore"), c_void_p(voices[voice])))
    try:
        wave = ctypes.cast(flite.utt_wave(utterance), ctypes.POINTER(_Wave)).contents
        pcm = np.ctypeslib.as_array(wave.pcm, (wave.samples,)).copy()
        words = []
        item = flite.relation_head(c_void_p(flite.utt_relation(utterance, b"Word")))
        while item:
            end_s = float(flite.ffeature_float(c_void_p(item), _END))
            words.append((flite.ffeature_string(c_void_p(item), b"name").decode(), round(end_s * HZ)))
            item = flite.item_next(c_void_p(item))
        return Said(pcm, tuple(words))
    finally:
        flite.delete_utterance(utterance)
