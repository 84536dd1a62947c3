"""Protocol 1 over standard input and output, for adapters in Python."""
import json
import sys


class Unsupported(Exception):
    """The engine does not implement the call."""


def serve(engine, version, query):
    """Answer each query with `query(text, tables)` until standard input ends."""
    # If the engine prints, that must not get between the answers.
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        call = json.loads(line)
        if call.get("op") == "hello":
            reply = {"engine": engine, "version": version, "functions": ["query"]}
        else:
            reply = {"id": call["id"]}
            try:
                reply["ok"] = query(*call["args"])
            except Unsupported as error:
                reply["unsupported"] = str(error)[:500]
            except Exception as error:  # any exception of the engine is its answer
                reply["error"] = f"{type(error).__name__}: {error}"[:500]
        print(json.dumps(reply), file=out, flush=True)


def table(columns, rows):
    """Return a result as a table. Columns are pairs of a name and a KQL type."""
    typed = [{"name": name, "type": kind} for name, kind in columns]
    return {"columns": typed, "rows": [list(row) for row in rows]}


def timespan(ticks):
    """Format a number of 100 ns ticks as KQL formats a timespan."""
    seconds, fraction = divmod(abs(ticks), 10_000_000)
    days, seconds = divmod(seconds, 86_400)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    text = (f"{days}." if days else "") + text + (f".{fraction:07}" if fraction else "")
    return "-" + text if ticks < 0 else text
