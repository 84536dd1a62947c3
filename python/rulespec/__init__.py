"""The executable specification of one detection rule, Bitsadmin Activity, and of the
Kusto (KQL) and Windows semantics under it.

What does ``has`` mean?

>>> import rulespec
>>> rulespec.has("bitsadmin /TRANSFER job", "/Transfer")
True
>>> rulespec.has("bitsadmin /addfileset", "/AddFile")
False

Does my engine agree? See :func:`check`. What does the rule answer on my events? See
:func:`bitsadmin_activity`. Every answer is that of the Rust library of the same name;
an :class:`Error` says why a call has none.
"""

from rulespec._rulespec import (
    Error,
    Plan,
    Report,
    Table,
    __version__,
    bitsadmin_activity,
    check,
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
    "Error",
    "Plan",
    "Report",
    "Table",
    "__version__",
    "bitsadmin_activity",
    "check",
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
