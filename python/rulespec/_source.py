"""The text of a port, from which `rulespec.diff` takes words for events, and which tells the columns that it reads."""

import ast
import contextlib
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterable
from typing import Any

_MAX_FUNCTIONS = 32


def text_of(port: Callable[..., Any]) -> str:
    """Return the text of a port: its attribute ``text``, if it has one.

    Otherwise, it is what is in the source of the function, and of those that it calls in its module: each literal on a
    line after a dash, and the names of attributes. Constants that it reads around itself are literals, too.
    """
    text = getattr(port, "text", None)
    if isinstance(text, str):
        return text
    function = inspect.unwrap(port.func if isinstance(port, functools.partial) else port)
    function = getattr(function, "__func__", function)  # of a method
    left = [function if inspect.isroutine(function) else type(function)]
    texts: dict[Any, str] = {}
    while left and len(texts) < _MAX_FUNCTIONS:
        code = left.pop(0)
        nodes = _nodes(code)
        values = _values_around(code, {node.id for node in nodes if isinstance(node, ast.Name)})
        texts[code] = "\n".join(_lines([*_literals(nodes), *values]) + [_attributes(nodes)]).strip()
        called = (value for value in values if inspect.isfunction(value) and value.__module__ == code.__module__)
        left += [value for value in called if value not in texts and value not in left]
    return "\n".join(filter(None, texts.values()))


def _nodes(code: Any) -> list[ast.AST]:
    """Return what the source of a function or a class consists of. It is empty if there is none, as in C."""
    try:
        source = textwrap.dedent(inspect.getsource(code))
    except (OSError, TypeError, SyntaxError):
        return []
    for text in (source, f"({source.strip().rstrip(',')})"):  # a lambda may be a line of a call
        try:
            return list(ast.walk(ast.parse(text)))
        except SyntaxError:
            pass
    return []


def _literals(nodes: list[ast.AST]) -> list[Any]:
    statements = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # such as what documents a function
    return [node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in statements]


def _attributes(nodes: list[ast.AST]) -> str:
    return " ".join(node.attr for node in nodes if isinstance(node, ast.Attribute))


def _values_around(code: Any, names: set[str]) -> list[Any]:
    """Return the values that these names have around a function, or in the module of a class."""
    values: dict[str, Any] = {}
    if inspect.isfunction(code):
        values |= code.__globals__
        for name, cell in zip(code.__code__.co_freevars, code.__closure__ or ()):
            with contextlib.suppress(ValueError):  # it is not set yet
                values[name] = cell.cell_contents
    else:
        values |= getattr(inspect.getmodule(code), "__dict__", {})
    return [value for name, value in values.items() if name in names]


def _lines(values: Iterable[Any]) -> list[str]:
    """Return the texts among values, or in collections of them, each after a dash."""
    flat: list[Any] = []
    for value in values:
        if isinstance(value, dict):
            flat += [*value, *value.values()]
        else:
            flat += value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return [f"- {text}" for text in flat if isinstance(text, str) and text and "\n" not in text]
