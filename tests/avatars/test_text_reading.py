"""What is written and how it is said: tables of both languages, and any text at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.voices.text import Claims, narration, read_aloud, reader
from avatars.voices.text.say_as import said_as

SPOKEN = Path(__file__).parents[1] / "data" / "spoken"


def said(text: str, language: str = "en-US") -> str:
    claims = Claims(len(text))
    read_aloud(text, language, claims)
    return narration(text, claims.edits).text


def table(language: str) -> list[tuple[str, str]]:
    rows = (SPOKEN / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    return [(written, spoken) for written, _, spoken in (row.partition("\t") for row in rows)]


@pytest.mark.parametrize(("written", "spoken"), table("en"))
def test_english_is_read_as_people_say_it(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(("written", "spoken"), table("zh"))
def test_chinese_is_read_as_people_say_it(written: str, spoken: str) -> None:
    assert said(written, "zh-CN") == spoken


def test_digits_of_another_script_are_numbers_too() -> None:
    assert said("𑛀个人，１２元", "zh-CN") == "零个人，十二元"
    assert said("٣ people", "en-US") == "three people"


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("en-US", "March fourth, twenty twenty-six"),
        ("en-GB", "the third of April, twenty twenty-six"),
        ("en-AU", "the third of April, twenty twenty-six"),
        ("zh", "二零二六年三月四日"),
        ("de", "3/4/2026"),
    ],
)
def test_the_order_of_a_date_is_that_of_the_language(language: str, spoken: str) -> None:
    assert said("3/4/2026", language) == spoken


def test_numbers_are_read_in_the_language_around_them() -> None:
    assert said("欢迎！We have 12 rooms.", "zh") == "欢迎！We have twelve rooms."
    assert said("The word 你好 has 2 characters.") == "The word 你好 has two characters."
    assert said("我买了iPhone 15。", "zh") == "我买了iPhone 十五。"
    assert said("我们有3件。", "en-US") == "我们有三件。"


def test_a_language_without_rules_is_left_as_it_is() -> None:
    assert said("Das kostet 1.299,00 Euro am 3.4.2026.", "de") == "Das kostet 1.299,00 Euro am 3.4.2026."
    assert said("午前9:30に開館", "ja") == "午前9:30に開館"


@pytest.mark.parametrize(
    ("language", "kind", "form", "text", "spoken"),
    [
        ("en-US", "cardinal", "", "12345", "twelve thousand three hundred and forty-five"),
        ("en-US", "ordinal", "", "3", "third"),
        ("en-US", "digits", "", "2026", "two zero two six"),
        ("en-US", "characters", "", "A-1b", "A, dash, one, B"),
        ("en-US", "spell-out", "", "Mia", "M, I, A"),
        ("en-US", "telephone", "", "5551234567", "five five five, one two three, four five six seven"),
        ("en-US", "date", "dmy", "1/2/2026", "February first, twenty twenty-six"),
        ("en-GB", "date", "mdy", "1/2/2026", "the second of January, twenty twenty-six"),
        ("en-US", "date", "yyyymmdd", "20261120", "November twentieth, twenty twenty-six"),
        ("en-US", "date", "ym", "2026-11", "November twenty twenty-six"),
        ("en-US", "date", "mdy", "13/45/2026", None),
        ("en-US", "date", "mdy", "soon", None),
        ("en-US", "time", "hms24", "9:05", "nine oh five"),
        ("en-US", "currency", "", "USD 5", "five US dollars"),
        ("en-US", "currency", "", "soon", None),
        ("en-US", "unit", "", "10 km", "ten kilometers"),
        ("en-US", "colour", "", "red", None),
        ("zh", "cardinal", "", "12345", "一万二千三百四十五"),
        ("zh", "ordinal", "", "3", "第三"),
        ("zh", "digits", "", "2026", "二零二六"),
        ("zh", "telephone", "", "13812345678", "幺三八，幺二三四，五六七八"),
        ("zh", "date", "ymd", "2026-11-20", "二零二六年十一月二十日"),
        ("zh", "currency", "", "¥128", "一百二十八元"),
        ("zh", "unit", "", "2km", "两公里"),
        ("zh", "characters", "", "A1", "A，一"),
    ],
)
def test_a_document_may_say_what_a_text_is(language: str, kind: str, form: str, text: str, spoken: str | None) -> None:
    assert said_as(reader(language), kind, form, text) == spoken


TEXTS = st.text(
    st.sampled_from(
        "0123456789.,:/-–~%$€¥£元万点年月日号 aAIVXkm°²@#&+=()'\"、。！?\n\t中文第No St Dr pm½ａ１\u0301\u200b🙂\ud83d"
    ),
    max_size=60,
)


@given(TEXTS | st.text(max_size=60), st.sampled_from(["en-US", "en-GB", "zh-CN", "fr"]))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_every_character_knows_its_place(text: str, language: str) -> None:
    claims = Claims(len(text))
    read_aloud(text, language, claims)
    read = narration(text, claims.edits)
    assert len(read.text) == len(read.spans)
    begins = [begin for begin, _ in read.spans]
    assert begins == sorted(begins)
    assert all(0 <= begin <= end <= len(text) for begin, end in read.spans)
    if language == "fr":
        assert read.text == text
    for (begin, end), character in zip(read.spans, read.text, strict=True):
        if end - begin == 1 and not any(each.begin == begin for each in claims.edits):
            assert text[begin] == character


@given(st.text(st.sampled_from("0123456789"), min_size=1, max_size=3_000))
@settings(max_examples=30, deadline=None)
def test_digits_are_never_left_to_the_voice_however_many(digits: str) -> None:
    for language in ("en-US", "zh"):
        assert not any(each.isdigit() for each in said(digits, language))
