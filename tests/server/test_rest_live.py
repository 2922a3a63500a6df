"""An edit over REST is what the avatar says next, against a real server; a bad edit by hand is told and not used."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from place import HOURS, Server, write_museum

FAQ = "/api/knowledge/museum/faq"
QUESTION = "When do you open?"


@pytest.fixture(scope="module")
def configs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_museum(tmp_path_factory.mktemp("live"))


@pytest.fixture(scope="module")
def api(configs: Path) -> Iterator[httpx.Client]:
    with Server(configs) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def answered(api: httpx.Client, question: str = QUESTION) -> str:
    body = {"model": "silent", "messages": [{"role": "user", "content": question}]}
    told: Any = api.post("/v1/chat/completions", json=body).json()
    return str(told["choices"][0]["message"]["content"])


def test_an_edit_is_live_when_it_is_answered(api: httpx.Client) -> None:
    assert answered(api) == HOURS
    response = api.patch(f"{FAQ}/opening-hours", json={"say": "We open at ten."})
    assert (response.status_code, response.headers["visavis-live"]) == (200, "true")
    assert answered(api) == "We open at ten."
    assert api.post(FAQ, json={"ask": ["Do you have lockers?"], "say": "By the door."}).status_code == 201
    assert answered(api, "Do you have lockers?") == "By the door."
    assert api.post("/api/knowledge/museum/undo", json={"count": 2}).json()["live"]
    assert answered(api) == HOURS


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing")
def test_the_commands_of_the_manual_work(api: httpx.Client, configs: Path) -> None:
    block = (
        (Path(__file__).parents[2] / "docs" / "rest.md").read_text(encoding="utf-8").split("```")[1].removeprefix("sh")
    )
    here = block.replace("http://127.0.0.1:8700", str(api.base_url)).replace("curl ", "curl -sS --fail-with-body ")
    before = (configs / "knowledge" / "museum.yaml").read_text()
    done = subprocess.run(["bash", "-euc", here], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "Yes, behind the desk." in done.stdout
    assert done.stdout.count('"id":"do-you-have-lockers"') >= 3
    assert (configs / "knowledge" / "museum.yaml").read_text() == before


def test_a_question_on_trial_says_what_and_why(api: httpx.Client) -> None:
    told = api.post("/api/knowledge/museum:try", json={"text": QUESTION}).json()
    assert (told["decision"], told["match"]["id"], told["say"]) == ("direct", "opening-hours", HOURS)
    assert told["because"]
    told = api.post("/api/knowledge/museum:try", json={"event": {"kind": "follow"}}).json()
    assert told["rule"] is None
    for bad in (
        {},
        {"text": QUESTION, "event": {"kind": "x"}},
        {"event": {}},
        {"text": 7},
        {"text": "a", "context": []},
    ):
        assert api.post("/api/knowledge/museum:try", json=bad).status_code == 422
    assert api.post("/api/knowledge/museum:try", json={"text": "x", "topic": "none"}).status_code == 404
    assert api.post("/api/knowledge/musem:try", json={"text": "x"}).status_code == 404


def test_a_bad_edit_by_hand_is_told_and_the_last_good_version_answers(api: httpx.Client, configs: Path) -> None:
    path = configs / "knowledge" / "museum.yaml"
    good = path.read_text()
    path.write_text(good.replace("language: en", "langage: en"))
    warned = until(lambda: any("langage" in each for each in warnings(api)))
    assert warned, warnings(api)
    assert answered(api) == HOURS
    assert api.patch(f"{FAQ}/opening-hours", json={"say": "x"}).json()["error"]["code"] == "broken"
    states = {each["name"]: each["state"] for each in api.get("/api/dialogs").json()["items"]}
    assert states["museum"] == "degraded"
    path.write_text(good)
    assert until(lambda: not any("langage" in each for each in warnings(api)))


def warnings(api: httpx.Client) -> list[str]:
    response = api.get("/readyz")
    assert response.status_code == 200
    found: list[str] = response.json()["warnings"]
    return found


def until(holds: Any, seconds: float = 20) -> bool:
    """Whether something comes to hold; the server has its own time."""
    end = time.monotonic() + seconds
    while not (held := bool(holds())) and time.monotonic() < end:
        time.sleep(0.05)
    return held
