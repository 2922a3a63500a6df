"""Who allows a voice to be copied: the script, its names, who speaks, who approves."""

from __future__ import annotations

import pytest

from avatars.voices.enrol.consent import Heard, decide
from avatars.voices.enrol.scripts import LANGUAGES, Language, language_of, script
from avatars.voices.enrol.wording import compared

USE = "to use recordings of my voice to make and use a synthetic copy of it"
PEOPLE: dict[Language, tuple[str, str, str, str]] = {
    "en": ("Mia Chen", "Acme Robots", "John Smith", "Global Bank"),
    "zh": ("王芳", "星河科技", "李强", "东方银行"),
    "ja": ("田中花子", "株式会社ひかり", "山本太郎", "みらい銀行"),
    "ko": ("김민지", "한빛전자", "박서준", "미래은행"),
}


def verdict(language: Language, heard: str) -> str:
    speaker, company, *_ = PEOPLE[language]
    return compared(heard, language, speaker, company).verdict


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_with_its_own_names_is_right_and_with_others_wrong(language: Language) -> None:
    speaker, company, other, firm = PEOPLE[language]
    assert verdict(language, script(language, speaker, company)) == "right"
    assert verdict(language, script(language, other, company)) == "wrong"
    assert verdict(language, script(language, speaker, firm)) == "wrong"
    assert verdict(language, script(language, company, speaker)) == "wrong"
    assert verdict(language, "") == "wrong"


@pytest.mark.parametrize(
    ("language", "heard", "wanted"),
    [
        ("en", f"MY NAME IS MIA CHAN AND I ALLOW ACME ROBOT {USE.upper()}", "right"),
        ("en", f"um, my name is Mia Chen, and uh, I allow Acme Robots {USE}", "right"),
        ("en", f"My name is Mia Chen, and I do not allow Acme Robots {USE}.", "wrong"),
        ("en", "My name is Mia Chen, and I allow Acme Robots to use recordings.", "unsure"),
        ("en", "The weather is fine today, and we are going to the lake.", "wrong"),
        ("zh", "我是王方我同意星合科技使用我的录音制作并使用我的合成声音", "right"),
        ("zh", "我是王芳，我不同意星河科技使用我的录音，制作并使用我的合成声音。", "wrong"),
        ("zh", "我是王芳，我同意银河科技使用我的录音，制作并使用我的合成声音。", "unsure"),
        ("ko", script("ko", *PEOPLE["ko"][:2]).replace("동의합니다", "동의하지 않습니다"), "wrong"),
        ("ja", script("ja", *PEOPLE["ja"][:2]).replace("します", "しません"), "wrong"),
    ],
)  # fmt: skip
def test_a_recogniser_s_spelling_is_forgiven_and_another_sense_is_not(
    language: Language, heard: str, wanted: str
) -> None:
    assert verdict(language, heard) == wanted


def test_a_name_that_holds_a_denial_takes_nothing_back() -> None:
    assert compared(script("zh", "莫言", "否极科技"), "zh", "莫言", "否极科技").verdict == "right"


def decision(similarity: float, heard: Heard | None) -> str:
    return decide(similarity, 0.75, heard, "en", "Mia Chen", "Acme Robots").verdict


def test_who_may_approve() -> None:
    right, wrong = script("en", "Mia Chen", "Acme Robots"), "nine o'clock in the morning"
    assert decision(0.9, Heard(right, "faster-whisper", full=True)) == "approved"
    assert decision(0.9, Heard(wrong, "faster-whisper", full=True)) == "refused"
    assert decision(0.9, Heard(right, "pocketsphinx", full=False)) == "queued"
    assert decision(0.9, Heard(wrong, "pocketsphinx", full=False)) == "refused"
    assert decision(0.9, None) == "queued"


def test_another_voice_is_refused_whatever_it_says() -> None:
    right = script("en", "Mia Chen", "Acme Robots")
    assert decision(0.7, Heard(right, "faster-whisper", full=True)) == "refused"
    assert decision(0.7, None) == "refused"


def test_a_language_without_a_script_is_named() -> None:
    assert language_of("zh-CN") == "zh"
    with pytest.raises(ValueError, match="'fr' has no authorisation script"):
        language_of("fr")
