"""Documents that people write: md, txt, html, pdf, docx, xlsx, each read into blocks of text with their structure."""

from knowledge.documents.blocks import Block, Unreadable
from knowledge.documents.reading import blocks_of

__all__ = ["Block", "Unreadable", "blocks_of"]
