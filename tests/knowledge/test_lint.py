"""Each thing that looks wrong in a file that can be used is told with its line; what is fine is not."""

from __future__ import annotations

import zlib
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from knowledge.check import Checks
from knowledge.minilm import MiniLm
from knowledge.ngrams import NGrams

NOW = datetime(2026, 6, 15, 12)
HEAD = "knowledge: museum\nlanguage: en\n"


@pytest.fixture
def told(write):
    """What is told of a file that begins with `HEAD`, without the file's path."""

    def told(text: str, **others: str) -> list[str]:
        for name, other in others.items():
            write(HEAD + other, f"{name}.yaml")
        path = write(HEAD + text)
        return [str(each).removeprefix(f"{path}:") for each in Checks(NOW).problems(path)]

    return told


def faq(*entries: str) -> str:
    return "faq:\n  items:\n" + "".join(f"    - {each}\n" for each in entries)


def keywords(*entries: str) -> str:
    return "keywords:\n  items:\n" + "".join(f"    - {each}\n" for each in entries)


# ── questions ──
def test_a_question_asked_twice_is_told_with_both_places(told) -> None:
    found = told(
        faq(
            '{id: hours, ask: ["When do you open?", "when do you OPEN"], say: At nine.}',
            "{id: summer, ask: When do you open?, say: At ten.}",
            "{id: again, ask: ＷＨＥＮ do you open, say: At nine.}",
        )
    )
    assert found == [
        "5: faq.items[0].ask[1]: 'when do you OPEN' is already asked in this entry; remove one of the two",
        "6: faq.items[1].ask[0]: 'When do you open?' is already asked in 'hours' (museum.yaml:5), with another answer, "
        "which is the one that is given; keep the question in the entry that should answer it",
        "7: faq.items[2].ask[0]: 'ＷＨＥＮ do you open' is already asked in 'hours' (museum.yaml:5), with the same "
        "answer; keep one of the two entries",
    ]


def test_the_other_files_of_the_library_are_looked_at_as_well(told) -> None:
    found = told(faq("{id: a, ask: Where?, say: Here.}"), aaa=faq("{id: b, ask: Where?, say: There.}"))
    assert len(found) == 1
    assert "in 'b' (aaa.yaml:5)" in found[0]


@pytest.mark.parametrize(
    "second",
    [
        "{id: b, ask: When?, say: Ten., enabled: false}",
        "{id: b, ask: When?, say: Ten., from: 2026-09-01}",
        "{id: b, ask: When exactly?, say: Ten.}",
    ],
)
def test_questions_that_never_meet_are_fine(told, second: str) -> None:
    assert told(faq("{id: a, ask: When?, say: Nine., until: 2026-08-31}", second)) == []


def test_the_intents_of_skills_are_questions_too(told) -> None:
    skill = "skills:\n  items:\n    - {id: s, intents: [{id: b, ask: Where?, say: There.}]}\n"
    found = told(faq("{id: a, ask: Where?, say: Here.}") + skill)
    assert found[0].startswith("8: skills.items[0].intents[0].ask[0]: 'Where?' is already asked in 'a'")


async def nearly(path: Path, embedder, cache: Path) -> list[str]:
    return [each.problem for each in await Checks(NOW).alike(path, embedder, cache)]


async def test_questions_in_nearly_the_same_words_are_told_once_a_pair(write, context) -> None:
    embedder = await MiniLm.open(context)
    path = write(
        HEAD
        + faq(
            '{id: hours, ask: ["When do you open?", "What are your opening hours?"], say: At nine.}',
            '{id: open, ask: ["When are you open?", "When do you open then?"], say: At ten.}',
            "{id: gift, ask: Is there a gift shop?, say: Yes.}",
            "{id: shop, ask: Do you have a gift shop?, say: No.}",
            "{id: arrive, ask: What time is check-in?, say: At three.}",
            "{id: leave, ask: What time is check-out?, say: At eleven.}",
        )
    )
    found = await nearly(path, embedder, context.cache)
    assert len(found) == 2
    assert "in 'hours'" in found[0]
    assert "'Do you have a gift shop?' is nearly the same as 'Is there a gift shop?'" in found[1]
    await embedder.close()


async def test_chinese_questions_in_nearly_the_same_words_are_told(write, context) -> None:
    entries = ("{id: a, ask: 怎么预约？, say: 打电话。}", "{id: b, ask: 如何预约？, say: 上网。}")
    path = write("knowledge: tea\nlanguage: zh-CN\n" + faq(*entries, "{id: c, ask: 几点开门？, say: 九点。}"))
    found = await nearly(path, await NGrams.open(context), context.cache)
    assert len(found) == 1
    assert "'如何预约？' is nearly the same as '怎么预约？' in 'a'" in found[0]


async def test_a_thousand_entries_are_compared_at_once(write, context) -> None:
    class Fixed:
        version, dimensions = "fixed", 384

        async def embed(self, texts):
            # The question of row 2000 is embedded as that of row 3.
            seeds = [zlib.crc32((text if text != "q666 c" else "q1 a").encode()) for text in texts]
            rows = np.stack([np.random.default_rng(seed).normal(size=384) for seed in seeds]).astype(np.float32)
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    entries = (f'{{id: e{n}, ask: ["q{n} a", "q{n} b", "q{n} c"], say: "{n}"}}' for n in range(1000))
    found = await nearly(write(HEAD + faq(*entries)), Fixed(), context.cache)
    assert len(found) == 1
    assert "in 'e1'" in found[0]


