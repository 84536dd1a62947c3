from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from os import PathLike
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, final, overload, type_check_only

from typing_extensions import NotRequired

__version__: str

_Words: TypeAlias = str | Sequence[str]

@type_check_only
class ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@type_check_only
class ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

@type_check_only
class ArrowSchema(Protocol):
    def __arrow_c_schema__(self) -> object: ...

@type_check_only
class Diagnostic(TypedDict):
    kind: str
    message: str
    line: int
    column: int
    help: str | None

@type_check_only
class Problem(TypedDict):
    message: str
    line: int | None
    column: int | None
    help: str | None

@type_check_only
class Schedule(TypedDict):
    frequency: timedelta
    period: timedelta
    operator: Literal["gt", "lt", "eq", "ne"]
    threshold: int

@type_check_only
class Entity(TypedDict):
    type: str
    identifiers: dict[str, str]

@type_check_only
class Occurrence(TypedDict):
    term: str
    at: int
    length: int

@type_check_only
class Finding(TypedDict):
    predicate: str
    holds: bool | None
    decides: bool
    operand: str
    value: Any
    absent: str | None
    terms: list[str]
    occurrence: Occurrence | None
    line: int
    column: int

@type_check_only
class Computed(TypedDict):
    column: str
    value: Any

@type_check_only
class Explanation(TypedDict):
    matched: bool
    findings: list[Finding]
    computed: list[Computed]

@type_check_only
class Decider(TypedDict):
    side: Literal["a", "b"]
    predicate: str
    holds: bool
    line: int
    column: int

@type_check_only
class Reading(TypedDict):
    name: str
    says: str

@type_check_only
class Values(TypedDict):
    column: str
    a: Any
    b: Any

@type_check_only
class Differing(TypedDict):
    differs: Literal["selected", "rows", "columns", "error", "table"]
    event: dict[str, Any]
    decided_by: list[Decider]
    clauses: list[str]
    count: int
    by: NotRequired[Literal["a", "b"]]
    rows: NotRequired[list[int] | list[list[dict[str, Any]]]]
    columns: NotRequired[list[Values]]
    of: NotRequired[Literal["a", "b"]]
    error: NotRequired[str]
    more_events: NotRequired[list[dict[str, Any]]]
    also: NotRequired[list[str]]
    absent: NotRequired[str]
    misreading: NotRequired[Reading]

class Error(ValueError):
    kind: str
    diagnostics: list[Diagnostic]

@final
class Table:
    @property
    def num_rows(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Plan:
    @property
    def needs_all_rows(self) -> bool: ...
    def __arrow_c_schema__(self) -> object: ...
    def run(self, table: ArrowArray | ArrowStream, /) -> Table: ...

@final
class Rule:
    def __new__(cls, text: str, /) -> Rule: ...
    @staticmethod
    def from_kql(text: str, /) -> Rule: ...
    @staticmethod
    def from_yaml(text: str, /) -> Rule: ...
    @staticmethod
    def bitsadmin_activity() -> Rule: ...
    @property
    def text(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def id(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def description(self) -> str | None: ...
    @property
    def version(self) -> str | None: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def severity(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...
    @property
    def tactics(self) -> list[str]: ...
    @property
    def techniques(self) -> list[str]: ...
    @property
    def schedule(self) -> Schedule | None: ...
    @overload
    def run(self, table: list[dict[str, Any]], /, now: datetime | None = None) -> list[dict[str, Any]]: ...
    @overload
    def run(self, table: dict[str, Any], /, now: datetime | None = None) -> dict[str, Any]: ...
    @overload
    def run(self, table: ArrowStream | ArrowArray, /, now: datetime | None = None) -> Table: ...
    @overload
    def __call__(self, table: list[dict[str, Any]], /, now: datetime | None = None) -> list[dict[str, Any]]: ...
    @overload
    def __call__(self, table: dict[str, Any], /, now: datetime | None = None) -> dict[str, Any]: ...
    @overload
    def __call__(self, table: ArrowStream | ArrowArray, /, now: datetime | None = None) -> Table: ...
    def plan(self, columns: ArrowSchema, /, now: datetime | None = None) -> Plan: ...
    def columns(self) -> dict[str, str]: ...
    def problems(self) -> list[Problem]: ...
    def explain(self, row: dict[str, Any], /, now: datetime | None = None) -> Explanation: ...
    def entities(self, row: dict[str, Any], /) -> list[Entity]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Report:
    @property
    def conforms(self) -> bool: ...
    @property
    def unsupported(self) -> dict[str, int]: ...
    def failures(self) -> str: ...
    def render(
        self,
        format: Literal["text", "json", "junit", "github", "html"] = "text",
        *,
        verbose: bool = False,
        colour: bool = False,
        max_failures: int | None = None,
    ) -> str: ...

@final
class Difference:
    @property
    def is_none(self) -> bool: ...
    @property
    def sides(self) -> tuple[str, str]: ...
    @property
    def findings(self) -> list[Differing]: ...
    @property
    def more(self) -> int: ...
    @property
    def events(self) -> int: ...
    @property
    def selected(self) -> int: ...
    @property
    def given_up(self) -> str | None: ...
    @property
    def complete(self) -> bool: ...
    def json(self) -> str: ...
    def _repr_markdown_(self) -> str: ...
    def __bool__(self) -> bool: ...

def eq_ci(a: str, b: str, /) -> bool: ...
def has(text: str, lookup: str, /) -> bool: ...
def has_any(text: str, lookups: list[Any] | tuple[Any, ...], /) -> bool: ...
def parse_command_line(line: str, parser: str = "windows") -> Any: ...
def indexof(text: str, lookup: str, /) -> int | None: ...
def substring(text: str, start: int, length: int | None = None) -> str: ...
def element(array: Any, index: int, /) -> Any: ...
def tostring(value: Any, of_type: str = "dynamic", /) -> str: ...
@overload
def bitsadmin_activity(table: list[dict[str, Any]], /) -> list[dict[str, Any]]: ...
@overload
def bitsadmin_activity(table: dict[str, Any], /) -> dict[str, Any]: ...
@overload
def bitsadmin_activity(table: ArrowStream | ArrowArray, /) -> Table: ...
def vectors(
    *,
    only: _Words = (),
    clause: _Words = (),
    chapter: _Words = (),
    fn: _Words = (),
    evidence: _Words = (),
) -> list[dict[str, Any]]: ...
def check(
    engine: object,
    *,
    only: _Words = (),
    clause: _Words = (),
    chapter: _Words = (),
    fn: _Words = (),
    evidence: _Words = (),
    known: str | PathLike[str] | None = None,
) -> Report: ...
def diff(
    rule: Rule | str,
    other: Rule | str | Callable[[Any], Any],
    /,
    *,
    cases: int | None = None,
    seed: int = 1,
    time: float | timedelta | None = None,
    now: datetime | None = None,
    columns: dict[str, str] | None = None,
) -> Difference: ...
def arguments(function: str, source: bytes, wild: bool = False) -> list[Any]: ...
def main(arguments: list[str]) -> int: ...
