"""The values of a table of the protocol, as values of Python and as Arrow data."""

import json
import re
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from ._require import require
from ._types import Table

_DATETIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?)?")
_TIMESPAN = re.compile(r"(-?)(?:(\d{1,8})\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(cell: str | None) -> str:
    """Return a text. Half a pair of surrogates is U+FFFD, as in the protocol."""
    return "" if cell is None else cell if cell.isascii() else _SURROGATE.sub("\ufffd", cell)


def read_ticks(cell: str) -> tuple[datetime, int]:
    """Read a datetime, and the tenths of its last microsecond."""
    parts = _DATETIME.fullmatch(cell)
    if not parts:
        raise ValueError(f"this is not a datetime: {cell[:40]!r}")
    digits = (parts[3] or "").ljust(7, "0")
    return datetime.fromisoformat(f"{parts[1]} {parts[2] or '00:00:00'}.{digits[:6]}"), int(digits[6])


def read_datetime(cell: str) -> datetime:
    return read_ticks(cell)[0]


def read_timespan(cell: str) -> timedelta:
    parts = _TIMESPAN.fullmatch(cell)
    if not parts:
        raise ValueError(f"this is not a timespan: {cell[:40]!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in parts.group(2, 3, 4, 5))
    microseconds = int((parts[6] or "").ljust(6, "0")[:6])
    value = timedelta(days, seconds, microseconds, minutes=minutes, hours=hours)
    return -value if parts[1] else value


def _dump(cell: Any) -> str:
    return clean(json.dumps(cell, ensure_ascii=False, separators=(",", ":")))


_READERS: dict[str, Callable[[Any], Any]] = {
    "real": float,
    "datetime": read_datetime,
    "timespan": read_timespan,
    "guid": uuid.UUID,
    "dynamic": _dump,
}


def columns_in(table: Table, text: Iterable[str] = ()) -> list[list[Any]]:
    """Return the values of each column. Columns of the types in `text` stay text."""

    def column(at: int, kind: str) -> list[Any]:
        cells = [row[at] for row in table["rows"]]
        if kind == "string":
            return [clean(cell) for cell in cells]
        reader = None if kind in text else _READERS.get(kind)
        return [None if cell is None else reader(cell) for cell in cells] if reader else cells

    return [column(at, named["type"]) for at, named in enumerate(table["columns"])]


def to_arrow(table: Table) -> Any:
    """Return a table of Arrow. Times have microseconds."""
    pa = require("pyarrow", "pyarrow")
    types = dict(bool=pa.bool_(), int=pa.int32(), long=pa.int64(), real=pa.float64())
    types |= dict(datetime=pa.timestamp("us", "UTC"), timespan=pa.duration("us"))
    columns = zip(columns_in(table, ("guid",)), table["columns"])
    arrays = [pa.array(cells, types.get(column["type"], pa.string())) for cells, column in columns]
    return pa.table(arrays, names=[column["name"] for column in table["columns"]])
