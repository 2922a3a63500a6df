"""The corpora of ChatterBot, and skills as archives."""

from __future__ import annotations

import io
import json
import stat
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from knowledge.exchange import bundle, chatterbot, exported, incoming
from knowledge.exchange.contents import Contents, contents
from knowledge.exchange.newfile import content, text
from knowledge.exchange.taking import create, merge
from knowledge.library import parts

CORPUS = Path("../shared/testdata/kb/chatterbot_corpus")


def corpora() -> list[Path]:
    root = Path(__file__).parents[2] / CORPUS
    return sorted(path for language in ("english", "chinese") for path in (root / language).glob("*.yml"))


def made(path: Path, folder: Path, language: str):
    found = incoming(path, "chatterbot")
    name = found.name or path.stem
    return create(
        found, lambda rows: content(found, rows, name, language), folder / "new.yaml", skip_bad=True, dry_run=False
    ), name


@pytest.mark.skipif(not corpora(), reason=f"{CORPUS} is not here")
@pytest.mark.parametrize("path", corpora(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_corpus_comes_in_and_goes_out_and_in_again_the_same(path, tmp_path):
    taken, name = made(path, tmp_path, "zh" if path.parent.name == "chinese" else "en")
    assert taken.written
    assert taken.added
    assert all(each.isascii() for each in taken.added)
    first = exported(contents(parts(name, tmp_path)), "chatterbot", tmp_path)
    (tmp_path / "out.yml").write_bytes(first)
    again = tmp_path / "again"
    again.mkdir()
    _, name = made(tmp_path / "out.yml", again, "en")
    assert exported(contents(parts(name, again)), "chatterbot", again) == first


def test_questions_of_one_answer_are_one_entry_and_answers_of_one_question_are_variants(tmp_path):
    raw = """
categories: [small talk]
conversations:
- [Hello, "Hi there. {0}"]
- [Good day, "Hi there. {0}"]
- [How are you?, Fine.]
- [How are you?, Very well.]
- [Thanks, You are welcome., My pleasure.]
- just a line
"""
    found = chatterbot.read(raw.encode(), Path("talk.yml"))
    assert [each.record for each in found.rows] == [
        {"ask": ["Hello", "Good day"], "say": "Hi there. {{0}}"},
        {"ask": "How are you?", "say": ["Fine.", "Very well."]},
        {"ask": "Thanks", "say": "You are welcome."},
    ]
    assert found.name == "small-talk"
    assert [each.partition(":")[0] for each in found.notes] == ["line 8", "line 9"]


# ── skills ──
SKILL: dict[str, Any] = {
    "id": "tea",
    "title": "Tea",
    "intents": [
        {"id": "brew", "ask": ["How long?", "泡多久？"], "say": "Three minutes.", "show": {"image": "media/pot.png"}},
        {"id": "price", "ask": "How much?", "say": "Five."},
    ],
}
OWN: dict[str, Any] = {"knowledge": "shop", "language": "en", "faq": {"items": [{"id": "a", "ask": "b?", "say": "c."}]}}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "shop.yaml").write_text(text(OWN))
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> bytes:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "pot.png").write_bytes(b"\x89PNG pot")
    return exported(Contents("tea", "en", {"skills": [SKILL]}), "zip", tmp_path)


def put(folder: Path, raw: bytes):
    path = folder.parent / "skill.zip"
    path.write_bytes(raw)
    found = incoming(path, "zip")
    return merge(found, "shop", folder, folder.parent / "logs", file=None, skip_bad=False, dry_run=False)


def test_a_skill_brings_its_intents_and_its_pictures(shop, archive):
    taken = put(shop, archive)
    assert (taken.added, taken.files) == (["tea"], ["media/pot.png"])
    assert (shop / "media" / "pot.png").read_bytes() == b"\x89PNG pot"
    assert exported(contents(parts("shop", shop)), "zip", shop) == archive
    assert put(shop, archive).unchanged == ["tea"]


def test_a_picture_of_that_name_with_another_content_refuses_the_skill(shop, archive):
    (shop / "media").mkdir()
    (shop / "media" / "pot.png").write_bytes(b"another")
    taken = put(shop, archive)
    assert "another file of that name" in str(taken.refused[0])
    assert not taken.written
    assert "tea" not in (shop / "shop.yaml").read_text()


def test_pictures_of_a_skill_that_is_refused_are_not_left_behind(shop, archive):
    (shop / "shop.yaml").write_text((shop / "shop.yaml").read_text().replace("id: a", "id: brew"))
    taken = put(shop, archive)
    assert taken.refused
    assert not (shop / "media" / "pot.png").exists()


def packed(members: dict[str, bytes], links: bool = False, manifest: bool = True) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        if manifest:
            sums = {name: sha256(raw).hexdigest() for name, raw in members.items()}
            told = {"format": bundle.FORMAT, "version": 1, "skill": "tea", "language": "en", "sha256": sums}
            made.writestr("manifest.json", json.dumps(told))
        for name, raw in members.items():
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = (stat.S_IFLNK | 0o777 if links else 0o644) << 16
            made.writestr(info, raw)
    return out.getvalue()


BODY = json.dumps(SKILL).encode()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"not a zip", "broken"),
        (packed({"skill.json": BODY}, manifest=False), "broken"),
        (packed({"skill.json": BODY, "files/../../evil.png": b"x"}), "leads out of the archive"),
        (packed({"skill.json": BODY, "/etc/evil.png": b"x"}), "leads out of the archive"),
        (packed({"skill.json": BODY, "files\\..\\evil.png": b"x"}), "leads out of the archive"),
        (packed({"skill.json": BODY, "files/evil.py": b"x"}), "no picture, video or sound"),
        (packed({"skill.json": BODY, "other.png": b"x"}), "no picture, video or sound"),
        (packed({"skill.json": BODY, "files/a.png": b"/etc/passwd"}, links=True), "not a plain file"),
        (packed({"skill.json": b"[]"}), "holds nothing"),
        (packed({"skill.json": b"{"}), "not JSON"),
        (packed({"skill.json": BODY, "files/a.png": b"\0" * 30_000_000}), "far more than it holds"),
    ],
)
def test_archives_that_would_do_harm_are_refused(shop, raw, said):
    before = sorted(shop.rglob("*"))
    taken = put(shop, raw)
    assert said in "\n".join(map(str, taken.refused))
    assert not taken.written
    assert sorted(shop.rglob("*")) == before


def test_a_member_that_was_changed_is_refused(shop, archive):
    out = io.BytesIO()
    with ZipFile(io.BytesIO(archive)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Three", b"Eight"))
    assert "not what the manifest says" in str(put(shop, out.getvalue()).refused[0])
