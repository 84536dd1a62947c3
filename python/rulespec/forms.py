"""The forms in which a port in Python takes a table and returns rows.

A port is any function from a table to the rows that it selects. The form of the table is its attribute ``takes``:

``"dicts"``
    a list of dicts, with values as in JSON. This is what a port without the attribute gets
``"arrow"``, ``"pandas"``
    a ``pyarrow.Table`` or a ``pandas.DataFrame``. Datetimes are in UTC and have microseconds
``"table"``
    a table of the protocol

It may return rows as dicts, as a table of Arrow, pandas or Polars, or as their numbers, or as one bool for each row
of the table.

>>> def port(events):
...     return [event["FileName"] == "certutil.exe" for event in events]
>>> table = {"columns": [{"name": "FileName", "type": "string"}], "rows": [["cmd.exe"], ["certutil.exe"]]}
>>> rows(port(take(table)), len(table["rows"]))
[1]
"""

import operator
from typing import Any, Literal, TypeAlias

from rulespec.ports import PortError, Table, to_arrow, to_json

Form: TypeAlias = Literal["dicts", "arrow", "pandas", "table"]


def take(table: Table, form: Form = "dicts") -> Any:
    """Return a table of the protocol in the form that a port takes. Raises PortError if there is no such form."""
    if form == "table":
        return table
    if form == "dicts":
        names = [column["name"] for column in table["columns"]]
        return [dict(zip(names, row)) for row in table["rows"]]
    if form == "arrow":
        return to_arrow(table)
    if form == "pandas":
        return to_arrow(table).to_pandas()
    raise PortError(f"a port takes dicts, arrow, pandas or table, and not {form!r}")


def rows(result: Any, count: int) -> list[int] | list[dict[str, Any]]:
    """Return the rows that a port has returned for a table of `count` rows: their numbers, from 0, or dicts.

    In a DataFrame of pandas, NaN is null. Raises PortError if the result has another form, or numbers that are not of
    rows.
    """
    values = _list(result)
    if all(isinstance(value, dict) for value in values):
        return values
    if all(type(value).__name__ in ("bool", "bool_") for value in values):  # of Python or NumPy
        if len(values) != count:
            raise PortError(f"the port returned {len(values)} bools for {count} rows")
        return [at for at, value in enumerate(values) if value]
    try:
        numbers = [operator.index(value) for value in values]
    except TypeError:
        kinds = sorted({type(value).__name__ for value in values})
        raise PortError(f"a port returns dicts, numbers of rows or bools, and not {', '.join(kinds)}") from None
    for number in numbers:
        if not 0 <= number < count:
            raise PortError(f"the port returned the row {number} of {count}, counted from 0")
    return numbers


def selected(result: Any, count: int) -> list[int] | list[dict[str, Any]]:
    """Return the rows that a port has returned, as `rows` does, with values as in JSON."""
    return [row if isinstance(row, int) else to_json(row) for row in rows(result, count)]


def _list(result: Any) -> list[Any]:
    if hasattr(result, "to_pylist"):  # Arrow
        return list(result.to_pylist())
    if hasattr(result, "to_dicts"):  # a DataFrame of Polars
        return list(result.to_dicts())
    if hasattr(result, "iterrows"):  # a DataFrame of pandas
        objects = result.astype(object)
        return list(objects.where(objects.notna(), None).to_dict("records"))
    if hasattr(result, "__arrow_c_stream__") and not hasattr(result, "__iter__"):  # a relation of DuckDB
        import pyarrow

        return list(pyarrow.table(result).to_pylist())
    if isinstance(result, (str, bytes, dict)) or not hasattr(result, "__iter__"):
        raise PortError(f"a port returns rows, and not {type(result).__name__}")
    return list(result)
