from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from visavis.engines import Context
from visavis.fakes.launcher import InlineLauncher

SHIPPED = Path(__file__).parents[2] / "configs" / "knowledge"


@pytest.fixture
def shipped() -> Path:
    """The folder of the knowledge files that come with the product."""
    return SHIPPED


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context("en", InlineLauncher(), tmp_path / "cache")


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Write a file of knowledge into a folder of its own, and give its path."""

    def write(text: str, name: str = "museum.yaml") -> Path:
        path = tmp_path / "knowledge" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
