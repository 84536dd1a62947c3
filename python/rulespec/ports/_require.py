"""Packages that only some ports need."""

import importlib
from typing import Any

from ._types import PortError


def require(name: str, packages: str) -> Any:
    """Import a module. If there is none, the error says what to install."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise PortError(f"{error}: run `pip install {packages}`") from error
