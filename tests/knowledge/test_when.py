"""The conditions of rules: what they say, what they refuse, and that they never fail."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.when import condition

FRIDAY = datetime(2026, 11, 20, 14, 5)
GIFT = {
    "kind": "gift",
    "user": {"name": "Ada", "roles": ["fan", "member"], "level": 7},
    "gift": {"name": "Rose", "count": 12, "price": 0.5},
    "text": "Wie SCHÖN!",
    "amount": None,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gift.count >= 10", True),
        ("gift.count > 12", False),
        ("gift.count * gift.price >= 6 and gift.name == 'Rose'", True),
        ("not (gift.count < 5) or missing", True),
        ("1 < user.level <= 7", True),
        ("'fan' in user.roles", True),
        ("'host' not in user.roles", True),
        ('gift.name in ["Rose", "Heart"]', True),
        ("kind in ('gift', 'like')", True),
        ("'Rose' in gift", False),
        ("contains(text, 'schön')", True),
        ("contains(user.roles, 'fan')", True),
        ("starts(text, 'wie ')", True),
        ("lower(gift.name) == 'rose'", True),
        ("len(user.roles) == 2 and len(text) > 3", True),
        ("hour() >= 14 and minute() == 5", True),
        ("weekday() in ['saturday', 'sunday']", False),
        ("date() >= '2026-11-01'", True),
        ("min(gift.count, 5) == 5 and max(1, 2) == 2 and abs(-3) == 3", True),
        ("-gift.count < 0", True),
        ("user.name", True),
        ("user.name and true", True),
        ("false or null", False),
        ("10 / 4 == 2.5", True),
        ("1 +\n 1 == 2", True),
        # what is missing, or makes no sense, does not hold and does not fail
        ("amount > 5", False),
        ("amount <= 5", False),
        ("nobody.knows.this", False),
        ("nobody == none", True),
        ("user.name.first == none", True),
        ("gift.count > 'ten'", False),
        ("gift.count / 0 > 1", False),
        ("gift.name + 1 == 1", False),
        ("true + true == 2", False),
        ("999999999999999 * 999999999999999 > 1", False),
        ("lower(gift.count) == 'x'", False),
        ("'a' in gift.count", False),
        ("user.roles < 3", False),
    ],
)
def test_a_condition_holds_or_not(text, expected):
    assert condition(text).holds(GIFT, FRIDAY) is expected


@pytest.mark.parametrize(
    ("text", "column", "remedy"),
    [
        ("", 1, "gift.count >= 5"),
        ("gift.count = 5", None, "write == to compare"),
        ("a && b", None, "write `and`"),
        ("a || b", None, "write `or`"),
        ("gift.count >", None, "for example"),
        ("a b", None, "for example"),
        ("  open('x')", 3, "use one of"),
        ("lenn(text) > 1", 1, "did you mean 'len'"),
        ("len(text, 2) > 1", 1, "between ( and )"),
        ("text.upper()", 1, "use and"),
        ("lower(text).x", 1, "user.name"),
        ("'名' == user[0]", 8, "use and"),
        ("user.__class__", 1, "begin with a letter"),
        ("__import__", 1, "begin with a letter"),
        ("a.b.c.d.e.f.g", 1, "at most six"),
        ("hour > 5", 1, "write hour()"),
        ("lambda: 1", 1, "use and"),
        ("[x for x in y]", 1, "use and"),
        ("{'a': 1}", 1, "use and"),
        ("f'{x}'", 1, "use and"),
        ("(x := 1)", 2, "use and"),
        ("a if b else c", 1, "use and"),
        ("2 ** 9", 1, "use and"),
        ("'a' % b", 1, "use and"),
        ("1 is 1", 1, "use and"),
        ("~1", 1, "use and"),
        ("*a", None, None),
        ("b'x' == a", 1, "a plain number"),
        ("1j", 1, "a plain number"),
        ("...", 1, "a plain number"),
        ("1e400 > x", 1, "a plain number"),
        ("9999999999999999999 > x", 1, "a plain number"),
        ("'\\n' in text", 2, "remove it"),
        ("len(x=1)", 1, None),
        ("await x", None, None),
        ("a\x00b", None, None),
        ("a" * 501, None, "two rules"),
        ("not " * 100 + "a", None, None),
        ("(" * 240 + "a" + ")" * 240, None, None),
        ("-" * 490 + "a", None, None),
        ("a" + "+a" * 200, None, "two rules"),
    ],
)
def test_anything_else_is_refused_with_its_column(text, column, remedy):
    with pytest.raises(ValueError, match=r"; ") as caught:
        condition(text)
    said = str(caught.value)
    assert column is None or said.startswith(f"column {column}: ")
    assert remedy is None or remedy in said


NAMES = st.sampled_from(["a", "user.name", "gift.count", "none", "text", "user", "roles"])
LITERALS = st.one_of(
    st.integers(-(10**6), 10**6).map(str),
    st.floats(0, 1e6, allow_nan=False).map(str),
    st.just("'x'"),
    st.just("[1, 'x']"),
)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = ["and", "or", "+", "-", "*", "/", "<", ">=", "==", "!=", "in", "not in"]
    return st.one_of(
        st.tuples(inner, st.sampled_from(operators), inner).map(lambda each: f"({' '.join(each)})"),
        inner.map(lambda each: f"(not {each})"),
        st.tuples(st.sampled_from(["contains", "min", "starts"]), inner, inner).map(
            lambda e: f"{e[0]}({e[1]}, {e[2]})"
        ),
        inner.map(lambda each: f"len({each})"),
    )


CONDITIONS = st.recursive(st.one_of(NAMES, LITERALS), _larger, max_leaves=8)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
CONTEXTS = st.dictionaries(
    st.sampled_from(["a", "user", "gift", "text", "roles"]),
    st.one_of(SCALARS, st.lists(SCALARS, max_size=4), st.dictionaries(st.sampled_from(["name", "count"]), SCALARS)),
)


@given(CONDITIONS, CONTEXTS)
@settings(max_examples=300)
def test_what_is_read_never_fails(text, context):
    try:
        read = condition(text)
    except ValueError as error:
        assert "; " in str(error)  # noqa: PT017
        return
    assert read.holds(context, FRIDAY) in (True, False)


@given(st.text(max_size=80))
@settings(max_examples=300)
def test_any_text_is_read_or_refused(text):
    try:
        condition(text).holds({}, FRIDAY)
    except ValueError as error:
        assert str(error).startswith(("column ", "the condition "))  # noqa: PT017


def test_the_largest_condition_takes_few_steps(calls):
    text = "contains(text, 'b') or " * 20 + "missing"
    read, context = condition(text), {"text": "a" * 1_000_000}
    assert calls(read.holds, context, FRIDAY) < 2_000
    assert not read.holds(context, FRIDAY)
