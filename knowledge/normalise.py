"""Text as matching sees it: one form for case, width, punctuation, repeats and Chinese script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_HAN = re.compile(f"[{HAN}]")
_APOSTROPHE = re.compile(r"(?<=\w)['\u2019\u02bc](?=\w)")
_NOT_WORD = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"([^\W\d])\1{2,}")
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")
_HIDDEN = {"Cf", "Cc", "Cs", "Co", "Cn"}


def normalise(text: str) -> str:
    """Lower-case words with one space between; simplified Chinese without spaces. Doing it twice changes nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        folded = "".join(each for each in folded if each.isspace() or unicodedata.category(each) not in _HIDDEN)
        if _HAN.search(folded):
            folded = folded.translate(_simplified())
        folded = unicodedata.normalize("NFKC", folded)
    words = _NOT_WORD.sub(" ", _APOSTROPHE.sub("", folded)).strip()
    words = _REPEATED.sub(r"\1\1", words)
    return _BETWEEN_HAN.sub("", words)


def has_han(text: str) -> bool:
    """Whether a Chinese character is in the text."""
    return _HAN.search(text) is not None


def opencc_version() -> str:
    """The version of the table by which Chinese is made simplified; `none` where it is not installed."""
    try:
        return version("opencc-python-reimplemented")
    except PackageNotFoundError:
        return "none"


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Traditional to simplified, by character: the table that opencc carries; empty where it is not installed."""
    found = find_spec("opencc")
    if found is None or found.origin is None:
        return {}
    table = Path(found.origin).parent / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return {ord(old): new.split()[0] for old, new in pairs if len(old) == 1}
