"""How words are said, in the phones of the English acoustic model: its dictionary, then letter rules."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

Pronunciations = dict[str, list[str]]
"""Word to one or more strings of phones (`"ow p ah n"` in capitals)."""

# Longest first; each spelling to the phones it most often stands for in names and loan words.
_RULES = {
    "tion": "SH AH N", "sion": "ZH AH N", "ough": "OW", "eigh": "EY", "augh": "AO", "tch": "CH", "sch": "SH",
    "igh": "AY", "eau": "OW", "dge": "JH", "que": "K", "ck": "K", "ch": "CH", "sh": "SH", "th": "TH", "ph": "F",
    "wh": "W", "qu": "K W", "ng": "NG", "gh": "G", "kn": "N", "wr": "R", "ee": "IY", "ea": "IY", "oo": "UW",
    "ou": "AW", "ow": "OW", "oa": "OW", "oi": "OY", "oy": "OY", "ai": "EY", "ay": "EY", "au": "AO", "aw": "AO",
    "ei": "AY", "ie": "IY", "ue": "UW", "ew": "UW", "ar": "AA R", "er": "ER", "ir": "ER", "or": "AO R", "ur": "ER",
    "ce": "S EH", "ci": "S IH", "cy": "S IY", "ge": "JH EH", "gi": "JH IH",
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH",
    "k": "K", "l": "L", "m": "M", "n": "N", "o": "OW", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH",
    "v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z",
}  # fmt: skip
_ENDINGS = {"'s": "Z", "s'": "Z", "es": "IH Z", "s": "Z", "ed": "D", "ing": "IH NG", "er": "ER", "ly": "L IY"}
_DROPS_E = {"ed", "ing", "er"}
_CONSONANTS = set("bcdfghjklmnpqrstvwxz")


def read_dictionary(path: Path) -> Pronunciations:
    """The pronouncing dictionary at `path`; `word(2)` is another way to say `word`."""
    known: Pronunciations = {}
    for line in path.read_text("utf-8").splitlines():
        word, _, phones = line.partition(" ")
        known.setdefault(word.partition("(")[0], []).append(phones.strip())
    return known


def pronounce(vocabulary: Iterable[str], known: Pronunciations) -> Pronunciations:
    """Pronunciations for the words of `vocabulary`; one that has no vowel and is not known is left out."""
    said: Pronunciations = {}
    for word in sorted(set(vocabulary)):
        if ways := known.get(word) or _derived(word, known) or _spelled(word):
            said[word] = ways
    return said


def _derived(word: str, known: Pronunciations) -> list[str]:
    """From a known word and its ending, or from the two known words that it joins."""
    for ending, phones in _ENDINGS.items():
        stem = word.removesuffix(ending)
        ways = known.get(stem) or (known.get(stem + "e") if ending in _DROPS_E else None)
        if stem != word and ways:
            return [f"{way} {phones}" for way in ways[:1]]
    for cut in range(len(word) - 3, 2, -1):
        if (first := known.get(word[:cut])) and (second := known.get(word[cut:])):
            return [f"{first[0]} {second[0]}"]
    return []


def _spelled(word: str) -> list[str]:
    if set(word) <= _CONSONANTS | {"'"}:
        return []
    phones, at = [], 0
    silent_e = len(word) > 3 and word[-1] == "e" and word[-2] in _CONSONANTS
    letters = word[:-1] if silent_e else word
    while at < len(letters):
        if at and letters[at] == letters[at - 1] and letters[at] in _CONSONANTS:
            at += 1
            continue
        size = next((size for size in (4, 3, 2, 1) if letters[at : at + size] in _RULES), 0)
        if size:
            phones.append(_RULES[letters[at : at + size]])
        at += size or 1
    return [" ".join(phones)]
