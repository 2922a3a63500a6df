"""From phonemes in IPA to the fifteen mouth shapes.

A phoneme is one or more IPA symbols, as a synthesiser writes them: `p`, `aɪ`, `tʃ`, `ˈiou`. Each symbol
has one shape; a diphthong, a triphthong or an affricate moves through the shapes of its symbols.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from visavis.words import Viseme

_V = Viseme
_VOWELS: dict[Viseme, str] = {
    _V.AA: "aɑɐʌæɶ",
    _V.E: "eɛəɘɜɞɤ",
    _V.I: "iɪɨɿʅᵻ",
    _V.O: "oɔɒɵø",
    _V.U: "uʊʉɯyʏœ",
    _V.RR: "ɚɝ",
}
_CONSONANTS: dict[Viseme, str] = {
    _V.PP: "pbmɓʙ",
    _V.FF: "fvɱⱱɸβʋ",
    _V.TH: "θð",
    _V.DD: "tdʈɖɗᶑɾɽ",
    _V.KK: "kgɡqɢxɣχʁŋɴɠʛħʕʔcɟʄçʜʢʡɰʟ",
    _V.CH: "ʃʒɕʑʂʐ",
    _V.SS: "sz",
    _V.NN: "nlɲɳɫɭʎɬɮɺ",
    _V.RR: "ɹrɻʀ",
    _V.I: "jʝ",
    _V.U: "wʍɥ",
}
VOWELS: dict[str, Viseme] = {symbol: shape for shape, symbols in _VOWELS.items() for symbol in symbols}
CONSONANTS: dict[str, Viseme] = {symbol: shape for shape, symbols in _CONSONANTS.items() for symbol in symbols}

CLOSING = frozenset("pbmtdkgɡʈɖcɟqɢɓɗɠʔ")
"""Symbols that stop the air: silence before their release belongs to them."""
VOICED_CLOSURES = frozenset("bm")
"""Sounds of shut lips that hum; their sound ends with the parting of the lips."""
VOICELESS_STOPS = frozenset("ptkʈcqʔ")
"""Stops whose sound begins with the release, so the next shape may come at once."""
ASPIRATES = frozenset("hɦ")
"""Symbols without a shape of their own: the mouth is already at the next one."""

Shapes = tuple[tuple[Viseme, float], ...]
"""Mouth shapes, each with its share of the phoneme's time; the shares add up to 1."""

_SHARES: dict[int, tuple[float, ...]] = {1: (1.0,), 2: (0.6, 0.4), 3: (0.25, 0.45, 0.3)}
_RISING, _CENTRING = (0.3, 0.7), (0.45, 0.55)
_SPELLINGS = (("s.", "ʂ"), ("z.", "ʐ"), ("nɡ", "ŋ"), ("ng", "ŋ"))
"""What a synthesiser writes for sounds that IPA has one symbol for."""
ACCENTS: dict[str, dict[str, str]] = {"en-us": {"ɜː": "ɝ"}}
"""Phonemes that a voice writes otherwise than it speaks them."""


@lru_cache(maxsize=4096)
def symbols(phoneme: str) -> str:
    """The phoneme's bare symbols: no stress, length, tone or other marks, no aspiration behind a consonant.

    A change of language, which is written in brackets, has none.
    """
    if phoneme.startswith("("):
        return ""
    for spelling, symbol in _SPELLINGS:
        phoneme = phoneme.replace(spelling, symbol)
    plain = [c for c in unicodedata.normalize("NFD", phoneme) if unicodedata.category(c) in ("Ll", "Lo", "Lu")]
    return "".join(c for i, c in enumerate(plain) if not (c in ASPIRATES and i))


@lru_cache(maxsize=4096)
def shapes(phoneme: str) -> Shapes:
    """The shapes of `phoneme` in order; empty for a pause, a mark without sound or a lone aspirate."""
    found: list[Viseme] = []
    for symbol in symbols(phoneme):
        if symbol in ASPIRATES:
            continue
        shape = _shape(symbol)
        if not found or found[-1] is not shape:
            found.append(shape)
    found = found[:3]
    return tuple(zip(found, _shares(symbols(phoneme), len(found)), strict=True)) if found else ()


def _shares(plain: str, count: int) -> tuple[float, ...]:
    """A glide into an open vowel or from a stop into friction is short; one towards the centre is even."""
    if count != 2 or plain[0] not in "iuyɪʊtdʈɖ":
        return _SHARES[count]
    return _CENTRING if plain[-1] in "əɹɚ" else _RISING


def _shape(symbol: str) -> Viseme:
    """The symbol's shape; an unknown one moves the mouth like the Latin letter in its name, else a little open."""
    known = VOWELS.get(symbol) or CONSONANTS.get(symbol)
    if known:
        return known
    words = unicodedata.name(symbol, "").split()
    letter = next((word.lower() for word in words if len(word) == 1), "")
    return VOWELS.get(letter) or CONSONANTS.get(letter) or Viseme.E


def closes(phoneme: str) -> bool:
    """Whether the silence before its release is a part of it."""
    return bool(symbols(phoneme)) and symbols(phoneme)[0] in CLOSING


def is_voiceless_stop(phoneme: str) -> bool:
    """Whether it is a bare voiceless stop, whose event is the burst."""
    return symbols(phoneme) in VOICELESS_STOPS


def is_voiced_closure(phoneme: str) -> bool:
    """Whether it is hummed through shut lips, and parts them at its end."""
    return symbols(phoneme) in VOICED_CLOSURES


def is_aspirate(phoneme: str) -> bool:
    """Whether it is breath alone, shaped by what follows."""
    return symbols(phoneme) in ASPIRATES


def is_mark(phoneme: str) -> bool:
    """Whether it is written but not spoken, as a change of language is."""
    return phoneme != "" and not symbols(phoneme)
