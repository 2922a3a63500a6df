"""Which brain a dialog has, and what of its knowledge means something to that brain."""

from __future__ import annotations

from typing import Literal

from runtime.settings import Dialog

BrainName = Literal["knowledge", "llm", "webhook"]
ASKED = frozenset({"keywords", "faq", "skills", "documents"})
"""Kinds that answer what is asked, which a webhook does in their place; what is said unasked is said here."""


def brain(settings: Dialog) -> BrainName:
    """Who answers what is asked."""
    if settings.webhook is not None:
        return "webhook"
    return "llm" if settings.llm is not None else "knowledge"


def without(settings: Dialog, kind: str) -> str | None:
    """Why records of a kind do nothing in a dialog; None where they do something."""
    if settings.webhook is not None and settings.webhook.when == "instead" and kind in ASKED:
        return f"in the dialog {settings.dialog!r} a webhook answers in place of {kind}"
    return None
