from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.content import Vocabulary, content
from knowledge.ngrams import TfIdf
from knowledge.normalise import normalise


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("What's the  TIME?!", "whats the time"),
        ("What\u2019s the time", "whats the time"),
        ("ＡＢＣ，１２３", "abc 123"),
        ("哈哈哈哈", "哈哈"),
        ("sooooo good", "soo good"),
        ("call 10000", "call 10000"),
        ("請問 幾點 開門？", "请问几点开门"),
        ("我要 two 杯茶", "我要 two 杯茶"),
        ("Straße", "strasse"),
        ("a\u200bb\u202ec", "abc"),
        ("🙂 ok 🙂", "ok"),
        ("...", ""),
        ("\ud800", ""),
    ],
)
def test_one_form_for_case_width_punctuation_repeats_and_script(text, plain):
    assert normalise(text) == plain


@given(st.text(max_size=60))
def test_doing_it_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_content_words_carry_the_matter():
    assert content("Where are the lockers, please?") == ["lock"]
    assert content("请问停车位在哪里") == ["parking"]


def test_words_a_library_never_used_are_strange():
    vocabulary = Vocabulary(["Where is the café?", "Do you sell tickets?"])
    assert vocabulary.strange("Is there a café?") == 0
    assert vocabulary.strange("Do you sell shoes?") == 0.5
    assert vocabulary.strange("???") == 0


def test_a_text_is_most_like_itself():
    texts = ["When do you open?", "Where is the café?", "你们几点开门？"]
    for row, text in enumerate(texts):
        scores = TfIdf(texts).scores(text)
        assert scores.argmax() == row
        assert scores[row] == pytest.approx(1, abs=1e-5)
    assert TfIdf(texts).scores("xyz").max() == 0
    assert TfIdf([]).scores("xyz").shape == (0,)
