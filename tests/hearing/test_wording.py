"""Text as it is spoken, and how unknown words are said."""

from __future__ import annotations

import pytest

from runtime.hearing.background import sentences as background
from runtime.hearing.sounds import pronounce
from runtime.hearing.wording import sentences, spell, words


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("What are your opening hours?", "what are your opening hours"),
        ("Tickets: €12.50, $3!", "tickets twelve euros fifty three dollars"),
        (
            "a season ticket costs $1,500 or €1,250.50",
            "a season ticket costs one thousand five hundred dollars or one thousand two hundred fifty euros fifty",
        ),
        ("from 9:30 to 17:05", "from nine thirty to seventeen oh five"),
        ("the 3rd, 21st and 30th", "the third twenty first and thirtieth"),
        ("built in 1912, opened 2026", "built in nineteen twelve opened twenty twenty six"),
        ("1,250 people, 4.5 km", "one thousand two hundred fifty people four point five km"),
        ("Café & bar: can’t", "cafe and bar can't"),
        ("100 % free", "one hundred percent free"),
        ("12345678901234567890", "one two three four five six seven eight nine zero " * 2),
        ("博物馆 👋", ""),
    ],
)
def test_text_is_spelled_out(written: str, spoken: str) -> None:
    assert words(written) == spoken.split()


def test_sentences_are_apart() -> None:
    assert sentences("Hello. Where is it?") == [["hello"], ["where", "is", "it"]]


def test_large_numbers() -> None:
    assert spell(1_000_215) == "one million two hundred fifteen"


def test_unknown_words_are_derived_or_spelled_and_marks_are_left_out() -> None:
    known = {"selfie": ["S EH L F IY"], "audio": ["AO D IY OW"], "guide": ["G AY D"]}
    said = pronounce(["selfies", "audioguide", "kandinsky", "xyz", "qrs"], known)
    assert said["selfies"] == ["S EH L F IY Z"]
    assert said["audioguide"] == ["AO D IY OW G AY D"]
    assert said["kandinsky"] == ["K AE N D IH N S K IY"]
    assert "qrs" not in said


def test_the_background_is_always_the_same_and_speakable() -> None:
    lines = background()
    assert lines == background()
    assert 4000 < len(lines) < 12000
    assert all(" ".join(words(line)) == line for line in lines)
