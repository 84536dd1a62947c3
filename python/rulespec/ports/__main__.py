"""An engine of the specification's protocol that runs ports: ``python3 -m rulespec.ports --on duckdb``."""

import argparse
import functools
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

from . import ENGINES, Engine, Sigma
from ._cells import clean, read_datetime
from ._types import MAX_ERROR, MAX_MESSAGE, MAX_VALUES, Unsupported


def _said(error: Exception) -> str:
    return clean(str(error).strip() or type(error).__name__)[:MAX_ERROR]


def _answer(engine: Engine, call: dict[str, Any]) -> dict[str, Any]:
    try:
        if call["fn"] != "query":
            raise Unsupported("there is only the function query")
        return {"ok": engine.query(*call["args"])}
    except Unsupported as error:
        return {"unsupported": _said(error)}
    except Exception as error:  # whatever the engine raises is its answer
        return {"error": _said(error)}


def _size(line: str) -> int:
    """Return how many values a message has, as the protocol counts them."""
    most = sum(map(line.count, "[{,:"))
    return most if most <= MAX_VALUES else len(re.findall(r"[\[{,:]", re.sub(r'"(?:[^"\\]|\\.)*"', "", line)))


def _message(reply: dict[str, Any]) -> str:
    line = json.dumps(reply, allow_nan=False)
    if len(line) > MAX_MESSAGE or _size(line) > MAX_VALUES:
        return json.dumps({"id": reply["id"], "error": "the answer has more than a message has room for"})
    return line


def serve(make: Callable[[], Engine], calls: Iterable[bytes], out: Any) -> None:
    """Answer calls, one on each line, until there are no more."""
    engine = None
    for line in calls:
        call = json.loads(line)
        reply: dict[str, Any]
        if call.get("op") != "hello":
            reply = _answer(engine, call) if engine else {"error": "the first message must be hello"}
            reply["id"] = call["id"]
        else:
            try:
                engine = make()
                reply = {"engine": engine.name, "version": engine.version, "functions": ["query"]}
            except Exception as error:
                reply = {"error": _said(error)}
        print(_message(reply), file=out, flush=True)


def main() -> None:
    """Serve the protocol. What libraries print goes to standard error, and they cannot read the calls."""
    parser = argparse.ArgumentParser(description="An engine of rulespec's protocol that runs ports of a rule.")
    parser.add_argument("--on", choices=ENGINES, required=True, help="what runs the text")
    parser.add_argument("--language", choices=["sql", "sigma"], default="sql", help="the language of the text")
    time = "the time, in ISO 8601; the present by default"
    parser.add_argument("--now", type=read_datetime, metavar="TIME", help=time)
    options = parser.parse_args()
    if options.language == "sigma" and options.on not in Sigma.BACKENDS:
        parser.error("Sigma runs on sqlite or duckdb")
    make = ENGINES[options.on] if options.language == "sql" else functools.partial(Sigma, options.on)
    calls, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "w", encoding="ascii")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    serve(functools.partial(make, options.now), calls, out)


if __name__ == "__main__":
    main()
