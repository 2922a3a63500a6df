"""Texts with instructions for the voice: the part of W3C SSML 1.1 that answers, clients and callers may write.

`parse` gives the plain text, as captions show it, and what is to become of it; `words_of` the plain text of any text.
"""

from visavis.ssml.document import Document, MarkupError, Pause, Reading, Span
from visavis.ssml.manner import Manner
from visavis.ssml.parser import is_markup, parse, words_of

__all__ = ["Document", "Manner", "MarkupError", "Pause", "Reading", "Span", "is_markup", "parse", "words_of"]
