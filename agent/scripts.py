"""Whether a text is written in the script of a language."""

from __future__ import annotations

import unicodedata

_SCRIPTS = {
    "zh": ("CJK",),
    "ja": ("CJK", "HIRAGANA", "KATAKANA"),
    "ko": ("HANGUL", "CJK"),
    **dict.fromkeys(("ru", "uk", "bg", "sr", "be", "mk", "kk"), ("CYRILLIC",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("ARABIC",)),
    "he": ("HEBREW",),
    "el": ("GREEK",),
    "th": ("THAI",),
    **dict.fromkeys(("hi", "mr", "ne"), ("DEVANAGARI",)),
}
_DENSE = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")
_FEW = 6
"""So few letters, as of a name, tell nothing."""


def foreign(text: str, language: str) -> bool:
    """Whether most of `text` is in a script that `language` is not written in."""
    wanted = _SCRIPTS.get(language.split("-")[0].lower(), ("LATIN",))
    own = others = 0
    for character in text:
        if character.isalpha():
            script = unicodedata.name(character, "").split(" ")[0].split("-")[0]
            weight = 3 if script in _DENSE else 1
            if script in wanted:
                own += weight
            else:
                others += weight
    return others >= _FEW and own < others / 2
