"""What a dialog's file says of review, journal and visitors, made."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from agent.journal import Journal
from agent.review import Policy, Review
from agent.review.classifier import Classifier
from agent.review.lists import find
from agent.visitors import Visitors
from runtime.bandit import LEARNING, Bandit
from runtime.parts import made
from runtime.settings import Dialog, Installation
from visavis.config import Document
from visavis.engines import Context
from visavis.errors import ConfigError, VisavisError

log = logging.getLogger(__name__)

JOURNAL, VISITORS = "journal", "visitors"
"""Folders beside the cache."""


async def review_of(
    settings: Dialog, installation: Installation, context: Context, document: Document | None
) -> Review | None:
    """The dialog's review; None where it wants none. Raises ConfigError for a word list or a classifier's keys.

    A classifier that cannot be opened fails at every question, which is treated as the file says.
    """
    wanted = settings.review
    if not wanted.enabled:
        return None
    policy = Policy(
        lexicons=wanted.lexicons,
        allow=wanted.allow,
        personal_data=wanted.personal_data,
        links=wanted.links,
        injection=wanted.injection,
        on_failure=wanted.on_failure,
        folder=installation.folder / "review",
        live=settings.room is not None,
    )
    _check_lists(policy, document)
    classifier: Classifier | None = None
    if wanted.classifier is not None:
        try:
            classifier = await made("classifier", wanted.classifier, context, document)
        except ConfigError:
            raise
        except VisavisError as error:
            log.warning("%s: the classifier is off: %s", settings.dialog, error)
            classifier = Broken(error)
    return await asyncio.to_thread(Review, policy, language=settings.language, classifier=classifier)


def _check_lists(policy: Policy, document: Document | None) -> None:
    """Raise ConfigError, for a list that is not there at the dialog's line."""
    for place, name in enumerate(policy.lexicons):
        try:
            find(name, policy.folder)
        except ConfigError as error:
            if document is None:
                raise
            raise document.error(f"review.lexicons[{place}]", f"{error.path}: {error.problem}", error.remedy) from error


class Broken:
    """A classifier that could not be opened."""

    def __init__(self, error: VisavisError) -> None:
        self._error = error

    async def judge(self, text: str) -> str | None:
        raise self._error

    async def close(self) -> None: ...


def journal_of(settings: Dialog, folder: Path) -> Journal:
    """The dialog's journal below `folder`; it keeps what the dialog's file says, which may be nothing."""
    privacy = settings.privacy
    place = folder / JOURNAL / settings.dialog
    return Journal(place, settings.dialog, keep=privacy.keep_text, days=privacy.days, language=settings.language)


def visitors_of(settings: Dialog, folder: Path) -> Visitors | None:
    """What is kept of visitors below `folder`; None where nothing is."""
    return Visitors(folder / VISITORS, settings.memory.days) if settings.memory.visitors else None


def bandit_of(settings: Dialog, folder: Path) -> Bandit | None:
    """What learns how to answer, its log below `folder`; None where nothing does."""
    wanted = settings.learning
    return Bandit(wanted, folder / LEARNING / settings.dialog, settings.dialog) if wanted.enabled else None
