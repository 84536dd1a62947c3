"""An engine in plain Python that speaks protocol 1 (spec/80-protocol.md)."""
import json
import sys

import kql

FUNCTIONS = {
    "=~": kql.eq_ci,
    "has": kql.has,
    "has_any": kql.has_any,
    "parse_command_line": kql.parse_command_line,
    "[]": kql.element,
    "tostring": kql.tostring,
    "indexof": kql.indexof,
    "substring": kql.substring,
    "iff": kql.iff,
    "column_ifexists": kql.column_ifexists,
    "where": kql.where,
    "extend": kql.extend,
    "project-reorder": kql.project_reorder,
    "bitsadmin_activity": kql.bitsadmin_activity,
}


def answer(call):
    if call.get("op") == "hello":
        return {"engine": "plain Python", "version": "1", "functions": list(FUNCTIONS)}
    function = FUNCTIONS.get(call["fn"])
    if function is None:
        return {"id": call["id"], "unsupported": f"{call['fn']} is not implemented"}
    try:
        return {"id": call["id"], "ok": function(*call["args"])}
    except Exception as error:
        return {"id": call["id"], "error": str(error)}


for line in sys.stdin.buffer:
    print(json.dumps(answer(json.loads(line))), flush=True)
