"""A real server, in a process of its own, on a small museum that is made for these tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from place import Server, write_museum


@pytest.fixture(scope="session")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration folder: one dialog that hears, one that does not, one process that draws."""
    return write_museum(tmp_path_factory.mktemp("museum"))


@pytest.fixture(scope="module")
def server(museum: Path) -> Iterator[Server]:
    """The server that the tests of a module share; it is gone before those of another count processes."""
    with Server(museum) as running:
        yield running
