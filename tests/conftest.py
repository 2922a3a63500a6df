"""What was left out and why: skips are named at the end, and in continuous integration they are failures.

With CI=true only two things may be left out: what needs `../shared` where that folder is absent, and
what needs a GPU where there is none. A test says so by skipping with a reason that holds the file's
name (`../shared/testdata/…`) or the word GPU.
"""

from __future__ import annotations

import cProfile
import os
import shutil
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
NOT_COLLECTED = pytest.StashKey[Counter[str]]()


@pytest.fixture
def testdata() -> Callable[[str], Path]:
    """`testdata("speech/a.wav")` is the file's path; the test is skipped by name where it is absent."""

    def locate(name: str) -> Path:
        path = SHARED / "testdata" / name
        if not path.exists():
            pytest.skip(f"../shared/testdata/{name} is absent")
        return path

    return locate


@pytest.fixture(scope="session")
def calls() -> Callable[..., int]:
    """`calls(function, *arguments)` is how many functions run in it: a cost that no busy machine changes."""

    def count(function: Callable[..., Any], *arguments: Any) -> int:
        profile = cProfile.Profile()
        profile.runcall(function, *arguments)
        return sum(int(entry.callcount) for entry in profile.getstats())

    return count


def has_gpu() -> bool:
    """Whether this machine shows an NVIDIA device."""
    return shutil.which("nvidia-smi") is not None or Path("/dev/nvidia0").exists()


def may_skip(reason: str, *, shared: bool, gpu: bool) -> bool:
    """Whether continuous integration accepts `reason` on a machine that has the folder, or a GPU, or neither."""
    return ("shared/" in reason and not shared) or ("gpu" in reason.lower() and not gpu)


def skip_reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The reason of a skipped report, without pytest's prefix."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def judge(report: pytest.TestReport | pytest.CollectReport) -> bool:
    """Whether something was skipped; in continuous integration a skip that is not accepted becomes a failure."""
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return False
    reason = skip_reason(report)
    if os.environ.get("CI") == "true" and not may_skip(reason, shared=SHARED.exists(), gpu=has_gpu()):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was left out, which CI=true does not accept: {reason}"
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    judge(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if judge(report):
        collector.config.stash.setdefault(NOT_COLLECTED, Counter())[skip_reason(report)] += 1
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process that runs a part of the tests hands on which modules it left out; each such process leaves out all."""
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["not_collected"] = dict(session.config.stash.get(NOT_COLLECTED, Counter()))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[NOT_COLLECTED] = Counter(getattr(node, "workeroutput", {}).get("not_collected", {}))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    skipped = [each for each in terminalreporter.stats.get("skipped", ()) if isinstance(each, pytest.TestReport)]
    left_out = Counter(map(skip_reason, skipped)) + config.stash.get(NOT_COLLECTED, Counter())
    if not left_out:
        return
    terminalreporter.section(f"left out: {left_out.total()}")
    for reason, count in sorted(left_out.items()):
        terminalreporter.line(f"{count:4}  {reason}")
