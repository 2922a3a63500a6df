"""The stage directions in a model's text: `[happy]`, `[action:wave]`, `[2]`; also in 【】 and half written.

They are taken out before anything is voiced or shown, also when they arrive split over chunks. What looks
like one but names nothing known (`[excitedly]`, `[pose:proud]`) is taken out as well; a bracket with a capital, a
number, a space or more in it is text (`[Louvre]`). Of a link in Markdown its words stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from visavis.words import ACTIONS, Emotion

LONGEST = 32
LINKED = 200
"""The longest text and the longest address of a link."""
_OPEN = re.compile(r"!?\[|【")
_TARGET = re.compile(r"\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)")
_OPEN_TARGET = re.compile(
    rf"(?:\((?:[^()\s]|\([^()\s]*\)){{0,{LINKED}}}(?:\([^()\s]{{0,{LINKED}}})?(?:\s+(?:\"[^\"\n]*\"?)?)?)?"
)
"""What may become one."""
_BROKEN = re.compile(r"[\[【\n]")
_UNCLOSED = re.compile(r"[\[【]([^\W\d]+(?::\w+)?)(?=[,，:：]?[^\S\n]+[^\W\d_])")
_CITED = re.compile(r"(?:(?:sources?|passages?|refs?|来源|资料)\s*[:：]?\s*)?\^?(\d{1,3}(?:\s*[,;、，]\s*\d{1,3})*)")
_UNKNOWN = re.compile(rf"(?=.{{1,{LONGEST - 2}}}\Z)[^\W\d]*(?:-[^\W\d]+)*(?:[:：][\w-]*)?")
"""A word, or a kind with its value: in small letters that can only be a direction."""
_MEANT = {
    "joy": Emotion.HAPPY, "excited": Emotion.HAPPY, "smile": Emotion.HAPPY, "开心": Emotion.HAPPY,
    "高兴": Emotion.HAPPY, "sadness": Emotion.SAD,
    "难过": Emotion.SAD, "surprise": Emotion.SURPRISED, "惊讶": Emotion.SURPRISED,
    "apology": Emotion.SORRY, "apologetic": Emotion.SORRY, "抱歉": Emotion.SORRY,
    "serious": Emotion.CALM, "平静": Emotion.CALM, "smiling": Emotion.HAPPY, "cheerful": Emotion.HAPPY,
    "friendly": Emotion.HAPPY, "微笑": Emotion.HAPPY, "快乐": Emotion.HAPPY, "兴奋": Emotion.HAPPY,
    "laughs": Emotion.HAPPY,
    "伤心": Emotion.SAD, "悲伤": Emotion.SAD, "sympathetic": Emotion.SORRY, "歉意": Emotion.SORRY,
    "吃惊": Emotion.SURPRISED,
    "surprising": Emotion.SURPRISED, "gentle": Emotion.CALM, "concerned": Emotion.CALM, "reassuring": Emotion.CALM,
    "angry": Emotion.CALM, "anger": Emotion.CALM, "生气": Emotion.CALM, "愤怒": Emotion.CALM, "严肃": Emotion.CALM,
    "温柔": Emotion.CALM, "中性": Emotion.NEUTRAL, "normal": Emotion.NEUTRAL,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tag:
    """One direction; `name` is an emotion, an action's id or a passage's number."""

    kind: Literal["emotion", "action", "citation"]
    name: str


class TagFilter:
    """Takes text in chunks of any size; gives back text free of tags, and the tags in their places."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> list[str | Tag]:
        return self._drain(self._held + text, final=False)

    def end(self) -> list[str | Tag]:
        """What was held back."""
        return self._drain(self._held, final=True)

    def _drain(self, text: str, *, final: bool) -> list[str | Tag]:
        self._held = ""
        parts: list[str | Tag] = []
        while found := _OPEN.search(text):
            parts.append(text[: found.start()])
            text = text[found.start() :]
            read = _bracket(text, final=final)
            if read is None:
                self._held = text
                return _joined(parts)
            length, meant = read
            parts += meant
            text = text[length:]
        if text.endswith("!") and not final:
            text, self._held = text[:-1], "!"
        return _joined([*parts, text])


def _bracket(text: str, *, final: bool) -> tuple[int, tuple[str | Tag, ...]] | None:
    """How much of `text` the bracket at its start takes, and what it is; None while that is unknown."""
    start = 2 if text[0] == "!" else 1
    begun = _UNCLOSED.match(text, start - 1)
    if begun and (known := meaning(begun[1])):
        return begun.end(), known
    close = re.compile("】|\\]" if text[0] == "【" else "\\]").search(text, start)
    inner = text[start : close.start()] if close else text[start:]
    if _BROKEN.search(inner) or len(inner) > LINKED:
        return start, (text[:start],)
    if close is None:
        return _cut_short(text, start) if final else None
    return _closed(text, inner, close.end(), final=final)


def _closed(text: str, inner: str, after: int, *, final: bool) -> tuple[int, tuple[str | Tag, ...]] | None:
    """The same for a bracket that ends at `after`: a direction, a link, or text."""
    wide, image = text[0] == "【", text[0] == "!"
    known = meaning(inner)
    if not wide and not final and _OPEN_TARGET.fullmatch(text, after):
        return None
    if not wide and (target := _TARGET.match(text, after, after + LINKED)):
        return target.end(), known or (() if image else (inner,))
    unknown = _UNKNOWN.fullmatch(inner) and inner == inner.lower() and (not wide or inner.isascii())
    if known or unknown:
        return after, (*(("!",) if image else ()), *known)
    return after, (text[:after],)


def _cut_short(text: str, start: int) -> tuple[int, tuple[str | Tag, ...]]:
    """The last bracket of a text that ends before it is closed."""
    if re.fullmatch(r"[\w:]+", text[start:]):
        return len(text), meaning(text[start:]) if text[start:].isalpha() else ()
    return start, (text[:start],)


def _joined(parts: list[str | Tag]) -> list[str | Tag]:
    return [part for part in parts if part]


def meaning(name: str) -> tuple[Tag, ...]:
    """The direction that a bracket's content gives; none when it names nothing known."""
    name = name.strip()
    if cited := _CITED.fullmatch(name.lower()):
        return tuple(Tag("citation", str(int(number))) for number in re.findall(r"\d+", cited[1]))
    kind, _, value = re.sub(r"\s*[:：]\s*", ":", name.lower()).rpartition(":")
    if kind in ("action", "gesture", "动作", "手势") or (not kind and value in ACTIONS):
        return (Tag("action", value),) if value in ACTIONS else ()
    if kind in ("emotion", "mood", "情绪", "表情", ""):
        label = value if value in list(Emotion) else _MEANT.get(value)
        return (Tag("emotion", str(label)),) if label else ()
    return ()
