"""Protocol 1 over standard input and output, for adapters written in Python."""
import json
import sys


class Unsupported(Exception):
    """The engine does not have what was asked for."""


def serve(engine, version, answer, functions=None):
    """Answers each call with `answer(fn, args)` until standard input ends."""
    # The engine may print; only answers belong on standard output.
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        call = json.loads(line)
        if call.get("op") == "hello":
            reply = {"engine": engine, "version": version}
            if functions:
                reply["functions"] = functions
        else:
            reply = {"id": call["id"]}
            try:
                reply["ok"] = answer(call["fn"], call["args"])
            except Unsupported as error:
                reply["unsupported"] = str(error)[:500]
            except Exception as error:  # whatever the engine raises is its answer
                reply["error"] = f"{type(error).__name__}: {error}"[:500]
        print(json.dumps(reply), file=out, flush=True)


def shape(wanted, columns, rows):
    """A result as the answer to a call: `columns` are pairs of name and KQL type."""
    if wanted == "cell":
        return rows[0][0]
    if wanted == "columns":
        return [name for name, _ in columns]
    typed = [{"name": name, "type": kind} for name, kind in columns]
    return {"columns": typed, "rows": [list(row) for row in rows]}


def timespan(ticks):
    """A number of 100 nanoseconds as KQL writes a timespan."""
    seconds, fraction = divmod(abs(ticks), 10_000_000)
    days, seconds = divmod(seconds, 86_400)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    text = (f"{days}." if days else "") + text + (f".{fraction:07}" if fraction else "")
    return "-" + text if ticks < 0 else text
