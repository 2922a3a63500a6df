"""Knowledge taken out of its files and into them: CSV, XLSX, JSON, ChatterBot YAML, and skills as ZIP archives."""

from knowledge.exchange.contents import Contents, Incoming, Row
from knowledge.exchange.faults import Fault
from knowledge.exchange.formats import FORMATS, exported, incoming

__all__ = ["FORMATS", "Contents", "Fault", "Incoming", "Row", "exported", "incoming"]
