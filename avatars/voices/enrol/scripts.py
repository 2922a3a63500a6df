"""What a person says to allow a synthetic copy of his voice, in four languages."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["zh", "en", "ja", "ko"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en", "ja", "ko")
SCRIPTS: Final[dict[Language, str]] = {
    "zh": "我是{speaker}，我同意{company}使用我的录音，制作并使用我的合成声音。",
    "en": (
        "My name is {speaker}, and I allow {company} to use recordings of my voice "
        "to make and use a synthetic copy of it."
    ),
    "ja": "私、{speaker}は、{company}が私の声の録音を使って合成音声を作り、利用することに同意します。",
    "ko": "저 {speaker}은 {company}이 제 목소리 녹음으로 합성 음성을 만들고 사용하는 것에 동의합니다.",
}
"""`{speaker}` and `{company}` stand where the names are said."""


def script(language: Language, speaker: str, company: str) -> str:
    """The sentence to be read aloud."""
    return SCRIPTS[language].format(speaker=speaker, company=company)


def language_of(tag: str) -> Language:
    """The script's language for a BCP-47 tag. Raises ValueError."""
    primary = tag.split("-")[0].lower()
    for each in LANGUAGES:
        if each == primary:
            return each
    raise ValueError(f"{tag!r} has no authorisation script; use one of: {', '.join(LANGUAGES)}")
