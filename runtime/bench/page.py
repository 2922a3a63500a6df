"""The kiosk page in a real browser: pictures against sound where they come out, and how soon it falls silent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from runtime.bench.load import served
from runtime.bench.report import Row, percentile
from runtime.settings import Installation
from visavis.errors import EngineError
from visavis.words import RATE

if TYPE_CHECKING:
    from playwright.async_api import Page

CHROMIUM = Path("/usr/bin/chromium")
SIZE = (540, 960)
FLAGS = ("--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update")
MS = RATE / 1000
QUANTUM = 128
"""Frames that a worklet makes at once."""
SAME_MS, SILENT_MS = 60.0, 200.0
WAIT_S = 40.0
FLOW_S = 0.8
"""Into an answer, before it is ended."""
SURELY_SILENT = round(0.6 * RATE)
SOCKET = """
  const Plain = WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...all) {
      super(...all);
      window.benchSocket = this;
      this.addEventListener("message", ({ data }) => {
        const event = typeof data === "string" && data.includes("output_audio.delta") ? JSON.parse(data) : {};
        if (event.pts === undefined) return;
        (benchSounds[event.item_id] ??= []).push([event.pts, Math.floor(atob(event.delta).length / 2)]);
      });
    }
  };
  window.benchSounds = {};
"""
"""Keeps the page's connection within reach, so that the server can be told to end an answer behind its back, and
notes where on the session's line each piece of an item's sound lies."""
CLOCK = """() => {
  window.benchReports = [];
  let last = -1;
  const where = (pieces, played) => {
    for (const [pts, length] of pieces) {
      if (played <= length) return pts + played;
      played -= length;
    }
    return null;
  };
  setInterval(() => {
    const { heard, figures: { worklet, latencyMs } } = visavis;
    if (worklet.frame === last) return;
    last = worklet.frame;
    const [item, played] = Object.entries(worklet.played).at(-1) ?? [];
    const put = worklet.waiting && worklet.dropped === 0 ? where(benchSounds[item] ?? [], played) : null;
    const report = { at: performance.now(), frame: last, heard, put, latencyMs };
    benchReports = [...benchReports, report].slice(-100);
  }, 2);
}"""
"""Notes what the worklet reports, which counts the samples that it really put out, and when; beside it what the page
takes to be heard."""
OFFSETS = "visavis.offsets.filter((one) => one.turn && one.sounding)"
END = """() => {
  benchSocket.send(JSON.stringify({ type: "response.cancel" }));
  return { at: performance.now(), frame: visavis.figures.worklet.frame };
}"""


@dataclass(slots=True)
class Seen:
    """What the page did, in milliseconds."""

    offsets: list[float] = field(default_factory=list)
    """By how much each picture of speech was drawn after its sound was heard, by the samples that were put out."""
    bias: list[float] = field(default_factory=list)
    """For each answer, how much more of it was put out than the page took to be heard."""
    silent: list[float] = field(default_factory=list)
    """From a decision of the server to the last audible sample."""
    stopped: list[float] = field(default_factory=list)
    """From a touch of the stop button to the last audible sample."""
    answers: int = 0
    late: int = 0
    """Pictures that were never drawn because the next was due."""


def missing() -> str:
    """What this machine lacks for the browser, empty if nothing."""
    try:
        import playwright.async_api  # noqa: F401
    except ImportError:
        return "the Python package playwright (a development dependency)"
    return "" if CHROMIUM.exists() else f"{CHROMIUM} (apt install chromium)"


async def visit(folder: Path, *, answers: int = 5, ends: int = 15) -> Seen:
    """Ask a server of the installation on its kiosk page. Raises EngineError when the page does not go on."""
    dialog = Installation(folder).dialog(None).dialog
    seen = Seen()
    async with served(folder) as (url, _, _), _page() as page:
        await page.goto(f"{url}/kiosk/{dialog}")
        await _until(page, "window.visavis?.link === 'ready'")
        questions = await page.evaluate("[...document.querySelectorAll('#shelf button')].map((one) => one.textContent)")
        if not questions:
            raise EngineError("page bench", f"the dialog {dialog} offers no question", "let its knowledge answer some")
        await page.click("#start")
        await _until(page, "visavis.figures.runs")
        await _quiet(page)
        await page.evaluate(CLOCK)
        for n in range(answers):
            await _answer(page, questions[n % len(questions)], seen)
        for n in range(ends):
            await _ended(page, questions[n % len(questions)], seen.silent, by_touch=False)
        for n in range(ends):
            await _ended(page, questions[n % len(questions)], seen.stopped, by_touch=True)
    return seen


@asynccontextmanager
async def _page() -> AsyncIterator[Page]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        try:
            page = await browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
            await page.add_init_script(SOCKET)
            yield page
        finally:
            await browser.close()


async def _until(page: Page, condition: str) -> None:
    """The page's policy forbids what Playwright's own waiting does."""
    ends = time.monotonic() + WAIT_S
    while not await page.evaluate(condition):
        if time.monotonic() > ends:
            raise EngineError("page bench", f"the page did not come to: {condition}")
        await asyncio.sleep(0.05)


async def _quiet(page: Page) -> None:
    """Return when nothing has been heard for a while."""
    await asyncio.sleep(0.5)
    await _until(
        page,
        "visavis.state === 'idle' && visavis.figures.worklet.waiting === 0 &&"
        f" visavis.figures.worklet.frame > visavis.figures.worklet.lastLoud + {SURELY_SILENT}",
    )


async def _ask(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")
    await _until(page, "visavis.state === 'speaking'")


async def _answer(page: Page, text: str, seen: Seen) -> None:
    """Hear an answer to its end."""
    late = await page.evaluate("visavis.figures.late")
    await _ask(page, text)
    await _quiet(page)
    found: list[dict[str, Any]] = await page.evaluate(OFFSETS)
    turn = max((one["turn"] for one in found), default=0)
    bias = _bias(await page.evaluate("benchReports"))
    seen.bias.append(bias)
    seen.offsets += [(one["heard"] - one["pts"]) / MS + bias for one in found if one["turn"] == turn]
    seen.late += await page.evaluate("visavis.figures.late") - late
    seen.answers += 1


def _tie(reports: Sequence[dict[str, Any]]) -> float:
    """The page's time, in milliseconds, at which the worklet made its frame 0."""
    return float(np.median([one["at"] - one["frame"] / MS for one in reports]))


