"""`visavis serve`: the server process."""

from __future__ import annotations

import json
import logging
import socket
import ssl
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from runtime.server.app import make_app
from runtime.server.guard import LOOPBACK, Guard
from runtime.server.line import LineProtocol
from runtime.settings import Installation
from visavis.errors import SetupError

log = logging.getLogger(__name__)

MESSAGE_LIMIT = 2_500_000
"""Bytes of one WebSocket message: 30 s of audio."""
SEND_BUFFER = 128 * 1024
"""Bytes that the system takes for a client, so that a slow one's pictures wait where they can be dropped."""
TURN_S = 0.001
"""How long a thread that reads knowledge may keep the event loop waiting."""
UNREACHABLE_MS = 15_000
"""A connection whose data the other side has not taken for so long is gone."""


def serve(
    folder: Path,
    *,
    host: str | None = None,
    port: int | None = None,
    dialog: str | None = None,
    tls: tuple[Path, Path] | None = None,
    as_json: bool = False,
) -> None:
    """Serve until interrupted. Raises VisavisError when a file or this machine does not let it begin."""
    installation = Installation(folder)
    settings = installation.app.server
    host, port = host or settings.host, settings.port if port is None else port
    if tls is None and settings.tls.cert and settings.tls.key:
        tls = (settings.tls.cert, settings.tls.key)
    for path in tls or ():
        if not path.is_file():
            raise SetupError(
                f"there is no TLS file {path}", "name a certificate and its key with --tls-cert and --tls-key"
            )
    if tls is not None:
        _check_pair(*tls)
    guard = Guard(settings, host)
    first = installation.dialog(dialog).dialog
    listening = listen(host, port)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    url = f"{'https' if tls else 'http'}://{shown}:{listening.getsockname()[1]}"

    def ready() -> None:
        if as_json:
            print(json.dumps({"url": url, "kiosk": f"{url}/kiosk/{first}"}), flush=True)  # noqa: T201
        else:
            print(f"\n  The avatar waits at    {url}/kiosk/{first}", flush=True)  # noqa: T201
            print(f"  Edit what it knows at  {url}/studio/knowledge\n  Give it a voice at     {url}/studio/voices")  # noqa: T201
            print(f"  See it think at        {url}/studio/behavior")  # noqa: T201
            print("  Stop with Ctrl-C.\n", flush=True)  # noqa: T201
            if host not in LOOPBACK and not tls:
                log.warning("without TLS a browser gives no microphone to pages from %s", host)

    if sys.stderr.isatty():
        print(f"  Opening {dialog or ', '.join(installation.dialogs)} …", file=sys.stderr)  # noqa: T201
    app = make_app(installation, guard, dialog=dialog, on_ready=ready)
    server = uvicorn.Server(settings_of(app, tls))
    sys.setswitchinterval(TURN_S)
    untold = logging.getLogger("uvicorn.error")
    quiet = lambda record: app.state.problem is None  # noqa: E731
    untold.addFilter(quiet)
    try:
        server.run(sockets=[listening])
    except SystemExit:
        if app.state.problem is not None:
            raise app.state.problem from None
        raise
    finally:
        untold.removeFilter(quiet)


def _check_pair(cert: Path, key: Path) -> None:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key, password=lambda: "")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise SetupError(
            f"{cert} and {key} cannot be used together: {reason}", "name a certificate and its own key, both in PEM"
        ) from error


def settings_of(app: FastAPI, tls: tuple[Path, Path] | None = None) -> uvicorn.Config:
    """How the application is served."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        ws=LineProtocol,
        ws_max_size=MESSAGE_LIMIT,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=30,
        loop="asyncio",  # its clock is exact, which uvloop's is not
        ssl_certfile=tls[0] if tls else None,
        ssl_keyfile=str(tls[1]) if tls else None,
        timeout_graceful_shutdown=3,
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one. Raises SetupError.

    Its protocol is named, since only then does asyncio send what is small at once: else a message may wait 40 ms
    for the other side's acknowledgement.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREACHABLE_MS)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise SetupError(
            f"{host}:{port} cannot be listened to: {error.strerror}", "choose another with --port"
        ) from error
    return listening
