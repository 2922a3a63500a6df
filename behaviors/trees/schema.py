"""What a tree's file may say, as a model that is made from the registry: every type has its own keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, ForwardRef, Literal, Union

from pydantic import AfterValidator, BaseModel, Discriminator, Field, Tag, ValidationError, create_model
from typing_extensions import TypeAliasType

from behaviors.leaves.leaf import Leaf
from behaviors.trees.decorators import Wrap
from behaviors.trees.registry import Kind, built_in, kinds
from visavis.config import Strict

NODES = 200
"""Nodes that a tree may have."""
DEPTH = 12
"""Nodes that may hold one another."""
MANY = 60
"""Children that one node may have."""
NAME = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Node(Strict):
    """What all nodes have in common. `name` is what log and page call it; without one it is called as its type."""

    type: str
    name: NAME | None = None

    @property
    def called(self) -> str:
        return self.name or self.type

    @property
    def held(self) -> tuple[Node, ...]:
        """The nodes that this one holds."""
        return getattr(self, "children", ())

    @property
    def settings(self) -> Strict:
        found: Strict = getattr(self, "parameters", Strict())
        return found


class TreeFile(Strict):
    """configs/behaviors/NAME.yaml"""

    tree: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
    root: Node


@cache
def tree_file() -> type[TreeFile]:
    """The model of a file that may name every installed type."""
    return model_of(kinds())


def shipped_file() -> type[TreeFile]:
    """The model of a file that names the types of Visavis alone."""
    return model_of(built_in())


def model_of(found: Mapping[str, Kind]) -> type[TreeFile]:
    """The model of a file that may name these types."""
    nodes = {name: _node(name, kind) for name, kind in found.items()}
    union: Any = Union[tuple(Annotated[each, Tag(name)] for name, each in nodes.items())]  # noqa: UP007
    any_node = _alias("AnyNode", Annotated[union, Discriminator(_type)])
    for each in nodes.values():
        each.model_rebuild(_types_namespace={"AnyNode": any_node})
    return create_model("TreeFile", __base__=TreeFile, __doc__=TreeFile.__doc__, root=(any_node, ...))


def walk(node: Node, path: str = "root", depth: int = 1) -> Iterator[tuple[str, Node, int]]:
    """Every node with its place in the file and how deep it lies."""
    yield path, node, depth
    for place, child in enumerate(node.held):
        yield from walk(child, f"{path}.children[{place}]", depth + 1)


def _node(name: str, kind: Kind) -> type[Node]:
    fields: dict[str, Any] = {"type": (Literal[name], ...)}
    if issubclass(kind, Leaf | Wrap):
        parameters: type[BaseModel] = kind.Parameters
        if parameters.model_fields:
            fields["parameters"] = (parameters, _default(parameters))
    if issubclass(kind, Wrap):
        fields["children"] = (Annotated[tuple[_NODE, ...], AfterValidator(_one), _ONE], ...)
    elif not issubclass(kind, Leaf):
        fields["children"] = (Annotated[tuple[_NODE, ...], AfterValidator(_some), _SOME], ...)
        if kind.has_memory:
            fields["memory"] = (Annotated[bool, Field(description=_MEMORY)], ...)
    return create_model(f"{name}-node", __base__=Node, __doc__=kind.__doc__, **fields)


def _one(children: tuple[Node, ...]) -> tuple[Node, ...]:
    if len(children) != 1:
        raise ValueError(f"it holds one node, not {len(children)}; put several into a selector or a sequence")
    return children


def _some(children: tuple[Node, ...]) -> tuple[Node, ...]:
    if not children:
        raise ValueError("it holds no node; add one, such as `- {type: reply}`")
    if len(children) > MANY:
        raise ValueError(f"it holds {len(children)} nodes, more than {MANY}; put some into a selector of their own")
    return children


def _type(value: Any) -> str | None:
    found = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return None if found is None else str(found)


def _default(parameters: type[BaseModel]) -> Any:
    """What is taken where a file sets nothing; `...` where it must."""
    try:
        return parameters()
    except ValidationError:
        return ...


_alias: Any = TypeAliasType
"""Made at run time, which a type checker cannot follow."""
_NODE: Any = ForwardRef("AnyNode")
_ONE: Any = Field(description="The node that it holds.", json_schema_extra={"minItems": 1, "maxItems": 1})
_SOME: Any = Field(description="The nodes that it holds.", json_schema_extra={"minItems": 1, "maxItems": MANY})
_MEMORY = "Whether it goes on with the child that it had come to, instead of asking from the first on every tick."
