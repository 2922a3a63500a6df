"""Text as a review sees it: one form for case, width, accents, look-alikes, hidden characters and Chinese script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from agent.review.letters import CONFUSABLES, HALVES, LEET
from knowledge.normalise import HAN, normalise

HAN_CHARACTER = re.compile(f"[{HAN}]")
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff\x00-\x08\x0e-\x1f\x7f]"
)
_ACCENTS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
_STOPS = str.maketrans(dict.fromkeys("，。！？；：、…", "\n"))
"""Full-width punctuation ends what belongs together; a sign of any other kind may have been put between."""
_APOSTROPHE = re.compile(r"(?<=[^\W_])['\u2019\u02bc`](?=[^\W_])")
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])(?:[^\w\n]|_)+(?=[{HAN}])")
_NOT_WORD = re.compile(r"[\W_]+")
_LEET = re.compile(r"[a-z][0-9@$!|+€£¥¡(]|[0-9@$!|+€£¥¡(][a-z]")
_TOKEN = re.compile(r"[a-z0-9@$!|+€£¥¡(]{2,}")
_HALVES = re.compile("|".join(HALVES))


def fold(text: str) -> str:
    """Lower-case letters without accents and look-alikes; signs stay. About as long as `text`."""
    text = _HIDDEN.sub("", text)
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.translate(_STOPS)).casefold()
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", text)).translate(CONFUSABLES)
    if HAN_CHARACTER.search(text):
        text = HAN_CHARACTER.sub(lambda found: _simple(found.group()), text)
    return text


@lru_cache(maxsize=32_768)
def _simple(character: str) -> str:
    """The simplified form of a Chinese character."""
    return normalise(character) or character


def words(folded: str) -> str:
    """Folded text with one space between words, none between Chinese characters that signs keep apart."""
    folded = _APOSTROPHE.sub("", folded)
    if not folded.isascii():
        folded = _BETWEEN_HAN.sub("", folded)
    return _NOT_WORD.sub(" ", folded).strip()


def whole(text: str) -> str:
    """Text whose Chinese characters in two halves are put together."""
    return _HALVES.sub(lambda found: HALVES[found.group()], text)


def unleet(folded: str) -> str | None:
    """Folded text in which digits and signs within words are the letters they stand for; None where there are none.

    A word of more digits than letters is a number, not a word.
    """
    if _LEET.search(folded) is None:
        return None
    return _TOKEN.sub(_read, folded)


_ONE_I = {ord("l"): "i"}


def one_i(text: str) -> str:
    """`text` with `i` and `l` made one, as the digit 1 may stand for either."""
    return text.translate(_ONE_I)


def _read(found: re.Match[str]) -> str:
    token = found.group().rstrip("!|+(")
    digits = sum(map(str.isdigit, token))
    letters = sum(map(str.isalpha, token))
    if (
        letters == len(token)
        or digits > letters
        or (digits == letters and digits < 2)
        or (len(token) < 4 and digits * 2 > letters)
    ):
        return found.group()
    return token.translate(LEET) + " "
