"""Trees as a designer would edit them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from behaviors.trees.loading import Tree, checked
from visavis.config import parsed

SHIPPED = Path(__file__).parents[2] / "configs" / "behaviors"


@pytest.fixture
def edited() -> Callable[..., Tree]:
    """`edited("kiosk", ("linger_s: 0.6", "linger_s: 3"))` is the shipped tree with that text changed everywhere."""

    def edit(name: str, *changes: tuple[str, str]) -> Tree:
        text = (SHIPPED / f"{name}.yaml").read_text("utf-8")
        for old, new in changes:
            assert old in text, f"{name}.yaml does not hold {old!r}"
            text = text.replace(old, new)
        return checked(parsed(Path(f"{name}.yaml"), text.encode()))

    return edit


@pytest.fixture
def planted() -> Callable[[str], Tree]:
    """`planted("{type: reply}")` is a tree of what is written."""
    return lambda root: checked(parsed(Path("test.yaml"), f"tree: test\nroot: {root}\n".encode()))
