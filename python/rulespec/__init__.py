"""The executable specification of one detection rule, Bitsadmin Activity, and of the
Kusto (KQL) and Windows semantics it depends on. It runs other rules, too.

The functions of KQL, such as ``has``:

>>> import rulespec
>>> rulespec.has("bitsadmin /TRANSFER job", "/Transfer")
True
>>> rulespec.has("bitsadmin /addfileset", "/AddFile")
False

:class:`Rule` runs a detection rule over events, and :func:`bitsadmin_activity` runs that one.
:func:`check` tests another implementation against the specification, and :func:`diff` compares a rule with another one
or with a port. All answers come from the Rust library of the
same name. A call that fails raises :class:`Error`.
"""

from rulespec._rulespec import (
    Difference,
    Error,
    Plan,
    Report,
    Rule,
    Table,
    __version__,
    bitsadmin_activity,
    check,
    diff,
    element,
    eq_ci,
    has,
    has_any,
    indexof,
    parse_command_line,
    substring,
    tostring,
    vectors,
)

__all__ = [
    "Difference",
    "Error",
    "Plan",
    "Report",
    "Rule",
    "Table",
    "__version__",
    "bitsadmin_activity",
    "check",
    "diff",
    "element",
    "eq_ci",
    "has",
    "has_any",
    "indexof",
    "parse_command_line",
    "substring",
    "tostring",
    "vectors",
]
