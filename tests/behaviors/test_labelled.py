"""Sentences that a person labelled: the rules give them a fitting action, or rightly none."""

from __future__ import annotations

import pytest

from behaviors.gestures import MOST, gestures
from runtime.bench.behavior.labelled import LANGUAGES, TARGET, Labelled, sentences, share


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_third_kept_aside_is_played_as_a_person_would(language: str) -> None:
    every = sentences(language)
    held = [each for each in every if each.held]
    assert len({each.text for each in every}) == len(every) >= 200
    assert len(every) / 4 < len(held) < len(every) / 2
    assert share(held) >= TARGET


def test_doing_nothing_or_always_the_same_does_not_pass() -> None:
    for language in LANGUAGES:
        every = sentences(language)
        assert sum(each.still for each in every) / len(every) < 0.4
        assert all(sum(action in each.right for each in every) / len(every) < 0.4 for action in ("nod", "index"))


def test_every_action_must_be_right_and_one_is_due_unless_stillness_is() -> None:
    shake = Labelled("No.", "en", frozenset(["shake"]), still=False)
    assert shake.accepts(["shake"])
    assert not shake.accepts([])
    assert not shake.accepts(["shake", "heart"])
    assert Labelled("It rains.", "en", frozenset(), still=True).accepts([])


@pytest.mark.parametrize("again", ["ty", "one ", "1,", "一", "两百", "不", "we really ", "or "])
def test_a_text_made_to_be_slow_is_read_through_all_the_same(again: str) -> None:
    """With patterns that backtrack without bound this does not end."""
    for language in LANGUAGES:
        assert len(gestures(again * (2_000 // len(again)), language)) <= MOST