def _bias(reports: Sequence[dict[str, Any]]) -> float:
    """Milliseconds by which the samples put out are ahead of what the page takes to be heard, the middle one."""
    tie = _tie(reports)
    ahead = [
        one["put"] / MS + (one["at"] - tie - (one["frame"] + QUANTUM) / MS) - one["latencyMs"] - one["heard"] / MS
        for one in reports
        if one["put"] is not None
    ]
    return float(np.median(ahead)) if ahead else 0.0


async def _ended(page: Page, text: str, taken: list[float], *, by_touch: bool) -> None:
    """End an answer in full flow; milliseconds from the decision to the last audible sample at the ear."""
    await _ask(page, text)
    loud = "visavis.figures.worklet"
    await _until(page, f"{loud}.lastLoud > {loud}.frame - 4800")
    await asyncio.sleep(FLOW_S)
    script = END.replace(END.splitlines()[1], "document.querySelector('#stop').click();") if by_touch else END
    decided = await page.evaluate(script)
    await _until(page, f"{loud}.cleared >= {decided['frame']}")
    await _quiet(page)
    last = await page.evaluate(f"{loud}.lastLoud / 24 + visavis.figures.latencyMs")
    taken.append(max(0.0, _tie(await page.evaluate("benchReports")) + last - decided["at"]))


def page_rows(seen: Seen, pixels: Sequence[float]) -> list[Row]:
    """The page's figures; `pixels` are the offsets, in milliseconds, of closures in pictures against sound."""
    on = f"headless Chromium, software decoding, {SIZE[0]}x{SIZE[1]}, {seen.answers} answers"
    sizes = np.abs(seen.offsets)
    together = np.abs(np.add.outer(np.asarray(seen.offsets), np.asarray(pixels))).ravel()
    drawn = f"{len(seen.offsets)} pictures, {seen.late} overtaken; p50 {percentile(list(sizes), 50):.0f} ms"
    touched = percentile(seen.stopped, 95)
    ended = f"by the server; p50 {percentile(seen.silent, 50):.0f} ms; by a touch, p95 {touched:.0f} ms"
    bias = "what the page takes to be heard against the samples that it put out"
    return [
        Row("lips against sound at the page, p95", percentile(list(together), 95), "ms", SAME_MS, note=on),
        Row("pictures against sound at the page, p95", percentile(list(sizes), 95), "ms", note=drawn),
        Row("pictures against sound at the page, signed mean", float(np.mean(seen.offsets)), "ms"),
        Row("the page's clock, median", -float(np.median(seen.bias)), "ms", note=bias),
        Row("decision to end → page silent, p95", percentile(seen.silent, 95), "ms", SILENT_MS, note=ended),
    ]
