"""A publisher of files on this machine, with the faults that real ones have."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Offer:
    """One file, and how badly it is served."""

    data: bytes
    ranges: bool = True
    drops: list[int] = field(default_factory=list)
    """The next answers end after so many bytes, though they promised more."""
    says: int | None = None
    """The length that it claims, if not its own."""
    statuses: list[int] = field(default_factory=list)
    to: str | None = None
    tag: str = '"one"'
    silent: bool = False
    """It says no length and just ends."""


class Publisher:
    """Serves `files` by path; `asked` is every request's path and Range."""

    def __init__(self) -> None:
        self.files: dict[str, Offer] = {}
        self.asked: list[tuple[str, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._serve(self)

            def log_message(self, *_: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.asked.append((request.path, asked))
        offer = self.files.get(request.path)
        if offer is None or offer.statuses or offer.to:
            return self._without_body(request, offer)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and offer.ranges else 0
        if request.headers.get("If-Range", offer.tag) != offer.tag:
            start = 0
        if start and start >= len(offer.data):
            return self._empty(request, 416, {"Content-Range": f"bytes */{len(offer.data)}"})
        body = offer.data[start:]
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(offer.data) - 1}/{len(offer.data)}")
        request.send_header("ETag", offer.tag)
        if not offer.silent:
            request.send_header("Content-Length", str(len(body) if offer.says is None else offer.says))
        cut = offer.drops.pop(0) if offer.drops else len(body)
        whole = cut >= len(body) and not offer.silent and offer.says is None
        if not whole:
            request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(body[:cut])
        request.close_connection = not whole

    def _without_body(self, request: BaseHTTPRequestHandler, offer: Offer | None) -> None:
        if offer is None:
            return self._empty(request, 404)
        if offer.statuses:
            return self._empty(request, offer.statuses.pop(0))
        return self._empty(request, 302, {"Location": str(offer.to)})

    def _empty(self, request: BaseHTTPRequestHandler, status: int, headers: dict[str, str] | None = None) -> None:
        request.send_response(status)
        for name, value in ({"Content-Length": "0"} | (headers or {})).items():
            request.send_header(name, value)
        request.end_headers()
