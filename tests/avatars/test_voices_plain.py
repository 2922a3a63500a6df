"""Text made safe to voice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatars.voices.plain import LIMIT, PIECE, pieces, plain


@pytest.mark.parametrize(
    ("text", "voiced"),
    [
        ("Hello there.", "Hello there."),
        ("a\x00b\x07c", "a b c"),
        ("good \u202eday\u202c", "good day"),
        ("mu\u00adse\u200bum", "museum"),
        ("a lone \ud800 half", "a lone   half"),
        ("I like 😀 tea 👨‍👩‍👧 and ☕️", "I like   tea     and  "),
        ("cafe\u0301", "café"),
        ("Ｒｏｏｍ １２", "Room 12"),
        ("你好，世界。", "你好，世界。"),
        ("three < five > two", "three < five > two"),
        ("20 °C, © us", "20 °C, © us"),
        ("well - known, e-mail -5", "well – known, e-mail -5"),
    ],
)
def test_only_what_can_be_voiced_is_left(text: str, voiced: str) -> None:
    assert plain(text).text == voiced


def test_markup_is_not_read_out() -> None:
    voiced = plain('<speak>Hello <break time="3s"/><b>you</b></speak> & <me').text
    assert voiced.split() == ["Hello", "you", "&", "<me"]


@given(st.text())
def test_every_character_kept_knows_its_place(text: str) -> None:
    safe = plain(text)
    assert len(safe.places) == len(safe.text) + 1
    assert list(safe.places) == sorted(safe.places)
    for at in range(len(safe.text)):
        begin, end = safe.span(at, 1)
        assert 0 <= begin < end <= len(text)


def test_a_span_comes_back_in_the_original() -> None:
    text = "A 😀𠀀 mu\u00adseum"
    safe = plain(text)
    begin, end = safe.span(safe.text.index("museum"), 6)
    assert text[begin:end] == "mu\u00adseum"
    begin, end = safe.span(safe.text.index("𠀀"), 1)
    assert text[begin:end] == "𠀀"


def test_a_span_outside_the_text_is_kept_within_it() -> None:
    assert plain("abc").span(1, 99) == (1, 3)
    assert plain("abc").span(99, 1) == (3, 3)
    assert plain("").span(0, 1) == (0, 0)


def test_a_short_text_is_one_piece() -> None:
    assert [(p.text, p.at, p.pause_ms) for p in pieces("One. Two!")] == [("One. Two!", 0, 0)]


@given(st.text(alphabet="ab .,。，！三😀\n", max_size=200), st.integers(5, 40))
def test_pieces_lose_no_word(text: str, longest: int) -> None:
    found = pieces(text, longest)
    assert all(text[p.at : p.at + len(p.text)] == p.text and len(p.text) <= longest for p in found)
    spoken = "".join(c for p in found for c in p.text if c.isalnum())
    assert spoken == "".join(c for c in text if c.isalnum())


def test_a_text_is_cut_where_a_voice_would_pause() -> None:
    assert [(p.text, p.pause_ms) for p in pieces("It is five. We close, now we go", 16)] == [
        ("It is five.", 300),
        (" We close, ", 150),
        ("now we go", 0),
    ]
    assert [p.text for p in pieces("It is 5,000 and so", 12)] == ["It is 5,000 ", "and so"]
    assert [p.text for p in pieces("现在五点。我们关门了。再见", 8)] == ["现在五点。", "我们关门了。再见"]


def test_a_text_without_end_has_one() -> None:
    found = pieces(plain("a" * 2 * LIMIT).text)
    assert len(found) == LIMIT // PIECE + 1


@pytest.mark.parametrize("text", ["", " \n", "...", "。！？", "😀", "\ud800", "<b></b>"])
def test_nothing_to_say_is_no_piece(text: str) -> None:
    assert pieces(plain(text).text) == []
