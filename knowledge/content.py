"""The words of a question that carry its matter, and how many of them a library has never used."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.chinese.features import topics
from knowledge.normalise import has_han, normalise

_FUNCTION_WORDS = """
    a an the is are was were be been am do does did can could may might will would shall should i you we he she it
    they me us my our your his her its their this that these those there here of in on at to for from with by and or
    but not no if so as than then what when where who which why how much many any some please tell know want need like
    get got have has had about into out up down just also ever only very too im id ive ill whats wheres whos okay ok
    let us lets possible guys
"""
_FUNCTION = frozenset(_FUNCTION_WORDS.split())
_ENDINGS = ("ing", "ers", "ies", "es", "ed", "er", "s", "e", "y")


def content(text: str) -> list[str]:
    """Stems of the words that carry the matter of a text; of Chinese, what the words mean."""
    plain = normalise(text)
    if has_han(plain):
        return topics(plain)
    return [_stem(word) for word in plain.split() if word not in _FUNCTION]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


class Vocabulary:
    """Every content word of the texts, with the number of texts it is in."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts: dict[str, int] = {}
        for text in texts:
            for word in set(content(text)):
                self._counts[word] = self._counts.get(word, 0) + 1

    def edited(self, gone: Iterable[str], come: Iterable[str]) -> Vocabulary:
        """The same without the texts `gone` and with those that have `come`."""
        found = Vocabulary(come)
        less = Vocabulary(gone)._counts
        counts = dict(self._counts)
        for word, count in found._counts.items():
            counts[word] = counts.get(word, 0) + count
        for word, count in less.items():
            counts[word] -= count
        found._counts = counts
        return found

    def strange(self, text: str, *, besides: int = 0) -> float:
        """The share of the text's content words in no more than `besides` of the texts, 0..1."""
        words = content(text)
        return sum(self._counts.get(word, 0) <= besides for word in words) / len(words) if words else 0.0
