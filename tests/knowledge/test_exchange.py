"""What goes out comes back as it was: libraries through every format, whatever stands in their texts."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from knowledge.exchange import exported, incoming
from knowledge.exchange.contents import Contents, contents
from knowledge.exchange.newfile import content, text
from knowledge.exchange.taking import create, merge
from knowledge.library import load_file, parts

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
ODD = [
    *(
        "=1+1",
        "+49 30 123",
        "-5",
        "@home",
        "'quoted'",
        "'=x",
        '"',
        "'",
        "''-",
        "=SUM(A1)",
        "|",
        "[x]",
        "`code`",
        "# no",
    ),
    *(
        "on",
        "off",
        "null",
        "1e3",
        "007",
        "true",
        "~",
        "1.0",
        "2026-01-01",
        "12:30",
        "a: b",
        "- dash",
        "a,b;c\td",
        "50 %",
    ),
    *("价格是多少？", "😀 👍🏽", "é ﬁ", "{{braces}}", "{name}", "<b>&amp;</b>", "C:\\dir", "_x0041_", "_x005F_x0041_"),
    "x" * 200,
]
LINES = st.one_of(
    st.sampled_from(ODD),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"), exclude_characters="{}"),
        min_size=1,
        max_size=30,
    ),
).filter(lambda each: each.strip() and each != "{{")
CARDS = st.one_of(LINES, st.sampled_from(["two\nlines", "a\r\nb", " spaces around ", "\n=x", "tab\there"]))
SAYS = st.one_of(LINES, st.lists(LINES, min_size=1, max_size=3))
FAQ = st.fixed_dictionaries(
    {"ask": SAYS, "say": SAYS},
    optional={
        "action": st.sampled_from(["nod", "wave"]),
        "button": st.just(True),
        "enabled": st.just(False),
        "from": st.sampled_from(["2026-01-01", "2026-01-01T08:30"]),
        "until": st.sampled_from(["2027-12-31", "2027-12-31T18:00"]),
        "priority": st.integers(-9, 9),
        "cooldown": st.sampled_from(["30s", "1.5h"]),
        "show": st.fixed_dictionaries(
            {},
            optional={
                "title": CARDS,
                "text": CARDS,
                "image": st.sampled_from(["media/a b.png", "https://example.org/a.png"]),
                "link": st.just("https://example.org/?a=1&b=2"),
            },
        ),
    },
)
IDS = st.text(
    st.characters(codec="utf-8", categories=("Ll", "Lo", "Nd"), include_characters="-_."), min_size=1, max_size=12
).map(lambda each: f"i{each}")


def numbered(items: list[dict[str, Any]], ids: list[str]) -> list[dict[str, Any]]:
    return [{"id": name, **item} for name, item in zip(ids, items, strict=False)]


@st.composite
def libraries(draw: st.DrawFn) -> dict[str, Any]:
    """A whole knowledge file: every kind of record, with odd texts."""
    ids = draw(st.lists(IDS, min_size=8, max_size=8, unique=True))
    faq = numbered(draw(st.lists(FAQ, min_size=1, max_size=3)), ids)
    data: dict[str, Any] = {
        "knowledge": "odd",
        "language": draw(st.sampled_from(["en", "zh-CN"])),
        "faq": {"items": faq},
    }
    if draw(st.booleans()):
        data["faq"]["enabled"] = False
    intents = numbered(draw(st.lists(FAQ, min_size=1, max_size=2)), ids[4:])
    data["skills"] = {"items": [{"id": "s 1".replace(" ", "-"), "title": draw(CARDS), "intents": intents}]}
    data["keywords"] = {"items": [{"id": "k", "any": draw(SAYS), "say": draw(SAYS), "match": "contains"}]}
    data["greetings"] = {"items": [{"id": "g", "on": "idle", "after": "60s", "say": draw(SAYS)}]}
    data["rules"] = {
        "items": [{"id": "r", "on": ["gift", "like"], "say": draw(SAYS), "quota": {"count": 3, "per": "1h"}}]
    }
    data["fallback"] = {"say": draw(st.sampled_from(["No idea.", ["=no", "不知道"]]))}
    data["thresholds"] = {"direct": 0.75}
    return data


def written(folder: Path, data: dict[str, Any], name: str) -> Contents:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text(data), encoding="utf-8")
    load_file(path)
    return contents(parts(data["knowledge"], folder))


def through(library: Contents, form: Any, folder: Path, kind: str = "faq") -> tuple[bytes, bytes]:
    """What is exported, and what is exported again of what was made of it."""
    suffix = {"chatterbot": "yml"}.get(form, form)
    first = exported(library, form, folder, kind=kind)
    path = folder / f"odd.{suffix}"
    path.write_bytes(first)
    found = incoming(path, form, kind=kind)
    assert not found.faults, [str(each) for each in found.faults]
    again = folder / "again"
    again.mkdir()
    name = found.name or library.name
    language = found.language or library.language
    taken = create(
        found, lambda rows: content(found, rows, name, language), again / "new.yaml", skip_bad=False, dry_run=False
    )
    assert taken.written, taken.refused
    return first, exported(contents(parts(name, again)), form, again, kind=kind)


@pytest.mark.parametrize("form", ["json", "xlsx", "chatterbot", "zip"])
@settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=libraries())
def test_export_import_export_is_the_same_to_the_byte(form, data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    (folder / "media").mkdir()
    (folder / "media" / "a b.png").write_bytes(b"\x89PNG picture")
    first, second = through(written(folder, data, "odd.yaml"), form, folder)
    assert first == second


@pytest.mark.parametrize("kind", ["faq", "skills", "keywords", "greetings", "rules"])
@settings(max_examples=15, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=libraries())
def test_csv_of_every_kind_is_the_same_to_the_byte(kind, data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    first, second = through(written(folder, data, "odd.yaml"), "csv", folder, kind)
    assert first == second


# ── by example ──
MUSEUM: dict[str, Any] = {
    "knowledge": "museum",
    "language": "en",
    "faq": {
        "items": [
            {
                "id": "hours",
                "ask": ["When do you open?", "What are the hours?"],
                "say": "From nine to five.",
                "action": "nod",
            },
            {"id": "price", "ask": "What is the price?", "say": "Ten.", "show": {"image": "p.png", "title": "Prices"}},
        ]
    },
}


@pytest.fixture
def museum(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    written(folder, MUSEUM, "museum.yaml")
    return folder


def taken_in(
    folder: Path, name: str, raw: bytes | str, *, skip_bad: bool = False, dry_run: bool = False, **options: Any
):
    path = folder.parent / name
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    form = {"yml": "chatterbot"}.get(path.suffix[1:], path.suffix[1:])
    found = incoming(path, form, **options)
    return merge(found, "museum", folder, folder.parent / "logs", file=None, skip_bad=skip_bad, dry_run=dry_run)


def test_rows_of_the_same_id_are_replaced_others_added_and_the_rest_of_the_file_stays(museum):
    path = museum / "museum.yaml"
    path.write_text("# Ours.\n" + path.read_text())
    taken = taken_in(museum, "new.csv", "id,ask,say\nhours,When do you open?,At ten.\ndogs,May my dog come in?,No.\n")
    assert (taken.added, taken.changed, taken.unchanged) == (["dogs"], ["hours"], [])
    said = path.read_text()
    assert said.startswith("# Ours.")
    assert "At ten." in said
    assert "From nine" not in said
    assert "action: nod" in said, "what the file has no column for stays"
    again = taken_in(museum, "new.csv", "id,ask,say\nhours,When do you open?,At ten.\ndogs,May my dog come in?,No.\n")
    assert again.unchanged == ["hours", "dogs"]
    assert path.read_text() == said


def test_questions_and_answers_of_any_spreadsheet_come_in(museum):
    raw = (
        "Question;Answer\r\nWhat are the hours?;From eight.\r\n哪里停车？;在后面。\r\nWhere is the café?;Upstairs.\r\n"
    )
    taken = taken_in(museum, "theirs.csv", raw)
    assert taken.changed == ["hours"], "who asks the same is the same entry"
    assert taken.added == ["na-li-ting-che", "where-is-the-cafe"]


def test_rows_that_only_ask_otherwise_are_wordings_of_one_entry(museum):
    taken_in(museum, "new.csv", "id,question 1,question 2,answer\nx,a b?,c d?,Yes.\nx,e f?,,Yes.\n")
    (item,) = [each for each in contents(parts("museum", museum)).records["faq"] if each["id"] == "x"]
    assert item["ask"] == ["a b?", "c d?", "e f?"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("id,ask,say\nx,,Yes.\n", "row 2, ask: the key is missing"),
        ("id,ask,say,action\nx,a?,Yes.,wawe\n", "row 2, action: there is no action 'wawe'; did you mean 'wave'?"),
        ("id,ask,sai\nx,a?,Yes.\n", "row 1, sai: there is no such column; did you mean 'say'?"),
        ("id,ask,say,priority\nx,a?,Yes.,high\n", "row 2, priority: 'high' is not a whole number"),
        ("id,ask,say,enabled\nx,a?,Yes.,maybe\n", "row 2, enabled: 'maybe' is not true or false"),
        ("id,ask,say\nx y,a?,Yes.\n", "row 2, id: "),
        ("id,ask,say\nx,a?,Yes.\nx,b?,No.\n", "row 3, id: 'x' is the id of row 2 too"),
        ("id,ask,say,link\nx,a?,Yes.,javascript:alert(1)\n", "row 2, link: "),
        ("id,ask,say,image\nx,a?,Yes.,../../etc/a.png\n", "row 2, image: the path '../../etc/a.png' leaves the folder"),
        ('id,ask,say\nx,"a?,Yes.\n', "this is not CSV"),
        (b"id,ask,say\nx,caf\xe9?,Yes.\n", "row 2: the file is not UTF-8 text; save it as"),
        ("", "the file is empty"),
    ],
)
def test_a_bad_row_is_refused_with_its_place_and_nothing_is_changed(museum, raw, said):
    before = (museum / "museum.yaml").read_bytes()
    raw = raw if isinstance(raw, bytes) else raw.encode()
    good = (
        b"good,May my dog come in?,No.\n"
        if raw.startswith(b"id,ask,say\n") and not raw.endswith(b'"a?,Yes.\n')
        else b""
    )
    taken = taken_in(museum, "bad.csv", raw + good)
    assert said in "\n".join(map(str, taken.refused))
    assert not taken.written
    assert (museum / "museum.yaml").read_bytes() == before


def test_with_skip_bad_the_good_rows_are_taken(museum):
    raw = "id,ask,say\nx,,Yes.\ngood,May my dog come in?,No.\n"
    taken = taken_in(museum, "bad.csv", raw, skip_bad=True)
    assert taken.written
    assert taken.added == ["good"]
    assert len(taken.refused) == 1


def test_a_dry_run_says_what_would_be_done(museum):
    before = (museum / "museum.yaml").read_bytes()
    taken = taken_in(museum, "new.csv", "id,ask,say\ngood,May my dog come in?,No.\n", dry_run=True)
    assert taken.added == ["good"]
    assert not taken.written
    assert (museum / "museum.yaml").read_bytes() == before


def test_csv_is_safe_to_open_in_a_spreadsheet_and_reads_back():
    record = {"id": "x", "ask": "=cmd|' /C calc'!A0", "say": "'=1+1"}
    library = Contents("k", "en", {"faq": [record]})
    raw = exported(library, "csv", Path())
    assert b"\r\nx,'=cmd" in raw
    assert b",''=1+1," in raw
    assert exported(library, "csv", Path(), bom=True) == b"\xef\xbb\xbf" + raw


def test_excel_keeps_texts_that_look_like_numbers_dates_and_formulas(tmp_path):
    import openpyxl

    record = {"id": "007", "ask": "=1+1", "say": ["1e3", "2026-01-01"]}
    raw = exported(Contents("k", "en", {"faq": [record]}), "xlsx", Path())
    sheet = openpyxl.load_workbook(io.BytesIO(raw))["faq"]
    assert [sheet.cell(2, at).value for at in (1, 2, 3)] == ["007", "=1+1", "1e3\n2026-01-01"]
    assert {sheet.cell(2, at).data_type for at in (1, 2, 3)} == {"s"}
    assert raw == exported(Contents("k", "en", {"faq": [record]}), "xlsx", Path())


def test_what_excel_makes_of_dates_numbers_and_switches_is_understood(museum, tmp_path):
    from datetime import datetime

    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ["id", "ask", "say", "from", "priority", "enabled"],
        [7, "x y?", "Yes.", datetime(2026, 1, 2), 3.0, False],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    taken = taken_in(museum, "theirs.xlsx", out.getvalue())
    assert not taken.refused
    assert taken.added == ["7"]
    (item,) = [each for each in contents(parts("museum", museum)).records["faq"] if each["id"] == "7"]
    assert item == {"id": "7", "ask": "x y?", "say": "Yes.", "enabled": False, "from": "2026-01-02", "priority": 3}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("{", "this is not JSON"),
        ('{"faq": [{"id": "x", "ask": "a?", "say": NaN}]}', "NaN is not a number"),
        ('{"faq": [], "faq": []}', "the key 'faq' is there twice"),
        ('{"faqs": []}', "faqs: there is no such key"),
        ('{"faq": {"items": ["x"]}}', "faq, row 1"),
        ('{"faq": [{"id": "x", "ask": "a?", "say": "b", "colour": 1}]}', "colour: there is no such key"),
        ("[" * 100_000, "nesting"),
        ("7", "no records"),
    ],
)
def test_bad_json_is_refused(museum, raw, said):
    taken = taken_in(museum, "bad.json", raw)
    assert said in "\n".join(map(str, taken.refused))
    assert not taken.written
