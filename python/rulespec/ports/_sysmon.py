"""The columns of Sigma's fields, which are those of Sysmon."""

import contextlib
import json
from typing import Any

from ._types import Table

#: The columns of Sigma's fields. Those that begin with Sysmon are computed: see `_sysmon`.
FIELDS = {
    "Image": "SysmonImage",
    "CommandLine": "ProcessCommandLine",
    "OriginalFileName": "ProcessVersionInfoOriginalFileName",
    "Company": "ProcessVersionInfoCompanyName",
    "Product": "ProcessVersionInfoProductName",
    "Description": "ProcessVersionInfoFileDescription",
    "FileVersion": "ProcessVersionInfoProductVersion",
    "IntegrityLevel": "ProcessIntegrityLevel",
    "ProcessId": "ProcessId",
    "TerminalSessionId": "CreatedProcessSessionId",
    "ParentImage": "SysmonParentImage",
    "ParentCommandLine": "InitiatingProcessCommandLine",
    "ParentProcessId": "InitiatingProcessId",
    "ParentIntegrityLevel": "InitiatingProcessIntegrityLevel",
    "Computer": "DeviceName",
    "ComputerName": "DeviceName",
    "md5": "MD5",
    "sha1": "SHA1",
    "sha256": "SHA256",
    "Hashes": "SysmonHashes",
    "User": "SysmonUser",
    "ParentUser": "SysmonParentUser",
    "LogonId": "SysmonLogonId",
} | {name: f"Sysmon{name}" for name in ("CurrentDirectory", "ProcessGuid", "ParentProcessGuid", "LogonGuid")}


def _sysmon(event: dict[str, Any]) -> dict[str, str]:
    """Return the fields that no single column has, as Sysmon writes them."""

    def account(prefix: str) -> str:
        names = (event.get(f"{prefix}Account{part}") or "" for part in ("Domain", "Name"))
        return "\\".join(filter(None, names))

    def image(prefix: str) -> str:
        file = event.get(f"{prefix}FileName")
        return event.get(f"{prefix}FolderPath") or (f"\\{file}" if file else "")

    bag = event.get("AdditionalFields") or {}
    with contextlib.suppress(ValueError, RecursionError):
        bag = json.loads(bag) if isinstance(bag, str) else bag
    bag = bag if isinstance(bag, dict) else {}
    hashes = {kind: event.get(kind) for kind in ("SHA1", "MD5", "SHA256")} | {"IMPHASH": bag.get("IMPHASH")}
    logon = event.get("LogonId")
    computed = {
        "SysmonHashes": ",".join(f"{kind}={value}" for kind, value in hashes.items() if value),
        "SysmonImage": image(""),
        "SysmonParentImage": image("InitiatingProcess"),
        "SysmonUser": account(""),
        "SysmonParentUser": account("InitiatingProcess"),
        "SysmonLogonId": "" if logon is None else hex(logon),
    }
    return {name: str(bag.get(field) or "") for field, name in FIELDS.items() if name.startswith("Sysmon")} | computed


def with_sysmon(table: Table) -> Table:
    names = [column["name"] for column in table["columns"]]
    computed = sorted(name for name in FIELDS.values() if name.startswith("Sysmon"))
    more = [_sysmon(dict(zip(names, row))) for row in table["rows"]]
    return {
        "columns": [*table["columns"], *({"name": name, "type": "string"} for name in computed)],
        "rows": [[*row, *map(cells.get, computed)] for row, cells in zip(table["rows"], more)],
    }
