"""Rules in Sigma: what they select, and what is wrong with them."""

from pathlib import Path
from typing import Any

import pytest

from port_engines import SIGMA, table
from rulespec import ports

EVENT = {
    "FileName": "bitsadmin.exe",
    "FolderPath": r"C:\Windows\System32\bitsadmin.exe",
    "ProcessVersionInfoOriginalFileName": "bitsadmin.exe",
    "ProcessCommandLine": r"bitsadmin /transfer j http://x/a C:\a",
    "AccountDomain": "NT AUTHORITY",
    "AccountName": "SYSTEM",
    "SHA1": "aa",
    "SHA256": "bb",
    "MD5": "",
}
DOWNLOADS = r"""
title: Downloads with BITSAdmin
name: downloads
status: test
logsource:
    product: windows
    category: process_creation
detection:
    image:
        - Image|endswith: '\bitsadmin.exe'
        - OriginalFileName: 'bitsadmin.exe'
    job:
        CommandLine|contains: ' /transfer '
    two_steps:
        CommandLine|contains:
            - ' /create '
            - ' /addfile '
    url:
        CommandLine|contains: 'http'
    condition: image and (job or two_steps and url)
fields: [CommandLine, Workstation]
"""


CORRELATION = """
title: Many downloads
correlation:
    type: event_count
    rules: downloads
    group-by: [DeviceName]
    timespan: 1h
    condition: {gte: 3}
"""


def event(**cells: Any) -> list[Any]:
    return list((EVENT | cells).values())


def events(*rows: list[Any]) -> ports.Table:
    bag = {"IMPHASH": "cc", "CurrentDirectory": "C:\\"}
    columns = dict.fromkeys(EVENT, "string") | {"LogonId": "long", "AdditionalFields": "dynamic"}
    return table(columns, *([*row, 999, bag] for row in rows))


def selected(name: str, text: str, *rows: list[Any]) -> list[int]:
    """Return the numbers of the rows that a rule selects."""
    given = events(*rows)
    names = [column["name"] for column in given["columns"]]
    dicts = [dict(zip(names, row)) for row in given["rows"]]
    answer = ports.sigma(text, on=name)(given)
    assert all(row in dicts for row in answer)
    return [at for at, row in enumerate(dicts) if row in answer]


def rule(detection: str) -> str:
    detections = f"detection:\n    s:\n        {detection}\n    condition: s\n"
    return f"title: T\nlogsource:\n    category: process_creation\n{detections}"


@pytest.mark.parametrize("name", SIGMA)
def test_sigma_selects_events(name: str) -> None:
    rows = [
        event(),
        event(FolderPath=r"C:\a\BitsAdmin.EXE", ProcessVersionInfoOriginalFileName=""),
        event(FolderPath=r"C:\a\b.exe"),
        event(FolderPath=r"C:\a\notbitsadmin.exe", ProcessVersionInfoOriginalFileName=""),
        event(FolderPath="", ProcessVersionInfoOriginalFileName=""),
        event(FolderPath="", FileName="notbitsadmin.exe", ProcessVersionInfoOriginalFileName=""),
        event(ProcessCommandLine="bitsadmin /TRANSFER j"),
        event(ProcessCommandLine="bitsadmin /transferx"),
        event(ProcessCommandLine="bitsadmin /addfile j http://x/a"),
        event(ProcessCommandLine="bitsadmin /addfile j file://x/a"),
    ]
    assert selected(name, DOWNLOADS, *rows) == [0, 1, 2, 4, 6, 8]


@pytest.mark.parametrize("name", SIGMA)
@pytest.mark.parametrize(
    ("detection", "matches"),
    [
        ("User: 'NT AUTHORITY\\SYSTEM'", True),
        ("User|contains: 'AUTHORI'", True),
        ("User: 'SYSTEM'", False),
        ("Hashes|contains: 'SHA256=BB'", True),
        ("Hashes|contains: 'IMPHASH=CC'", True),
        ("Hashes|contains: 'MD5='", False),
        ("sha1: 'aa'", True),
        ("LogonId: '0x3e7'", True),
        ("CurrentDirectory|startswith: 'C:'", True),
        ("FileName|startswith: 'bits'", True),
    ],
)
def test_sigma_has_the_fields_of_sysmon(name: str, detection: str, matches: bool) -> None:
    assert selected(name, rule(detection), event()) == ([0] if matches else [])


@pytest.mark.parametrize("name", SIGMA)
def test_a_row_is_selected_once_by_several_rules(name: str) -> None:
    several = DOWNLOADS + "---\n" + rule("CommandLine|contains: 'j'") + "---\n" + rule("CommandLine: 'k'")
    rows = [event(), event(), event(ProcessCommandLine="k"), event(ProcessCommandLine="-")]
    answer = ports.sigma(several, on=name)(events(*rows))
    assert [row["ProcessCommandLine"] for row in answer] == [EVENT["ProcessCommandLine"]] * 2 + ["k"]
    assert [list(row) for row in answer] == [[column["name"] for column in events()["columns"]]] * 3


@pytest.mark.parametrize("name", SIGMA)
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (rule("Imag: 'a'"), "the field 'Imag' of Sigma has no column in DeviceProcessEvents"),
        (rule("Company: 'a'"), "the field 'Company' of Sigma needs the column ProcessVersionInfoCompanyName"),
        (DOWNLOADS.replace("process_creation", "file_event"), "is about file_event, not about process_creation"),
        (DOWNLOADS.replace("condition: image", "condition: imag"), "imag"),
        (rule("Image: 'a'").replace("    category: process_creation", "    product: windows"), "is about no category"),
        (DOWNLOADS + "---\n" + CORRELATION, "'Many downloads' is a correlation, which selects no events"),
        ("\njust a text\n", "is not a rule of Sigma in YAML"),
        ("a: [\n", "while parsing"),
        ("\n", "has no rule"),
    ],
)
def test_a_bad_rule_of_sigma_is_an_error(name: str, text: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        selected(name, text, event())


@pytest.mark.parametrize("name", SIGMA)
def test_a_rule_of_sigma_is_read_from_a_file_and_converted_once(name: str, tmp_path: Path) -> None:
    file = tmp_path / "downloads.yml"
    file.write_text(DOWNLOADS)
    port = ports.sigma(file, on=name)
    assert port(events(event())) == port(events(event())) == ports.sigma(str(file), on=name)(events(event()))
    assert isinstance(port.engine, ports.Sigma)
    assert (port.engine.convert.cache_info().misses, port.engine.convert.cache_info().hits) == (1, 1)
