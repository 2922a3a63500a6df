"""The verbs of `visavis behavior`: what a designer does with behaviour trees."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.console import Verb, bad_call, check_place, complain, config, ends, progress, show, tell, working

if TYPE_CHECKING:
    from behaviors.trees.loading import Tree
    from runtime.session import Session
    from runtime.simulate.known import Known
    from runtime.simulate.scenario import Scenario


def register(group: Any, verb: Verb) -> None:
    """Add the verbs to the parser's group."""
    made = verb(group, "check", _check, "Check trees.")
    made.add_argument("which", nargs="+", metavar="PATH|NAME", help="a file, or the name of a tree")
    made = verb(group, "render", _render, "Draw a tree, as text or as a picture.")
    made.add_argument("which", metavar="PATH|NAME", help="a file, or the name of a tree")
    made.add_argument("--out", type=Path, metavar="tree.svg", help="draw a picture")
    made = verb(group, "evaluate", _evaluate, "Tell what a dialog has learnt of how to answer.")
    made.add_argument("name", metavar="NAME", help="the dialog")
    _simulate_options(verb(group, "simulate", _simulate, "Let a scripted visitor come, and tell what a tree does."))


def _simulate_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("which", metavar="PATH|NAME", help="a file, or the name of a tree")
    how = made.add_mutually_exclusive_group()
    how.add_argument("--scenario", metavar="F.yaml", help="what happens: a file, or kiosk, widget, live")
    how.add_argument("--replay", type=Path, metavar="F.jsonl", help="live through a recorded session again")
    made.add_argument(
        "--dialog", metavar="NAME", help="what this dialog knows is said, instead of the scenario's lines"
    )
    made.add_argument("--seed", type=int, help="draw what is left to chance in another way; default: 0")
    made.add_argument("--record", type=Path, metavar="F.jsonl", help="keep what was perceived and decided")


def tree_of(options: argparse.Namespace, which: str) -> Tree:
    """The tree of a file's path, or of a name in the configuration or shipped. Raises VisavisError."""
    from behaviors.trees.loading import load_file, load_tree

    path = Path(which)
    if path.suffix in (".yaml", ".yml") or path.is_file() or (path.is_dir() and len(path.parts) > 1):
        return load_file(path)
    return load_tree(which, config(options) / "behaviors")


# ── check ──
def _check(options: argparse.Namespace) -> int:
    from visavis.errors import VisavisError

    problems: list[str] = []
    for which in options.which:
        try:
            tree_of(options, which)
        except VisavisError as error:
            problems.append(" ".join(str(error).split()))
    for line in problems:
        complain(line)
    if options.json or not problems:
        show(options, {"errors": len(problems), "problems": problems}, lambda _: "no problems")
    return 1 if problems else 0


# ── render ──
def _render(options: argparse.Namespace) -> None:
    from behaviors import drawing

    ends(options, "out", ".svg")
    tree = tree_of(options, options.which)
    told: dict[str, Any] = {"tree": tree.name, "root": drawing.data(tree.root)}
    if options.out is not None:
        check_place(options.out)
        options.out.write_text(drawing.svg(tree.name, tree.root), encoding="utf-8")
        told["out"] = str(options.out)
    drawn = f"→ {options.out}" if options.out is not None else "\n".join(drawing.lines(tree.root))
    show(options, told, lambda _: drawn)


# ── evaluate ──
def _evaluate(options: argparse.Namespace) -> None:
    from datetime import datetime

    from runtime.learnt import learnt, told
    from runtime.settings import Installation

    installation = Installation(config(options))
    row = learnt(installation.dialog(options.name), installation.app.cache.dir.parent, datetime.now())
    show(options, row, told)


# ── simulate ──
def _simulate(options: argparse.Namespace) -> None:
    tree = tree_of(options, options.which)
    if options.record is not None:
        check_place(options.record)
    if options.replay is not None:
        for option in ("record", "dialog"):
            if getattr(options, option) is not None:
                bad_call(options, f"--{option} goes with a scenario, not with --replay")
        _replay(options, tree)
    else:
        _play(options, tree)


def _play(options: argparse.Namespace, tree: Tree) -> None:
    from behaviors.tree import Behavior
    from runtime.simulate import story
    from runtime.simulate.play import play
    from runtime.simulate.scenario import scenario_for

    seed, known = options.seed or 0, None
    scenario = scenario_for(tree.name, options.scenario)
    if options.dialog is not None:
        scenario, known = _met(options, tree.name, seed)

    def grow(body: Session) -> Behavior:
        return Behavior(body, seed, newest=lambda: tree)

    with working("playing"):
        played = play(scenario, grow, seed=seed, known=known)
    if options.record is not None:
        options.record.write_text("\n".join(played.record) + "\n", encoding="utf-8")
    show(options, played.data(), lambda _: story.told(played))
    if options.record is not None and not options.json:
        tell(f"→ {options.record}")


def _met(options: argparse.Namespace, tree: str, seed: int) -> tuple[Scenario, Known]:
    """The scenario in a dialog's language, and what the dialog says in it."""
    from runtime.settings import Installation
    from runtime.simulate.known import known
    from runtime.simulate.scenario import scenario_for

    folder = config(options)
    language = Installation(folder).dialog(options.dialog).language
    scenario = scenario_for(tree, options.scenario, language).model_copy(update={"language": language})
    with progress("asking the knowledge") as done:
        return scenario, asyncio.run(known(folder, options.dialog, scenario, seed, done))


def _replay(options: argparse.Namespace, tree: Tree) -> None:
    from behaviors.recorded import read_record
    from behaviors.replay import replay
    from runtime.simulate import story

    with working("living through it again"):
        compared = replay(read_record(options.replay), tree, seed=options.seed)
    show(options, compared.data(), lambda _: story.compared(compared))
