"""Large libraries: looked up as small ones are, edited by what changes, indexed in the background."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge import indexed, library
from knowledge.cells import Cells, centres
from knowledge.index import Index
from knowledge.knowledge import Knowledge
from knowledge.lexical import Inverted, Lexical
from knowledge.ngrams import TfIdf
from knowledge.rows import sources
from runtime.bench.kb_library import WordSums, entries, questions, write
from visavis.engines import Context
from visavis.errors import ConfigError, EngineError
from visavis.fakes.launcher import InlineLauncher

ENTRIES = 1_500
"""With three phrasings each, more than a library has that is looked at as a whole."""


class Counting(WordSums):
    """Counts what it embeds; fails once it has embedded as much as it may."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.most = 1_000_000

    async def embed(self, texts: Sequence[str]) -> np.ndarray:
        if len(self.texts) + len(texts) > self.most:
            raise EngineError("embedder", "it is worn out")
        self.texts += texts
        return await super().embed(texts)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context("en", InlineLauncher(), tmp_path / "cache")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "knowledge"
    made.mkdir()
    write(entries(ENTRIES), made, per_file=500)
    return made


def edit(folder: Path, old: str, new: str, file: str = "bench-001.yaml") -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


ASKED = entries(ENTRIES)[700]
QUESTION = "Where may dragons sleep tonight?"


# ── rows, cells, letters ──
def test_sources_say_where_each_text_was() -> None:
    assert sources(["a", "b", "c"], ["c", "x", "a"]).tolist() == [2, -1, 0]


def test_cells_find_what_looking_at_all_finds() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(5_000, 32)).astype(np.float32)
    rows += 2 * rng.normal(size=(50, 32)).astype(np.float32)[rng.integers(50, size=5_000)]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    cells = Cells(rows, centres(rows))
    asked = rows[::25] + 0.05 * rng.normal(size=(200, 32)).astype(np.float32)
    found = sum(int((rows @ each).argmax()) in cells.nearest(each, 5) for each in asked)
    assert found >= 196
    assert len(cells.nearest(asked[0], 10_000)) < 5_000


def test_an_inverted_index_scores_as_a_plain_one_does() -> None:
    texts = [each for entry in entries(60) for each in entry.asks]
    plain, inverted = TfIdf(texts), Inverted(texts)
    every = np.arange(len(texts))
    for question in questions(entries(60), 20):
        scores = plain.scores(question)
        assert inverted.among(question, every) == pytest.approx(scores, abs=1e-5)
        assert int(scores.argmax()) in inverted.nearest(question, 10)
    assert len(inverted.nearest("0000", 5)) == 0


