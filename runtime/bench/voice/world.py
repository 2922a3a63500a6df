"""The WORLD vocoder (Morise, 2016) of the package `pyworld`: a second opinion on a voice's pitch.

Its compiled module is loaded by itself: the package around it asks for `pkg_resources`, which newer setuptools lack.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from importlib.machinery import PathFinder
from typing import Any

from visavis.errors import SetupError


@cache
def world() -> Any:
    """The module with `dio`, `stonemask`, `cheaptrick`, `d4c` and `synthesize`. Raises SetupError when it is absent."""
    package = importlib.util.find_spec("pyworld")
    inner = PathFinder.find_spec("pyworld.pyworld", package.submodule_search_locations) if package else None
    if inner is None or inner.loader is None:
        raise SetupError("pyworld is not installed", "install it (it is compiled, by g++): pip install pyworld")
    module = importlib.util.module_from_spec(inner)
    sys.modules[inner.name] = module
    inner.loader.exec_module(module)
    return module
