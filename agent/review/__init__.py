"""Judges what visitors say, what they are called, and what is about to be said."""

from __future__ import annotations

from agent.review.policy import Policy
from agent.review.review import Review
from agent.review.verdict import Verdict

__all__ = ["Policy", "Review", "Verdict"]
