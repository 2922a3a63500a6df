"""One file from one address: resumed where it broke off, never taken for whole when it is not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from visavis.errors import SetupError

TRIES = 6
"""Tries in a row that bring nothing new before it is given up."""
_AGAIN = frozenset([408, 425, 429, 500, 502, 503, 504])
KEPT = "what has come is kept, so run the command again"

Told = Callable[[int], None]
"""Is told how many bytes of the file are here."""


class _Broken(Exception):
    """The transfer broke off; trying again may help."""


def client() -> httpx2.Client:
    """An HTTP client that waits 30 s for a sign of life."""
    return httpx2.Client(follow_redirects=True, timeout=httpx2.Timeout(30.0), headers={"User-Agent": "visavis"})


@dataclass(slots=True)
class Fetch:
    """`run` brings `url` to `part`; a part file of an earlier run is gone on with."""

    http: httpx2.Client
    url: str
    part: Path
    most: int
    """Bytes that it may have."""
    whole_by_hash: bool = False
    """Whether its hash is known, so that a missing length does no harm."""
    told: Told = lambda here: None
    wait: Callable[[float], None] = time.sleep

    def run(self) -> None:
        """Return when the file is whole. Raises SetupError; OSError for the disk."""
        fruitless = 0
        while True:
            before = self._here()
            try:
                self._once()
                return
            except (httpx2.TransportError, httpx2.StreamError, _Broken) as error:
                fruitless = 0 if self._here() > before else fruitless + 1
                if fruitless >= TRIES:
                    raise self._given_up(error) from None
                self.wait(min(30.0, 0.5 * 2.0**fruitless))

    # ── one try ──
    def _once(self) -> None:
        here, known = self._here(), self._known()
        headers = {"Accept-Encoding": "identity"}
        if here:
            headers["Range"] = f"bytes={here}-"
            if known.get("tag"):
                headers["If-Range"] = known["tag"]
        with self.http.stream("GET", self.url, headers=headers) as answer:
            self._check_way(answer)
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                self._past_the_end(answer, here)
                return
            total = self._begin(answer, here, known)
            self._receive(answer, total)

    def _begin(self, answer: httpx2.Response, here: int, known: dict[str, Any]) -> int | None:
        """Make the part file fit what is coming; returns the whole file's length, None where nobody says it."""
        if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
            start, total = _range(answer.headers.get("content-range", ""))
            if start != here or (known.get("total") not in (None, total)):
                self.forget()
                raise _Broken("it sent another part than the one asked for")
        elif answer.status_code == HTTPStatus.OK:
            length = answer.headers.get("content-length", "")
            total = int(length) if length.isdecimal() else None
            self.part.write_bytes(b"")
        else:
            raise self._refused(answer.status_code)
        ends_by_itself = "chunked" in answer.headers.get("transfer-encoding", "").lower()
        if total is None and not ends_by_itself and not self.whole_by_hash:
            raise SetupError(
                f"{self.url} does not say how long it is, so nobody can tell when it is whole", "get it by hand"
            )
        if total is not None and total > self.most:
            raise self._too_large(total)
        tag = answer.headers.get("etag") or answer.headers.get("last-modified") or ""
        self._note().write_text(
            json.dumps({"url": self.url, "tag": "" if tag.startswith("W/") else tag, "total": total})
        )
        return total

    def _receive(self, answer: httpx2.Response, total: int | None) -> None:
        here = self._here()
        with self.part.open("ab") as out:
            for piece in answer.iter_raw():
                here += len(piece)
                if here > (self.most if total is None else total):
                    out.close()
                    self.forget()
                    raise self._too_large(here) if total is None else _Broken("it sent more than it said")
                out.write(piece)
                self.told(here)
        if total is not None and here < total:
            raise _Broken(f"it ended after {here:,} of {total:,} bytes")

    def _past_the_end(self, answer: httpx2.Response, here: int) -> None:
        """There is nothing behind what is here: either that is all of it, or another file lies there now."""
        total = answer.headers.get("content-range", "").rpartition("/")[2]
        if not total.isdecimal() or int(total) != here:
            self.forget()
            raise _Broken("another file lies there now")

    # ── what is here ──
    def forget(self) -> None:
        """Begin from the beginning."""
        self.part.unlink(missing_ok=True)
        self._note().unlink(missing_ok=True)

    def _note(self) -> Path:
        return self.part.with_name(f"{self.part.name}.from")

    def _known(self) -> dict[str, Any]:
        try:
            found = json.loads(self._note().read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) and found.get("url") == self.url else {}

    def _here(self) -> int:
        """Bytes of this address that are here; what came from another one is no use."""
        return self.part.stat().st_size if self.part.is_file() and self._known() else 0

    # ── refusals ──
    def _check_way(self, answer: httpx2.Response) -> None:
        way = [*(each.url for each in answer.history), answer.url]
        if self.url.startswith("https:") and any(url.scheme != "https" for url in way):
            raise SetupError(f"{self.url} leads to an address without https", "tell its publisher")
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise SetupError(f"{self.url} is only sent compressed", "get it by hand")

    def _refused(self, status: int) -> Exception:
        if status in _AGAIN:
            return _Broken(f"it answered with status {status}")
        remedy = {
            401: "its publisher asks for a log-in: get it by hand from the page",
            403: "its publisher asks for a log-in: get it by hand from the page",
            404: "its publisher moved it: look at the page",
        }.get(status, "try again later")
        return SetupError(f"{self.url} answered with status {status}", remedy)

    def _too_large(self, size: int) -> SetupError:
        problem = f"{self.url} has {size:,} bytes, far more than the catalogue says"
        return SetupError(problem, "look at the publisher's page: another file may lie there now")

    def _given_up(self, error: Exception) -> SetupError:
        host = urlsplit(self.url).hostname
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            return SetupError(f"{host} cannot be reached", f"check the network; {KEPT}")
        return SetupError(f"{self.url} breaks off again and again: {error}", f"try later; {KEPT}")


def _range(header: str) -> tuple[int, int | None]:
    """Start and whole length of `bytes 5-9/10`; (-1, None) for what is none."""
    unit, _, rest = header.partition(" ")
    span, _, total = rest.partition("/")
    start = span.partition("-")[0]
    if unit != "bytes" or not start.isdecimal():
        return -1, None
    return int(start), int(total) if total.isdecimal() else None
