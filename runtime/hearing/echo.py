"""Whether what was heard is the avatar's own voice, come back through the room."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

_TAIL_S = 1.5
_ALIKE = 80.0
_FEW = 2


class Echo:
    """Knows what the avatar is saying, and what it said a moment ago. Times are seconds of any one clock."""

    def __init__(self) -> None:
        self._said: list[tuple[str, float]] = []
        self._saying = ""

    def saying(self, text: str | None, now: float) -> None:
        """The avatar begins to say `text`, or with None falls silent."""
        if self._saying:
            self._said = [(old, until) for old, until in self._said if until > now]
            self._said.append((self._saying, now + _TAIL_S))
        self._saying = _plain(text or "")

    def contains(self, words: str, began: float) -> bool:
        """Whether `words`, heard since `began`, are likely a piece of it, misheard ones included.

        One or two words count only if they stand in it exactly.
        """
        heard = _plain(words)
        voiced = [said for said, until in self._said if began < until]
        if self._saying:
            voiced.append(self._saying)
        own = " ".join(voiced)
        if not heard or not own:
            return False
        if _units(heard) <= _FEW:
            return re.search(rf"(?<![a-z0-9']){re.escape(heard)}(?![a-z0-9'])", own) is not None
        return len(heard) <= len(own) * 1.2 and fuzz.partial_ratio(heard, own) >= _ALIKE


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+(?:'\w+)?", text.lower().replace("’", "'")))


def _units(text: str) -> int:
    """Words, and each Chinese, Japanese or Korean character as half a word."""
    wide = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text))
    return (wide + 1) // 2 if wide else len(text.split())
