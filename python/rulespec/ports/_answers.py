"""The values of an engine's answer, as a table of the protocol."""

import base64
import contextlib
import json
import math
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from ._cells import read_ticks, read_timespan
from ._types import MAX_DEPTH, MAX_VALUES, Answer, PortError, Table, Tables


def write_datetime(value: datetime, tick: int = 0) -> str:
    utc = value.astimezone(timezone.utc) if value.tzinfo else value
    return f"{utc.replace(tzinfo=None).isoformat(timespec='microseconds')}{tick}Z"


def write_timespan(value: timedelta) -> str:
    microseconds = value // timedelta(microseconds=1)
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    text = (f"{days}." if days else "") + text + (f".{fraction:06}0" if fraction else "")
    return "-" + text if microseconds < 0 else text


def _time(value: time) -> str:
    return write_timespan(datetime.combine(date.min, value.replace(tzinfo=None)) - datetime.min)


def _binary(value: Any) -> str:
    """Return the text that bytes are. If they are not UTF-8, return their base64 after ``base64:``."""
    try:
        return bytes(value).decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(value).decode()


def _long(value: int) -> int | str:
    return value if -(2**63) <= value < 2**63 else str(value)


def _real(value: Any) -> float | str:
    value = float(value)
    return value if math.isfinite(value) else "NaN" if math.isnan(value) else f"{'-' * (value < 0)}Infinity"


#: The KQL types of Python's types, and how their values are written.
_WRITERS: list[tuple[Any, str, Callable[[Any], Any]]] = [
    (str, "string", str),
    (bool, "bool", bool),
    (int, "long", _long),
    (float, "real", _real),
    (Decimal, "real", _real),
    (datetime, "datetime", write_datetime),
    (date, "datetime", lambda value: f"{value.isoformat()}T00:00:00.0000000Z"),
    (timedelta, "timespan", write_timespan),
    (time, "timespan", _time),
    ((bytes, bytearray, memoryview), "string", _binary),
    (uuid.UUID, "guid", str),
]
#: The types of nulls in pandas, and of times in NumPy.
_NULLS = ("NaTType", "NAType")
_NUMPY_TIMES = ("datetime64", "timedelta64")


def to_json(value: Any, depth: int = 0) -> Any:
    """Return a value of Python, NumPy or pandas as the protocol has it."""
    if value is None or type(value).__name__ in _NULLS:
        return None
    if depth > MAX_DEPTH:
        raise PortError(f"a value is nested more than {MAX_DEPTH} deep")
    for of, _, write in _WRITERS:
        if isinstance(value, of):
            return write(value)
    if hasattr(value, "tolist"):  # of NumPy
        kind = type(value).__name__
        return to_json((value.astype(f"{kind}[us]") if kind in _NUMPY_TIMES else value).tolist(), depth + 1)
    if isinstance(value, dict):
        return {str(name): to_json(member, depth + 1) for name, member in value.items()}
    return [to_json(element, depth + 1) for element in value] if isinstance(value, Iterable) else str(value)


def _json(text: str) -> Any:
    try:
        return to_json(json.loads(text))
    except RecursionError:
        raise PortError(f"a value is nested more than {MAX_DEPTH} deep") from None


def _kind(cells: Iterable[Any]) -> str:
    """Return the KQL type of values."""
    types = {type(cell) for cell in cells if cell is not None}
    kinds = {next((kind for of, kind, _ in _WRITERS if issubclass(type_, of)), "dynamic") for type_ in types}
    return "real" if kinds == {"long", "real"} else kinds.pop() if len(kinds) == 1 else "dynamic"


#: The KQL types of the engines' types. A value of the type json is a text in JSON.
_KINDS = {
    name: kind
    for kind, names in {
        "string": "varchar string utf8 char enum enum8 enum16 fixedstring blob binary categorical bit inet ipv4 ipv6",
        "bool": "boolean bool",
        "int": "tinyint smallint integer int int8 int16 int32 uint8 uint16 utinyint usmallint byte short",
        "long": "bigint hugeint ubigint uhugeint uinteger int64 int128 int256 uint32 uint64 uint128 uint256 bignum",
        "real": "float double float32 float64 bfloat16 decimal",
        "datetime": "timestamp timestamp_s timestamp_ms timestamp_ns timestamp_ntz date date32 datetime datetime64",
        "timespan": "interval time time_ns time64 duration",
        "guid": "uuid",
        "json": "json",
    }.items()
    for name in names.split()
}


def kind_named(name: str) -> str:
    """Return the KQL type of an engine's type."""
    name = re.sub(r"^((nullable|lowcardinality)\()+", "", name.lower())
    return "dynamic" if name.endswith("]") else _KINDS.get(re.split(r"[()< ]", name)[0], "dynamic")


_FITS: dict[str, Any] = dict.fromkeys(("string", "datetime", "timespan", "guid"), str)
_FITS |= {"bool": bool, "int": int, "long": int, "real": (int, float, str)}


def _read(kind: str, cell: Any) -> Any:
    """Return a value of a KQL type, whatever the engine has for it. Raises ValueError."""
    if cell is None:
        return None
    if kind == "json" and isinstance(cell, str):
        return _json(cell)
    if kind == "bool" and cell in (0, 1):
        return bool(cell)
    value = to_json(cell)
    if not isinstance(value, _FITS.get(kind, object)) or isinstance(value, bool) and kind in ("int", "long", "real"):
        raise ValueError(f"this is not of the type {kind}: {str(value)[:40]!r}")
    if kind == "datetime":
        return write_datetime(*read_ticks(value))
    if kind == "timespan":
        read_timespan(value)
    return _real(value) if kind == "real" else value


def _column(kind: str | None, declared: str | None, cells: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return the type and the values of a column of an answer."""
    if {type(cell) for cell in cells} == {str} and (declared or kind or "string") == "string":
        return "string", list(cells)
    for wanted in ("json" if declared == "dynamic" else declared, kind or _kind(cells)):
        with contextlib.suppress(ValueError):
            if wanted:
                return "dynamic" if wanted == "json" else wanted, [_read(wanted, cell) for cell in cells]
    values = [to_json(cell) for cell in cells]
    if kind == "long":  # some are beyond 64 bits
        return "string", [None if value is None else str(value) for value in values]
    return "dynamic", values


def _unique(names: Iterable[str]) -> list[str]:
    taken: dict[str, None] = {}
    for name in names:
        free = (f"{name}_{number}" if number else name for number in range(len(taken) + 1))
        taken[next(name for name in free if name not in taken)] = None
    return list(taken)


def to_table(answer: Answer, tables: Tables) -> Table:
    columns, rows = answer
    declared = {column["name"]: column["type"] for table in tables.values() for column in table["columns"]}
    cells = list(zip(*rows)) if rows else [()] * len(columns)
    typed = [_column(kind, declared.get(name), cells[at]) for at, (name, kind) in enumerate(columns)]
    names = _unique(name for name, _ in columns)
    return {
        "columns": [{"name": name, "type": kind} for name, (kind, _) in zip(names, typed)],
        "rows": [list(row) for row in zip(*(values for _, values in typed))],
    }


def fetch(fetch: Callable[[int], Sequence[Sequence[Any]]], width: int) -> Sequence[Sequence[Any]]:
    """Fetch all rows, if they are not more than an answer may have."""
    most = MAX_VALUES // max(width, 1)
    rows = fetch(most + 1)
    if len(rows) > most:
        raise PortError(f"the query returns more than {most} rows of {width} columns; a message has no room for more")
    return rows