# ── keywords ──
def test_a_keyword_that_another_always_beats_is_told(told) -> None:
    found = told(
        keywords(
            "{id: low, any: [staff toilet, public toilet], say: A., priority: 1}",
            "{id: high, any: [toilet, restroom], say: B., priority: 5}",
            "{id: later, any: [restroom], say: C., priority: 5}",
        )
    )
    assert found == [
        "5: keywords.items[0]: never fires: 'high' (museum.yaml:6) has a higher priority and fires on the same words; "
        "raise its `priority`, or change its words",
        "7: keywords.items[2]: never fires: 'high' (museum.yaml:6) stands before it and fires on the same words; "
        "raise its `priority`, or change its words",
    ]


@pytest.mark.parametrize(
    "first",
    [
        "{id: a, any: [toilet], none: [staff], say: A., priority: 9}",
        "{id: a, any: [toilet], all: [please], say: A., priority: 9}",
        "{id: a, any: [toilets], say: A., priority: 9}",
        "{id: a, any: [toilet], match: exact, say: A., priority: 9}",
        "{id: a, any: [toilet], say: A., priority: 9, until: 2026-12-31}",
        "{id: a, any: [toilet], say: A., priority: 9, enabled: false}",
        "{id: a, any: [toilet], say: A., priority: 9, cooldown: 5m}",
        "{id: a, any: [toi.et], match: regex, say: A., priority: 9}",
    ],
)
def test_a_keyword_that_fires_now_and_then_is_fine(told, first: str) -> None:
    assert told(keywords(first, "{id: b, any: [toilet], say: B.}")) == []


def test_words_that_are_wanted_and_unwanted_at_once_are_told(told) -> None:
    found = told(
        keywords(
            "{id: never, any: [staff toilet], none: [staff], say: A.}",
            "{id: half, any: [toilet, staff toilet], none: [staff], say: B.}",
            "{id: all, any: [toilet], all: [staff], none: [staff], say: C.}",
        )
    )
    assert "5: keywords.items[0].any: 'staff toilet' is in `none` too, so the keyword never fires" in found[0]
    assert "6: keywords.items[1].any: 'staff toilet' is in `none` too, so it never counts" in found[1]
    assert "7: keywords.items[2].all: 'staff' is in `none` too, so the keyword never fires" in found[2]


def test_a_keyword_and_a_question_for_the_same_words_are_told(told) -> None:
    found = told(
        keywords("{id: toilet, any: [toilet], say: Left.}", "{id: exact, any: [where to], match: exact, say: Up.}")
        + faq("{id: wc, ask: [Where is the staff toilet?], say: Right.}", "{id: to, ask: Where to?, say: Down.}")
    )
    assert [line.partition(": ")[2].partition(";")[0] for line in found] == [
        "keywords.items[1]: never fires: each of its texts is a question of the FAQ, which comes first",
        "faq.items[0].ask[0]: 'Where is the staff toilet?' fires the keyword 'toilet' (museum.yaml:5) once it is "
        "worded otherwise",
        "faq.items[1].ask[0]: 'Where to?' fires the keyword 'exact' (museum.yaml:6) once it is worded otherwise",
    ]


# ── items ──
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            faq("{id: a, ask: b, say: c, show: {image: no.png}}"),
            "5: faq.items[0].show.image: there is no picture no.png",
        ),
        (faq("{id: a, ask: b, say: c, show: {video: no.mp4}}"), "5: faq.items[0].show.video: there is no video no.mp4"),
        (faq("{id: a, ask: b, say: c, show: {audio: no.mp3}}"), "5: faq.items[0].show.audio: there is no sound no.mp3"),
        (faq("{id: a, ask: b, say: c, until: 2026-06-14}"), "5: faq.items[0].until: this is over since 2026-06-14"),
        ("faq: {items: []}\n", "3: faq: the section holds nothing; add items, or remove the section"),
        (
            "faq: {enabled: false, items: [{id: a, ask: b, say: c}]}\n",
            "3: faq.enabled: the section is switched off: 1 items are never used",
        ),
        ("fallback: {say: Hm.}\n", "1: knowledge: nothing is known here"),
        (
            "greetings: {items: [{id: a, on: time, say: c}]}\n",
            '3: greetings.items[0].on: this greeting is never said by the clock; add `at: "HH:MM"`',
        ),
        (
            faq('{id: a, ask: b, say: ["It costs {product.price}.", "{name}, it is {time}."]}'),
            "5: faq.items[0].say: this is said only where the caller gives {product.price}, {name}; add a wording",
        ),
        (
            faq('{id: a, ask: [b, "???"], say: c}'),
            "5: faq.items[0].ask[1]: '???' has no letter and no number, so it is never found; write it in words",
        ),
        (
            keywords("{id: a, any: [👍, yes], say: c}"),
            "5: keywords.items[0].any[0]: '👍' has no letter and no number",
        ),
        (
            keywords('{id: a, any: [".*"], match: regex, say: c}'),
            "5: keywords.items[0].any[0]: '.*' fits every text; write what must be there",
        ),
    ],
)
def test_what_looks_wrong_with_one_item_is_told(told, text: str, said: str) -> None:
    found = told(text)
    assert any(line.startswith(said) for line in found), found


@pytest.mark.parametrize(
    "text",
    [
        faq("{id: a, ask: b, say: c, until: 2026-06-15}"),
        faq("{id: a, ask: b, say: c, show: {image: 'https://example.org/a.png'}}"),
        faq('{id: a, ask: b, say: ["It is {time}.", "Hello {name}."]}'),
        'greetings: {items: [{id: a, on: time, at: "12:00", say: c}]}\n',
        keywords(r'{id: a, any: ["[?!]{3}"], none: [".*x"], match: regex, say: c}'),
    ],
)
def test_what_is_fine_is_not_told(told, text: str) -> None:
    assert told(text) == []


def test_the_shipped_files_look_right(shipped) -> None:
    assert [str(each) for path in shipped.glob("*.yaml") for each in Checks(NOW).problems(path)] == []
