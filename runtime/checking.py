"""`visavis kb check`: what is wrong with files, what their words show, and what they mean twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

from agent.review import Policy, lists
from agent.review.lexicon import Lexicon
from knowledge.check import Checks
from knowledge.library import Part
from knowledge.lint.placed import every
from knowledge.problem import Problem, warning
from runtime.opened import embedder_for
from runtime.settings import Installation
from visavis.engines import Context, Embedder
from visavis.errors import ConfigError, VisavisError

log = logging.getLogger(__name__)


async def checked(folder: Path, paths: Sequence[Path], done: Callable[[int, int], None]) -> list[Problem]:
    """Everything about the files, in their order and that of their lines.

    Questions are compared by the embedder that `app.yaml` in `folder` names; where there is none, it is logged.
    """
    checks = Checks(datetime.now())
    lexicon = _lexicon(folder / "review")
    found: list[Problem] = []
    async with AsyncExitStack() as stack:
        opened = _Opened(folder, stack)
        for place, path in enumerate(paths):
            problems = checks.problems(path)
            if not any(each.severity == "error" for each in problems):
                problems += _stopped(checks.part(path), lexicon)
                problems += await _alike(checks, opened, path)
            found += sorted(problems, key=lambda each: each.line)
            done(place + 1, len(paths))
    return found


class _Opened:
    """The embedders of the languages that were met, open as long as the stack."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self._installation = Installation(folder, required=False, with_dialogs=False)
        self._stack = stack
        self._known: dict[str, tuple[Context, Embedder]] = {}

    async def of(self, language: str) -> tuple[Context, Embedder]:
        """Raises VisavisError."""
        if language not in self._known:
            opening = embedder_for(self._installation, language)
            self._known[language] = await self._stack.enter_async_context(opening)
        return self._known[language]


async def _alike(checks: Checks, opened: _Opened, path: Path) -> list[Problem]:
    try:
        context, embedder = await opened.of(checks.part(path)[1].language)
        return await checks.alike(path, embedder, context.cache)
    except ConfigError:
        raise
    except VisavisError as error:
        log.warning("%s: questions are not compared by their meaning: %s", path, error)
        return []


def _lexicon(folder: Path) -> Lexicon:
    """The word lists that a dialog reviews by if its file says nothing else. Raises ConfigError."""
    return Lexicon(term for name in Policy().lexicons for term in lists.load(lists.find(name, folder)))


def _stopped(part: Part, lexicon: Lexicon) -> list[Problem]:
    """Texts of a file that the review stops, were a visitor or a language model to say them."""
    found: list[Problem] = []
    for placed in every(part):
        for field in ("ask", "any", "all", "say"):
            for number, text in enumerate(getattr(placed.item, field, None) or ()):
                term = lexicon.find(text)
                if term is None:
                    continue
                problem = f"this is on a word list ({term.rule})"
                if field != "say":
                    problem += ", so a visitor who says it is refused"
                remedy = "change the words, or list them below [allow] in a word list of your own"
                found.append(warning(placed.document, f"{placed.key}.{field}[{number}]", problem, remedy))
    return found
