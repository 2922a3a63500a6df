"""The REST API over the files: what it reads, what it writes, and what it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk_place import MORE, MUSEUM, FakeHouse, desk_app, desk_client, error, write_desk

FAQ = "/knowledge/museum/faq"
PARKING = {"id": "lockers", "ask": ["Do you have lockers?"], "say": "Yes, by the door."}
JSON = {"content-type": "application/json"}


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    return write_desk(tmp_path / "configs")


@pytest.fixture
def place(configs: Path) -> tuple[Any, FakeHouse]:
    return desk_app(configs)


@pytest.fixture
def house(place: tuple[Any, FakeHouse]) -> FakeHouse:
    return place[1]


@pytest.fixture
async def api(place: tuple[Any, FakeHouse]) -> AsyncIterator[httpx.AsyncClient]:
    async with desk_client(place[0]) as client:
        yield client


def museum(configs: Path) -> str:
    return (configs / "knowledge" / "museum.yaml").read_text(encoding="utf-8")


# ── reading ──
async def test_what_there_is(api: httpx.AsyncClient) -> None:
    assert (await api.get("/knowledge")).json() == {"items": ["museum", "tea"]}
    told = (await api.get("/knowledge/museum")).json()
    assert (told["language"], told["files"], told["dialogs"]) == ("en", ["museum.yaml", "skills.yaml"], ["desk"])
    assert told["usable"]
    assert told["kinds"]["faq"] == {"count": 2, "enabled": True}
    assert told["kinds"]["rules"] == {"count": 0, "enabled": True}
    error(await api.get("/knowledge/musem"), 404, "not_found")
    dialogs = (await api.get("/dialogs")).json()["items"]
    assert [(each["name"], each["brain"], each["state"]) for each in dialogs] == [("desk", "knowledge", "ready")]


async def test_records_are_listed_by_page_and_by_what_they_say(api: httpx.AsyncClient) -> None:
    page = (await api.get(FAQ, params={"limit": 1, "offset": 1})).json()
    assert (page["total"], page["enabled"], [each["id"] for each in page["items"]]) == (2, True, ["tickets"])
    page = (await api.get(FAQ, params={"q": "HOURS?"})).json()
    assert [each["id"] for each in page["items"]] == ["opening-hours"]
    assert list(page["etags"]) == ["opening-hours"]
    assert error(await api.get(FAQ, params={"limit": 0}), 422, "invalid")["where"] == "query.limit"


async def test_a_record_is_given_as_it_stands_in_the_file_with_its_tag(api: httpx.AsyncClient) -> None:
    response = await api.get(f"{FAQ}/tickets")
    assert response.json() == {"id": "tickets", "ask": ["How much is it?"], "say": "Nine euros."}
    tag = response.headers["etag"]
    assert tag == (await api.get(FAQ)).json()["etags"]["tickets"]
    assert (await api.get(f"{FAQ}/tickets", headers={"If-None-Match": tag})).status_code == 304
    assert (await api.get(f"{FAQ}/tickets", headers={"If-None-Match": '"x"'})).status_code == 200
    error(await api.get(f"{FAQ}/none"), 404, "not_found")
    assert (await api.get("/knowledge/museum/documents/guide.md")).json() == {"path": "guide.md"}


# ── writing ──
async def test_a_new_record_is_in_the_file_and_in_the_avatar(
    api: httpx.AsyncClient, configs: Path, house: FakeHouse
) -> None:
    response = await api.post(FAQ, json={"ask": ["Do you have lockers?"], "say": "Yes, by the door.", "action": None})
    assert response.status_code == 201
    assert response.headers["location"] == f"/api{FAQ}/do-you-have-lockers"
    assert response.headers["visavis-live"] == "true"
    assert response.json() == {"id": "do-you-have-lockers", **{key: PARKING[key] for key in ("ask", "say")}}
    assert house.library.faq[-1].say == ("Yes, by the door.",)
    assert museum(configs).startswith(MUSEUM)
    assert error(await api.post(FAQ, json=PARKING | {"id": "tickets"}), 409, "exists")["where"] == "id"


async def test_some_keys_are_changed_and_the_rest_of_the_file_is_as_it_was(
    api: httpx.AsyncClient, configs: Path, house: FakeHouse
) -> None:
    response = await api.patch(f"{FAQ}/tickets", json={"say": "Ten euros.", "enabled": False})
    assert response.json()["enabled"] is False
    assert museum(configs) == MUSEUM.replace('"Nine euros."', '"Ten euros."') + "      enabled: false\n"
    assert not house.library.faq[1].enabled
    response = await api.patch(f"{FAQ}/tickets", json={"say": "Nine euros.", "enabled": None})
    assert museum(configs) == MUSEUM
    assert response.headers["etag"] == (await api.get(f"{FAQ}/tickets")).headers["etag"]


async def test_a_record_is_set_whole_or_made_under_its_id(api: httpx.AsyncClient, configs: Path) -> None:
    response = await api.put(f"{FAQ}/tickets", json={"say": "Free.", "ask": "How much is it?"})
    assert (response.status_code, response.json()["id"]) == (200, "tickets")
    response = await api.put(f"{FAQ}/营业时间", json={"ask": ["几点开门？"], "say": "九点：“开门”。"})
    assert response.status_code == 201
    assert (await api.get(response.headers["location"].removeprefix("/api"))).json()["say"] == "九点：“开门”。"
    assert "    - id: 营业时间\n" in museum(configs)
    error(await api.put(f"{FAQ}/tickets", json=PARKING), 422, "invalid")
    created = await api.put(f"{FAQ}/tickets", json={"say": "x", "ask": "y"}, headers={"If-None-Match": "*"})
    error(created, 412, "stale")


async def test_a_record_is_removed(api: httpx.AsyncClient, configs: Path) -> None:
    response = await api.delete(f"{FAQ}/tickets")
    assert (response.status_code, response.content) == (204, b"")
    assert "tickets" not in museum(configs)
    error(await api.delete(f"{FAQ}/tickets"), 404, "not_found")


async def test_sections_are_switched(api: httpx.AsyncClient, configs: Path, house: FakeHouse) -> None:
    address = "/knowledge/museum/faq/enabled"
    assert (await api.get(address)).json() == {"enabled": True}
    assert (await api.put(address, json={"enabled": False})).json() == {"enabled": False}
    assert museum(configs) == MUSEUM.replace("  enabled: true\n", "  enabled: false\n")
    assert house.library.faq == ()
    error(await api.put(address, json={"enabled": "no"}), 422, "invalid")
    error(await api.put("/knowledge/museum/documents/enabled", json={"enabled": False}), 409, "unsupported")


async def test_an_edit_that_is_not_live_says_so(api: httpx.AsyncClient, house: FakeHouse) -> None:
    house.broken = True
    assert (await api.post(FAQ, json=PARKING)).headers["visavis-live"] == "false"


# ── lost updates ──
async def test_of_two_who_write_what_both_have_read_one_is_told(api: httpx.AsyncClient) -> None:
    tag = (await api.get(f"{FAQ}/tickets")).headers["etag"]
    bodies = [{"ask": ["How much is it?"], "say": f"{n} euros."} for n in range(2)]
    made = await asyncio.gather(*(api.put(f"{FAQ}/tickets", json=each, headers={"If-Match": tag}) for each in bodies))
    assert sorted(each.status_code for each in made) == [200, 412]
    won = next(each for each in made if each.status_code == 200)
    assert (await api.get(f"{FAQ}/tickets")).json() == won.json()
    for weak in (f"W/{won.headers['etag']}", '"other", "more"'):
        error(await api.delete(f"{FAQ}/tickets", headers={"If-Match": weak}), 412, "stale")
    several = f'"other", {won.headers["etag"]}'
    assert (await api.delete(f"{FAQ}/tickets", headers={"If-Match": several})).status_code == 204
    error(await api.put(f"{FAQ}/tickets", json=bodies[0], headers={"If-Match": "*"}), 412, "stale")


async def test_what_was_changed_by_hand_since_is_not_lost(api: httpx.AsyncClient, configs: Path) -> None:
    tag = (await api.get(f"{FAQ}/tickets")).headers["etag"]
    path = configs / "knowledge" / "museum.yaml"
    path.write_text(MUSEUM.replace("Nine euros.", "Eight euros.").replace("At nine.", "At eight."))
    error(await api.patch(f"{FAQ}/tickets", json={"say": "Ten."}, headers={"If-Match": tag}), 412, "stale")
    assert (await api.patch(f"{FAQ}/tickets", json={"say": "Ten."})).status_code == 200
    assert museum(configs) == MUSEUM.replace("Nine euros.", "Ten.").replace("At nine.", "At eight.")


async def test_a_file_that_is_broken_by_hand_is_told_and_left_alone(api: httpx.AsyncClient, configs: Path) -> None:
    path = configs / "knowledge" / "museum.yaml"
    path.write_text(broken := MUSEUM + "fa q: 1\n")
    assert error(await api.post(FAQ, json=PARKING), 409, "broken")["where"] == "museum.yaml:17: fa q"
    told = (await api.get("/knowledge/museum")).json()
    assert (told["usable"], told["problem"]["where"]) == (False, "museum.yaml:17: fa q")
    assert path.read_text() == broken


# ── many at once ──
async def test_a_batch_tells_what_became_of_each_row(api: httpx.AsyncClient, configs: Path) -> None:
    rows = [
        PARKING,
        PARKING,
        {"ask": "x"},
        7,
        {"id": "../x", "ask": "x", "say": "y"},
        {"ask": "Toilets?", "say": "Left."},
    ]
    told = (await api.post(f"{FAQ}:batch", json={"items": rows})).json()
    assert [each["status"] for each in told["results"]] == [201, 409, 422, 422, 422, 201]
    assert [each["id"] for each in told["results"]] == ["lockers", None, None, None, None, "toilets"]
    assert [each["error"]["where"] for each in told["results"][1:5]] == [
        "items[1].id", "items[2].say", "items[3]", "items[4].id",
    ]  # fmt: skip
    assert (told["done"], told["refused"], told["live"]) == (2, 4, True)
    assert museum(configs).count("lockers") == 2
    rows = [
        {"id": "lockers", "enabled": False},
        {"id": "none", "say": "x"},
        {"id": "toilets", "etag": '"old"', "say": "x"},
    ]
    told = (await api.patch(f"{FAQ}:batch", json={"items": rows})).json()
    assert [each["status"] for each in told["results"]] == [200, 404, 412]
    assert told["results"][0]["etag"] == (await api.get(f"{FAQ}/lockers")).headers["etag"]


async def test_an_atomic_batch_is_made_whole_or_not_at_all(api: httpx.AsyncClient, configs: Path) -> None:
    for bad in ({"id": "tickets", "ask": "x", "say": "y"}, {"ask": "x"}, "text"):
        response = await api.post(f"{FAQ}:batch", json={"items": [PARKING, bad], "atomic": True})
        assert response.status_code in (409, 422)
        assert response.json()["error"]["where"].startswith("items[1]")
        assert museum(configs) == MUSEUM
    assert (await api.post(f"{FAQ}:batch", json={"items": [PARKING], "atomic": True})).json()["done"] == 1


async def test_a_thousand_rows_are_taken_and_one_more_is_not(api: httpx.AsyncClient, house: FakeHouse) -> None:
    rows = [{"ask": [f"What is number {n}?"], "say": f"It is {n}."} for n in range(1_001)]
    error(await api.post(f"{FAQ}:batch", json={"items": rows}), 422, "invalid")
    assert (await api.post(f"{FAQ}:batch", json={"items": rows[:1_000]})).json()["done"] == 1_000
    assert len(house.library.faq) == 1_002


# ── skills ──
SKILL = "/knowledge/museum/skills/parking/intents"


async def test_an_intent_and_its_questions_are_one_transaction(api: httpx.AsyncClient, configs: Path) -> None:
    intent = {"ask": ["How long may I park?", "Is there a limit?"], "say": "As long as you like."}
    response = await api.post(SKILL, json=intent)
    assert (response.status_code, response.json()["id"]) == (201, "how-long-may-i-park")
    assert (await api.get(f"{SKILL}/how-long-may-i-park")).json()["ask"] == intent["ask"]
    text = (configs / "knowledge" / "skills.yaml").read_text()
    assert text.startswith(MORE[: MORE.index("documents")])
    for bad in ({"ask": ["", "Is there?"], "say": "x"}, {"ask": ["Is there?"]}, {**intent, "id": "tickets"}):
        assert (await api.post(SKILL, json=bad)).status_code in (409, 422)
    assert (configs / "knowledge" / "skills.yaml").read_text() == text
    error(await api.post(SKILL.replace("parking", "none"), json=intent), 404, "not_found")


async def test_intents_are_changed_and_removed_like_records(api: httpx.AsyncClient, configs: Path) -> None:
    one = f"{SKILL}/parking-price"
    tag = (await api.get(one)).headers["etag"]
    assert (await api.get(SKILL)).json()["etags"]["parking-price"] == tag
    changed = await api.patch(one, json={"say": "Two euros."}, headers={"If-Match": tag})
    assert changed.json()["say"] == "Two euros."
    assert "        # the yard\n" in (configs / "knowledge" / "skills.yaml").read_text()
    error(await api.patch(one, json={"say": "Three."}, headers={"If-Match": tag}), 412, "stale")
    assert (await api.put(f"{SKILL}/new", json={"ask": "New?", "say": "New."})).status_code == 201
    assert (await api.delete(f"{SKILL}/new")).status_code == 204
    assert (await api.delete(one)).status_code == 204
    error(await api.delete(one), 404, "not_found")
    error(await api.delete(f"{SKILL}/where-to-park"), 422, "invalid")


@pytest.mark.parametrize("owner", [f"{SKILL}/parking-price", f"{FAQ}/opening-hours"])
async def test_questions_are_added_reworded_and_removed_many_at_once(owner: str, api: httpx.AsyncClient) -> None:
    at = f"{owner}/questions"
    before = (await api.get(at)).json()["items"]
    told = (await api.post(at, json={"items": ["One more?", before[0], "", 7]})).json()
    assert [each["status"] for each in told["results"]] == [200, 409, 422, 422]
    rows = [{"text": "One more?", "to": "Another?"}, {"text": "None?", "to": "x"}, {"text": before[0], "to": before[1]}]
    told = (await api.patch(at, json={"items": rows})).json()
    assert [each["status"] for each in told["results"]] == [200, 404, 409]
    assert (await api.delete(at, params={"text": before[0]})).status_code == 204
    listed = await api.get(at)
    assert listed.json()["items"] == [before[1], "Another?"]
    response = await api.put(at, json={"items": ["Only?"]}, headers={"If-Match": listed.headers["etag"]})
    assert response.json() == {"items": ["Only?"]}
    error(await api.put(at, json={"items": ["X?"]}, headers={"If-Match": listed.headers["etag"]}), 412, "stale")
    error(await api.delete(at, params={"text": "Only?"}), 422, "invalid")


# ── the way back ──
async def test_edits_are_listed_and_taken_back(api: httpx.AsyncClient, configs: Path) -> None:
    await api.patch(f"{FAQ}/tickets", json={"say": "Ten."}, headers={"X-Editor": "eva"})
    await api.delete(f"{FAQ}/opening-hours")
    edits = (await api.get("/knowledge/museum/audit")).json()
    assert [(each["who"], each["changes"][0]["id"]) for each in edits["items"]] == [
        ("rest", "opening-hours"),
        ("eva", "tickets"),
    ]
    undone = await api.post("/knowledge/museum/undo")
    assert undone.json()["undone"][0]["changes"][0]["before"]["id"] == "opening-hours"
    assert (await api.post("/knowledge/museum/undo", json={"count": 5})).json()["live"]
    assert museum(configs) == MUSEUM
    error(await api.post("/knowledge/museum/undo"), 404, "not_found")
    error(await api.post("/knowledge/museum/undo", json={"count": 0}), 422, "invalid")
    assert (await api.get("/knowledge/museum/audit")).json()["total"] == 4


async def test_what_was_changed_by_hand_since_is_not_taken_back(api: httpx.AsyncClient, configs: Path) -> None:
    await api.patch(f"{FAQ}/tickets", json={"say": "Ten."})
    path = configs / "knowledge" / "museum.yaml"
    path.write_text(path.read_text().replace("Ten.", "Eleven."))
    assert error(await api.post("/knowledge/museum/undo"), 409, "changed_since")["where"] == "faq/tickets"
    assert "Eleven." in path.read_text()
