"""The text of a port, from which `rulespec.diff` takes words for events, and tells which columns it reads."""

import ast
import contextlib
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_MAX_FUNCTIONS = 32


def text_of(port: Callable[..., Any]) -> str:
    """Return the text of a port: its attribute ``text``, if it has one.

    Otherwise, it is what the source of the function says, and that of the functions that it calls in its module: each
    literal on a line after a dash, and the names of attributes. Constants of the module are literals, too.
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
        values = list(_values(code))
        texts[code] = "\n".join([_text(code), *_lines(values)])
        left += [value for value in values if inspect.isfunction(value) and value not in {*texts, *left}]
    return "\n".join(filter(None, texts.values()))


def _text(code: Any) -> str:
    try:
        source = inspect.getsource(code)
    except (OSError, TypeError, SyntaxError):  # it is not in a file, or not in Python
        return ""
    try:
        nodes = list(ast.walk(ast.parse(textwrap.dedent(source))))
    except SyntaxError:  # a lambda within an expression
        return source
    literals = (node.value for node in nodes if isinstance(node, ast.Constant))
    names = (node.attr for node in nodes if isinstance(node, ast.Attribute))
    return "\n".join([*_lines(literals), " ".join(names)])


def _values(code: Any) -> Iterator[Any]:
    """Return the functions of its module that a function calls, and the values that it reads there or around it."""
    members = vars(code).values() if inspect.isclass(code) else [code]
    for function in filter(inspect.isfunction, members):
        with contextlib.suppress(ValueError):  # a variable around it is not set yet
            found = inspect.getclosurevars(function)
            for value in [*found.nonlocals.values(), *found.globals.values()]:
                if not inspect.isfunction(value) or value.__module__ == function.__module__:
                    yield value


def _lines(values: Iterable[Any]) -> list[str]:
    """Return the texts among values, or in collections of them, as lines."""
    flat: list[Any] = []
    for value in values:
        if isinstance(value, dict):
            flat += [*value, *value.values()]
        else:
            flat += value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return [f"- {text}" for text in flat if isinstance(text, str) and text and "\n" not in text]
