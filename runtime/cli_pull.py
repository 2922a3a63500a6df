"""`visavis pull`: weights from their publishers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.console import Verb, bad_call, config, progress, show, table

if TYPE_CHECKING:
    from runtime.pull import Pulled, Weights


def register(group: Any, verb: Verb) -> None:
    """Add the verb to the parser's group."""
    made = verb(group, "pull", _pull, "Fetch weights from their publisher.")
    made.add_argument("name", nargs="?", help="what to fetch; --list names all")
    made.add_argument("--list", action="store_true", help="say what can be fetched, its size and its licence")
    made.add_argument("--accept", action="store_true", help="take files that changed since they were fetched first")
    made.add_argument("--catalogue", type=Path, metavar="F", help="another catalogue, such as a mirror's")


def _pull(options: argparse.Namespace) -> None:
    from runtime.pull import catalogue

    if (options.name is None) != options.list:
        bad_call(options, "give either a NAME or --list")
    known = catalogue() if options.catalogue is None else catalogue(options.catalogue)
    folder = _folder(options)
    if options.list:
        rows = [_row(each, folder) for each in known.weights]
        show(options, rows, _listed)
        return
    weights = known.find(options.name)
    pulled = _fetched(weights, folder, accept=options.accept)
    result = _row(weights, folder) | {
        "folder": str(pulled.folder),
        "bytes": pulled.bytes,
        "fetched": pulled.fetched,
        "recorded": list(pulled.recorded),
    }
    show(options, result, lambda _: _told(weights, pulled))


def _folder(options: argparse.Namespace) -> Path:
    from runtime.settings import Installation
    from visavis.pulled import weights_folder

    installation = Installation(config(options), required=False, with_dialogs=False)
    return weights_folder(installation.app.cache.dir)


def _fetched(weights: Weights, folder: Path, *, accept: bool) -> Pulled:
    from runtime.pull import pull
    from runtime.pull.fetching import client

    with client() as http, progress(f"{weights.name} ({weights.licence})") as done:
        return pull(weights, folder, http, done, accept=accept)


def _row(weights: Weights, folder: Path) -> dict[str, Any]:
    return {
        "name": weights.name,
        "mb": weights.mb,
        "licence": weights.licence,
        "languages": list(weights.languages),
        "what": weights.what,
        "page": weights.page,
        "use": weights.use,
        "here": (folder / weights.name).is_dir(),
    }


def _listed(rows: list[dict[str, Any]]) -> str:
    heads = ("name", "MB", "licence", "languages", "here", "what")
    cells = [
        (
            row["name"],
            f"{row['mb']:,.0f}",
            row["licence"],
            " ".join(row["languages"]),
            "yes" if row["here"] else "",
            row["what"],
        )
        for row in rows
    ]
    return table([heads, *cells], right=(1,))


def _told(weights: Weights, pulled: Pulled) -> str:
    came = f"{pulled.bytes / 1e6:,.0f} MB" if pulled.fetched else "here already, and unchanged"
    lines = [f"{weights.name}: {came} → {pulled.folder}", f"licence: {weights.licence}; {weights.page}"]
    if weights.licence_note:
        lines.append(weights.licence_note)
    if pulled.recorded and pulled.fetched:
        files = "its hash" if len(pulled.recorded) == 1 else f"the hashes of {len(pulled.recorded)} files"
        lines.append(f"{files} came from no page of the publisher: recorded now, and a change is refused later")
    lines.append(f"use it: {weights.use}")
    return "\n".join(lines)