@pytest.mark.parametrize("large", [0, 10_000])
def test_edited_sets_find_what_new_ones_find(large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("knowledge.index.CELLED", "knowledge.lexical.LARGE"):
        monkeypatch.setattr(name, large)
    before = [each for entry in entries(400) for each in entry.asks]
    after = [QUESTION, *before[:600], "What do unicorns eat?", *before[603:]]
    source = sources(before, after)
    words = Lexical(before).edited(after, source)
    assert after[words.nearest("do unicorns eat hay", 1)[0]] == "What do unicorns eat?"
    assert words.among(QUESTION, np.array([0, 5])) == pytest.approx([1, 0], abs=0.2)
    rng = np.random.default_rng(0)
    old = rng.normal(size=(len(before), 16)).astype(np.float32)
    new = np.where(source[:, None] >= 0, old[source], rng.normal(size=(len(after), 16))).astype(np.float32)
    index = Index(old).edited(new, source)
    for row in (0, 1, 601, len(after) - 1):
        vector = new[row] / np.linalg.norm(new[row])
        assert row in index.nearest(vector, 8)
    gone = old[601] / np.linalg.norm(old[601])
    assert set(index.nearest(gone, 8).tolist()) <= set(range(len(after)))


# ── edits ──
async def test_an_edit_embeds_and_parses_what_is_new_alone(
    folder: Path, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = Counting()
    before = await Knowledge.open(["bench"], folder, context, embedder)
    embedder.texts.clear()
    parsed: list[str] = []
    parse = library.parsed
    monkeypatch.setattr(library, "parsed", lambda path, raw: parsed.append(path.name) or parse(path, raw))
    edit(folder, ASKED.asks[1], QUESTION)
    after = await Knowledge.open(["bench"], folder, context, embedder, before=before)
    assert parsed == ["bench-001.yaml"]
    assert embedder.texts == [QUESTION]
    assert [after.named(ASKED.id)] == [each for each in after.faq() if each.id == ASKED.id]


async def test_an_edited_library_answers_as_one_that_is_opened_anew(folder: Path, context: Context) -> None:
    before = await Knowledge.open(["bench"], folder, context, WordSums())
    edit(folder, ASKED.asks[1], QUESTION)
    edit(folder, f"say: This is what there is to say about {ASKED.id}.", "say: In the cave of the castle.")
    edit(folder, entries(3)[2].asks[0], "Do you sell stardust?", "bench-000.yaml")
    after = await Knowledge.open(["bench"], folder, context, before._wanted, before=before)
    anew = await Knowledge.open(["bench"], folder, context, WordSums())
    texts = [*questions(entries(ENTRIES), 40), "where may a dragon sleep", "do you sell any stardust", "xyzzy plugh"]
    for text in texts:
        one, other = await after.find(text), await anew.find(text)
        assert (one.decision, one.match and one.match.id) == (other.decision, other.match and other.match.id), text
        read = [[each.id for each in await known.passages(text, 1)] for known in (after, anew)]
        assert read[0] == read[1]
    found = await after.find(QUESTION.lower())
    assert (found.entry and found.entry.say[0]) == "In the cave of the castle."
    assert (await before.find(ASKED.asks[1])).match.id == ASKED.id


async def test_nothing_is_made_anew_where_nothing_changed(folder: Path, context: Context) -> None:
    embedder = Counting()
    before = await Knowledge.open(["bench"], folder, context, embedder)
    (folder / "other.yaml").write_text("knowledge: other\nlanguage: en\n", "utf-8")
    assert await Knowledge.open(["bench"], folder, context, embedder, before=before) is before


async def test_a_file_comes_and_another_one_goes(folder: Path, context: Context) -> None:
    embedder = Counting()
    before = await Knowledge.open(["bench"], folder, context, embedder)
    new = f"knowledge: bench\nlanguage: en\nfaq: {{items: [{{id: dragons, ask: ['{QUESTION}'], say: Below.}}]}}\n"
    (folder / "new.yaml").write_text(new, "utf-8")
    more = await Knowledge.open(["bench"], folder, context, embedder, before=before)
    assert (await more.find(QUESTION)).match.id == "dragons"
    (folder / "bench-000.yaml").unlink()
    fewer = await Knowledge.open(["bench"], folder, context, embedder, before=more)
    assert len(fewer.faq()) == ENTRIES - 500 + 1
    assert (await fewer.find(entries(1)[0].asks[0])).match is None or fewer.named(entries(1)[0].id) is None
    assert (await fewer.find(ASKED.asks[0])).match.id == ASKED.id


async def test_a_mistake_in_one_of_many_files_changes_nothing(folder: Path, context: Context) -> None:
    before = await Knowledge.open(["bench"], folder, context, WordSums())
    edit(folder, "id: ", "idd: ")
    with pytest.raises(ConfigError, match=r"bench-001\.yaml:5: faq\.items\[0\]\.idd"):
        await Knowledge.open(["bench"], folder, context, before._wanted, before=before)
    assert (await before.find(ASKED.asks[0])).match.id == ASKED.id


# ── the first index ──
@pytest.fixture
def thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexed, "FIRST", 1_000)


async def test_a_first_index_is_not_waited_for(folder: Path, context: Context, thousands: None) -> None:
    embedder = Counting()
    early = await Knowledge.open(["bench"], folder, context, embedder, soon=True)
    assert (early.whole, embedder.texts) == (False, [])
    assert (await early.find(ASKED.asks[0])).decision == "direct"
    near = await early.find(f"please {ASKED.asks[0].rstrip('?')}")
    assert ASKED.id in {each.id for each in near.candidates}
    assert (await early.find("qwx zvk")).decision == "fallback"
    told: list[tuple[int, int]] = []
    late = await early.complete(lambda done, total: told.append((done, total)))
    assert late.whole
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == len(embedder.texts)
    assert not early.whole
    again = await Knowledge.open(["bench"], folder, context, embedder, soon=True)
    assert (again.whole, len(embedder.texts)) == (True, told[-1][1])


async def test_what_was_embedded_before_a_stop_is_not_embedded_again(
    folder: Path, context: Context, thousands: None
) -> None:
    embedder = Counting()
    early = await Knowledge.open(["bench"], folder, context, embedder, soon=True)
    embedder.most = 3_000
    with pytest.raises(EngineError, match="worn out"):
        await early.complete()
    first = set(embedder.texts)
    assert 2_800 < len(first) <= 3_000
    embedder.texts.clear()
    embedder.most = 1_000_000
    assert (await early.complete()).whole
    assert first.isdisjoint(embedder.texts)


async def test_an_edit_during_the_first_index_is_live_before_it_ends(
    folder: Path, context: Context, thousands: None
) -> None:
    embedder = Counting()
    early = await Knowledge.open(["bench"], folder, context, embedder, soon=True)
    edit(folder, ASKED.asks[1], QUESTION)
    edited = await Knowledge.open(["bench"], folder, context, embedder, before=early, soon=True)
    assert (edited.whole, embedder.texts) == (False, [])
    assert (await edited.find(QUESTION)).match.id == ASKED.id
    whole = await edited.complete()
    assert (await whole.find(QUESTION)).match.id == ASKED.id


async def test_a_museum_s_worth_of_questions_is_waited_for(tmp_path: Path, context: Context) -> None:
    write(entries(60), tmp_path)
    assert (await Knowledge.open(["bench"], tmp_path, context, WordSums(), soon=True)).whole
