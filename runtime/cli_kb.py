"""The verbs of `visavis kb`: what an operator does with knowledge."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime import cli_exchange
from runtime.console import (
    Verb,
    bad_call,
    check_place,
    complain,
    config,
    ends,
    fields,
    given_text,
    progress,
    show,
)

if TYPE_CHECKING:
    from knowledge.evaluate import Evaluation


def register(group: Any, verb: Verb) -> None:
    """Add the verbs to the parser's group."""
    verb(group, "check", _check, "Check knowledge files.").add_argument("paths", nargs="+", type=Path)
    _try_options(verb(group, "try", _try, "Say what would be answered, and why."))
    _gaps_options(verb(group, "gaps", _gaps, "List what visitors asked and nobody answered."))
    prepare = verb(group, "prepare", _prepare, "Speak all fixed answers beforehand.")
    prepare.add_argument("--dialog", metavar="NAME", help="default: the first")
    cli_exchange.register(group, verb)
    _eval_options(verb(group, "eval", _eval, "Ask the questions of a CSV file and count right answers."))


def _try_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("which", metavar="PATH|NAME", help="a file, or the name of a dialog or of a knowledge base")
    made.add_argument("text", nargs="?", help="the question; - reads standard input")
    made.add_argument("--topic", metavar="ID", help="the entry that was answered before")
    made.add_argument("--context", type=fields, default={}, metavar="JSON", help='fields, such as {"name": "Mia"}')
    made.add_argument("--event", type=fields, metavar="JSON", help='an event, such as {"kind": "follow"}')


def _gaps_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--dialog", metavar="NAME", help="default: the first")
    made.add_argument("--days", type=_count, default=30, metavar="N", help="how far back; default: 30")


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days; give 1 or more")
    return int(text)


def _eval_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("cases", type=Path, metavar="CASES.csv", help="columns text,expected_id,kind; no id: off-topic")
    which = made.add_mutually_exclusive_group(required=True)
    which.add_argument("--knowledge", type=Path, metavar="PATH", help="ask this file alone")
    which.add_argument("--dialog", metavar="NAME", help="ask what this dialog knows")
    made.add_argument("--plot", type=Path, metavar="out.svg", help="draw coverage against precision")


# ── check ──
def _check(options: argparse.Namespace) -> int:
    from runtime.checking import checked

    with progress(f"checking {len(options.paths)} files") as done:
        problems = asyncio.run(checked(config(options), options.paths, done))
    wrong = [str(each) for each in problems if each.severity == "error"]
    warnings = [str(each) for each in problems if each.severity != "error"]
    for line in wrong:
        complain(line)
    if options.json or not wrong or warnings:
        result = {"errors": len(wrong), "problems": [str(each) for each in problems]}
        show(options, result, lambda _: "\n".join(warnings) or "no problems")
    return 1 if wrong else 0


# ── try ──
def _try(options: argparse.Namespace) -> None:
    from runtime import kb_text

    if (options.text is None) == (options.event is None):
        bad_call(options, "give either a TEXT or --event")
    if options.event is None:
        options.text = given_text(options, "question")
    elif not isinstance(options.event.get("kind"), str):
        bad_call(options, 'the event has no kind; write for example {"kind": "follow"}')
    result = asyncio.run(_tried(options))
    show(options, result, kb_text.tried if options.event is None else kb_text.reacted)


async def _tried(options: argparse.Namespace) -> dict[str, Any]:
    from runtime.opened import opened
    from runtime.trying import reacted, tried
    from visavis.config import suggest
    from visavis.errors import SetupError

    with progress("reading the knowledge") as done:
        async with opened(config(options), options.which, done) as knowledge:
            if options.event is not None:
                return await reacted(knowledge, options.event, given=options.context)
            if options.topic is not None and options.topic not in knowledge.ids():
                raise SetupError(
                    f"--topic: there is no entry {options.topic!r}", suggest(options.topic, knowledge.ids())
                )
            return await tried(knowledge, options.text, topic=options.topic, given=options.context)


# ── eval ──
def _eval(options: argparse.Namespace) -> None:
    from runtime.kb_text import evaluated

    ends(options, "plot", ".svg")
    if options.plot is not None:
        check_place(options.plot)
    evaluation = asyncio.run(_evaluation(options))
    if options.plot is not None:
        from knowledge.plot import svg

        options.plot.write_text(svg(evaluation, f"{options.cases.name}, {len(evaluation.rows)} questions"), "utf-8")
    drawn = f"\n→ {options.plot}" if options.plot is not None else ""
    show(options, evaluation.data, lambda _: evaluated(evaluation) + drawn)


async def _evaluation(options: argparse.Namespace) -> Evaluation:
    from knowledge.cases import read_cases
    from knowledge.evaluate import evaluate
    from runtime.opened import opened_dialog, opened_file

    folder = config(options)
    with progress("reading the knowledge") as read:
        if options.dialog:
            opening = opened_dialog(folder, options.dialog, read)
        else:
            opening = opened_file(folder, options.knowledge, read)
        knowledge = await opening.__aenter__()
    try:
        cases = read_cases(options.cases, knowledge.ids())
        with progress(f"asking {len(cases)} questions") as done:
            return await evaluate(knowledge, cases, done)
    finally:
        await opening.__aexit__(None, None, None)


# ── gaps ──
def _gaps(options: argparse.Namespace) -> None:
    from runtime.kb_text import missed
    from runtime.unanswered import unanswered

    with progress("reading the journal") as done:
        result = asyncio.run(unanswered(config(options), options.dialog, options.days, done))
    show(options, result, missed)


# ── prepare ──
def _prepare(options: argparse.Namespace) -> None:
    from runtime.one_shot import prepare_once

    with progress("speaking the fixed answers") as done:
        result = asyncio.run(prepare_once(config(options), options.dialog, done))
    show(options, result, _prepared)


def _prepared(result: dict[str, Any]) -> str:
    return f"{result['dialog']}: {result['sentences']} sentences are kept, {result['spoken']} of them spoken just now"
