"""The few lines that the product says on its own, by language."""

from __future__ import annotations

from collections.abc import Mapping

_Lines = Mapping[str, tuple[str, ...]]

_OFFER: _Lines = {
    "en": ("Did you mean one of these?", "Which of these can I help you with?"),
    "zh": ("您想问的是不是这些？", "您想了解下面哪一个？"),
}
_OFFER_ONE: _Lines = {"en": ("Is this what you mean?",), "zh": ("您想问的是这个吗？",)}
_REFUSAL: _Lines = {
    "en": ("I would rather not talk about that.", "Let us talk about something else."),
    "zh": ("这个话题我们换一个吧。", "这个我不方便说，聊点别的吧。"),
}
_DECLINED: _Lines = {
    "en": ("That is a subject I do not talk about.", "I keep out of that subject."),
    "zh": ("这个话题我不便谈论。", "抱歉，这方面我不发表看法。"),
}
_BLIND: _Lines = {
    "en": ("I cannot look at pictures. Please tell me in words what you would like to know.",),
    "zh": ("我看不了图片，请用文字告诉我您想了解什么。",),
}
_FILLERS: _Lines = {
    "en": ("Let me think.", "One moment, please.", "Let me see."),
    "zh": ("让我想想。", "请稍等一下。", "我看一下。"),
}

_SOMEBODY = {
    "en": "this viewer", "zh": "这位朋友", "ja": "こちらの方", "ko": "시청자님", "de": "unser Gast",
    "fr": "notre invité", "es": "nuestro invitado",
}  # fmt: skip


def _in(lines: _Lines, language: str) -> tuple[str, ...]:
    """The lines in a language; English where it is not known."""
    return lines.get(language.split("-")[0].lower(), lines["en"])


def offer(language: str, count: int) -> tuple[str, ...]:
    """Ways to offer `count` questions to choose from."""
    return _in(_OFFER_ONE if count == 1 else _OFFER, language)


def refusal(language: str) -> tuple[str, ...]:
    """Ways to pass over words that a review stopped."""
    return _in(_REFUSAL, language)


def somebody(language: str) -> str:
    """Whoever has a name that cannot be spoken."""
    return _SOMEBODY.get(language.split("-")[0].lower(), _SOMEBODY["en"])


def declined(language: str) -> tuple[str, ...]:
    """Ways to decline a subject."""
    return _in(_DECLINED, language)


def blind(language: str) -> str:
    """What is said to a picture where no language model takes any."""
    return _in(_BLIND, language)[0]


def fillers(language: str) -> tuple[str, ...]:
    """What bridges a long thought."""
    return _in(_FILLERS, language)


def own(language: str) -> tuple[str, ...]:
    """All of them in a language, so that they can be prepared."""
    every = (_OFFER_ONE, _OFFER, _REFUSAL, _DECLINED, _BLIND)
    return tuple(line for lines in every for line in _in(lines, language))
