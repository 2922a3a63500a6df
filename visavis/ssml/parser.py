"""From SSML to a document: hardened, bounded, and with plain text for whatever is not well-formed."""

from __future__ import annotations

import html
import re
from xml.sax import SAXException

from defusedxml import sax  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from visavis.ssml.builder import Builder
from visavis.ssml.document import Document, MarkupError

LIMIT = 128 * 1024
"""Bytes of a marked-up text."""
_DOCTYPE = r"(?:<!DOCTYPE[^<>\[\]]{0,1000}(?:\[[^\[\]]{0,100000}\]\s*)?>\s*)?"
_START = re.compile(rf"\s*(?:<\?xml[^<>]{{0,200}}\?>\s*)?(?:<!--[^<>]{{0,1000}}-->\s*)*{_DOCTYPE}<speak[\s/>]")
_TYPE = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)|<!\[CDATA\[|\]\]>", re.DOTALL)
_CLOSED = re.compile(r"<[!?/]?[A-Za-z_][^<>]*>")
_CUT = re.compile(r"""<[!?/]?[A-Za-z_][\w:.-]*(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"?|'[^'<>]*'?|[^\s<>"']+))*\s*[/?]?>?""")


def is_markup(text: str) -> bool:
    """Whether a text is meant as SSML: `<speak`; a declaration, comments and a DOCTYPE may come before."""
    return _START.match(text.removeprefix("\ufeff")) is not None


def parse(text: str) -> Document:
    """What an SSML text says. What is not well-formed is plain text without its tags. Raises MarkupError."""
    raw = text.removeprefix("\ufeff").strip()
    data = raw.encode("utf-8", "replace")
    if len(data) > LIMIT:
        raise MarkupError(f"the text has {len(data):,} bytes, more than {LIMIT:,}", "send it in parts")
    if _TYPE.search(raw):
        raise MarkupError("the text declares a document type or entities", "leave the DOCTYPE out")
    builder = Builder()
    try:
        sax.parseString(re.sub(rb"^<\?xml[^<>]*\?>", b"", data), builder, forbid_dtd=True)
    except DefusedXmlException as error:
        raise MarkupError("the text declares a document type or entities", "leave the DOCTYPE out") from error
    except (SAXException, ValueError) as error:
        reason = error.getMessage() if isinstance(error, SAXException) else str(error)
        return Document(_without_tags(raw), warnings=(f"the markup is not well-formed ({reason})",), well_formed=False)
    return builder.document()


def words_of(text: str) -> str:
    """A text as it is read, without its markup if it is SSML. Raises nothing."""
    if not is_markup(text):
        return text
    try:
        return parse(text).text
    except MarkupError:
        return _without_tags(text)


def _without_tags(text: str) -> str:
    bare = _CUT.sub(" ", _CLOSED.sub(" ", _COMMENT.sub(" ", text)))
    bare = _CUT.sub(" ", _CLOSED.sub(" ", html.unescape(bare)))
    return " ".join(bare.split())
