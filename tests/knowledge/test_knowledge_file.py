from __future__ import annotations

import pytest

from knowledge.check import check
from knowledge.library import load_file, load_library
from knowledge.schema import KnowledgeFile
from visavis.config import schema_text
from visavis.errors import ConfigError

HEAD = "knowledge: museum\nlanguage: en\n"


def refusal(path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_file(path)
    return caught.value


def test_every_key_of_the_file_is_read(write):
    path = write(
        HEAD
        + """
greetings:
  items:
    - {id: hi, on: idle, after: 2m, say: [Hello, "Good day"], action: wave, cooldown: 30s}
keywords:
  items:
    - {id: wc, any: toilet, none: [staff], match: word, priority: 10, say: There., action: present_right}
faq:
  enabled: true
  items:
    - id: hours
      ask: [When do you open?]
      say: |
        From nine
        to five.
      action: nod
      button: true
      from: 2026-01-01
      until: 2026-12-31
      show: {title: Hours, image: hours.png, link: "https://museum.example"}
documents:
  - {path: guide.md}
fallback: {say: No idea.}
thresholds: {direct: 0.5, suggest: auto, margin: 0.1}
"""
    )
    path.with_name("guide.md").write_text("# Guide\nThe lens is old.\n")
    library = load_file(path)
    assert library.greetings[0].after == 120
    assert library.keywords[0].any == ("toilet",)
    assert library.faq[0].say == ("From nine to five.",)
    assert library.faq[0].show.card().image == "hours.png"
    assert [each.text for each in library.documents[0].blocks] == ["Guide", "The lens is old."]
    assert library.fallback == ("No idea.",)
    assert library.thresholds.direct == 0.5


def test_a_section_that_is_off_is_silent(write):
    library = load_file(write(HEAD + "faq: {enabled: false, items: [{id: a, ask: b, say: c}]}\n"))
    assert library.faq == ()


FAQ = HEAD + "faq:\n  items:\n"
KEY = HEAD + "keywords:\n  items:\n"
HI = HEAD + "greetings:\n  items:\n"


@pytest.mark.parametrize(
    ("text", "line", "key", "problem", "remedy"),
    [
        ("language: en\n", 1, "knowledge", "missing", "add `knowledge"),
        ("knowledge: museum\n", 1, "language", "missing", "add `language"),
        (HEAD + "faqs: {}\n", 3, "faqs", "no such key", "'faq'"),
        (HEAD + "language2: x\n", 3, "language2", "no such key", "'language'"),
        (FAQ + "  - {id: a, ask: x}\n", 5, "faq.items[0].say", "missing", "say"),
        (FAQ + "  - {id: a, ask: x, say: ''}\n", 5, "faq.items[0].say", "empty", "write something"),
        (FAQ + "  - {id: a, ask: x, say: []}\n", 5, "faq.items[0].say", "empty", "at least one"),
        (FAQ + "  - {id: a, ask: x, say: [1]}\n", 5, "faq.items[0].say[0]", "1 is not a text", "quotes"),
        (FAQ + f"  - {{id: a, ask: x, say: {'y' * 2001}}}\n", 5, "faq.items[0].say", "2,001 characters", "shorten"),
        (FAQ + '  - {id: a, ask: x, say: "a\\u0007b"}\n', 5, "faq.items[0].say", "control characters", "remove"),
        (FAQ + "  - {id: a b, ask: x, say: y}\n", 5, "faq.items[0].id", "'a b'", "letters"),
        (FAQ + "  - {id: a, ask: x, say: y, action: wawe}\n", 5, "faq.items[0].action", "no action", "'wave'"),
        (FAQ + "  - {id: a, ask: x, say: y, enabled: on}\n", 5, "faq.items[0].enabled", "'on'", "true or false"),
        (FAQ + "  - {id: a, ask: x, say: y, until: soon}\n", 5, "faq.items[0].until", "not a date", "2026"),
        (
            FAQ + "  - {id: a, ask: x, say: y, from: 2026-02-01, until: 2026-01-01}\n",
            5,
            "faq.items[0].until",
            "before",
            "exchange",
        ),
        (
            FAQ + "  - {id: a, ask: x, say: y, show: {image: ../x.png}}\n",
            5,
            "faq.items[0].show.image",
            "leaves",
            "beside",
        ),
        (
            FAQ + "  - {id: a, ask: x, say: y, show: {image: /x.png}}\n",
            5,
            "faq.items[0].show.image",
            "leaves",
            "beside",
        ),
        (FAQ + "  - {id: a, ask: x, say: y, show: {image: x.exe}}\n", 5, "faq.items[0].show.image", "picture", "png"),
        (
            FAQ + "  - {id: a, ask: x, say: y, show: {link: 'javascript:x'}}\n",
            5,
            "faq.items[0].show.link",
            "link",
            "https",
        ),
        (
            FAQ + "  - {id: a, ask: x, say: y}\n  - {id: a, ask: z, say: y}\n",
            6,
            "faq.items[1].id",
            "taken",
            "another id",
        ),
        (KEY + "  - {id: a, say: y}\n", 5, "keywords.items[0]", "`any` or `all`", "add the words"),
        (
            KEY + "  - {id: a, any: ['('], match: regex, say: y}\n",
            5,
            "keywords.items[0].any[0]",
            "regular expression",
            "correct",
        ),
        (KEY + "  - {id: a, any: [x], match: words, say: y}\n", 5, "keywords.items[0].match", "not known", "'word'"),
        (
            KEY + "  - {id: a, any: [x], priority: high, say: y}\n",
            5,
            "keywords.items[0].priority",
            "whole number",
            "whole",
        ),
        (HI + "  - {id: a, on: entry, say: y}\n", 5, "greetings.items[0].on", "not known", "'enter'"),
        (HI + "  - {id: a, on: enter, say: y, cooldown: 30}\n", 5, "greetings.items[0].cooldown", "duration", "30s"),
        (HI + "  - {id: a, on: enter, say: y, after: 30s}\n", 5, "greetings.items[0].after", "idle", "remove"),
        (HI + "  - {id: a, on: time, say: y, at: '25:00'}\n", 5, "greetings.items[0].at", "time of day", "09:30"),
        (HEAD + "documents:\n  - {path: ../a.md}\n", 4, "documents[0].path", "leaves", "beside"),
        (HEAD + "documents:\n  - {path: a.exe}\n", 4, "documents[0].path", "not a document", ".docx"),
        (HEAD + "documents:\n  - {path: a.md}\n", 4, "documents[0].path", "No such file", "relative"),
        (HEAD + "thresholds: {direct: 2}\n", 3, "thresholds.direct", "2", "auto"),
        (HEAD + "colours: {}\n", 3, "colours", "no such key", "use one of"),
    ],
)
def test_what_is_wrong_is_named_with_file_line_key_and_remedy(write, text, line, key, problem, remedy):
    error = refusal(write(text))
    assert (error.line, error.key) == (line, key)
    assert problem in error.problem
    assert remedy in error.remedy


def test_a_document_may_not_lead_out_through_a_link(write, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    path = write(HEAD + "documents:\n  - {path: a.txt}\n")
    path.with_name("a.txt").symlink_to(tmp_path / "secret.txt")
    assert "leads out" in refusal(path).problem


def test_a_link_that_leads_to_itself_is_refused_like_a_file_that_cannot_be_read(write):
    path = write(HEAD + "documents:\n  - {path: a.txt}\n")
    path.with_name("a.txt").symlink_to("a.txt")
    error = refusal(path)
    assert (error.line, error.key) == (4, "documents[0].path")
    assert "a.txt" in error.problem


def test_files_of_one_name_are_one_library(write):
    first = write(FAQ + "  - {id: a, ask: x, say: y}\n", "a.yaml")
    write(FAQ + "  - {id: b, ask: z, say: y}\n" + "fallback: {say: Hm.}\n", "b.yaml")
    write("knowledge: other\nlanguage: zh\nbroken: [\n", "c.yaml")
    library = load_library("museum", first.parent)
    assert [each.id for each in library.faq] == ["a", "b"]
    assert library.fallback == ("Hm.",)


@pytest.mark.parametrize(
    ("second", "key"),
    [
        ("knowledge: museum\nlanguage: de\n", "language"),
        (HEAD + "faq: {enabled: false}\n", "faq.enabled"),
        (HEAD + "fallback: {say: B.}\n", "fallback"),
        (HEAD + "thresholds: {direct: 0.9}\n", "thresholds"),
        (HEAD + "faq: {items: [{id: a, ask: q, say: s}]}\n", "faq.items[0].id"),
    ],
)
def test_files_of_one_library_may_not_contradict_each_other(write, second, key):
    first = (
        HEAD
        + "fallback: {say: A.}\nthresholds: {direct: 0.5}\nfaq: {enabled: true, items: [{id: a, ask: x, say: y}]}\n"
    )
    folder = write(first, "a.yaml").parent
    path = write(second, "b.yaml")
    with pytest.raises(ConfigError) as caught:
        load_library("museum", folder)
    assert (caught.value.path, caught.value.key) == (path, key)
    assert [each.key for each in check(path)] == [key]


def test_a_broken_file_of_the_library_is_told(write):
    folder = write(HEAD, "a.yaml").parent
    write(HEAD + "faq: [\n", "b.yaml")
    with pytest.raises(ConfigError, match=r"b\.yaml"):
        load_library("museum", folder)


def test_a_library_that_is_not_there_is_told_with_the_nearest_name(write):
    folder = write(HEAD).parent
    with pytest.raises(ConfigError, match="did you mean 'museum'"):
        load_library("musem", folder)


def test_what_looks_wrong_is_a_warning(write):
    path = write(
        FAQ
        + "  - {id: a, ask: [When?, when], say: y, show: {image: none.png}}\n  - {id: b, ask: WHEN, say: y}\n"
        + "greetings: {items: [{id: g, on: time, say: Hi}]}\n"
    )
    found = check(path)
    assert {each.severity for each in found} == {"warning"}
    assert [each.key for each in found] == [
        "faq.items[0].show.image", "faq.items[0].ask[1]", "faq.items[1].ask[0]", "greetings.items[0].on",
    ]  # fmt: skip
    assert str(found[0]).startswith(f"{path}:5: faq.items[0].show.image: there is no picture none.png; ")


def test_what_is_shipped_is_without_a_fault(shipped):
    for path in sorted(shipped.glob("*.yaml")):
        assert check(path) == []
        assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=knowledge.schema.json\n")


def test_the_schema_beside_the_files_is_up_to_date(shipped):
    assert (shipped / "knowledge.schema.json").read_text(encoding="utf-8") == schema_text(KnowledgeFile)
