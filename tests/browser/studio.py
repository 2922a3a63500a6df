"""The operator's page in front of the real server, and what a test asks of it."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from real_place import Place, write_reception

NOTE = "# the hours are on the door, too"


def write_knowledge(folder: Path) -> Path:
    """Write the reception with a comment in its FAQ and something of each kind."""
    write_reception(folder)
    museum = folder / "knowledge" / "museum.yaml"
    text = museum.read_text(encoding="utf-8")
    text = text.replace("    - id: opening-hours\n", f"    - id: opening-hours  {NOTE}\n")
    text = text.replace("fallback:", MORE + "fallback:")
    museum.write_text(text, encoding="utf-8")
    (folder / "knowledge" / "guide.md").write_text("# Guide\n\nThe tower has ninety steps.\n")
    return folder


MORE = """\
keywords:
  items:
    - {id: toilet, any: [toilet, restroom], none: [staff], say: "Next to the cloakroom."}
skills:
  items:
    - id: night
      title: The long night
      until: 2020-12-12
      intents:
        - {id: night-price, ask: [What does the long night cost?], say: "Ten euros."}
rules:
  items:
    - {id: thanks, on: [gift, follow], when: gift.count >= 2, say: "Thank you!", quota: {count: 6, per: 10m}}
documents:
  - {path: guide.md, title: The guide}
thresholds: {direct: 0.9, suggest: 0.1, margin: 0.1}
"""


class Studio:
    """One open page, what it complained of, and the files behind it."""

    def __init__(self, page: Any, place: Place, folder: Path) -> None:
        self.page, self._at, self._folder = page, f"http://127.0.0.1:{place.port}", folder
        self.complaints: list[str] = []
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, query: str = "lang=en") -> Studio:
        self.page.goto(f"{self._at}/studio/knowledge?{query}")
        self.page.wait_for_selector(".entry, #none:not([hidden])")
        return self

    def entry(self, name: str) -> Any:
        return self.page.locator(f".rows .entry[data-id='{name}']")

    def edit(self, name: str) -> None:
        self.entry(name).click()
        self.page.wait_for_selector("#save")

    def field(self, name: str) -> Any:
        """The input of a field of the form."""
        return self.page.locator(f"[data-field='{name}'] .control, [data-field='{name}'] input[type=checkbox]").first

    def save(self) -> None:
        self.page.click("#save")

    def ask(self, text: str) -> None:
        self.page.fill("#try-text", text)
        self.page.press("#try-text", "Enter")
        self.says(".asked", text)

    def text(self, selector: str) -> str:
        found = self.page.locator(selector).first
        return str(found.inner_text()) if found.count() else ""

    def says(self, selector: str, wanted: str) -> None:
        """Wait until an element says something."""
        self.until(
            lambda: wanted in self.text(selector), lambda: f"{selector}: {self.text(selector)!r}, not {wanted!r}"
        )

    def until(self, true: Callable[[], object], what: Callable[[], str] = lambda: "it did not come") -> None:
        ends = time.monotonic() + 20
        while not true():
            assert time.monotonic() < ends, what()
            self.page.wait_for_timeout(20)

    def file(self, name: str = "museum") -> str:
        return self.path(name).read_text(encoding="utf-8")

    def path(self, name: str = "museum") -> Path:
        return self._folder / "knowledge" / f"{name}.yaml"

    def rest(self, method: str, path: str, body: object = None) -> Any:
        """What somebody else does meanwhile."""
        request = urllib.request.Request(f"{self._at}/api/knowledge/{path}", method=method)
        request.add_header("Content-Type", "application/json")
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, data) as response:
            return json.loads(response.read() or b"null")
