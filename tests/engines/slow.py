"""The plain Python engine with a mistake in the rule, and a pause before each answer.

    python3 slow.py MILLISECONDS MISTAKE
"""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "engines" / "python"))
import kql

PAUSE = float(sys.argv[1]) / 1000
MISTAKE = sys.argv[2]
RIGHT = dict(kql.FUNCTIONS)


def changed(change):
    """Return the rule with a change to its answer."""
    return lambda table: change(RIGHT["bitsadmin_activity"](table))


def each_row(change):
    def change_rows(table):
        names = [column["name"] for column in table["columns"]]
        rows = [dict(zip(names, row)) for row in table["rows"]]
        for row in rows:
            change(row)
        return {"columns": table["columns"], "rows": [[row[name] for name in names] for row in rows]}
    return changed(change_rows)


def url_by_position(row):
    arguments = row["ParsedCommandLine"]
    row["RemoteUrl"] = arguments[3] if len(arguments) > 3 else ""


def url_in_lower_case(row):
    row["RemoteUrl"] = row["RemoteUrl"].lower()


def own_columns(table):
    own = ["HostName", "DnsDomain"] + kql.FIRST_COLUMNS
    columns = sorted((column for column in table["columns"] if column["name"] in own),
                     key=lambda column: own.index(column["name"]))
    at = [table["columns"].index(column) for column in columns]
    return {"columns": columns, "rows": [[row[index] for index in at] for row in table["rows"]]}


MISTAKES = {
    "none": RIGHT["bitsadmin_activity"],
    "url-by-position": each_row(url_by_position),
    "url-in-lower-case": each_row(url_in_lower_case),
    "own-columns": changed(own_columns),
}


def answer(call):
    if call.get("op") == "hello":
        return {"engine": "slow", "version": "1", "functions": ["bitsadmin_activity"]}
    time.sleep(PAUSE)
    try:
        return {"id": call["id"], "ok": MISTAKES[MISTAKE](*call["args"])}
    except Exception as error:
        return {"id": call["id"], "error": str(error)}


for line in sys.stdin.buffer:
    print(json.dumps(answer(json.loads(line))), flush=True)
