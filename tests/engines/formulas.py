"""Has a name, a version and answers that a spreadsheet would run as formulas. With `number`, the
answers are negative numbers."""
import json, sys

for line in sys.stdin:
    call = json.loads(line)
    if call.get("op") == "hello":
        reply = {"engine": "=cmd|' /C calc'!A0", "version": "@SUM(1)"}
    elif sys.argv[1:] == ["number"]:
        reply = {"id": call["id"], "ok": -7}
    else:
        reply = {"id": call["id"], "ok": "+1;=2"}
    print(json.dumps(reply), flush=True)
