"""Whatever a client sends to `/api/voices`, it is refused or done: nothing breaks, and no voice comes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from desk_place import desk_app, write_desk
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks

from avatars.voices.enrol.store import Store
from runtime.server.rest import route
from visavis.fakes.launcher import InlineLauncher

EXAMPLES = 12
HERE = {"Host": "127.0.0.1"}
ORDER = {"name": "mia", "speaker": "Mia Chen", "company": "Acme", "language": "en", "profile": "fast"}
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=100),
    st.lists(st.text(max_size=20), max_size=3),
    st.sampled_from([*ORDER.values(), "delete", "submit", "status", "../x"]),
)  # fmt: skip
KEYS = ["approve", "by", "action", "ids", "input", "voice", "rate", "emotion", "dialog", "approved_by", *ORDER]
BODIES = st.one_of(
    st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=10)), VALUES, max_size=6),
    st.builds(lambda change: ORDER | change, st.dictionaries(st.sampled_from([*ORDER]), VALUES, max_size=2)),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_desk(tmp_path_factory.mktemp("voices") / "configs")


@pytest.fixture(scope="module")
def app(place: Path) -> Any:
    checks.load_all_checks()
    made, house = desk_app(place)
    house.launcher = InlineLauncher()  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_nothing_that_is_sent_breaks_anything(
    method: str, app: Any, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "BURST", 1e9)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HERE)
    found = [each.ok() for each in schema.get_all_operations()]
    chosen = [each for each in found if each.path.startswith("/api/voices") and each.method == method]
    assert chosen
    with TestClient(app, base_url="http://127.0.0.1") as client:
        task = client.post("/api/voices/tasks", json=ORDER).json()["taskId"]
        for operation in chosen:
            _fuzz(client, operation, task)
    assert Store(place / "kept" / "voices").names() == []


def _fuzz(client: TestClient, operation: Any, task: str) -> None:
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(), BODIES, st.booleans())
    def run(case: Any, body: dict[str, Any], known: bool) -> None:
        if known and "task" in (case.path_parameters or {}):
            case.path_parameters["task"] = task
        raw = json.dumps(body, ensure_ascii=True).encode()
        answer = client.request(case.method, case.formatted_path, params=case.query or None, content=raw, headers=HERE)
        assert answer.status_code < 500, (case.formatted_path, body, answer.text)
        if answer.status_code >= 400:
            assert {"code", "message"} <= set(answer.json()["error"]), answer.text

    run()
