"""Looks at the recordings of a voice: one rule a file, each finding with its place, its figure and what to do."""

from avatars.voices.enrol.inspect.inspection import Inspection, inspected, with_words
from avatars.voices.enrol.inspect.take import Take, take_of

__all__ = ["Inspection", "Take", "inspected", "take_of", "with_words"]
