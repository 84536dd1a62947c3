"""An engine in plain Python that speaks protocol 1 (spec/80-protocol.md)."""
import json
import sys

import kql


def answer(call):
    if call.get("op") == "hello":
        return {"engine": "plain Python", "version": "1", "functions": list(kql.FUNCTIONS)}
    function = kql.FUNCTIONS.get(call["fn"])
    if function is None:
        return {"id": call["id"], "unsupported": f"{call['fn']} is not implemented"}
    try:
        return {"id": call["id"], "ok": function(*call["args"])}
    except Exception as error:
        return {"id": call["id"], "error": str(error)}


for line in sys.stdin.buffer:
    print(json.dumps(answer(json.loads(line))), flush=True)
