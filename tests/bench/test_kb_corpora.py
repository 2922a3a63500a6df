"""The public sets are read, cut and counted as the figures say; on small sets of their shape."""

from __future__ import annotations

import json
from pathlib import Path

from knowledge.ngrams import NGrams
from runtime.bench import kb_corpora
from visavis.engines import Context
from visavis.fakes.launcher import InlineLauncher

INTENTS = {
    "hours": ["when do you {}", "what time do you {}", "at what hour do you {}", "tell me when you {}"],
    "card?": ["where is my {} card", "my {} card is late", "has my {} card been sent", "track my {} card"],
}
WORDS = ("open", "start", "begin", "debit", "new", "second", "bank", "credit", "gift", "first")
PAIRS = [(each.format(word), intent) for intent, asks in INTENTS.items() for each in asks for word in WORDS]


async def ngrams(folder: Path) -> NGrams:
    return await NGrams.open(Context("en", InlineLauncher(), folder))


async def test_banking_is_asked_fold_by_fold(tmp_path: Path) -> None:
    path = tmp_path / "banking.csv"
    path.write_text("text,category\n" + "".join(f"{text},{intent}\n" for text, intent in PAIRS), "utf-8")
    found = await kb_corpora.banking(path, await ngrams(tmp_path), folds=2)
    assert set(found) == {"all", "few"}
    assert min(found.values()) >= 0.8


async def test_clinc_is_asked_in_and_out_of_scope(tmp_path: Path) -> None:
    path = tmp_path / "clinc.json"
    data = {"train": PAIRS[::2], "val": PAIRS[1::2], "oos_val": [("xyzzy plugh", "oos"), ("qwv zzt", "oos")]}
    path.write_text(json.dumps(data), "utf-8")
    found = await kb_corpora.clinc(path, await ngrams(tmp_path))
    assert set(found) == {"top1", "answered", "precision"}
    assert found["top1"] >= 0.8
    assert all(0 <= share <= 1 for share in found.values())
