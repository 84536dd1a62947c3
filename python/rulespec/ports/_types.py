"""The tables and the errors of ports."""

from collections.abc import Sequence
from typing import Any, TypeAlias

#: A table as in the protocol: its ``columns``, each with a ``name`` and a ``type``, and its ``rows``.
Table: TypeAlias = dict[str, Any]
Tables: TypeAlias = dict[str, Table]
#: The columns of an answer, with their KQL types if the engine tells them, and its rows.
Answer: TypeAlias = tuple[Sequence[tuple[str, str | None]], Sequence[Sequence[Any]]]

#: The table that a port selects from.
TABLE = "DeviceProcessEvents"

MAX_MESSAGE = 16 << 20
MAX_VALUES = 262_144
MAX_DEPTH = 90
MAX_ERROR = 2_000


class PortError(Exception):
    """The port, its text or its answer cannot be used."""


class Unsupported(PortError):
    """The engine does not implement what the text asks for."""
