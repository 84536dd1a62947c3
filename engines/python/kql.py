"""The functions of chapters 10 to 60 in plain Python.

Written from the specification alone, independently of the Rust reference.
"""
import json
import sys
import unicodedata


class KqlError(Exception):
    """An error of KQL; its text is the error kind."""


def string(value):
    if not isinstance(value, str):
        raise KqlError("wrong-type")
    return value


# Chapter 10: command lines

def parse_command_line(line, parser):
    if parser != "windows":
        raise KqlError("unknown-parser")
    line = string(line).split("\0")[0]
    if not line:
        return []
    name, rest = program_name(line)
    arguments = [name]
    while rest := rest.lstrip(" \t"):
        argument, rest = next_argument(rest)
        arguments.append(argument)
    return arguments


def program_name(line):
    if line[0] == '"':
        name, _, rest = line[1:].partition('"')
        return name, rest
    end = next((at for at, c in enumerate(line) if "\1" <= c <= " "), len(line))
    return line[:end], line[end + 1:]


def next_argument(line):
    argument, at, inside, just_closed = "", 0, False, False
    while at < len(line):
        c = line[at]
        if c in " \t" and not inside:
            break
        if c == "\\":
            run = len(line[at:]) - len(line[at:].lstrip("\\"))
            at += run
            before_quote = line[at:at + 1] == '"'
            argument += "\\" * (run // 2 if before_quote else run)
            if before_quote and run % 2:
                argument += '"'
                at += 1
            just_closed = False
            continue
        at += 1
        if c != '"':
            argument += c
            just_closed = False
        elif inside:
            inside, just_closed = False, True
        elif just_closed:
            argument += '"'
            just_closed = False
        else:
            inside = True
    return argument, line[at:]


# Chapter 20: text

def simple_folding():
    """Return the characters that case folding replaces, with their replacements.

    Python has only full case folding, which expands some characters to several. Characters
    with the same expansion, such as ẞ and ß, fold to the first of them.
    """
    folded, first = {}, {}
    for c in map(chr, range(sys.maxunicode + 1)):
        full = c.casefold()
        if full != c:
            folded[ord(c)] = full if len(full) == 1 else first.setdefault(full, c)
    return folded


FOLDED = simple_folding()


def fold(text):
    return string(text).translate(FOLDED)


def eq_ci(a, b):
    return fold(a) == fold(b)


def indexof(text, lookup):
    at = string(text).find(string(lookup))
    return None if lookup == "" else at


def substring(text, start, length=None):
    count = len(string(text))
    start = start + count if start < 0 else start
    length = count if length is None else length
    return text[start:start + length] if 0 <= start and length > 0 else ""


# Chapter 30: terms

def in_term(c):
    return c != "" and unicodedata.category(c)[0] in "LN"


def has(text, lookup):
    # A folded text is as long as the text, so that offsets are the same in both.
    folded_text, folded_lookup = fold(text), fold(lookup)
    at = folded_text.find(folded_lookup)
    while at >= 0:
        before, after = text[at - 1:at] if at else "", text[at + len(lookup):][:1]
        splits_term = in_term(lookup[:1]) and in_term(before) or in_term(lookup[-1:]) and in_term(after)
        if not splits_term:
            return True
        at = folded_text.find(folded_lookup, at + 1)
    return False


def has_any(text, lookups):
    return any(has(text, tostring(lookup)) for lookup in lookups)


# Chapter 40: dynamic values

def element(array, index):
    if isinstance(array, list) and -len(array) <= index < len(array):
        return array[index]
    return None


def tostring(value, type="dynamic"):
    if value is None:
        return ""
    if type == "bool":
        return str(value)
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def iff(condition, then, otherwise):
    return then if condition is True else otherwise


# Chapter 50: tables

def column_ifexists(row, name, default):
    return row.get(name, default)


def column_index(columns, name):
    names = [column["name"] for column in columns]
    if name not in names:
        raise KqlError("unknown-column")
    return names.index(name)


def reject_repeated(names):
    if len(set(names)) < len(names):
        raise KqlError("repeated-column")


def rows_as_dicts(table):
    names = [column["name"] for column in table["columns"]]
    return [dict(zip(names, row)) for row in table["rows"]]


def cell(value, type):
    return "" if value is None and type == "string" else value


def make_table(columns, rows):
    """Return a table of rows that are dicts."""
    cells = [[cell(row[column["name"]], column["type"]) for column in columns] for row in rows]
    return {"columns": columns, "rows": cells}


def where(table, name):
    column_index(table["columns"], name)
    return make_table(table["columns"], [row for row in rows_as_dicts(table) if row[name] is True])


def extend_with(table, assignments):
    """Extend a table. An assignment is a name, a type and a function of the row."""
    reject_repeated([name for name, _, _ in assignments])
    columns = {column["name"]: column["type"] for column in table["columns"]}
    columns.update((name, type) for name, type, _ in assignments)
    rows = [row | {name: value(row) for name, _, value in assignments} for row in rows_as_dicts(table)]
    return make_table([{"name": name, "type": type} for name, type in columns.items()], rows)


def extend(table, pairs):
    types = [table["columns"][column_index(table["columns"], source)]["type"] for _, source in pairs]
    copy = lambda source: lambda row: row[source]
    return extend_with(table, [(name, type, copy(source)) for (name, source), type in zip(pairs, types)])


def project_reorder(columns, listed):
    reject_repeated(listed)
    for name in listed:
        if name not in columns:
            raise KqlError("unknown-column")
    return listed + [name for name in columns if name not in listed]


# Chapter 60: the rule

ORIGINAL = "ProcessVersionInfoOriginalFileName"
SWITCHES = ["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"]
ALLOWED_TYPES = {"FileName": ["string", "dynamic"], "ProcessCommandLine": ["string"], "DeviceName": ["string"]}
FIRST_COLUMNS = [
    "TimeGenerated", "DeviceId", "DeviceName", "Direction", "RemoteUrl", "LocalFile",
    "InitiatingProcessFolderPath", "InitiatingProcessAccountDomain", "InitiatingProcessAccountName",
    "InitiatingProcessSHA256", "ProcessId", "ProcessCommandLine",
]


def is_selected(row):
    names = [row["FileName"], column_ifexists(row, ORIGINAL, "ColumnNotAvailable")]
    from_program = any(eq_ci(tostring(name), "bitsadmin.exe") for name in names)
    return from_program and has_any(row["ProcessCommandLine"] or "", SWITCHES)


def argument(index):
    return lambda row: tostring(element(row["ParsedCommandLine"], index))


def host_name(row):
    name = row["DeviceName"]
    return substring(name, 0, indexof(name, ".")) if has(name, ".") else name


def dns_domain(row):
    name = row["DeviceName"]
    return substring(name, indexof(name, ".") + 1) if has(name, ".") else ""


def bitsadmin_activity(table):
    columns = table["columns"]
    for name, types in ALLOWED_TYPES.items():
        if columns[column_index(columns, name)]["type"] not in types:
            raise KqlError("wrong-type")
    table = make_table(columns, [row for row in rows_as_dicts(table) if is_selected(row)])
    parsed = lambda row: parse_command_line(row["ProcessCommandLine"], "windows")
    table = extend_with(table, [("ParsedCommandLine", "dynamic", parsed)])
    direction = lambda row: iff(has(row["ProcessCommandLine"], "/Upload"), "Upload", "Download")
    table = extend_with(table, [("RemoteUrl", "string", argument(-2)), ("LocalFile", "string", argument(-1)),
                             ("Direction", "string", direction)])
    types = {column["name"]: column["type"] for column in table["columns"]}
    order = project_reorder(list(types), FIRST_COLUMNS)
    table = make_table([{"name": name, "type": types[name]} for name in order], rows_as_dicts(table))
    table = extend_with(table, [("HostName", "string", host_name)])
    return extend_with(table, [("DnsDomain", "string", dns_domain)])


# The functions by their KQL names.
FUNCTIONS = {
    "=~": eq_ci,
    "has": has,
    "has_any": has_any,
    "parse_command_line": parse_command_line,
    "[]": element,
    "tostring": tostring,
    "indexof": indexof,
    "substring": substring,
    "iff": iff,
    "column_ifexists": column_ifexists,
    "where": where,
    "extend": extend,
    "project-reorder": project_reorder,
    "bitsadmin_activity": bitsadmin_activity,
}
