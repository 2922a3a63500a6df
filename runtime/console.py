"""What the verbs of the command share: taking a text and a folder, showing progress, printing a result."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, Protocol

from visavis.errors import SetupError

Run = Callable[[argparse.Namespace], Any]
"""A verb: it prints its own result and returns the exit status, or None for 0."""
DEFAULT = Path("configs")
TEXT_LIMIT = 1_000_000
"""Characters that are read from standard input."""


class Verb(Protocol):
    """Adds a verb with the options that every verb has to a group of the parser."""

    def __call__(self, group: Any, name: str, run: Run, text: str) -> argparse.ArgumentParser: ...


def tell(text: str) -> None:
    """Print on standard output."""
    print(text, flush=True)  # noqa: T201


def complain(text: str) -> None:
    """Print on standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def show(options: argparse.Namespace, result: Any, lines: Callable[[Any], str]) -> None:
    """Print a result as JSON where that is asked for, otherwise as `lines` writes it."""
    tell(as_json(result) if options.json else lines(result))


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show on a terminal's standard error that something is being done."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


@contextmanager
def progress(text: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal's standard error; what is yielded takes how much is done and how much there is."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows in columns as wide as they need, Chinese counted double; those in `right` end where the column ends."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]

    def padded(text: str, at: int) -> str:
        space = " " * (widths[at] - cell_len(text))
        return space + text if at in right else text + space

    return "\n".join("  ".join(padded(text, at) for at, text in enumerate(row)).rstrip() for row in rows)


def given_text(options: argparse.Namespace, what: str) -> str:
    """The verb's TEXT, from standard input where it is `-`; an empty one is a bad call."""
    text: str = sys.stdin.read(TEXT_LIMIT) if options.text == "-" else options.text
    if not text.strip():
        bad_call(options, f"the {what} is empty")
    return text.strip()


def fields(text: str) -> dict[str, object]:
    """The JSON object of an option, as what a caller may tell of the visitor and the place."""
    from agent.given import checked

    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"{text[:80]!r} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError(f'{text[:80]!r} is not a set of fields; write for example {{"name": "Mia"}}')
    try:
        return checked(found)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def ends(options: argparse.Namespace, option: str, *suffixes: str) -> None:
    """A bad call unless the file of that option, if given, ends in one of `suffixes`."""
    path: Path | None = getattr(options, option)
    if path is not None and path.suffix.lower() not in suffixes:
        bad_call(options, f"--{option} takes a file that ends in {' or '.join(suffixes)}, not {str(path)!r}")


def check_place(out: Path) -> None:
    """Raise SetupError unless a file can be written there, before any work is done for it."""
    folder = out.parent
    if not folder.is_dir():
        raise SetupError(f"{out}: there is no folder {folder}", "make it first")
    if out.is_dir():
        raise SetupError(f"{out}: this is a folder", "name a file in it")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        problem = f"{out}: the folder {folder} cannot be written to: {error.strerror}"
        raise SetupError(problem, "name a file elsewhere") from error


def config(options: argparse.Namespace) -> Path:
    """The configuration folder; one that was named must be there, the default one need not. Raises SetupError."""
    folder: Path = options.config
    if folder != DEFAULT and not folder.is_dir():
        raise SetupError(f"there is no configuration folder {folder}", "name one with --config DIR")
    return folder


def bad_call(options: argparse.Namespace, message: str) -> NoReturn:
    """End with status 2 and one line."""
    parser: argparse.ArgumentParser = options.parser
    parser.error(message)
