"""Terms of word lists are found however they are written, and clean words are left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.review import lists
from agent.review.fold import fold, unleet, words
from agent.review.lexicon import Lexicon
from visavis.errors import ConfigError

PROFANITY = Path(__file__).parents[2] / "../shared/testdata/kb/profanity"


@pytest.fixture(scope="module")
def shipped() -> Lexicon:
    return Lexicon([term for name in ("en", "zh") for term in lists.load(lists.find(name, None))])


def lexicon(*written: str) -> Lexicon:
    return Lexicon(
        lists.term(text.removeprefix("+"), f"{'allow' if text.startswith('+') else 'insult'}:test:1")
        for text in written
    )


@pytest.mark.parametrize(
    "text",
    [
        "numpty",
        "NUMPTY!",
        "numptys",
        "n.u.m.p.t.y",
        "n u m p t y",
        "nump-ty",
        "n\u200bumpty",
        "nümpty",
        "ｎｕｍｐｔｙ",
        "𝐧𝐮𝐦𝐩𝐭𝐲",
        "nυmрty",
        "nump+y",
        "numpt¥",
        "nuuumpty",
        "nnumpty",
        "n*mpty",
        "nu**ty",
        "🅽🆄🅼🅿🆃🆈",
        "ɴᴜᴍᴘᴛʏ",
        "你numpty你",
        "num\u00adpty",
        "N_U_M_P_T_Y",
    ],
)
def test_a_latin_word_is_found_in_disguise(text: str) -> None:
    assert lexicon("numpty").find(f"you are a {text} you know")


@pytest.mark.parametrize("text", ["s1lly", "5illy", "s!lly", "si11y", "$illy"])
def test_digits_stand_for_letters(text: str) -> None:
    assert lexicon("silly").find(text)


@pytest.mark.parametrize("text", ["A55 road", "on the 3rd, at 10am", "4x4", "class!", "mp3 and b2b"])
def test_numbers_stay_numbers(text: str, shipped: Lexicon) -> None:
    assert shipped.find(text) is None
    assert lexicon("ass").find(text) is None


def test_only_whole_words_count_unless_the_list_says_otherwise() -> None:
    text = "the numptyish headnumpty"
    assert lexicon("numpty").find(text) is None
    assert lexicon("numpty*").find(text)
    assert lexicon("*numpty").find(text)
    assert lexicon("headn*").find(text)
    assert lexicon("=numpty").find("n.u.m.p.t.y") is None
    assert lexicon("silly goose").find("you silly,  GOOSE")
    assert not lexicon("silly goose").find("silly gooseberry")


@pytest.mark.parametrize(
    "text", ["spices", "the therapist", "the pen is red", "Model S hit the road", "as is", "I.S.S."]
)
def test_what_only_looks_alike_is_clean(text: str) -> None:
    assert lexicon("spic", "penis", "shit", "rapist", "ass").find(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "二货狗",
        "二*货*狗",
        "二 货 狗",
        "二.货.狗",
        "貳貨狗",
        "二霍苟",
        "er huo gou",
        "erhuogou",
        "二huo狗",
        "二\u200b货狗",
        "你是二货狗吗",
        "犭er货狗"[1:],
    ],
)
def test_a_chinese_word_is_found_in_disguise(text: str) -> None:
    assert lexicon("二货狗").find(text)


def test_short_chinese_terms_are_found_by_sound_only_where_the_list_says_so() -> None:
    assert lexicon("呆瓜").find("待刮") is None
    assert lexicon("~呆瓜").find("待刮")
    assert lexicon("=大呆瓜").find("达待刮") is None
    assert lexicon("大呆瓜").find("达待刮")


def test_a_character_in_two_halves_is_one() -> None:
    assert lexicon("你妈笨").find("亻尔女马笨")


def test_a_full_stop_keeps_characters_apart() -> None:
    assert lexicon("操作业").find("他在做体操。作业写完了") is None


def test_an_allowed_term_takes_back_what_it_overlaps() -> None:
    both = lexicon("我操", "+操作", "+体操")
    assert both.find("我操作一下") is None
    assert both.find("我操，你好")
    assert both.find("我操作一下，我操")
    assert lexicon("numpty", "+numpty").find("numpty") is None
    assert lexicon("tits", "+blue tit").find("blue tits") is None


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe",
        "analysis",
        "的士",
        "Essex",
        "cockpit",
        "Dickens",
        "assess",
        "操作",
        "日常",
        "草地",
        "干净",
        "Uranus",
        "cum laude",
        "snigger",
        "Penistone",
        "Shiitake",
        "Matsushita",
        "canal",
        "spicy",
        "cocktail",
        "Titanic",
        "shift",
        "Niger",
        "raccoon",
        "请给我几把椅子",
        "这是啥笔",
        "这座大厦必须看",
        "路口交通",
        "出口交易会",
        "周日你妈妈来吗",
        "他们的妈妈",
        "做爱好者的活动",
        "复杂种类",
        "是谁写的白痴",
        "众口交传",
        "体操比赛",
        "智障人士通道在哪里",
        "杂种植物园",
        "S C U N T H O R P E",
    ],
)
def test_clean_words_pass_the_shipped_lists(text: str, shipped: Lexicon) -> None:
    found = shipped.find(text)
    assert found is None, found


@pytest.mark.parametrize("name", ["en", "zh"])
def test_most_of_what_is_strong_in_a_public_list_is_known(name: str, shipped: Lexicon) -> None:
    """The shipped lists leave out what is merely indecent; every form of the strongest words is found."""
    if not (PROFANITY / name).is_file():
        pytest.skip(f"{PROFANITY / name} is not there")
    entries = (PROFANITY / name).read_text(encoding="utf-8").split("\n")
    strong = (
        ("fuck", "nigg", "cunt", "shit", "bitch")
        if name == "en"
        else ("操你", "日你妈", "傻逼", "他妈的", "婊子", "王八蛋")
    )
    of_those = [each for each in entries if any(part in each for part in strong)]
    missed = [each for each in of_those if not shipped.find(each)]
    assert len(missed) < len(of_those) * 0.1, missed


# ── the files ──
def test_a_list_is_read_with_classes_remarks_and_rules_that_name_no_word(tmp_path: Path) -> None:
    path = tmp_path / "house.txt"
    path.write_text("# ours\n\n[rude]\nnumpty  # an old one\n*daft*\n[allow]\ndaffodil\n", encoding="utf-8")
    terms = lists.load(path)
    assert [(each.words, each.rule, each.allowed) for each in terms] == [
        ("numpty", "rude:house:4", False),
        ("daft", "rude:house:5", False),
        ("daffodil", "allow:house:7", True),
    ]
    assert lists.find("house", tmp_path) == path
    assert lists.find("en", tmp_path).parent == lists.SHIPPED


@pytest.mark.parametrize(
    ("written", "line", "problem"),
    [
        (b"ok then\n[Rude words]\n", 2, "no heading"),
        (b"fine\nx\n", 2, "two letters"),
        (b"fine\n***\n", 2, "two letters"),
        (b"fine\n\xff\xfe\n", 2, "UTF-8"),
        (b"a" * 200, 1, "at most"),
    ],
)
def test_a_bad_list_is_refused_with_its_line(tmp_path: Path, written: bytes, line: int, problem: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(written)
    with pytest.raises(ConfigError, match=problem) as caught:
        lists.load(path)
    assert caught.value.line == line


def test_a_list_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such word list"):
        lists.find("german", tmp_path)


# ── any text ──
@settings(max_examples=300, deadline=None)
@given(st.text())
def test_folding_never_fails_and_leaves_nothing_hidden(text: str) -> None:
    plain = words(fold(text))
    assert "\u200b" not in plain
    assert "  " not in plain
    assert isinstance(unleet(fold(text)) or "", str)


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text())
def test_a_term_is_found_whatever_stands_around_it(before: str, after: str) -> None:
    assert lexicon("二货狗").find(f"{before}。二货狗。{after}")


@pytest.mark.parametrize(
    "piece", ["a", "f*", "1 ", "a.", "操.", "+1(", "$4a", "\n ", "亻尔", "shitake ", "'a", "e\u0301\u0301"]
)
def test_the_cost_grows_with_the_length_alone(piece: str, shipped: Lexicon, calls: Callable[..., int]) -> None:
    def cost(length: int) -> int:
        return calls(shipped.find, piece * (length // len(piece)))

    cost(1_000)
    assert cost(20_000) < 20 * cost(2_000)
