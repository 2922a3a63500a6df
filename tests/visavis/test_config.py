from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from visavis.config import Strict, load, read, schema, write_schema
from visavis.errors import ConfigError


class Item(Strict):
    id: str
    say: str = ""
    enabled: bool = True
    count: int = Field(default=0, ge=0)


class Section(Strict):
    items: tuple[Item, ...] = ()
    mode: Literal["word", "exact", "contains"] = "word"


class App(Strict):
    app: str
    faq: Section = Section()
    extra: Section | None = None


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "app.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def refusal(path: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(App, path)
    return caught.value


def test_words_stay_words_and_numbers_become_numbers(write):
    text = "on: off\nyes: no\nt: true\nn: ~\ni: 0o17\nh: 0xff\nf: 1.5e3\nat: 09:30\nd: 2026-01-02\nq: 'true'\nz: 012\n"
    assert read(write(text)).data == {
        "on": "off", "yes": "no", "t": True, "n": None, "i": 15, "h": 255, "f": 1500.0,
        "at": "09:30", "d": "2026-01-02", "q": "true", "z": 12,
    }  # fmt: skip


def test_every_key_has_its_line(write):
    document = read(write("app: x\nfaq:\n  items:\n    - id: a\n      say: one\n    - id: b\n"))
    assert document.line_of("faq.items[0].say") == 5
    assert document.line_of("faq.items[1]") == 6
    assert document.line_of("faq.items[1].say.deeper") == 6
    assert document.line_of("nowhere") == 1


def test_a_byte_order_mark_and_windows_line_ends_are_fine(write):
    assert load(App, write(b"\xef\xbb\xbfapp: x\r\nfaq:\r\n  items: []\r\n")) == App(app="x")


def test_a_small_alias_works(write):
    assert read(write("a: &x [1, 2]\nb: *x\n")).data == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        ("app: x\napp: y\n", 2, "app", "twice"),
        ("app: x\nfaq:\n  mode: word\n  mode: word\n", 4, "faq.mode", "twice"),
        ("app: !!python/object:os.system x\n", 1, "app", "tag"),
        ("app: ! x\n", 1, "app", "tag"),
        ("app: .nan\n", 1, "app", "not a usable number"),
        ("app: -.inf\n", 1, "app", "not a usable number"),
        ("app: 1e999\n", 1, "app", "too large"),
        ("app: 12345678901234567890\n", 1, "app", "too long"),
        ("app: x\n1: y\n", 2, "", "not text"),
        ("app: x\n? [a]\n: y\n", 2, "", "must be text"),
        ("app: x\n---\napp: y\n", 2, "", "several documents"),
        ("app: x\n<<<<<<< ours\nfaq: {}\n", 2, "", "merge conflict"),
        ("app: x\nfaq:\n\titems: []\n", 3, "", "tab"),
        ("app: x\nfaq: [a, b\n", 2, "", "not YAML"),
        ("app: a\x07b\nfaq: {}\n", 1, "", "control character"),
        (b"app: x\nfaq: \xff\xfe\n", 2, "", "UTF-8"),
        ("app: *nobody\n", 1, "app", "nothing above"),
        ("a: &a {b: *a}\n", 1, "a.b", "hold itself"),
        ("base: &b {app: x}\n<<: *b\n", 2, "", "merge keys"),
        ("app: " + "[" * 60 + "]" * 60, 1, None, "deeper than 32"),
        ("", 1, "", "empty"),
        ("- a\n", 1, "", "does not begin with a key"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_at_its_line(write, text, line, key, says):
    error = refusal(write(text))
    assert says in error.problem
    assert error.line == line
    assert key is None or error.key == key
    assert error.remedy


def test_an_alias_bomb_is_refused(write):
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 10)]
    assert "aliases" in refusal(write("\n".join(rows))).problem


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / "museum.yaml").write_text("app: x\n")
    assert "did you mean 'museum.yaml'" in refusal(tmp_path / "musem.yaml").remedy
    assert "folder" in refusal(tmp_path).problem


