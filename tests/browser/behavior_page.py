"""The page of behaviour in front of the real server, a guest who talks with the avatar, and records to replay."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, Self

from studio import Studio
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from behaviors.tree import Behavior
from runtime.simulate.play import play
from runtime.simulate.scenario import scenario_for


class Guest:
    """A session of the server's that is heard to whatever it says."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.id = str(json.loads(socket.recv(30))["session"]["id"])
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with suppress(ConnectionClosed):
            for _ in self._socket:
                pass

    def ask(self, text: str) -> None:
        content = [{"type": "input_text", "text": text}]
        item = {"type": "message", "role": "user", "content": content}
        for event in ({"type": "conversation.item.create", "item": item}, {"type": "response.create"}):
            self._socket.send(json.dumps(event))

    def leave(self) -> None:
        self._socket.close()
        self._reader.join(10)


@contextmanager
def guest(port: int) -> Iterator[Guest]:
    with connect(f"ws://127.0.0.1:{port}/v1/realtime?model=museum", max_size=None, proxy=None) as socket:
        one = Guest(socket)
        yield one
        one.leave()


class BehaviorPage(Studio):
    """One open page."""

    def open(self, query: str = "lang=en") -> Self:
        self.page.goto(f"{self._at}/studio/behavior?{query}")
        self.page.wait_for_selector("#app[aria-busy=false]")
        return self

    def watch(self, one: Guest, query: str = "lang=en") -> Self:
        self.open(f"{query}&session={one.id}")
        self.page.wait_for_selector(".node")
        return self

    def replay(self, record: Path) -> Self:
        self.page.set_input_files("#file", record)
        self.page.wait_for_selector("#replay:not([hidden])")
        return self

    def node(self, name: str) -> Any:
        return self.page.locator(f".node[data-name='{name}']")

    @property
    def states(self) -> dict[str, str]:
        """What each node did, as the page shows it."""
        rows = "[...document.querySelectorAll('.node')].map((row) => [row.dataset.name, row.dataset.state])"
        return dict(self.page.evaluate(rows))

    def fact(self, name: str) -> str:
        return self.text(f"[data-fact={name}] dd")

    def decision(self, did: str) -> Any:
        """The newest decision that did so."""
        return self.page.locator(".decision", has=self.page.locator(f".did:text-is('{did}')")).first

    def notice(self, name: str) -> Any:
        return self.page.wait_for_selector(f"[data-notice={name}]")

    def module(self, name: str, body: str) -> Any:
        """The value of `body` with a module of the page as `m`."""
        return self.page.evaluate(f"import('/static/studio/behavior/{name}').then(async (m) => {{ {body} }})")

    def told(self, path: str) -> str:
        with urllib.request.urlopen(f"{self._at}/api/sessions/{path}") as response:
            return str(response.read().decode())


def recorded(path: Path) -> list[dict[str, Any]]:
    """Write the record of a visit that is simulated; its decisions."""
    with ThreadPoolExecutor(1) as beside:  # a browser's loop may be running here
        played = beside.submit(lambda: play(scenario_for("kiosk", None), Behavior)).result()
    path.write_text("\n".join(played.record) + "\n", encoding="utf-8")
    return [each["decision"] for line in played.record if "decision" in (each := json.loads(line))]
