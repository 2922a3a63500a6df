"""How sentences are played: which action at which word, and with what feeling."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behaviors.backchannel import is_backchannel
from behaviors.direction import direct
from behaviors.emotion import feel
from behaviors.gestures import APART_S, seconds
from knowledge.library import load_file
from visavis.words import ACTIONS, Emotion

SHIPPED = sorted((Path(__file__).parents[2] / "configs" / "knowledge").glob("*.yaml"))
POINTING = ("present_left", "present_right")


def played(text: str, language: str) -> list[tuple[str, str]]:
    """Each action with the word that it begins at."""
    _, cues = direct(text, language)
    return [
        (cue.name, text[cue.at :].split(" ")[0].strip(".,!?") if language == "en" else text[cue.at]) for cue in cues
    ]


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("Hello!", [("wave", "Hello")]),
        ("Goodbye, and come back soon!", [("wave", "Goodbye")]),
        ("Hello, and welcome to the museum.", [("wave", "Hello")]),
        ("Welcome to the museum!", [("welcome_both", "Welcome")]),
        ("Welcome back!", [("welcome_both", "Welcome")]),
        ("You're welcome.", [("nod", "You're")]),
        ("Drawing is welcome.", []),
        ("The restrooms are on your left.", [("present_right", "left")]),
        ("The shop is by the exit on the right.", [("present_left", "right")]),
        ("All right, right now, or whatever is left.", []),
        ("Go straight ahead.", [("forward_right", "ahead")]),
        ("It is on the third floor.", [("up_right", "third")]),
        ("A ticket is forty-five euros.", [("index", "forty-five")]),
        ("It costs 3.50 euros.", [("index", "3.50")]),
        ("Yes, of course.", [("nod", "Yes")]),
        ("No, that is not possible.", [("shake", "No")]),
        ("Nobody knows.", []),
        ("Unfortunately we are closed.", [("shake", "Unfortunately")]),
        ("Thank you very much!", [("heart", "much")]),
        ("What would you like to know?", [("palm_sweep", "What")]),
        ("There is no password.", []),
        ("Start with the first thing, which is the whole history of light, then go straight ahead.",
         [("index", "first"), ("spread_both", "whole")]),
        ("We have a tactile tour in the morning, and the audio guide for it is free.", [("emphasis_right", "free")]),
        ("The audio guide is free.", []),
        ("On the other hand, it is right next door.", []),
        ("Hello Kitty left her heart in this town.", []),
    ],
)  # fmt: skip
def test_english_words_move_the_avatar(text: str, actions: list[tuple[str, str]]) -> None:
    assert played(text, "en") == actions


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("您好！", [("wave", "您")]),
        ("欢迎光临！", [("welcome_both", "欢")]),
        ("洗手间在您的左手边。", [("present_right", "左")]),
        ("收银台在右边。", [("present_left", "右")]),
        ("龙井一两三十八元。", [("index", "三")]),
        ("抱歉，我们不能送货。", [("shake", "抱")]),
        ("不客气。", [("nod", "不")]),
        ("好的，请稍等。", [("nod", "好")]),
        ("您想喝哪一种茶？", [("palm_sweep", "哪")]),
        ("茶是今年春天采的，喜欢浓一点的也有。", []),
        ("我们上午十点开门，晚上十点打烊。", [("index", "十")]),
        ("我们的龙井特别清香，适合在夏天的晚上慢慢喝。", [("emphasis_both", "特")]),
        ("龙井特别清香。", []),
        ("不过，第一次来的客人都从加油站对面走。", []),
    ],
)
def test_chinese_words_move_the_avatar(text: str, actions: list[tuple[str, str]]) -> None:
    assert played(text, "zh") == actions


@pytest.mark.parametrize(
    ("text", "language", "emotion"),
    [
        ("I am so sorry, that is great trouble!", "en", Emotion.SORRY),
        ("Your complaint is noted!", "en", Emotion.SORRY),
        ("Please stay here, a guard comes.", "en", Emotion.CALM),
        ("Wow, imagine that!", "en", Emotion.SURPRISED),
        ("She died in 1910.", "en", Emotion.SAD),
        ("Enjoy your visit.", "en", Emotion.HAPPY),
        ("Start at the Great Lens.", "en", Emotion.NEUTRAL),
        ("It leans!", "en", Emotion.HAPPY),
        ("What?!", "en", Emotion.SURPRISED),
        ("We open at nine.", "en", Emotion.NEUTRAL),
        ("非常抱歉，欢迎下次再来！", "zh", Emotion.SORRY),
        ("您的投诉我们收到了！", "zh", Emotion.SORRY),
        ("请稍等。", "zh-CN", Emotion.CALM),
        ("欢迎光临！", "zh-CN", Emotion.HAPPY),
        ("茶三十元一两。", "zh-CN", Emotion.HAPPY),
        ("茶要现泡现喝。", "zh-CN", Emotion.NEUTRAL),
        ("Bonjour.", "fr", Emotion.NEUTRAL),
    ],
)
def test_a_sentence_has_a_feeling(text: str, language: str, emotion: Emotion) -> None:
    assert direct(text, language)[0] is emotion


def test_regret_is_not_cheerful() -> None:
    emotion, cues = direct("Sorry, a perfect seat is not possible today.", "en")
    assert emotion is Emotion.SORRY
    assert all(cue.name not in ("thumbs_up", "heart") for cue in cues)


def test_a_feeling_is_stronger_when_exclaimed() -> None:
    quiet, loud = feel("Welcome.", "en"), feel("Welcome!", "en")
    assert quiet.intensity < loud.intensity <= 1


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_answers_point_to_the_side_that_they_name(path: Path) -> None:
    library = load_file(path)
    named = 0
    for item in (*library.keywords, *library.faq):
        sides = {cue.name for say in item.say for cue in direct(say, library.language)[1]} & set(POINTING)
        if sides and item.action is not None:
            named += 1
            assert {item.action} == sides, f"{item.id}: {item.say}"
    assert named >= 3


WORDS = ["welcome", "yes,", "no,", "on your left", "very", "free", "first floor.", "three euros", "hello", "sorry",
         "everything", "欢迎，", "左边", "特别", "三十元。", "a", "thing!", "\n", "(", "…"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), st.sampled_from(["en", "zh-CN", "fr", "", "../x"]))
def test_whatever_is_said_actions_are_known_in_place_and_apart(text: str, language: str) -> None:
    emotion, cues = direct(text, language)
    assert isinstance(emotion, Emotion)
    assert all(cue.kind == "action" and cue.name in ACTIONS and 0 <= cue.at < len(text) for cue in cues)
    assert len({cue.name for cue in cues}) == len(cues) <= 2 or all(c.name.startswith("emphasis") for c in cues)
    for first, second in pairwise(cues):
        assert seconds(text[first.at : second.at]) >= APART_S
        assert any(mark in ",.!?;:—，。！？；：" for mark in text[first.at : second.at])


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("", True), ("mm-hm", True), ("Mm hmm.", True), ("uh-huh, yeah", True), ("Okay!", True), ("嗯嗯", True),
        ("对，好的。", True), ("yeah but", False), ("stop", False), ("okay stop", False), ("what", False),
        ("好的，不过", False), ("等一下", False), ("yesterday", False), ("huh", True), ("right " * 40, False),
    ],
)  # fmt: skip
def test_a_listeners_sounds(words: str, is_one: bool) -> None:
    assert is_backchannel(words) is is_one
