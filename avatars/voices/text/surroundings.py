"""Which language a stretch of a text is in: numbers are read in that of what surrounds them."""

from __future__ import annotations

import re

from avatars.voices.text.edits import han

_SENTENCE = re.compile(r".+?(?:[。！？\n]+|[!?]+(?=\s|$)|$)", re.DOTALL)
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.'’:$€£%/-]*[A-Za-z0-9%.!?]")
_WORD = re.compile(r"(?<![^\s\"'(])[a-z]{2,}(?=[\s,.!?'’]|$)")
_LATIN = re.compile(r"[A-Za-z]{2,}")
READ = ("en", "zh")
"""The languages that have rules; a text in another one is left to its engine."""
PHRASE = 3
"""English words in a row, in small letters, that make an English phrase of a part of a Chinese sentence."""


def stretches(text: str, language: str) -> list[tuple[int, int, str]]:
    """The parts of `text` as (begin, end, tag) with the language that each is read in; the whole is in `language`."""
    tag = language.lower()
    primary = tag.split("-")[0]
    if primary not in READ:
        return []
    english = tag if primary == "en" else "en-us"
    chinese = tag if primary == "zh" else "zh"
    found: list[tuple[int, int, str]] = []
    for sentence in _SENTENCE.finditer(text):
        begin, end = sentence.span()
        if begin == end:
            continue
        if _chinese(sentence[0], primary):
            found += _mixed(text, begin, end, english, chinese)
        elif _LATIN.search(sentence[0]) and (primary == "en" or len(_WORD.findall(sentence[0])) >= PHRASE - 1):
            found.append((begin, end, english))
        else:
            found.append((begin, end, english if primary == "en" else chinese))
    return _joined(found)


def _joined(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Neighbours in one language as one."""
    out: list[tuple[int, int, str]] = []
    for begin, end, tag in found:
        if out and out[-1][2] == tag and out[-1][1] == begin:
            out[-1] = (out[-1][0], end, tag)
        else:
            out.append((begin, end, tag))
    return out


def _chinese(sentence: str, primary: str) -> bool:
    """Whether a sentence is Chinese: in an English text only where that outweighs the English in it."""
    characters = sum(han(each) for each in sentence)
    return characters > 0 and (primary == "zh" or characters > len(_LATIN.findall(sentence)))


def _mixed(text: str, begin: int, end: int, english: str, chinese: str) -> list[tuple[int, int, str]]:
    """A sentence with Chinese in it: English phrases apart, the rest is Chinese."""
    found, at = [], begin
    for run in _LATIN_RUN.finditer(text, begin, end):
        if len(_WORD.findall(run[0])) >= PHRASE:
            found += [(at, run.start(), chinese), (run.start(), run.end(), english)]
            at = run.end()
    return [each for each in (*found, (at, end, chinese)) if each[0] < each[1]]
