"""Who may connect."""

from __future__ import annotations

import pytest

from runtime.server.guard import Guard, subprotocol
from runtime.settings import Server
from visavis.errors import SetupError

LOCAL = {"host": "127.0.0.1:8700"}


def test_without_a_token_anybody_on_this_machine_may_connect() -> None:
    guard = Guard(Server(), "127.0.0.1")
    assert guard.refuses(LOCAL) is None
    assert guard.refuses(LOCAL | {"authorization": "Bearer whatever"}) is None


def test_another_host_is_not_served_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISAVIS_TOKEN", raising=False)
    with pytest.raises(SetupError, match="VISAVIS_TOKEN"):
        Guard(Server(), "0.0.0.0")


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer s3cret"},
        {"sec-websocket-protocol": "realtime, openai-insecure-api-key.s3cret"},
    ],
)
def test_the_token_opens_by_header_or_by_subprotocol(headers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAVIS_TOKEN", "s3cret")
    guard = Guard(Server(), "0.0.0.0")
    assert guard.refuses({"host": "kiosk.lan:8700"} | headers) is None
    wrong = {name: value.replace("s3cret", "s3cre") for name, value in headers.items()}
    assert "token" in str(guard.refuses({"host": "kiosk.lan:8700"} | wrong))
    assert "token" in str(guard.refuses({"host": "kiosk.lan:8700"}))


def test_a_page_of_another_site_may_not_connect() -> None:
    guard = Guard(Server(origins=("https://shop.example",)), "127.0.0.1")
    assert "origin" in str(guard.refuses(LOCAL | {"origin": "https://evil.example"}))
    assert guard.refuses(LOCAL | {"origin": "http://127.0.0.1:8700"}) is None
    assert guard.refuses(LOCAL | {"origin": "https://shop.example"}) is None


def test_a_name_that_was_bent_to_this_machine_is_refused() -> None:
    guard = Guard(Server(), "127.0.0.1")
    assert "host" in str(guard.refuses({"host": "evil.example:8700", "origin": "http://evil.example:8700"}))


def test_the_subprotocol_that_carries_the_key_is_never_echoed() -> None:
    offered = {"sec-websocket-protocol": "openai-insecure-api-key.s3cret, realtime"}
    assert subprotocol(offered) == "realtime"
    assert subprotocol({"sec-websocket-protocol": "openai-insecure-api-key.s3cret"}) is None
