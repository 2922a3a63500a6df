"""Fields in what is said: only plain values, only by name, or the wording is left out."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.library import load_file
from knowledge.templates import VALUE_LIMIT, fields, fill, plain
from visavis.errors import ConfigError

NOW = datetime(2026, 11, 20, 14, 5)


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("Hello {name}!", {"name": "Ada"}, "Hello Ada!"),
        ("{tea.name}: {tea.price} euros.", {"tea": {"name": "Oolong", "price": 8.5}}, "Oolong: 8.5 euros."),
        ("{name}，现在{time}。", {"name": "小李"}, "小李，现在2:05 pm。"),
        ("{顾客.姓名}您好", {"顾客": {"姓名": "李"}}, "李您好"),
        ("{time}", {"time": "noon"}, "noon"),
        ("{{name}} is {name}", {"name": "x"}, "{name} is x"),
        ("{a}{b}", {"a": "{b}", "b": 1}, "{b}1"),
        ("{n}", {"n": 12}, "12"),
        ("{n}", {"n": 100}, "100"),
        ("{n}", {"n": 3.0}, "3"),
        ("{n}", {"n": 9.90}, "9.9"),
        ("{n}", {"n": -1e-9}, "0"),
        ("{n}", {"n": 1e-9}, "0"),
        ("{a.b.c.d}", {"a": {"b": {"c": {"d": "deep"}}}}, "deep"),
        ("{n}", {"n": " two\n lines\x07 \u202ex "}, "two lines x"),
        ("{n}", {"n": "y" * 500}, "y" * VALUE_LIMIT),
        ("No field at all.", {}, "No field at all."),
        # what cannot be filled
        ("{name}", {}, None),
        ("{name}", {"name": None}, None),
        ("{name}", {"name": "  "}, None),
        ("{name}", {"name": True}, None),
        ("{name}", {"name": ["x"]}, None),
        ("{name}", {"name": {"first": "x"}}, None),
        ("{name.first}", {"name": "x"}, None),
        ("{n}", {"n": float("nan")}, None),
        ("{n}", {"n": float("inf")}, None),
        ("{n}", {"n": 10**5000}, None),
        ("{name.upper}", {"name": "x"}, None),
        ("{user.secret}", {"user": SimpleNamespace(secret="s")}, None),
    ],
)  # fmt: skip
def test_fields_are_filled_or_the_wording_is_left_out(text, context, expected):
    assert fill(text, context, NOW) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-GB", "2:05 pm, November 20, 2026, Friday"),
        ("zh-CN", "14点5分, 2026年11月20日, 星期五"),
        ("de", "14:05, 2026-11-20, Freitag"),
        ("sw", None),
    ],
)
def test_time_date_and_weekday_are_those_of_the_language(language, expected):
    assert fill("{time}, {date}, {weekday}", {}, NOW, language) == expected


def test_midnight_and_the_full_hour():
    assert fill("{time}", {}, datetime(2026, 1, 1), "en") == "12:00 am"
    assert fill("{time}", {}, datetime(2026, 1, 1, 12), "zh") == "12点"


def test_fields_are_named_once_in_order():
    assert fields("{b} {a.c} {b} {{d}}") == ("b", "a.c")
    assert plain("a {{b}}") == "a {b}"
    assert plain("a {b}") is None


WRONG = [
    "{", "}", "{}", "{ name }", "{name", "name}", "{name!r}", "{name:>1000000000}", "{name.__class__}", "{_x}", "{0}",
    "{a[0]}", "{a..b}", "{.a}", "{a.}", "{a-b}", "{a b}", "{{{a}}", "{a.b.c.d.e}", "{{a}", "{f()}", "{a,b}",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_anything_else_in_braces_is_refused_with_file_line_and_remedy(write, text):
    path = write(f"knowledge: m\nlanguage: en\nfaq:\n  items:\n  - id: a\n    ask: x\n    say: ['fine', '{text}']\n")
    with pytest.raises(ConfigError) as caught:
        load_file(path)
    assert (caught.value.line, caught.value.key) == (7, "faq.items[0].say[1]")
    assert "is no field" in caught.value.problem
    assert "{product.price}" in caught.value.remedy


def test_a_fallback_may_have_no_fields_but_those_that_are_always_there(write):
    load_file(write('knowledge: m\nlanguage: en\nfallback: {say: "It is {time}; I do not know."}\n'))
    with pytest.raises(ConfigError, match=r"museum\.yaml:3: fallback\.say: .*\{name\}"):
        load_file(write('knowledge: m\nlanguage: en\nfallback: {say: "Sorry, {name}."}\n'))


@given(st.text(max_size=60))
def test_any_text_is_filled_or_refused(text):
    try:
        assert fields(text) == ()
    except (ValueError, AssertionError):
        return
    assert fill(text, {}, NOW) == text.replace("{{", "{").replace("}}", "}")


@given(st.text(max_size=400))
def test_a_value_is_one_line_and_never_read_as_a_template(value):
    said = fill("<{x}>", {"x": value, "y": "leak"}, NOW)
    assert said is None or (said.isprintable() and len(said) <= VALUE_LIMIT + 2)
