"""A behaviour tree as its file says it: found, checked, and grown over a session's attention."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from py_trees.behaviour import Behaviour
from py_trees.common import Status

from behaviors.attention import Attention
from behaviors.leaves.leaf import Leaf
from behaviors.trees.decorators import Wrap
from behaviors.trees.registry import Kind, kinds
from behaviors.trees.schema import DEPTH, NODES, Node, tree_file, walk
from visavis.config import Document, build, parsed, read, suggest
from visavis.errors import SetupError

log = logging.getLogger(__name__)

LIMIT = 256 * 1024
"""Bytes that a tree's file may have."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Two trees of which nothing but comments differ are equal."""

    name: str
    root: Node

    def grow(self, attention: Attention) -> Behaviour:
        """The nodes, new; a leaf that cannot be made is one that fails."""
        return _grown(self.root, attention, kinds())


class Broken(Leaf):
    """Stands for a leaf that could not be made, and fails."""

    def update(self) -> Status:
        return self.fail("it could not be made")


def shipped() -> list[str]:
    """The names of the trees that come with Visavis."""
    return sorted(each.name.removesuffix(".yaml") for each in _SHIPPED.iterdir() if each.name.endswith(".yaml"))


def available(folder: Path | None) -> list[str]:
    """The names of all trees: those of the folder `behaviors` of a configuration, and those that come with Visavis."""
    own = [path.stem for path in folder.glob("*.yaml")] if folder is not None and folder.is_dir() else []
    return sorted({*shipped(), *(each for each in own if not each.startswith("."))})


def load_tree(name: str, folder: Path | None = None) -> Tree:
    """The tree of that name: of `folder` if it has a file for it, else the one that comes with Visavis.

    Raises ConfigError for what a file says, SetupError naming the trees that exist.
    """
    if name not in (found := available(folder)):
        raise SetupError(f"there is no behaviour tree named {name!r}", suggest(name, found))
    path = folder / f"{name}.yaml" if folder is not None else None
    if path is not None and path.exists():
        return load_file(path)
    data = _SHIPPED.joinpath(f"{name}.yaml").read_bytes()
    return checked(parsed(Path(f"{name}.yaml"), data, LIMIT))


def load_file(path: Path) -> Tree:
    """The tree that a file holds. Raises ConfigError."""
    return checked(read(path, LIMIT))


def checked(document: Document) -> Tree:
    """The tree that a document describes. Raises ConfigError."""
    file = build(tree_file(), document)
    if file.tree != document.path.stem:
        problem = f"{file.tree!r} is in a file named {document.path.name}"
        raise document.error("tree", problem, f"write {document.path.stem!r} here")
    for count, (path, _, depth) in enumerate(walk(file.root), start=1):
        if depth > DEPTH:
            raise document.error(path, f"more than {DEPTH} nodes hold one another", "flatten it")
        if count > NODES:
            raise document.error(path, f"the tree has more than {NODES} nodes", "remove some")
    return Tree(file.tree, file.root)


def _grown(node: Node, attention: Attention, found: dict[str, Kind]) -> Behaviour:
    kind = found[node.type]
    if issubclass(kind, Leaf):
        return _leaf(node, kind, attention)
    children = [_grown(child, attention, found) for child in node.held]
    if issubclass(kind, Wrap):
        return kind(node.called, children[0], attention, node.settings)
    return kind(node.called, children, getattr(node, "memory", False))


def _leaf(node: Node, kind: type[Leaf], attention: Attention) -> Leaf:
    try:
        leaf = kind(node.called, attention, node.settings)
    except Exception:
        log.warning("the leaf %r of the type %r cannot be made", node.called, node.type, exc_info=True)
        leaf = Broken(node.called, attention, node.settings)
    return leaf


_SHIPPED = files("behaviors").joinpath("data", "trees")
