"""Every way we know in which a knowledge file can be broken: each is refused with file, line, key and remedy."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.library import load_file, load_library
from visavis.errors import ConfigError

HEAD = "knowledge: museum\nlanguage: en\n"
FAQ = HEAD + "faq:\n  items:\n"
OK = "  - {id: ok, ask: When?, say: Now.}\n"
KEY = HEAD + "keywords:\n  items:\n"
HI = HEAD + "greetings:\n  items:\n"
RULE = HEAD + "rules:\n  items:\n"
SKILL = HEAD + "skills:\n  items:\n"

Case = tuple[str, str | bytes, int, str, str]

YAML: list[Case] = [
    ("an empty file", "", 1, "", "begin with `knowledge"),
    ("nothing but a comment", "# later\n", 1, "", "begin with `knowledge"),
    ("a list at the top", "- museum\n", 1, "", "begin with `knowledge"),
    ("a bare text", "museum\n", 1, "", "begin with `knowledge"),
    ("not UTF-8", HEAD.encode() + b"fallback: {say: caf\xe9}\n", 3, "", "save it as UTF-8"),
    ("a Chinese code page", HEAD.encode() + "fallback: {say: 不知道}\n".encode("gbk"), 3, "", "save it as UTF-8"),
    ("UTF-16", HEAD.encode("utf-16"), 1, "", "save it as UTF-8"),
    ("UTF-16 without its mark", HEAD.encode("utf-16-le"), 1, "", "remove it"),
    ("a NUL byte", HEAD + "faq: {}\0\n", 3, "", "remove it"),
    ("a terminal's escape", HEAD + "fallback: {say: \x1b[31m}\n", 3, "", "remove it"),
    ("a merge conflict", HEAD + "<<<<<<< HEAD\nfaq: {}\n=======\n>>>>>>> new\n", 3, "", "choose one side"),
    ("half a merge conflict", FAQ + OK + "=======\n", 6, "", "choose one side"),
    ("a three-way conflict", FAQ + OK + "||||||| base\n", 6, "", "choose one side"),
    ("a tab", HEAD + "faq:\n\titems: []\n", 4, "", "indent with spaces"),
    ("an open quote", HEAD + 'fallback: {say: "Sorry}\n', 3, "", "quotes"),
    ("an open bracket", HEAD + "faq: {items: [\n", 3, "", "indentation"),
    ("a colon in a text", HEAD + "fallback: {say: We are open: always}\n", 3, "", "quotes"),
    ("wrong indentation", FAQ + "  - id: a\n   ask: x\n", 6, "", "indentation"),
    ("a key twice", HEAD + "language: de\n", 3, "language", "remove one"),
    ("a key twice in an item", FAQ + "  - id: a\n    say: x\n    say: y\n", 7, "faq.items[0].say", "remove one"),
    ("two documents", HEAD + "---\n" + HEAD, 3, "", "second `---`"),
    ("an object", HEAD + "faq: !!python/object/apply:os.system [id]\n", 3, "faq", "remove it"),
    ("a tag of its own", FAQ + "  - !secret {id: a}\n", 5, "faq.items", "remove it"),
    ("a merge key", HEAD + "faq: {<<: {enabled: false}}\n", 3, "faq", "write the keys out"),
    ("an alias to nothing", HEAD + "faq: *all\n", 3, "faq", "mark it with &all"),
    ("an alias to itself", HEAD + "faq: &a {items: *a}\n", 3, "faq.items", "write out"),
    ("an alias bomb", HEAD + "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n" for before, name in zip("abcdef", "bcdefg", strict=True)
    ), 7, "e", "write it out"),
    ("a key that is a list", HEAD + "? [a]\n: b\n", 3, "", "plain word"),
    ("a key that is a number", HEAD + "1: x\n", 3, "", "in quotes"),
    ("deep nesting", HEAD + "faq: " + "[" * 40 + "]" * 40 + "\n", 3, "faq" + "[0]" * 30, "flatten"),
    ("very deep nesting", HEAD + "faq: " + "[" * 100_000 + "\n", 3, "faq" + "[0]" * 30, "flatten"),
    ("a very long number", HEAD + f"thresholds: {{direct: {'9' * 5_000}}}\n", 3, "thresholds.direct", "in quotes"),
    ("more than 4 MB", HEAD + "# " + "x" * 4 * 1024 * 1024, 1, "", "split it"),
    ("a file that begins with a mark and is wrong", ("\ufeff" + HEAD + "faqs: {}\n").encode(), 3, "faqs", "'faq'"),
    ("lines that end as on Windows", (HEAD + "faqs: {}\n").replace("\n", "\r\n"), 3, "faqs", "'faq'"),
]  # fmt: skip

FIELDS: list[Case] = [
    ("no name", "language: en\n", 1, "knowledge", "add `knowledge"),
    ("a name with a path", "knowledge: ../x\nlanguage: en\n", 1, "knowledge", "letters"),
    ("no language", "knowledge: museum\n", 1, "language", "add `language"),
    ("a language by its country", "knowledge: m\nlanguage: cn\n", 2, "language", "write zh"),
    ("a language with an underscore", "knowledge: m\nlanguage: en_US\n", 2, "language", "write en-US"),
    ("no such language", "knowledge: m\nlanguage: xx\n", 2, "language", "for example en"),
    ("a misspelt section", HEAD + "keyword: {}\n", 3, "keyword", "'keywords'"),
    ("a misspelt key", FAQ + "  - {id: a, ask: x, says: y}\n", 5, "faq.items[0].says", "'say'"),
    ("a section without anything", HEAD + "faq:\n", 3, "faq", "remove the key"),
    ("items without anything", FAQ, 4, "faq.items", "remove the key"),
    ("a section that is a list", HEAD + "faq:\n  - {id: a}\n", 3, "faq", "keys and values"),
    ("items that are keys", HEAD + "faq: {items: {a: b}}\n", 3, "faq.items", "begin with -"),
    ("an item that is a text", FAQ + OK + "  - hello\n", 6, "faq.items[1]", "keys and values"),
    ("an item without an id", FAQ + OK + "  - {ask: x, say: y}\n", 6, "faq.items[1].id", "add `id"),
    ("a number for an id", FAQ + "  - {id: 7, ask: x, say: y}\n", 5, "faq.items[0].id", "a text"),
    ("an id that is a path", FAQ + "  - {id: .., ask: x, say: y}\n", 5, "faq.items[0].id", "letters"),
    ("an id with a slash", FAQ + "  - {id: a/b, ask: x, say: y}\n", 5, "faq.items[0].id", "letters"),
    ("an id that is too long", FAQ + f"  - {{id: {'a' * 65}, ask: x, say: y}}\n", 5, "faq.items[0].id", "64"),
    ("an id twice", FAQ + OK + OK, 6, "faq.items[1].id", "another id"),
    ("an intent with a question's id", FAQ + OK + "skills: {items: [{id: s, intents: [{id: ok, ask: x, say: y}]}]}\n",
     6, "skills.items[0].intents[0].id", "another id"),
    ("a skill without intents", SKILL + "  - {id: s, intents: []}\n", 5, "skills.items[0].intents", "add one"),
    ("an answer that is a number", FAQ + "  - id: a\n    ask: x\n    say:\n    - y\n    - 5\n", 9,
     "faq.items[0].say[1]", "in quotes"),
    ("an answer that is nothing", FAQ + "  - {id: a, ask: x, say: }\n", 5, "faq.items[0].say", "write a text"),
    ("an empty answer", FAQ + "  - {id: a, ask: x, say: '  '}\n", 5, "faq.items[0].say", "write something"),
    ("an answer too long", FAQ + f"  - {{id: a, ask: x, say: {'y' * 2_001}}}\n", 5, "faq.items[0].say", "shorten"),
    ("a question too long", FAQ + f"  - {{id: a, ask: {'x' * 301}, say: y}}\n", 5, "faq.items[0].ask", "shorten"),
    ("a text that runs backwards", FAQ + '  - {id: a, ask: x, say: "a\\u202eb"}\n', 5, "faq.items[0].say", "remove"),
    ("too many wordings", FAQ + f"  - {{id: a, ask: [{'x,' * 1_001}], say: y}}\n", 5, "faq.items[0].ask", "several"),
    ("too many items", FAQ + "".join(f"  - {{id: a{n}, ask: x, say: y}}\n" for n in range(10_001)), 4, "faq.items",
     "several files"),
    ("a word for a boolean", FAQ + "  - {id: a, ask: x, say: y, enabled: yes}\n", 5, "faq.items[0].enabled", "true"),
    ("a priority in words", KEY + "  - {id: a, any: x, say: y, priority: high}\n", 5, "keywords.items[0].priority",
     "whole number"),
    ("half a priority", KEY + "  - {id: a, any: x, say: y, priority: 1.5}\n", 5, "keywords.items[0].priority", "whole"),
    ("a priority beyond reason", KEY + "  - {id: a, any: x, say: y, priority: 9999999}\n", 5,
     "keywords.items[0].priority", "1000000"),
    ("a threshold that is no number", HEAD + "thresholds: {direct: .nan}\n", 3, "thresholds.direct", "finite"),
    ("an endless threshold", HEAD + "thresholds: {direct: .inf}\n", 3, "thresholds.direct", "finite"),
    ("a number too large", HEAD + "thresholds: {direct: 1e999}\n", 3, "thresholds.direct", "quotes"),
    ("a threshold above one", HEAD + "thresholds:\n  direct: 1.5\n", 4, "thresholds.direct", "from 0 to 1"),
    ("a threshold below nothing", HEAD + "thresholds: {margin: -0.1}\n", 3, "thresholds.margin", "from 0 to 1"),
    ("a threshold in quotes", HEAD + "thresholds: {direct: '0.5'}\n", 3, "thresholds.direct", "from 0 to 1"),
    ("thresholds the wrong way round", HEAD + "thresholds: {direct: 0.3, suggest: 0.6}\n", 3, "thresholds.suggest",
     "exchange"),
    ("a date that never was", FAQ + "  - {id: a, ask: x, say: y, from: 2026-02-30}\n", 5, "faq.items[0].from", "2026"),
    ("until before from", FAQ + "  - id: a\n    ask: x\n    say: y\n    from: 2026-02-01\n    until: 2026-01-01\n", 9,
     "faq.items[0].until", "exchange"),
    ("a duration without a unit", HI + "  - {id: a, on: enter, say: y, cooldown: 30}\n", 5,
     "greetings.items[0].cooldown", "30s"),
    ("a duration in words", FAQ + "  - {id: a, ask: x, say: y, cooldown: 5 minutes}\n", 5, "faq.items[0].cooldown",
     "5m"),
    ("a duration below nothing", FAQ + "  - {id: a, ask: x, say: y, cooldown: -5s}\n", 5, "faq.items[0].cooldown",
     "30s"),
    ("a duration of ages", FAQ + f"  - {{id: a, ask: x, say: y, cooldown: {'9' * 30}d}}\n", 5, "faq.items[0].cooldown",
     "shorter"),
    ("no time of day", HI + "  - {id: a, on: time, at: '24:30', say: y}\n", 5, "greetings.items[0].at", "09:30"),
    ("a time for an entrance", HI + "  - {id: a, on: enter, at: '12:30', say: y}\n", 5, "greetings.items[0].at",
     "remove"),
    ("an unknown occasion", HI + "  - {id: a, on: entry, say: y}\n", 5, "greetings.items[0].on", "'enter'"),
    ("an unknown action", FAQ + "  - {id: a, ask: x, say: y, action: wawe}\n", 5, "faq.items[0].action", "'wave'"),
    ("an unknown kind of match", KEY + "  - {id: a, any: x, match: words, say: y}\n", 5, "keywords.items[0].match",
     "'word'"),
    ("a keyword without words", KEY + "  - {id: a, none: [x], say: y}\n", 5, "keywords.items[0]", "add the words"),
    ("a pattern that does not compile", KEY + "  - {id: a, match: regex, any: [x, '(y'], say: z}\n", 5,
     "keywords.items[0].any[1]", "match: word"),
    ("a pattern that explodes", KEY + "  - id: a\n    match: regex\n    any: x\n    none:\n    - (a|aa)+$\n    say: z",
     9, "keywords.items[0].none[0]", "repeats inside repeats"),
    ("a field that is no field", FAQ + "  - {id: a, ask: x, say: 'Hi {user[0]}'}\n", 5, "faq.items[0].say",
     "{product.price}"),
    ("a field that reaches inside", FAQ + "  - {id: a, ask: x, say: '{name.__class__}'}\n", 5, "faq.items[0].say",
     "{product.price}"),
    ("a fallback that may be missing", HEAD + "fallback: {say: 'Sorry, {name}'}\n", 3, "fallback.say", "without it"),
    ("a rule that does nothing", RULE + "  - {id: a, on: like}\n", 5, "rules.items[0]", "add `say`"),
    ("a rule for nothing that happens", RULE + "  - {id: a, on: [like, gifts], say: y}\n", 5, "rules.items[0].on",
     "'gift'"),
    ("a condition that is code", RULE + "  - {id: a, on: like, when: open('x'), say: y}\n", 5, "rules.items[0].when",
     "use one of"),
    ("a condition that is none", RULE + "  - {id: a, on: like, when: amount = 5, say: y}\n", 5, "rules.items[0].when",
     "write == to compare"),
    ("a quota of nothing", RULE + "  - {id: a, on: like, say: y, quota: {count: 0, per: 1h}}\n", 5,
     "rules.items[0].quota.count", "greater"),
    ("a rule with two answers", RULE + "  - {id: a, on: like, say: y, llm: z}\n", 5, "rules.items[0].llm", "keep one"),
]  # fmt: skip

PATHS: list[Case] = [
    (f"a path {what}", FAQ + f"  - {{id: a, ask: x, say: y, show: {{{key}: '{path}'}}}}\n", 5,
     f"faq.items[0].show.{key}", remedy)
    for what, key, path, remedy in [
        ("upwards", "image", "../x.png", "beside"),
        ("upwards in the middle", "audio", "a/../../x.mp3", "beside"),
        ("from the root", "video", "/x.mp4", "beside"),
        ("of a drive", "image", "C:/x.png", "beside"),
        ("of a network", "image", "\\\\host\\share\\x.png", "beside"),
        ("with backslashes", "image", "a\\x.png", "beside"),
        ("of a scheme", "image", "file:///x.png", "https://"),
        ("without encryption", "video", "http://example.org/x.mp4", "https://"),
        ("to a program", "image", "x.exe", ".png"),
        ("to a script", "link", "javascript:alert(1)", "https://"),
    ]
] + [
    ("a document upwards", HEAD + "documents:\n  - {path: ../a.md}\n", 4, "documents[0].path", "beside"),
    ("a document that is a program", HEAD + "documents:\n  - {path: a.exe}\n", 4, "documents[0].path", ".docx"),
    ("a document that is not there", HEAD + "documents:\n  - {path: a.md}\n", 4, "documents[0].path", "check the name"),
]  # fmt: skip

CASES = [*YAML, *FIELDS, *PATHS]


@pytest.mark.parametrize(
    ("text", "line", "key", "remedy"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_broken_file_is_refused(tmp_path, text, line, key, remedy):
    path = tmp_path / "museum.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        load_file(path)
    error = caught.value
    assert (error.path, error.line, error.key) == (path, line, key)
    assert remedy in error.remedy
    assert "\n" not in str(error)
    assert len(str(error)) < 600


def _folder(path: Path) -> None:
    path.mkdir()


def _away(path: Path) -> None:
    outside = path.parent.parent / f"outside{path.suffix}"
    outside.write_text("secret", encoding="utf-8")
    path.symlink_to(outside)


@pytest.mark.parametrize(
    ("name", "make", "text", "key"),
    [
        ("guide.md", _folder, "documents: [{path: guide.md}]\n", "documents[0].path"),
        ("guide.md", os.mkfifo, "documents: [{path: guide.md}]\n", "documents[0].path"),
        ("guide.md", _away, "documents: [{path: guide.md}]\n", "documents[0].path"),
        ("a.png", _away, "faq: {items: [{id: a, ask: x, say: y, show: {image: a.png}}]}\n", "faq.items[0].show.image"),
        ("a.mp4", _away, "rules: {items: [{id: a, on: like, show: {video: a.mp4}}]}\n", "rules.items[0].show.video"),
        (
            "a.mp3",
            _away,
            "skills: {items: [{id: s, intents: [{id: a, ask: x, say: y, show: {audio: a.mp3}}]}]}\n",
            "skills.items[0].intents[0].show.audio",
        ),
    ],
    ids=["folder", "pipe", "link out", "picture out", "video out", "sound out"],
)
def test_what_a_file_names_is_a_file_of_its_folder(write, name: str, make: Callable[[Path], None], text: str, key: str):
    path = write(HEAD + text)
    make(path.with_name(name))
    with pytest.raises(ConfigError) as caught:
        load_file(path)
    assert (caught.value.path, caught.value.line, caught.value.key) == (path, 3, key)
    assert name in caught.value.problem


@pytest.mark.parametrize(("make", "problem"), [(_folder, "folder"), (os.mkfifo, "pipe")], ids=["folder", "pipe"])
def test_something_else_in_place_of_the_file(tmp_path, make, problem):
    path = tmp_path / "museum.yaml"
    make(path)
    with pytest.raises(ConfigError, match=problem):
        load_file(path)


def test_a_library_with_one_broken_file_is_refused_whole(write):
    folder = write(FAQ + OK, "a.yaml").parent
    (folder / "pipe.yaml").unlink(missing_ok=True)
    os.mkfifo(folder / "pipe.yaml")
    (folder / "folder.yaml").mkdir()
    assert len(load_library("museum", folder).faq) == 1
    broken = write(FAQ + "  - {id: b, ask: x, says: y}\n", "b.yaml")
    with pytest.raises(ConfigError) as caught:
        load_library("museum", folder)
    assert (caught.value.path, caught.value.key) == (broken, "faq.items[0].says")


WHOLE = """knowledge: museum
language: en
greetings: {items: [{id: g, on: idle, after: 2m, say: ["Hi {name}", Hello], cooldown: 30s}]}
keywords: {items: [{id: k, any: [toilet, "a+b"], none: [x], match: regex, priority: 3, say: There.}]}
faq:
  enabled: true
  items:
    - id: f
      ask: [When do you open?]
      say: |
        From nine.
      from: 2026-01-01
      until: 2026-12-31T10:00
      show: {title: Hours, image: a.png, link: "https://museum.example"}
