"""Who may connect: tokens, origins, hosts."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from runtime.settings import Server
from visavis.errors import SetupError

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
KEY_PROTOCOL = "openai-insecure-api-key."


class Guard:
    """Decides by a request's headers alone. Raises SetupError for an unsafe way of serving."""

    def __init__(self, server: Server, host: str) -> None:
        self._token = server.token()
        self._origins = {origin.rstrip("/").lower() for origin in server.origins}
        self._loopback = host in LOOPBACK
        if not self._loopback and self._token is None:
            raise SetupError(
                f"serving {host} would let anybody in",
                f"set a token in the environment variable {server.token_env}, or serve 127.0.0.1",
            )

    def refuses(self, headers: Mapping[str, str], *, secret: bool = True) -> str | None:
        """Why a request with these headers is refused, None when it may pass. `secret`: it must show the token."""
        host = _hostname(headers.get("host", ""))
        if self._loopback and host not in LOOPBACK:
            return f"the host {host[:80]!r} is not served here"
        origin = headers.get("origin")
        if origin is not None and not self._known(origin, headers.get("host", "")):
            return f"the origin {origin[:80]!r} may not connect; add it to server.origins in app.yaml"
        if secret and self._token is not None and not self._shown(headers):
            return "the token is missing or wrong"
        return None

    def _known(self, origin: str, host: str) -> bool:
        try:
            same = urlsplit(origin).netloc.lower() == host.lower()
        except ValueError:
            return False
        return same or origin.rstrip("/").lower() in self._origins

    def _shown(self, headers: Mapping[str, str]) -> bool:
        assert self._token is not None
        offered = [headers.get("authorization", "").removeprefix("Bearer ").strip()]
        offered += [
            part.strip().removeprefix(KEY_PROTOCOL)
            for part in headers.get("sec-websocket-protocol", "").split(",")
            if part.strip().startswith(KEY_PROTOCOL)
        ]
        return any(hmac.compare_digest(each.encode(), self._token.encode()) for each in offered)


def _hostname(host: str) -> str:
    """The name in a Host header, without its port; empty when there is none in it."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def subprotocol(headers: Mapping[str, str]) -> str | None:
    """The subprotocol to accept: the standard's `realtime` where the client offers it, never the one with the key."""
    offered = [part.strip() for part in headers.get("sec-websocket-protocol", "").split(",") if part.strip()]
    return "realtime" if "realtime" in offered else next((p for p in offered if not p.startswith(KEY_PROTOCOL)), None)
