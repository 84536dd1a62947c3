"""Implements `has` as a substring search and splits command lines at whitespace."""
import json, sys

for line in sys.stdin:
    call = json.loads(line)
    if call.get("op") == "hello":
        reply = {"engine": "naive", "version": "1.2", "functions": ["has", "parse_command_line", "indexof"]}
    elif call["fn"] == "has":
        reply = {"id": call["id"], "ok": call["args"][1].lower() in call["args"][0].lower()}
    elif call["fn"] == "parse_command_line":
        reply = {"id": call["id"], "ok": call["args"][0].split()}
    else:
        reply = {"id": call["id"], "ok": -1}
    print(json.dumps(reply), flush=True)
