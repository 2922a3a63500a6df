"""The pronunciation lexicon over REST: entries in YAML files, whose comments and order stay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk_place import FakeHouse, desk_app, desk_client, error, write_desk

from avatars.voices.lexicon_file import read_lexicon

ENGLISH = """\
# How we say things.
lexicon: english
language: en
entries:
  - {id: louvre, grapheme: Louvre, ipa: ˈluːvɹə}   # ask Mia

  - id: size   # on labels
    grapheme: XL
    alias: extra large
"""
LEXICON = "/lexicon"


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    folder = write_desk(tmp_path / "configs")
    (folder / "lexicon").mkdir()
    (folder / "lexicon" / "en.yaml").write_text(ENGLISH, encoding="utf-8")
    return folder


@pytest.fixture
def place(configs: Path) -> tuple[Any, FakeHouse]:
    return desk_app(configs)


@pytest.fixture
async def api(place: tuple[Any, FakeHouse]) -> AsyncIterator[httpx.AsyncClient]:
    async with desk_client(place[0]) as client:
        yield client


def written(configs: Path, name: str = "en.yaml") -> str:
    return (configs / "lexicon" / name).read_text(encoding="utf-8")


async def test_entries_are_listed_with_the_language_that_they_hold_for(api: httpx.AsyncClient) -> None:
    page = (await api.get(LEXICON)).json()
    assert [(each["id"], each["language"]) for each in page["items"]] == [("louvre", "en"), ("size", "en")]
    assert set(page["etags"]) == {"louvre", "size"}
    assert [each["id"] for each in (await api.get(LEXICON, params={"q": "extra"})).json()["items"]] == ["size"]
    one = await api.get(f"{LEXICON}/louvre")
    assert one.json()["ipa"] == "ˈluːvɹə"
    assert one.headers["etag"] == page["etags"]["louvre"]
    assert (await api.get(f"{LEXICON}/louvre", headers={"If-None-Match": one.headers["etag"]})).status_code == 304
    error(await api.get(f"{LEXICON}/prado"), 404, "not_found")


async def test_a_new_entry_is_put_behind_the_others_and_nothing_else_changes(
    api: httpx.AsyncClient, configs: Path
) -> None:
    made = await api.post(LEXICON, json={"grapheme": "van Gogh", "alias": "van go"})
    assert (made.status_code, made.json()["id"]) == (201, "van-gogh")
    assert made.headers["location"] == "/api/lexicon/van-gogh"
    assert written(configs).startswith(ENGLISH)
    assert [each.id for each in read_lexicon(configs / "lexicon").entries] == ["louvre", "size", "van-gogh"]
    error(await api.post(LEXICON, json={"id": "size", "grapheme": "XXL", "alias": "huge"}), 409, "exists")


async def test_a_change_keeps_comments_and_needs_the_newest_version(api: httpx.AsyncClient, configs: Path) -> None:
    tag = (await api.get(f"{LEXICON}/size")).headers["etag"]
    changed = await api.patch(f"{LEXICON}/size", json={"alias": "very large"}, headers={"If-Match": tag})
    assert changed.json()["alias"] == "very large"
    assert written(configs) == ENGLISH.replace("extra large", "very large")
    error(await api.patch(f"{LEXICON}/size", json={"alias": "no"}, headers={"If-Match": tag}), 412, "stale")
    error(await api.delete(f"{LEXICON}/size", headers={"If-Match": tag}), 412, "stale")
    assert "very large" in written(configs)


async def test_an_entry_is_set_and_removed(api: httpx.AsyncClient, configs: Path) -> None:
    set_ = await api.put(f"{LEXICON}/prado", json={"grapheme": "Prado", "language": "en", "alias": "prah-doe"})
    assert set_.status_code == 201
    again = await api.put(f"{LEXICON}/prado", json={"grapheme": "Prado", "alias": "prah-do"})
    assert (again.status_code, again.json()["alias"]) == (200, "prah-do")
    assert (await api.delete(f"{LEXICON}/prado")).status_code == 204
    assert written(configs).rstrip() == ENGLISH.rstrip()
    error(await api.delete(f"{LEXICON}/prado"), 404, "not_found")


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        ({"grapheme": "重庆", "pinyin": "xyz9"}, "pinyin"),
        ({"grapheme": "Louvre", "ipa": "Lu123"}, "ipa"),
        ({"grapheme": "Louvre"}, ""),
        ({"grapheme": "…", "alias": "dots"}, "grapheme"),
        ({"grapheme": "a", "alias": "b", "sounds": "c"}, "sounds"),
        ({"grapheme": "a", "alias": "b", "language": "english!"}, "language"),
    ],
)
async def test_what_cannot_be_used_is_refused_and_nothing_is_written(
    api: httpx.AsyncClient, configs: Path, entry: dict[str, str], where: str
) -> None:
    told = error(await api.post(LEXICON, json=entry), 422, "invalid")
    assert told["where"] == where
    assert told["remedy"]
    assert written(configs) == ENGLISH


async def test_the_first_entry_makes_the_first_file(api: httpx.AsyncClient, configs: Path) -> None:
    (configs / "lexicon" / "en.yaml").unlink()
    (configs / "lexicon").rmdir()
    made = await api.post(LEXICON, json={"grapheme": "重庆", "language": "zh", "pinyin": "chong2 qing4"})
    assert made.status_code == 201
    assert "重庆" in written(configs, "house.yaml")
    assert [each.pinyin for each in read_lexicon(configs / "lexicon").entries] == ["chong2 qing4"]


async def test_a_file_that_somebody_broke_is_not_written_over(api: httpx.AsyncClient, configs: Path) -> None:
    broken = ENGLISH.replace("alias: extra large", "alias: [")
    (configs / "lexicon" / "en.yaml").write_text(broken, encoding="utf-8")
    told = error(await api.post(LEXICON, json={"grapheme": "a", "alias": "b"}), 409, "broken")
    assert told["where"].startswith("en.yaml:")
    assert written(configs) == broken
    assert [each["id"] for each in (await api.get(LEXICON)).json()["items"]] == ["louvre", "size"], "as voices go on"
    assert (await api.get(f"{LEXICON}/size")).json()["alias"] == "extra large"


async def test_an_edit_that_no_voice_uses_yet_says_so(api: httpx.AsyncClient, place: tuple[Any, FakeHouse]) -> None:
    assert (await api.post(LEXICON, json={"grapheme": "a", "alias": "b"})).headers["visavis-live"] == "true"
    place[1].broken = True
    assert (await api.post(LEXICON, json={"grapheme": "c", "alias": "d"})).headers["visavis-live"] == "false"
