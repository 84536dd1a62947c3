"""Gives answers that try to inject markup, commands and control characters into reports."""
import json, sys

BREAKOUT = "</script><img src=x onerror=alert(1)>&]]>\x1b[31m\x00\u202e\u2028\ufffd\ufffe%0A::error::\r\n|"
ANSWERS = [BREAKOUT, {BREAKOUT: BREAKOUT}, 1.7976931348623157e308, 123456789012345678901234567890, "x" * 100_000]

for number, line in enumerate(sys.stdin):
    call = json.loads(line)
    if call.get("op") == "hello":
        reply = {"engine": f"hostile {BREAKOUT}", "version": "1\n2"}
    elif number % 6 == 0:
        reply = {"id": call["id"], "error": BREAKOUT}
    else:
        reply = {"id": call["id"], "ok": ANSWERS[number % 6 - 1]}
    print(json.dumps(reply), flush=True)
