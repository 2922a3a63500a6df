"""What the REST API does not take, who may not ask, and how it describes itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from desk_place import MUSEUM, desk_app, desk_client, error, write_desk

from runtime.server.rest import route

FAQ = "/knowledge/museum/faq"
LOCKERS = {"id": "lockers", "ask": ["Do you have lockers?"], "say": "Yes, by the door."}
JSON = {"content-type": "application/json"}


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    return write_desk(tmp_path / "configs")


@pytest.fixture
async def api(configs: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with desk_client(desk_app(configs)[0]) as client:
        yield client


def museum(configs: Path) -> str:
    return (configs / "knowledge" / "museum.yaml").read_text(encoding="utf-8")


# ── bad calls ──
@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"{", JSON, 400, "invalid_json"),
        (b"", JSON, 400, "invalid_json"),
        (b"\xff\xfe{}", JSON, 400, "invalid_json"),
        (b'{"id": "a", "id": "b"}', JSON, 400, "invalid_json"),
        (b'{"priority": NaN}', JSON, 400, "invalid_json"),
        (b'{"priority": 1e999}', JSON, 400, "invalid_json"),
        (b"[" * 100_000, JSON, 400, "invalid_json"),
        (b"[]", JSON, 422, "invalid"),
        (b'"text"', JSON, 422, "invalid"),
        (b'{"id": "a", "ask": "x", "say": "\\ud800"}', JSON, 400, "invalid_json"),
        (b'{"id": "a", "ask": "x", "say": "y", "priority": 99999999999999999999}', JSON, 422, "invalid"),
        (b'{"id": "a", "show": ' + b'{"a":' * 40 + b"1" + b"}" * 41, JSON, 422, "invalid"),
        (b'{"id": "a"}', {"content-type": "text/plain"}, 415, "unsupported_media_type"),
        (b"id=a", {"content-type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
        (b'{"id": "a"}', {}, 415, "unsupported_media_type"),
        (b" " * (4 * 1024 * 1024 + 1), JSON, 413, "too_large"),
    ],
)  # fmt: skip
async def test_a_body_that_cannot_be_used_is_refused(
    content: bytes, headers: dict[str, str], status: int, code: str, api: httpx.AsyncClient, configs: Path
) -> None:
    error(await api.post(FAQ, content=content, headers=headers), status, code)
    assert museum(configs) == MUSEUM
    assert (configs / "knowledge").joinpath("..", "kept", "edits").exists() is False


@pytest.mark.parametrize(
    "path",
    [
        "/knowledge/..%2fdialogs/faq",
        "/knowledge/%2e%2e",
        "/knowledge/museum.yaml/faq",
        "/knowledge/museum/faq/..%2f..%2fapp.yaml",
        "/knowledge/museum/faq/a%2fb",
        "/knowledge/museum/documents/..%2f..%2fapp.yaml",
        "/knowledge/museum/documents/%2e%2e/app.yaml",
        "/knowledge/museum/fallback",
        "/knowledge/museum/faq/%00",
        "/knowledge/" + "m" * 3_000,
        "/nothing",
        "/knowledge/museum/faq/tickets/",
    ],
)
async def test_no_name_leads_out_of_the_library(path: str, api: httpx.AsyncClient) -> None:
    assert "knowledge:" not in error(await api.get(path), 404, "not_found")["message"]


async def test_other_methods_are_refused_in_the_same_shape(api: httpx.AsyncClient) -> None:
    error(await api.delete(FAQ), 405, "method_not_allowed")


async def test_keys_that_mean_nothing_are_named(api: httpx.AsyncClient) -> None:
    told = error(await api.post(f"{FAQ}:batch", json={"rows": []}), 422, "invalid")
    assert (told["where"], "items" in told["remedy"]) == ("rows", True)
    told = error(await api.patch(f"{FAQ}/tickets", json={"sey": "x"}), 422, "invalid")
    assert (told["where"], told["remedy"]) == ("sey", "did you mean 'say'?")


# ── what a brain does not do ──
@pytest.mark.parametrize("kind", ["greetings", "keywords", "faq", "rules", "skills", "documents"])
@pytest.mark.parametrize("when", ["instead", "after"])
async def test_where_a_webhook_answers_instead_what_is_asked_is_not_edited(kind: str, when: str, configs: Path) -> None:
    app, house = desk_app(configs, webhook={"url": "https://brain.example", "when": when})
    async with desk_client(app) as api:
        response = await api.post(f"/knowledge/museum/{kind}:batch", json={"items": []})
        if when == "instead" and kind not in ("greetings", "rules"):
            assert "webhook" in error(response, 409, "unsupported")["problem"]
            assert (await api.get(f"/knowledge/museum/{kind}")).status_code == 200
        else:
            assert response.status_code == 200
        house.dialogs["other"] = desk_app(configs)[1].dialogs["desk"]
        assert (await api.post(f"/knowledge/museum/{kind}:batch", json={"items": []})).status_code == 200


# ── who may ──
async def test_it_asks_for_the_token_and_refuses_other_sites(configs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAVIS_TOKEN", "s3cret")
    async with desk_client(desk_app(configs)[0]) as api:
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            told = await api.get(FAQ, headers=headers)
            error(told, 401, "unauthorized")
            assert told.headers["www-authenticate"] == "Bearer"
        right = {"Authorization": "Bearer s3cret"}
        assert (await api.post(FAQ, json=LOCKERS, headers=right)).status_code == 201
        assert (await api.get(FAQ, headers=right | {"Origin": "https://evil.example"})).status_code == 403
        assert (await api.get(FAQ, headers=right | {"Host": "evil.example"})).status_code == 403
        told = await api.get("http://127.0.0.1/openapi.json")
        assert told.status_code == 200
        assert "s3cret" not in told.text


async def test_who_asks_too_often_has_to_wait(api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "RATE", 1e-9)
    monkeypatch.setattr(route, "BURST", 3.0)
    statuses = [(await api.get("/dialogs")).status_code for _ in range(4)]
    assert statuses == [200] * 4
    late = await api.get("/dialogs")
    error(late, 429, "too_many_requests")
    assert int(late.headers["retry-after"]) >= 1


# ── its description ──
async def test_it_describes_itself(api: httpx.AsyncClient) -> None:
    told = (await api.get("http://127.0.0.1/openapi.json")).json()
    body = told["paths"]["/api/knowledge/{name}/faq"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"]["ask"]
    assert told["components"]["schemas"]["NewFaq"]["required"] == ["say", "ask"]
    named = json.dumps(told).split('"#/components/schemas/')[1:]
    assert {each.split('"')[0] for each in named} <= set(told["components"]["schemas"])
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            if path.startswith(("/api/knowledge", "/api/dialogs")) and method != "parameters":
                assert operation["summary"], path
                assert "401" in operation["responses"], path
