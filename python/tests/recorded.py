"""Synthetic events, and the detections of the command for them."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

import tables

Detection: TypeAlias = tuple[Any, ...]

#: The columns that identify a detection. The first is unique.
KEY = ["ProcessId", "RemoteUrl", "LocalFile", "Direction", "HostName", "DnsDomain", "ProcessCommandLine"]


def event(number: int) -> dict[str, Any]:
    """Return an event. One in a hundred is a detection, and two others resemble one."""
    cells: dict[str, Any] = {"TimeGenerated": "2026-01-02T03:04:05Z", "ActionType": "ProcessCreated", "ProcessId": number}
    cells["DeviceName"] = f"ws{number % 40}.corp.example" if number % 3 else f"ws{number % 40}"
    match number % 100:
        case 0:
            line = rf'bitsadmin /transfer j{number} http://files.example/{number} "C:\Temp\a {number}.bin"'
            return tables.event(**cells, ProcessCommandLine=line)
        case 1:
            return tables.event(**cells, ProcessCommandLine=f"bitsadmin /transferred {number}")
        case 2:
            line = f"winupd.exe /addfile {number} http://u.example/{number} D:\\{number} /upload"
            return tables.event(**cells, FileName="winupd.exe", ProcessCommandLine=line)
        case _:
            line = rf'"C:\Windows\System32\svchost.exe" -k netsvcs -p -s Schedule {number} {"x" * (number % 90)}'
            return tables.event(**cells, FileName="svchost.exe", ProcessCommandLine=line)


def write(folder: Path, files: int, rows: int) -> list[Path]:
    """Write Parquet files of `rows` rows each."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for file in range(files):
        path = folder / f"{file:03}.parquet"
        pq.write_table(pa.Table.from_pylist([event(file * rows + row) for row in range(rows)]), path)
        written.append(path)
    return written


def run_command(numbers: Iterable[int]) -> list[Detection]:
    """Return the detections of `rulespec run` in these events, sorted."""
    command = [str(Path(sys.executable).with_name("rulespec")), "run", "--format", "jsonl", "-"]
    events = "".join(f"{json.dumps(event(number))}\n" for number in numbers)
    output = subprocess.run(command, input=events, capture_output=True, check=True, encoding="utf-8").stdout
    return detections(json.loads(line) for line in output.splitlines())


def detections(rows: Iterable[dict[str, Any]]) -> list[Detection]:
    """Return the keys of the rows, sorted."""
    return sorted(tuple(row[name] for name in KEY) for row in rows)
