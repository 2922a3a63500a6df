"""Phonemes for espeak-ng: from IPA to the names that its English voices know, put into the text as `[[…]]`."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

from avatars.voices.plain import Piece, Plain
from visavis.engines import Pronounced

_NAMES = {
    "tʃ": "tS", "dʒ": "dZ", "aɪ": "aI", "eɪ": "eI", "ɔɪ": "OI", "aʊ": "aU", "oʊ": "oU", "əʊ": "oU", "ɪə": "i@",
    "eə": "e@", "ʊə": "U@", "iː": "i:", "uː": "u:", "ɑː": "A:", "ɔː": "O:", "ɜː": "3:", "ɛː": "e@", "aː": "A:",
    "eː": "eI", "oː": "oU", "yː": "u:", "øː": "3:", "i": "i:", "ɪ": "I", "e": "E", "ɛ": "E", "æ": "a", "a": "a",
    "ɑ": "A:", "ɒ": "0", "ɔ": "O:", "ʊ": "U", "u": "u:", "ʌ": "V", "ɜ": "3:", "ɝ": "3:", "ɚ": "3", "ə": "@", "ɐ": "a#",
    "o": "oU", "y": "i:", "ø": "3:", "œ": "3:", "ɨ": "I", "ɯ": "U", "ɤ": "V", "p": "p", "b": "b", "t": "t", "d": "d",
    "k": "k", "ɡ": "g", "g": "g", "q": "k", "f": "f", "v": "v", "θ": "T", "ð": "D", "s": "s", "z": "z", "ʃ": "S",
    "ʒ": "Z", "h": "h", "ɦ": "h", "m": "m", "n": "n", "ŋ": "N", "ɲ": "nj", "l": "l", "ɫ": "l", "ʎ": "lj", "r": "r",
    "ɹ": "r", "ɾ": "r", "ʁ": "r", "ʀ": "r", "j": "j", "w": "w", "ʍ": "w", "ɥ": "w", "x": "h", "χ": "h", "ç": "h",
    "ɕ": "S", "ʑ": "Z", "ʂ": "S", "ʐ": "Z", "ɸ": "f", "β": "v", "ɣ": "g", "c": "k", "ɟ": "dZ", "ɬ": "l",
    "ˈ": "'", "'": "'", "ˌ": ",",
}  # fmt: skip
WORD = 120
"""Phonemes of one word: espeak-ng keeps no more than 200 of them, and writes over what lies behind."""
_VOWELS = frozenset("iɪeɛæaɑɒɔʊuʌɜɝɚəɐoyøœɨɯɤ")

Put = tuple[int, int, int, int]
"""Where phonemes stand in what is sent (begin, end), and the characters of the piece that they are for (begin, end)."""


def mnemonics(ipa: str) -> str:
    """espeak-ng's names of English phonemes; what English does not have becomes the nearest that it has."""
    marks = unicodedata.normalize("NFD", ipa.replace("͡", "").replace("‿", ""))
    plain = "".join(each for each in marks if not unicodedata.combining(each) or each == "\u0327")
    plain = unicodedata.normalize("NFC", plain)
    out: list[str] = []
    at = 0
    while at < len(plain):
        for size in (2, 1):
            name = _NAMES.get(plain[at : at + size])
            if name is not None:
                out.append(name)
                break
        at += size if name is not None else 1
        if name is None and plain[at - 1 : at].isspace():
            out.append(" ")
    return "".join(out).strip()


def spelled(piece: Piece, safe: Plain, sounds: Sequence[Pronounced]) -> tuple[str, list[Put]]:
    """The piece with phonemes in place of what `sounds`, places in the original, say; and where they were put."""
    text = piece.text.replace("[[", "[ ")
    out: list[str] = []
    puts: list[Put] = []
    at = length = run = 0
    for each in sounds:
        begin = bisect_left(safe.places, each.start, 0, len(safe.text)) - piece.at
        end = bisect_left(safe.places, each.end, 0, len(safe.text)) - piece.at
        name = mnemonics(each.ipa)
        if not (at <= begin < end <= len(text)) or not any(character in _VOWELS for character in each.ipa) or not name:
            continue
        between = text[at:begin]
        run = _longest(name) + (0 if any(map(str.isspace, between)) else run + len(between))
        if run > WORD:
            continue
        out += [between, f"[[{name}]]"]
        length += begin - at
        puts.append((length, length + len(name) + 4, begin, end))
        length, at = length + len(name) + 4, end
    return "".join([*out, text[at:]]), puts


def _longest(names: str) -> int:
    """Characters of the longest word; a phoneme has one or two."""
    return max(map(len, names.split()))


def written(puts: Sequence[Sequence[int]], at: int, length: int) -> tuple[int, int]:
    """The characters of the piece, (begin, length), for `length` characters from `at` of what was sent."""
    shift = 0
    for begin, end, first, last in puts:
        if at < begin:
            break
        if at < end:
            return first, last - first
        shift = end - last
    return at - shift, length
