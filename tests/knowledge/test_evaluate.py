"""Cases are read with clear errors, and what became of them is counted as it is defined."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from knowledge.answers import Finding
from knowledge.cases import Case, read_cases
from knowledge.evaluate import Confusion, Point, evaluate
from knowledge.plot import svg
from visavis.errors import ConfigError
from visavis.words import Choice, Match

KNOWN = ("opening-hours", "shop", "tickets")


@pytest.fixture
def cases(tmp_path: Path):
    def write(data: str | bytes) -> Path:
        path = tmp_path / "cases.csv"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return write


# ── reading ──
def test_a_file_of_cases_may_come_from_any_spreadsheet(cases) -> None:
    asked = [Case("When, please?", "opening-hours", "faq"), Case("今天几点关门？")]
    for data in (
        'text,expected_id,kind\n"When, please?",opening-hours,faq\n今天几点关门？,,\n',
        '\ufefftext,expected_id,kind\r\n\r\n"When, please?",opening-hours,faq\r\n今天几点关门？,,\r\n,,\r\n',
        "expected_id;kind;text\nopening-hours;faq;When, please?\n;;今天几点关门？\n",
        "Text\tExpected_ID\tnote\tkind\nWhen, please?\topening-hours\tx\tfaq\n今天几点关门？\t",
    ):
        found = read_cases(cases(data), KNOWN)
        assert [Case(each.text, each.expected_id, each.kind) for each in found] == asked


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "cases.csv:1: the file is empty; begin with the line text,expected_id,kind"),
        ("text,expected_id,kind\n\n", "cases.csv:1: there is no case in this file"),
        ("question,expected_id\nhi,\n", "cases.csv:1: text: the column text is missing"),
        ("text,kind\nhi,\n", "cases.csv:1: expected_id: the column expected_id is missing"),
        ("text,text,expected_id\na,b,\n", "cases.csv:1: text: the column text is given twice"),
        (
            "text,expected_id\nhi,\n\nhow,shp\n",
            "cases.csv:4: expected_id: no entry in use is 'shp'; did you mean 'shop'?",
        ),
        ("text,expected_id\nhi,zzzzz\n", "off-topic"),
        ("text,expected_id\nhi,\n ,shop\n", "cases.csv:3: text: the text is empty"),
        ("text,expected_id\nhi\n", "cases.csv:2: expected_id: the row ends before this column"),
        ("text,expected_id\nhi, you,shop\n", "cases.csv:2: the row has 3 fields, the first line 2; put a text"),
        ('text,expected_id\nhi,shop\n"open,shop\n', "cases.csv:3: this is not CSV"),
        (b"text,expected_id\nhi,\ncaf\xe9,shop\n", "cases.csv:3: the file is not UTF-8 text"),
        ("text,expected_id\nhi,\n".encode("utf-16"), "cases.csv:1: the file is not UTF-8 text"),
    ],
)
def test_what_is_wrong_with_a_file_of_cases_is_told_with_its_line(cases, data: str | bytes, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_cases(cases(data), KNOWN)
    assert said in str(refused.value)


@pytest.mark.parametrize(("name", "said"), [("none.csv", "there is no such file"), (".", "this is a folder")])
def test_a_path_without_cases_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_cases(tmp_path / name, KNOWN)


# ── counting ──
class Fixed:
    """Finds what the text itself says: `decision best score others…`."""

    async def find(self, text: str) -> Finding:
        decision, best, score, *others = text.split()
        match = Match(best, float(score))
        match decision:
            case "direct":
                return Finding("direct", "faq", match=match, candidates=(match,))
            case "suggest":
                choices = tuple(Choice(each, each.upper()) for each in (best, *others))
                return Finding("suggest", "suggest", match=match, choices=choices, candidates=(match,))
        return Finding("fallback", "fallback", candidates=(match,))


ASKED = [
    Case("direct shop 0.95", "shop"),
    Case("direct shop 0.9", "tickets"),
    Case("direct shop 0.91", "tickets"),
    Case("suggest shop 0.6 tickets", "tickets"),
    Case("suggest shop 0.6 opening-hours", "tickets"),
    Case("fallback shop 0.1", "shop"),
    Case("direct shop 0.8"),
    Case("suggest shop 0.5"),
    Case("fallback shop 0.2"),
]


async def test_the_figures_are_counted_as_they_are_defined() -> None:
    told: list[tuple[int, int]] = []
    found = await evaluate(Fixed(), ASKED, lambda done, total: told.append((done, total)))
    data = found.data
    assert list(data) == ["n", "right", "wrong", "offered", "rejected", "rows"]
    assert [data[key] for key in ("n", "right", "wrong", "offered", "rejected")] == [9, 1, 2, 1, 2]
    assert data["rows"][3] == {
        "text": "suggest shop 0.6 tickets",
        "expected_id": "tickets",
        "got_id": None,
        "decision": "suggest",
        "score": 0.6,
        "choices": ["shop", "tickets"],
    }
    assert found.shares == {
        "precision": 1 / 4,
        "coverage": 3 / 6,
        "direct_right": 1 / 6,
        "direct_wrong": 2 / 6,
        "right_or_offered": 2 / 6,
        "off_topic_rejected": 2 / 3,
        "off_topic_given_choices": 1 / 3,
    }
    assert found.confusions() == [
        Confusion("tickets", "shop", ("direct shop 0.9", "direct shop 0.91")),
        Confusion("", "shop", ("direct shop 0.8",)),
    ]
    assert told[-1] == (9, 9)


async def test_the_curve_loses_precision_as_it_gains_coverage() -> None:
    found = await evaluate(Fixed(), ASKED)
    curve = found.curve()
    assert curve[0] == Point(0.95, 1 / 6, 1.0)
    assert curve[1] == Point(0.91, 2 / 6, 1 / 2)
    assert curve[-1] == Point(0.1, 1.0, 2 / 9)


async def test_the_plot_is_a_picture_whatever_there_is_to_draw() -> None:
    for asked in (ASKED, ASKED[:1], ASKED[-3:], [Case("fallback x 0", "shop")]):
        drawn = ET.fromstring(svg(await evaluate(Fixed(), asked), "<a & b>"))
        texts = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
        assert "<a & b>" in texts
