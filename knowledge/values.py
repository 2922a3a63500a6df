"""What the parts of a condition are worth. Nothing here fails: what makes no sense is None."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import datetime

LARGEST = 1e15
"""Numbers beyond are none."""
_TEXT = 2_000
_ITEMS = 200
_WORDS = {"true": True, "false": False, "none": None, "null": None}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Value = str | int | float | bool | None | list["Value"] | Mapping[str, object]


def value_of(node: ast.expr, context: Mapping[str, object], now: datetime) -> Value:
    """What a part of a condition is worth where `context` is what is known and `now` the local time."""
    match node:
        case ast.Constant(value=value):
            return _known(value)
        case ast.Name() | ast.Attribute():
            return _looked_up(node, context)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [value_of(each, context, now) for each in items]
        case ast.BoolOp(op=op, values=parts):
            parted = (bool(value_of(each, context, now)) for each in parts)
            return all(parted) if isinstance(op, ast.And) else any(parted)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not value_of(operand, context, now)
        case ast.UnaryOp(operand=operand):
            return _sum(ast.Sub(), 0, value_of(operand, context, now))
        case ast.BinOp(left=left, op=op, right=right):
            return _sum(op, value_of(left, context, now), value_of(right, context, now))
        case ast.Compare(left=left, ops=ops, comparators=others):
            values = [value_of(each, context, now) for each in (left, *others)]
            return all(_compare(op, values[place], values[place + 1]) for place, op in enumerate(ops))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _called(name, [value_of(each, context, now) for each in args], now)
    return None


def _looked_up(node: ast.expr, context: Mapping[str, object]) -> Value:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    name = node.id if isinstance(node, ast.Name) else ""
    if not names and name in _WORDS and name not in context:
        return _WORDS[name]
    value: object = context.get(name)
    for each in reversed(names):
        value = value.get(each) if isinstance(value, Mapping) else None
    return _known(value)


def _known(value: object) -> Value:
    """A value as the language has it; anything else is none."""
    match value:
        case bool() | None:
            return value
        case str():
            return value[:_TEXT]
        case int() | float():
            return value if abs(value) <= LARGEST else None
        case list() | tuple():
            return [None if isinstance(each, list | tuple) else _known(each) for each in value[:_ITEMS]]
        case Mapping():
            return value
    return None


def _compare(op: ast.cmpop, left: Value, right: Value) -> bool:
    match op:
        case ast.Eq():
            return left == right
        case ast.NotEq():
            return left != right
        case ast.In():
            return _in(left, right)
        case ast.NotIn():
            return not _in(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return _ordered(op, (left > right) - (left < right))
    first, second = _number(left), _number(right)
    return first is not None and second is not None and _ordered(op, (first > second) - (first < second))


def _ordered(op: ast.cmpop, order: int) -> bool:
    match op:
        case ast.Lt():
            return order < 0
        case ast.LtE():
            return order <= 0
        case ast.Gt():
            return order > 0
    return order >= 0


def _in(part: Value, whole: Value) -> bool:
    if isinstance(whole, str):
        return isinstance(part, str) and part in whole
    return isinstance(whole, list) and part in whole


def _number(value: Value) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _sum(op: ast.operator, left: Value, right: Value) -> Value:
    first, second = _number(left), _number(right)
    if first is None or second is None:
        return None
    match op:
        case ast.Add():
            return _known(first + second)
        case ast.Sub():
            return _known(first - second)
        case ast.Mult():
            return _known(first * second)
    return _known(first / second) if second else None


def _called(name: str, args: list[Value], now: datetime) -> Value:
    clock: dict[str, Callable[[], Value]] = {
        "hour": lambda: now.hour,
        "minute": lambda: now.minute,
        "weekday": lambda: _DAYS[now.weekday()],
        "date": lambda: f"{now:%Y-%m-%d}",
    }
    match name, args:
        case "lower", [str(text)]:
            return text.lower()
        case "len", [str() | list() as many]:
            return len(many)
        case "contains", [str(whole), str(part)]:
            return part.casefold() in whole.casefold()
        case "contains", [list(items), part]:
            return part in items
        case "starts", [str(whole), str(part)]:
            return whole.casefold().startswith(part.casefold())
        case "abs", [value]:
            number = _number(value)
            return None if number is None else abs(number)
        case (("min" | "max"), [left, right]):
            first, second = _number(left), _number(right)
            if first is None or second is None:
                return None
            return min(first, second) if name == "min" else max(first, second)
    return clock[name]() if name in clock else None
