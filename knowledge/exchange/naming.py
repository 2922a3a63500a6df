"""Ids for what comes without one: the first words of its text, in ASCII, Chinese by its sounds."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container

from knowledge.normalise import has_han

LENGTH = 40


def identifier(text: str, taken: Container[str] = ()) -> str:
    """An id made of a text's first words that is not taken; the same text gives the same id."""
    base = slug(text)
    if not base:
        base = "q-" + hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest()
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def slug(text: str) -> str:
    """Lower-case ASCII words with hyphens between, of at most 40 characters; empty where none can be made."""
    words = unicodedata.normalize("NFKC", text)
    if has_han(words):
        from pypinyin import lazy_pinyin

        words = " ".join(lazy_pinyin(words))
    words = unicodedata.normalize("NFKD", words.replace("'", "").replace("’", "").lower())
    plain = "-".join(re.findall(r"[a-z0-9]+", words.encode("ascii", "ignore").decode()))
    if len(plain) <= LENGTH:
        return plain
    return plain[:LENGTH].rsplit("-", 1)[0] if "-" in plain[:LENGTH] else plain[:LENGTH]
