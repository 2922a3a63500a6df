"""The knowledge bench counts what it says it counts, on libraries that it makes itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.library import load_library
from runtime.bench import kb, kb_edits, kb_sets, kb_speed
from runtime.bench.kb_library import WordSums, entries, questions, write
from runtime.settings import Installation
from visavis.errors import SetupError

LIBRARY = """\
knowledge: stall
language: en
faq:
  items:
    - {id: hours, ask: [When do you open?, What are your opening hours?], say: At nine.}
    - {id: price, ask: [How much is a ticket?, What does a ticket cost?], say: Ten euros.}
"""
CASES = "text,expected_id,kind\nwhen do you open,hours,\nhow much is a ticket,price,\nxyzzy plugh,,far\n"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    (tmp_path / "app.yaml").write_text(
        f"embedder: {{default: ngrams}}\ncache: {{dir: {tmp_path / 'cache'}}}\n", "utf-8"
    )
    return Installation(tmp_path)


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "sets"
    folder.mkdir()
    for name in ("everyday_en_stall", "dev_en_stall"):
        (folder / f"{name}.yaml").write_text(LIBRARY.replace("stall", name), "utf-8")
        (folder / f"{name}.csv").write_text(CASES, "utf-8")
    monkeypatch.setattr(kb_sets, "SETS", folder)
    return folder


async def test_small_sets_are_counted_by_language_the_unseen_ones_first(installation: Installation, sets: Path) -> None:
    rows, texts = await kb_sets.small_sets(installation)
    assert len(texts) == 6
    values = {row.name: row.value for row in rows}
    assert values["small FAQs, English, unseen: direct and right"] == 1
    assert values["small FAQs, English, unseen: off-topic answered"] == 0
    assert [row.target for row in rows if "unseen" in row.name] == [0.75, 0.05, 0.05, 0.90, 0.50]
    assert [row.target for row in rows if "tuned on" in row.name] == [None] * 5
    assert [row.reached for row in rows if "unseen" in row.name] == [True] * 5


def test_the_library_has_as_many_entries_as_asked_for_and_no_two_alike(tmp_path: Path) -> None:
    made = entries(6_000)
    assert len({each.id for each in made}) == 6_000
    write(made, tmp_path)
    library = load_library("bench", tmp_path)
    assert [each.id for each in library.faq] == [each.id for each in made]
    assert len(library.files) == 6
    known = {text for each in made for text in each.asks}
    assert not known & set(questions(made, 50))
    assert len(entries(100_000 // 3 + 1)) == 33_334


async def test_alike_texts_are_near_in_the_bench_embedder() -> None:
    one, other, far = await WordSums().embed(["Where is the lift?", "where is a lift", "Is breakfast included?"])
    assert one @ other > 0.8 > 0.3 > one @ far
    assert np.linalg.norm(far) == pytest.approx(1, abs=1e-5)


async def test_a_review_that_is_timed_is_the_products_own() -> None:
    rows = await kb_speed.reviewing(["When do you open?"])
    assert [row.value for row in rows if row.name == "review: innocent texts blocked"] == [0]


async def test_public_sets_that_are_not_there_are_named(
    installation: Installation, sets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*arguments: object) -> list[object]:
        return []

    for name in ("decision", "lookup", "edits"):
        monkeypatch.setattr(kb, name, nothing)
    report = await kb.bench_kb(installation.folder, data=tmp_path)
    assert sum("Left out: there is no nlu/" in note for note in report.notes) == 2
    report = await kb.bench_kb(installation.folder, quick=True, data=tmp_path)
    assert report.notes == ["Left out, CLINC150 and BANKING77: they take minutes; run without --quick."]
    with pytest.raises(SetupError, match="--data DIR"):
        await kb.bench_kb(installation.folder, data=tmp_path / "none")


async def test_edits_are_timed_until_they_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kb_edits, "EDITS", 2)
    monkeypatch.setattr(kb_edits, "QUICK", 1_500)
    rows = await kb_edits.edits(quick=True)
    assert [(row.unit, row.target) for row in rows] == [("s", 1.5), ("ms", 20.0)]
    assert rows[0].value > 0
    assert rows[0].note.startswith("1,500 entries, 2 edits")
