"""Whatever a client sends is answered as the description says, and the files stay as good as they were."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from desk_place import desk_app, write_desk
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from steered import settle

from knowledge.library import load_library
from runtime.server.rest import route
from runtime.sessions import Sessions

EXAMPLES = 12
HERE = {"Host": "127.0.0.1"}
COVERED = ("/api/knowledge", "/api/dialogs", "/api/lexicon", "/api/sessions")
KNOWN = {
    "name": ["museum", "tea"],
    "id": ["tickets", "opening-hours", "welcome", "parking", "guide.md"],
    "intent": ["where-to-park", "parking-price"],
}
SESSIONS = {"id": ["sess_1", "sess_1", "sess_0"]}
"""One that lives and one that has ended."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_desk(tmp_path_factory.mktemp("fuzz") / "configs")


@pytest.fixture(scope="module")
def operations(place: Path) -> Any:
    checks.load_all_checks()
    app, house = desk_app(place)
    asyncio.run(_settled(house.sessions))
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HERE)
    found = [each.ok() for each in schema.get_all_operations()]
    return [each for each in found if each.path.startswith(COVERED)]


async def _settled(sessions: Sessions) -> None:
    """A living session, and one that has ended."""
    settle(sessions, "sess_1")
    settle(sessions, "sess_0")
    sessions.end("sess_0")


METHODS = ["get", "post", "put", "patch", "delete"]


@pytest.mark.parametrize("method", METHODS)
def test_every_operation_answers_as_it_is_described(
    method: str, place: Path, operations: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "BURST", 1e9)
    chosen = [each for each in operations if each.method == method]
    assert chosen
    for operation in chosen:
        if not operation.path.endswith(":try"):
            _fuzz(operation)
    load_library("museum", place / "knowledge")


def _fuzz(operation: Any) -> None:
    wanted = [
        checks.not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    known = SESSIONS if operation.path.startswith("/api/sessions") else KNOWN
    names = st.fixed_dictionaries({key: st.sampled_from([*each, None, None]) for key, each in known.items()})

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(), names)
    def run(case: Any, known: dict[str, str | None]) -> None:
        for key, name in known.items():
            if name is not None and key in (case.path_parameters or {}):
                case.path_parameters[key] = name
        case.validate_response(case.call(headers=HERE), checks=wanted)

    run()