skills: {items: [{id: s, intents: [{id: i, ask: Where?, say: "Here, at {time}."}]}]}
rules: {items: [{id: r, on: [gift], when: "gift.count >= 5", quota: {count: 2, per: 1h}, say: Thanks!}]}
thresholds: {direct: 0.5, suggest: auto}
"""
PIECES = [
    *WHOLE.split(),
    "\n",
    "  ",
    "\t",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "*a",
    "&a",
    "!!x",
    "\0",
    "'",
    '"',
    "#",
    "---",
    "?",
    "|",
    "é",
]


@given(st.integers(0, len(WHOLE)), st.integers(0, 12), st.lists(st.sampled_from(PIECES), max_size=4).map("".join))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_to_a_file_it_is_read_or_refused_in_one_line(tmp_path, place, cut, put):
    path = tmp_path / "museum.yaml"
    path.write_text(WHOLE[:place] + put + WHOLE[place + cut :], encoding="utf-8")
    try:
        load_file(path)
    except ConfigError as error:
        lines = path.read_text(encoding="utf-8").count("\n") + 1
        assert 1 <= error.line <= lines  # noqa: PT017
        assert error.problem  # noqa: PT017
        assert error.remedy  # noqa: PT017
        assert str(error).isprintable()  # noqa: PT017
