from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.keywords import Keywords
from knowledge.normalise import has_han, normalise
from knowledge.patterns import Pattern, TooSlow
from knowledge.schema import Keyword


def keyword(name="k", **terms) -> Keyword:
    return Keyword.model_validate({"id": name, "say": "x", **terms})


def fires(text: str, **terms) -> bool:
    return bool(Keywords([keyword(**terms)]).matching(text))


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("Where is the toilet?", {"any": ["toilet", "restroom"]}, True),
        ("Where are the toiletries?", {"any": ["toilet"]}, False),
        ("WHERE IS THE ＴＯＩＬＥＴ!!!", {"any": ["toilet"]}, True),
        ("I lost my child!", {"any": ["lost my child"]}, True),
        ("child lost my", {"any": ["lost my child"]}, False),
        ("Is the staff toilet open?", {"any": ["toilet"], "none": ["Staff"]}, False),
        ("two adults and one child", {"all": ["adults", "child"]}, True),
        ("two adults", {"all": ["adults", "child"]}, False),
        ("adults or a child with a pram", {"all": ["child"], "any": ["pram", "buggy"]}, True),
        ("adults or a child", {"all": ["child"], "any": ["pram", "buggy"]}, False),
        ("厕所在哪里", {"any": ["厕所"]}, True),
        ("廁所在哪裡", {"any": ["厕所"]}, True),
        ("请问wifi密码", {"any": ["wifi"]}, True),
        ("请问swifi密码", {"any": ["wifi"]}, False),
        ("Hello!", {"any": ["hello"], "match": "exact"}, True),
        ("Hello you", {"any": ["hello"], "match": "exact"}, False),
        ("toiletries", {"any": ["toilet"], "match": "contains"}, True),
        ("It costs 12 euros", {"any": [r"\b\d+ euros?\b"], "match": "regex"}, True),
        ("IT COSTS 12 EUROS", {"any": [r"\b\d+ euros?\b"], "match": "regex"}, True),
        ("It costs nothing", {"any": [r"\d+"], "match": "regex"}, False),
        ("room 12 for staff", {"any": [r"\d+"], "none": ["STAFF$"], "match": "regex"}, False),
        ("", {"any": ["x"]}, False),
        ("anything", {"any": ["?!"]}, False),
    ],
)
def test_a_keyword_fires_as_its_terms_say(text, terms, expected):
    assert fires(text, **terms) is expected


def test_the_highest_priority_wins_and_ties_go_to_the_first():
    rules = [keyword("a", any=["x"]), keyword("b", any=["x"], priority=5), keyword("c", any=["x"], priority=5)]
    assert [each.id for each in Keywords(rules).matching("x")] == ["b", "c", "a"]


# ── all words at once ──
WORDS = st.sampled_from(["a", "ab", "b", "a b", "中", "中文", "wifi", "wifi 中", "文a", "ba"])
TERMS = st.lists(WORDS, max_size=3)
ITEMS = st.tuples(st.sampled_from(["word", "exact", "contains"]), TERMS, TERMS, TERMS, st.integers(0, 2))


def occurs(match: str, term: str, text: str) -> bool:
    """What it means that a term is in a text, one by one."""
    if match == "exact":
        return term == text
    if match == "contains" or has_han(term):
        return term in text
    apart = " ".join("".join(f" {each} " if has_han(each) else each for each in text).split())
    return f" {term} " in f" {apart} "


@given(st.lists(ITEMS, max_size=5), st.lists(WORDS, max_size=5).map(" ".join))
def test_looking_for_all_words_at_once_finds_what_one_by_one_would(items, text):
    keywords = [
        keyword(str(place), match=match, any=some, all=every, none=none, priority=priority)
        for place, (match, some, every, none, priority) in enumerate(items)
        if some or every
    ]
    plain = normalise(text)

    def fired(item: Keyword) -> bool:
        some, every, none = (
            [occurs(item.match, normalise(term), plain) for term in terms] for terms in (item.any, item.all, item.none)
        )
        return bool(plain) and all(every) and (any(some) or not item.any) and not any(none)

    expected = sorted(filter(fired, keywords), key=lambda each: -each.priority)
    assert [each.id for each in Keywords(keywords).matching(text)] == [each.id for each in expected]


def test_ten_thousand_keywords_cost_no_more_than_their_words_in_the_text(calls):
    rules = [keyword(f"k{n}", any=[f"word{n}", f"词{n}语"], none=[f"not{n}"]) for n in range(10_000)]
    keywords = Keywords(rules)
    text = "please tell me about word77 and 词9999语 if you can, but nothing of not77"
    assert [each.id for each in keywords.matching(text)] == ["k9999"]
    assert calls(keywords.matching, text) < 1_000


# ── patterns that take too long ──
EXPLODING = ["(a|aa)+$", "(a+)+$", r"book (a|a|aa)*\s*for", "(foo|foofoo)+$", "(中|中中)+。", r"(x|x?x)*y$"]


@pytest.mark.parametrize("pattern", EXPLODING)
def test_an_exploding_pattern_is_refused(pattern):
    with pytest.raises(ValueError, match="takes too long"):
        keyword(any=[pattern], match="regex")


@pytest.mark.parametrize(
    "pattern", [r"\b\d+ euros?\b", "(adult|child)(ren)?s?", r"^\s*hi+\s*$", r"[a-z]+@[a-z]+\.com", "多少.{0,4}钱"]
)
def test_an_ordinary_pattern_is_not(pattern):
    assert keyword(any=[pattern], match="regex")


def test_patterns_that_are_slow_all_the_same_stop_at_what_a_question_may_cost(caplog):
    slow = [
        keyword(f"slow{n}", any=["x"], priority=1).model_copy(update={"match": "regex", "any": (f"(b|bb)+{n}$",)})
        for n in range(200)
    ]
    keywords = Keywords([keyword("quick", any=["^b+!$"], match="regex", priority=2), *slow])
    text = "b" * 900 + "!"
    assert [each.id for each in keywords.matching(text)] == ["quick"]
    assert "takes too long" in caplog.text


def test_a_pattern_that_took_too_long_rests():
    pattern = Pattern("(b|bb)+0$")
    with pytest.raises(TooSlow):
        pattern.occurs("b" * 900 + "!")
    with pytest.raises(TooSlow):
        pattern.occurs("b0")


def test_what_cannot_be_ruled_out_in_time_does_not_fire():
    unsure = keyword(any=["b"], match="regex").model_copy(update={"none": ("(b|bb)+0$",)})
    assert Keywords([unsure]).matching("b") == [unsure]
    assert Keywords([unsure]).matching("b" * 900 + "!") == []
