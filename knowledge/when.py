"""Conditions of rules: `gift.count >= 5 and user.name`, read as a small language of their own and never run as code.

There are `and`, `or`, `not`, comparisons, `in`, numbers with + - * /, texts, lists, names with dots between (looked up
in mappings only) and the functions in `FUNCTIONS`. What is missing is `none`: it is neither more nor less than
anything, and no sum. A condition never fails once it is read: what makes no sense is `none`, and `none` does not hold.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from knowledge.values import LARGEST, value_of
from visavis.config import suggest

LENGTH = 500
DEPTH = 16
NODES = 150
_HINTS = (("&&", "write `and`"), ("||", "write `or`"), ("===", "write =="), ("!==", "write !="))

FUNCTIONS: dict[str, int] = {
    "lower": 1, "len": 1, "contains": 2, "starts": 2, "abs": 1, "min": 2, "max": 2,
    "hour": 0, "minute": 0, "weekday": 0, "date": 0,
}  # fmt: skip
"""The functions of the language and how many values each takes."""

_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
_SUMS = (ast.Add, ast.Sub, ast.Mult, ast.Div)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that has been read."""

    text: str
    tree: ast.expr

    def holds(self, context: Mapping[str, object], now: datetime) -> bool:
        """Whether it is true of what `context` says, at the local time `now`."""
        return bool(value_of(self.tree, context, now))


@lru_cache(maxsize=4096)
def condition(text: str) -> Condition:
    """Read a condition. Raises ValueError with the column, what is wrong and a remedy."""
    if len(text) > LENGTH:
        raise ValueError(f"the condition has {len(text)} characters, more than {LENGTH}; make two rules of it")
    line = "".join(" " if each.isspace() else each for each in text)
    if "\\" in line:
        raise _wrong(line.index("\\"), "a backslash means nothing here", "remove it")
    try:
        tree = ast.parse(line.strip(), mode="eval").body
    except SyntaxError as error:
        column = max(0, (error.offset or 1) - 1) + len(line) - len(line.lstrip())
        raise _wrong(min(column, len(line)), "this is not a condition", _hint(line)) from None
    except (ValueError, RecursionError, MemoryError):
        raise _wrong(0, "this is not a condition", "make it simpler") from None
    _check(tree, line, 1)
    if sum(1 for _ in ast.walk(tree)) > NODES:
        raise _wrong(0, f"the condition has more than {NODES} parts", "make two rules of it")
    return Condition(text, tree)


def _hint(line: str) -> str:
    for sign, remedy in _HINTS:
        if sign in line:
            return remedy
    alone = line.replace("==", "").replace(">=", "").replace("<=", "").replace("!=", "")
    return "write == to compare" if "=" in alone else 'write for example: gift.count >= 5 and user.name != ""'


def _wrong(column: int, problem: str, remedy: str) -> ValueError:
    return ValueError(f"column {column + 1}: {problem}; {remedy}")


def _check(node: ast.expr, line: str, depth: int) -> None:
    """Refuse whatever is not of the language."""
    if depth > DEPTH:
        raise _at(node, line, f"the condition is nested more than {DEPTH} deep", "make two rules of it")
    match node:
        case ast.Constant():
            _check_literal(node, line)
        case ast.Name() | ast.Attribute():
            _check_name(node, line)
        case ast.UnaryOp(op=ast.Not() | ast.USub()) | ast.BoolOp() | ast.List() | ast.Tuple():
            pass
        case ast.BinOp() if isinstance(node.op, _SUMS):
            pass
        case ast.Compare() if all(isinstance(each, _COMPARISONS) for each in node.ops):
            pass
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in FUNCTIONS:
            if len(node.args) != FUNCTIONS[name]:
                raise _at(node, line, f"{name} takes {FUNCTIONS[name]} values", "correct what is between ( and )")
        case ast.Call(func=ast.Name(id=name)):
            raise _at(node, line, f"there is no function {name!r}", suggest(name, list(FUNCTIONS)))
        case _:
            remedy = "use and, or, not, in, == != < <= > >=, + - * /, names, numbers, texts and " + ", ".join(FUNCTIONS)
            raise _at(node, line, "this is not of the language", remedy)
    if not isinstance(node, ast.Attribute):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) and not (isinstance(node, ast.Call) and child is node.func):
                _check(child, line, depth + 1)


def _check_literal(node: ast.Constant, line: str) -> None:
    value = node.value
    if isinstance(value, bool | str | None):
        return
    if not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise _at(node, line, "this is neither a text nor a usable number", "write a plain number")


def _check_name(node: ast.expr, line: str) -> None:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        raise _at(node, line, "only a name may stand before a dot", "write for example user.name")
    if any(each.startswith("_") for each in (*names, node.id)) or len(names) > 5:
        raise _at(node, line, "there is no such name", "names begin with a letter, and at most six are joined by dots")
    if node.id in FUNCTIONS:
        raise _at(node, line, f"{node.id} is a function", f"write {node.id}({', '.join('…' * FUNCTIONS[node.id])})")


def _at(node: ast.expr, line: str, problem: str, remedy: str) -> ValueError:
    before = line.strip().encode()[: node.col_offset].decode(errors="ignore")
    return _wrong(len(before) + len(line) - len(line.lstrip()), problem, remedy)
