"""A page in a real, headless Chromium, in front of a scripted server.

The browser belongs to one module at a time, so that its loop never lives beside another test's. A browser plays in real
time: where the machine stood still meanwhile, what a page heard and showed proves nothing. So a failure here counts
when it comes three times in a row; the summary counts the reruns.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from chromium import CHROMIUM, FLAGS

sync_api = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")

RERUNS = 2
PORTRAIT, LAPTOP, PHONE, NARROW = (1080, 1920), (1366, 768), (390, 844), (360, 640)
MICROPHONE_HZ = 400.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.flaky(reruns=RERUNS))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _write_microphone(path: Path) -> Path:
    """What the visitor says: a second of silence, then four seconds of a tone."""
    import soundfile

    seconds = np.arange(48_000 * 5) / 48_000
    sound = 0.4 * np.sin(2 * np.pi * MICROPHONE_HZ * seconds) * (seconds > 1.0)
    soundfile.write(path, sound.astype(np.float32), 48_000, subtype="PCM_16")
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent; apt install chromium")
    heard = _write_microphone(tmp_path_factory.mktemp("microphone") / "visitor.wav")
    with sync_api.sync_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={heard}"]
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def server() -> Iterator[Any]:
    from fake_server import FakeServer

    with FakeServer(free_port()).run() as fake:
        yield fake


@dataclass
class Kiosk:
    """One open page, what it logged, and ways to wait for it."""

    page: Any
    url: str
    complaints: list[str]

    def value(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def until(self, expression: str, wanted: Any = True, within_s: float = 20.0) -> Any:
        """Wait for a value; the page's policy forbids the eval of Playwright's own waiting."""
        ends = time.monotonic() + within_s
        while (found := self.value(expression)) != wanted:
            assert time.monotonic() < ends, f"{expression} is {found!r}, not {wanted!r}"
            self.page.wait_for_timeout(20)
        return found

    def until_true(self, condition: Callable[[], object], what: str, within_s: float = 20.0) -> None:
        ends = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < ends, what
            self.page.wait_for_timeout(20)

    def open(self) -> Kiosk:
        self.page.goto(self.url)
        self.until("window.visavis?.link", "ready")
        return self

    def start(self) -> Kiosk:
        self.page.click("#start")
        self.until("visavis.figures.runs")
        return self

    def ask(self, text: str = "When do you open?") -> None:
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")

    def module(self, name: str, body: str) -> Any:
        """The value of `body` with a module of the page as `m`."""
        return self.value(f"import('/static/{name}').then(async (m) => {{ {body} }})")

    @property
    def caption(self) -> str:
        """What of the avatar's words is visible."""
        shown = "[...document.querySelector('#caption-avatar').childNodes].filter((n) => n.className !== 'ahead')"
        return str(self.value(f"{shown}.map((n) => n.textContent).join('')"))


@pytest.fixture
def kiosk(browser: Any, server: Any) -> Iterator[Callable[..., Kiosk]]:
    """`kiosk()` is a page that is not opened yet; whatever it logs as an error fails the test."""
    opened: list[Kiosk] = []

    def make(
        dialog: str = "museum", query: str = "", size: tuple[int, int] = LAPTOP, script: str = "", **context: Any
    ) -> Kiosk:
        own = browser.new_context(viewport={"width": size[0], "height": size[1]}, **context)
        page = own.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if script:
            page.add_init_script(script)
        opened.append(Kiosk(page, f"http://127.0.0.1:{server.port}/kiosk/{dialog}{query}", complaints))
        return opened[-1]

    yield make
    for each in opened:
        each.page.context.close()
    assert [line for each in opened for line in each.complaints] == []


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    from real_place import Place
    from studio import write_knowledge

    folder = write_knowledge(tmp_path_factory.mktemp("studio"))
    place = Place(folder)
    yield place, folder
    place.close()


@pytest.fixture
def studios(browser: Any, shop: tuple[Any, Path]) -> Iterator[Callable[..., Any]]:
    """`studios()` is an operator's page; the files are put back afterwards, and it complained of refusals alone."""
    from studio import Studio

    place, folder = shop
    before = {path: path.read_bytes() for path in (folder / "knowledge").glob("*.yaml")}
    pages: list[Any] = []

    def made(size: tuple[int, int] = (1440, 900), **context: Any) -> Any:
        own = browser.new_context(viewport={"width": size[0], "height": size[1]}, **context)
        pages.append(Studio(own.new_page(), place, folder))
        return pages[-1]

    yield made
    for each in pages:
        each.page.context.close()
    for path, content in before.items():
        if path.read_bytes() != content:
            path.write_bytes(content)
    assert [line for each in pages for line in each.complaints if "Failed to load resource" not in line] == []


@pytest.fixture
def studio(studios: Callable[..., Any]) -> Any:
    return studios().open()