def test_a_file_over_the_limit_is_refused(write):
    path = write("app: " + "x" * 100)
    with pytest.raises(ConfigError, match="larger than 50 bytes"):
        read(path, limit=50)


@pytest.mark.parametrize(
    ("text", "line", "key", "problem", "remedy"),
    [
        (
            "app: x\nfaq:\n  items:\n  - {id: a}\n  - id: b\n    sey: hi\n",
            6,
            "faq.items[1].sey",
            "no such key",
            "'say'",
        ),
        ("app: x\nfaq:\n  items:\n  - say: b\n", 4, "faq.items[0].id", "missing", "add `id"),
        ("faq: {}\n", 1, "app", "missing", "add `app"),
        ("app: x\nfaq: {items: 5}\n", 2, "faq.items", "5 is not a list", "list"),
        ("app: [x]\n", 1, "app", "a list is not a text", "write a text"),
        ("app: x\nfaq:\n  mode: wrod\n", 3, "faq.mode", "'wrod' is not known here", "'word'"),
        ("app: x\nextra:\n  mode: zzz\n", 3, "extra.mode", "not known", "word, exact, contains"),
        (
            "app: x\nfaq:\n  items:\n  - {id: a, enabled: yes}\n",
            4,
            "faq.items[0].enabled",
            "'yes' is not true",
            "write true",
        ),
        ("app: x\nfaq:\n  items:\n  - {id: a, count: true}\n", 4, "faq.items[0].count", "not a number", "number"),
        ("app: x\nfaq:\n  items:\n  - {id: a, count: -1}\n", 4, "faq.items[0].count", "-1 cannot", "greater than"),
        ("app:\n", 1, "app", "nothing is written here", "text"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_a_remedy(write, text, line, key, problem, remedy):
    error = refusal(write(text))
    assert (error.line, error.key) == (line, key)
    assert problem in error.problem
    assert remedy in error.remedy


def test_the_first_of_several_errors_is_told(write):
    error = refusal(write("app: x\nfaq:\n  mood: a\n  items:\n  - {id: [], enabled: 3}\n"))
    assert error.line == 3


def test_an_item_that_cannot_be_used_is_told_and_not_that_it_is_missing(write):
    class Story(Strict):
        story: tuple[Item, ...] = Field(min_length=1)

    with pytest.raises(ConfigError) as caught:
        load(Story, write("story:\n  - {id: a, count: -1}\n"))
    assert caught.value.key == "story[0].count"


def test_the_message_is_one_line(write):
    path = write("app: x\nfoo: 1\n")
    assert str(refusal(path)) == f"{path}:2: foo: there is no such key; did you mean 'faq'?".replace(
        "did you mean 'faq'?", refusal(path).remedy
    )
    assert "\n" not in str(refusal(path))


def test_the_schema_is_written_for_editors(tmp_path):
    write_schema(App, tmp_path / "app.schema.json")
    written = json.loads((tmp_path / "app.schema.json").read_text())
    assert written == schema(App)
    assert written["properties"]["faq"]


def outcome(call) -> ConfigError | None:
    try:
        call()
    except ConfigError as error:
        return error
    return None


WORDS = st.sampled_from(
    [*"abc:-[]{}&*!|>%@`'\"#,? \n\t~0123.", "<<: ", "*a", "&a ", "- ", "\n  ", "---\n", "é", "\x00"]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(WORDS, max_size=60).map("".join).map(str.encode), st.binary(max_size=200)))
def test_any_bytes_are_read_or_refused(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    problem = outcome(lambda: read(path))
    assert problem is None or (problem.line >= 1 and "\n" not in str(problem))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["app", "faq", "items", "id", "mode", "q\n"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_any_shape_is_loaded_or_refused(tmp_path_factory, value):
    path = tmp_path_factory.getbasetemp() / "shape.yaml"
    path.write_text(json.dumps(value), encoding="utf-8")
    problem = outcome(lambda: load(App, path))
    assert problem is None or "\n" not in str(problem)
