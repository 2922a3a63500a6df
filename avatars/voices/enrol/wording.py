"""Does what was heard say what the script says, with these names in these places?

English is compared by words, the names by letters; Chinese by syllables without tones, as a recogniser that hears right
may write another character of the same sound; Japanese and Korean by characters. The script is laid over what was heard
by least edits, so a name that stands in another's place is compared with the name that belongs there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pypinyin import Style, lazy_pinyin
from rapidfuzz.distance import Indel, Levenshtein

from avatars.voices.enrol.scripts import SCRIPTS, Language

RIGHT, WRONG = 0.82, 0.6
"""Likeness of the sentence from which it is the script, and under which it is another text."""
NAME_RIGHT, NAME_WRONG = 0.8, 0.6
"""The same of a name; in between a person has to listen."""
_DENIALS: Final[dict[Language, frozenset[str]]] = {
    "en": frozenset({"not", "never", "no", "dont", "cannot", "cant", "wont", "refuse", "disagree", "deny", "forbid"}),
    "zh": frozenset("不没别勿拒非否莫"),
    "ja": frozenset({"ない", "ません", "拒否", "反対", "禁止"}),
    "ko": frozenset({"않", "못", "아니", "거부", "반대", "안 "}),
}
_SOFT: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of the script was heard, 0 to 1, and whether its sense was turned round."""

    sentence: float
    speaker: float
    company: float
    denied: bool

    @property
    def verdict(self) -> str:
        """`right`, `wrong`, or `unsure`, which a person has to settle."""
        names = min(self.speaker, self.company)
        if self.denied or self.sentence < WRONG or names < NAME_WRONG:
            return "wrong"
        return "right" if self.sentence >= RIGHT and names >= NAME_RIGHT else "unsure"


def compared(heard: str, language: Language, speaker: str, company: str) -> Likeness:
    """The script with these names against what was heard."""
    before, between, after = _fixed(language)
    parts = [_units(each, language) for each in (before, speaker, between, company, after)]
    said = _units(heard, language)
    wanted = [unit for part in parts for unit in part]
    edges = [0]
    for part in parts:
        edges.append(edges[-1] + len(part))
    places = _laid(wanted, said)
    found = [said[places[a] : places[b]] for a, b in pairwise(edges)]
    fixed = [unit for index in (0, 2, 4) for unit in parts[index]]
    heard_fixed = [unit for index in (0, 2, 4) for unit in found[index]]
    return Likeness(
        Indel.normalized_similarity(fixed, heard_fixed),
        _names(parts[1], found[1], language),
        _names(parts[3], found[3], language),
        _denied(heard, speaker + company, language),
    )


def _fixed(language: Language) -> tuple[str, str, str]:
    before, _, rest = SCRIPTS[language].partition("{speaker}")
    between, _, after = rest.partition("{company}")
    return before, between, after


def _laid(wanted: list[str], said: list[str]) -> list[int]:
    """For each place between wanted units the place in what was said; what was inserted belongs to the unit before."""
    places = [0] * (len(wanted) + 1)
    for each in Levenshtein.opcodes(wanted, said):
        for at in range(each.src_start, each.src_end):
            share = (at - each.src_start) / max(each.src_end - each.src_start, 1)
            places[at] = each.dest_start + round(share * (each.dest_end - each.dest_start))
    places[len(wanted)] = len(said)
    return places


def _units(text: str, language: Language) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"['’]", "", plain)
    if language == "en":
        folded = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
        return re.findall(r"\w+", folded)
    if language == "zh":
        characters = re.sub(r"[\W_]+", "", plain)
        syllables = lazy_pinyin(characters, style=Style.NORMAL, errors=_each)  # type: ignore[arg-type]
        return [_softened(each) for each in syllables]
    if language == "ko":
        plain = unicodedata.normalize("NFD", plain)
    return list(re.sub(r"[\W_]+", "", plain))


def _each(rest: str) -> list[str]:
    """What is no Chinese, character by character."""
    return list(rest)


def _softened(syllable: str) -> str:
    """A syllable without the differences that speakers of the south do not make."""
    for hard, soft in _SOFT:
        if syllable.startswith(hard):
            syllable = soft + syllable[2:]
    return syllable[:-1] if syllable.endswith("ng") else syllable


def _names(wanted: list[str], heard: list[str], language: Language) -> float:
    """A name by its letters, however it was parted; in Chinese by its syllables, which are few."""
    if language == "zh":
        return Indel.normalized_similarity(wanted, heard) if heard else 0.0
    return Indel.normalized_similarity("".join(wanted), "".join(heard)) if heard else 0.0


def _denied(heard: str, names: str, language: Language) -> bool:
    """Whether a word is there that takes back what is said, and that no name and not the script itself holds."""
    words, text = _DENIALS[language], unicodedata.normalize("NFKC", heard).casefold()
    allowed = unicodedata.normalize("NFKC", names + SCRIPTS[language]).casefold()
    if language == "en":
        said, known = set(_units(text, "en")), set(_units(allowed, "en"))
        return bool((said - known) & words)
    return any(word in text and word not in allowed for word in words)
