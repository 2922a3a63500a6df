"""Weights from their publishers: what can be had, under which licence, and how it gets here whole."""

from runtime.pull.catalogue import Catalogue, Weights, catalogue
from runtime.pull.pulling import Pulled, pull

__all__ = ["Catalogue", "Pulled", "Weights", "catalogue", "pull"]
