"""The `visavis` command. Every verb takes `--config DIR` and `--json`; results go to stdout, logs to stderr.

Exit status: 0 success, 1 a failure, told in one line, 2 a bad call, 130 interrupted.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, NoReturn

from runtime import cli_avatar, cli_behavior, cli_kb, cli_pull, cli_visitors, cli_voice
from runtime.console import (
    DEFAULT,
    Run,
    Verb,
    as_json,
    bad_call,
    complain,
    config,
    ends,
    fields,
    given_text,
    progress,
    show,
    tell,
    working,
)
from visavis.errors import VisavisError

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> None:
    """The command line; exits."""
    _open_streams()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        options = _parser().parse_args(arguments)
        status = _run_verb(options)
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)


def _open_streams() -> None:
    """Take any bytes in, and let no character that cannot be written end the command."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _run_verb(options: argparse.Namespace) -> int:
    try:
        return int(options.run(options) or 0)
    except VisavisError as error:
        return _fail(options, str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f"{error.filename}: " if error.filename is not None else ""
        return _fail(options, f"{place}{error.strerror or error}; check the place and its rights")
    except Exception as error:
        if os.environ.get("VISAVIS_DEBUG"):
            raise
        return _fail(options, f"{type(error).__name__}: {error}; please report this, with what VISAVIS_DEBUG=1 shows")


def _fail(options: argparse.Namespace, problem: str) -> int:
    line = " ".join(problem.split())
    complain(line)
    if options.json:
        tell(as_json({"error": line}))
    return 1


# ── the parser ──
class _Parser(argparse.ArgumentParser):
    """Tells a bad call in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="visavis", description="Talking avatars that answer people.", allow_abbrev=False)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, default=DEFAULT, metavar="DIR", help="default: configs")
    common.add_argument("--json", action="store_true", help="print the result as JSON, logs on stderr")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(group: Any, name: str, run: Run, text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = group.add_parser(
            name, parents=[common], help=text, description=text, allow_abbrev=False
        )
        made.set_defaults(run=run, parser=made)
        return made

    def family(name: str, text: str) -> Any:
        return verbs.add_parser(name, help=text, description=text).add_subparsers(required=True, metavar="VERB")

    _serve_options(verb(verbs, "serve", _serve, "Start the server."))
    _ask_options(verb(verbs, "ask", _ask, "Ask one question and get the answer."))
    cli_kb.register(family("kb", "Work on knowledge."), verb)
    cli_visitors.register(family("visitors", "Work on what is kept of visitors."), verb)
    cli_avatar.register(family("avatar", "Work on avatars."), verb)
    cli_voice.register(family("voice", "Work on voices."), verb)
    cli_behavior.register(family("behavior", "Work on behaviour trees."), verb)
    _bench_options(family("bench", "Measure this machine."), verb)
    cli_pull.register(verbs, verb)
    verb(verbs, "doctor", _doctor, "Say what this machine has, what it lacks and what brings it.")
    return parser


def _serve_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--host", help="default: 127.0.0.1; another needs a token")
    made.add_argument("--port", type=_port, metavar="PORT", help="default: 8700; 0 takes a free one")
    made.add_argument("--dialog", help="serve this dialog alone")
    made.add_argument("--tls-cert", type=Path, metavar="F")
    made.add_argument("--tls-key", type=Path, metavar="F")


def _ask_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("text", help="the question; - reads standard input")
    which = made.add_mutually_exclusive_group()
    which.add_argument("--dialog")
    which.add_argument("--knowledge", type=Path, metavar="PATH", help="answer from this file alone")
    made.add_argument("--seed", type=int, help="pick the same wording every time")
    made.add_argument("--context", type=fields, default={}, metavar="JSON", help='fields, such as {"name": "Mia"}')
    made.add_argument("--out", type=Path, metavar="reply.mp4")


def _bench_options(group: Any, verb: Verb) -> None:
    for name, text in {
        "turn": "How long an answer takes to start, typed and spoken.",
        "load": "How many visitors one machine serves at once.",
        "face": "How fast pictures are drawn, and lips against sound.",
        "kb": "How well and how fast the knowledge base answers.",
        "voice": "How soon a voice starts, how true its times are, what is found in recordings.",
        "asr": "How well and how soon people are understood.",
        "behavior": "How fast a tree decides, how sure its manners are, how aptly the avatar moves.",
    }.items():
        made = verb(group, name, _bench, text)
        made.set_defaults(what=name, data=None)
        made.add_argument("--quick", action="store_true", help="fewer repetitions")
        if name == "kb":
            made.add_argument("--data", type=Path, metavar="DIR", help="public question sets, in DIR/nlu")
        if name in ("voice", "behavior"):
            made.add_argument("--data", type=Path, metavar="DIR", help="public recordings, as in testdata")
        elif name == "asr":
            made.add_argument("--data", type=Path, metavar="DIR", help="recordings of people, in DIR/speech")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give 0 to 65535")
    return int(text)


# ── the verbs ──
def _serve(options: argparse.Namespace) -> None:
    if (options.tls_cert is None) != (options.tls_key is None):
        bad_call(options, "--tls-cert and --tls-key go together")
    from runtime.serve import serve

    tls = (options.tls_cert, options.tls_key) if options.tls_cert else None
    serve(options.config, host=options.host, port=options.port, dialog=options.dialog, tls=tls, as_json=options.json)


def _ask(options: argparse.Namespace) -> None:
    text = given_text(options, "question")
    ends(options, "out", ".mp4")
    from runtime.one_shot import ask_once

    with working("answering" if options.out is None else f"filming {options.out}"):
        result = _run(
            ask_once(
                config(options),
                text,
                dialog=options.dialog,
                knowledge=options.knowledge,
                seed=options.seed,
                context=options.context,
                out=options.out,
            )
        )
    show(options, result, lambda answer: str(answer["text"]) + (f"\n→ {options.out}" if options.out else ""))


def _bench(options: argparse.Namespace) -> None:
    from runtime.bench import run

    with progress(f"measuring: {options.what}") as done:
        result = run(options.what, options.config, quick=options.quick, data=options.data, done=done)
    show(options, result.data, lambda _: result.table())


def _doctor(options: argparse.Namespace) -> int:
    from runtime.doctor import as_json, examine, report

    with working("looking at this machine"):
        checks = examine(options.config)
    tell(as_json(checks) if options.json else report(checks))
    return 1 if any(check.ok is False for check in checks) else 0


def _run(main: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(main)


if __name__ == "__main__":
    main()
