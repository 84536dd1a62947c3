"""Answers `has` correctly, but fails on a text with a tab in the way that the first argument names."""
import json, os, pathlib, sys, time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "engines" / "python"))
import kql

fault = sys.argv[1]
for line in sys.stdin:
    call = json.loads(line)
    if call.get("op") == "hello":
        reply = {"engine": "fragile", "version": "1", "functions": ["has"]}
    else:
        reply = {"id": call["id"], "ok": kql.has(*call["args"])}
        if "\t" in call["args"][0]:
            match fault:
                case "crashes":
                    print("a tab!", file=sys.stderr)
                    os._exit(7)
                case "raises":
                    raise ValueError(f"cannot read {call['args'][0]!r} \x1b[31m\n::error::{'x' * 60} ::error::y")
                case "raises-once":
                    state = pathlib.Path(sys.argv[2])
                    if not state.exists():
                        state.touch()
                        raise ValueError("only once")
                case "stalls":
                    time.sleep(60)
                case "garbles":
                    reply["id"] = "?"
                case "slow":
                    time.sleep(0.01)
    print(json.dumps(reply), flush=True)
