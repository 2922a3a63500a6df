"""Everyday words of one meaning, as the data files beside this module list them.

A line is a concept and its words; `price.free` is a kind of `price`; `-` marks words that frame a question and carry
nothing; `q.` begins kinds of question. In `contrasts.txt` each line names two concepts that exclude each other, in
`kinds.txt` a concept and others that are kinds of it. `english*.txt` hold words with what each is in English: those in
no other list that are the same in English are of one meaning, unless two listed words make them up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from knowledge.normalise import normalise

RELATIONS = ("contrasts.txt", "kinds.txt", "meanings.txt")
ENGLISH = "english"
"""How the names of the files begin that tell words in English."""
FRAME = "-"


class Lexicon(NamedTuple):
    """`concepts` of each word, `opposites` of concepts, and the `broader` ones of which a concept is a kind."""

    concepts: Mapping[str, tuple[str, ...]]
    opposites: Mapping[str, str]
    broader: Mapping[str, tuple[str, ...]]
    longest: int


class Piece(NamedTuple):
    """A stretch of a text: a known word with its concepts, or one unknown character or foreign word."""

    text: str
    concepts: tuple[str, ...]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lexicon, read once."""
    found: dict[str, dict[str, None]] = {}
    for name in _topics():
        for concept, *words in lines(name):
            for word in words:
                found.setdefault(normalise(word.replace("_", " ")), {})[concept] = None
    opposites = {other: one for one, other in lines("contrasts.txt")}
    listed = {word: tuple(each) for word, each in found.items()}
    for word, same in _translated():
        found.setdefault(word, dict.fromkeys(_halves(word, listed) or same))
    concepts = {word: tuple(each) for word, each in found.items() if word}
    every = {each for word in concepts.values() for each in word}
    return Lexicon(concepts, opposites, _broader(every), max(map(len, concepts)))


def _broader(concepts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for concept in concepts:
        parts = concept.split(".")[:-1]
        found[concept] = dict.fromkeys(".".join(parts[: depth + 1]) for depth in range(len(parts)))
    for kind, *narrower in lines("kinds.txt"):
        for concept in narrower:
            found.setdefault(concept, {})[kind] = None
    return {concept: tuple(each for each in kinds if each != concept) for concept, kinds in found.items()}


@lru_cache(maxsize=1)
def glosses() -> Mapping[str, str]:
    """What words and single characters are in English."""
    found: dict[str, str] = {}
    for entry in (each for name in _english() for line in lines(name) for each in line):
        size = next((at for at, letter in enumerate(entry) if letter.isascii()), len(entry))
        found.setdefault(entry[:size], entry[size:].replace("_", " "))
    return found


def written() -> bytes:
    """The data files as they are: what decides, with the code, which features a text gets."""
    return b"\n".join((files(__package__) / each).read_bytes() for each in (*_topics(), *_english(), *RELATIONS))


def pieces(plain: str) -> list[Piece]:
    """A normalised text cut so that long words win; spaces fall away."""
    known = lexicon()
    size = len(plain)
    worth, step = [0] * (size + 1), [1] * (size + 1)
    for at in range(size - 1, -1, -1):
        worth[at] = worth[at + 1]
        if not _begins(plain, at):
            continue
        for length in range(1, min(known.longest, size - at) + 1):
            if plain[at : at + length] in known.concepts and _ends(plain, at + length):
                gain = length * length + worth[at + length]
                if gain >= worth[at]:
                    worth[at], step[at] = gain, length
    return list(_cut(plain, step, known))


def _cut(plain: str, step: list[int], known: Lexicon) -> Iterator[Piece]:
    at = 0
    while at < len(plain):
        end = at + step[at]
        word = plain[at:end]
        if word not in known.concepts and _latin(word):
            while end < len(plain) and _latin(plain[end]):
                end += 1
            word = plain[at:end]
        if not word.isspace():
            yield Piece(word, known.concepts.get(word, ()))
        at = end


def _begins(plain: str, at: int) -> bool:
    return at == 0 or not (_latin(plain[at - 1]) and _latin(plain[at]))


def _ends(plain: str, at: int) -> bool:
    return at == len(plain) or not (_latin(plain[at - 1]) and _latin(plain[at]))


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _translated() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Words of two characters and more that have an English meaning, and its concept where others have the same."""
    words = {word: gloss for word, gloss in glosses().items() if len(word) > 1}
    spread = Counter(words.values())
    for word, gloss in words.items():
        yield normalise(word), (f"en:{gloss}",) if spread[gloss] > 1 else ()


def _halves(word: str, listed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The concepts of two listed words of two characters and more that the word is made of."""
    for at in range(2, len(word) - 1):
        if word[:at] in listed and word[at:] in listed:
            return (*listed[word[:at]], *listed[word[at:]])
    return ()


def _english() -> list[str]:
    return [each for each in _files() if each.startswith(ENGLISH)]


def _topics() -> list[str]:
    return [each for each in _files() if not each.startswith(ENGLISH) and each not in RELATIONS]


def _files() -> list[str]:
    return sorted(each.name for each in files(__package__).iterdir() if each.name.endswith(".txt"))


def lines(name: str) -> list[list[str]]:
    """The words of each line of a data file beside this module, without its remarks."""
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
