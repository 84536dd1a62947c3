"""Compares the reference of the page with `rulespec serve` about every vector: vectors.py RULESPEC DIST"""
import json, pathlib, subprocess, sys

here = pathlib.Path(__file__).resolve().parent
rulespec, dist = sys.argv[1:]
vectors = [vector for file in sorted(here.glob("../../spec/vectors/*.json"))
           for vector in json.loads(file.read_text("utf-8"))]
calls = [json.dumps({"id": number, "fn": vector["fn"], "args": vector["args"]})
         for number, vector in enumerate(vectors)]
messages = "\n".join(['{"op": "hello", "protocol": 1}', *calls, '{"id": 0, "fn": "no such function", "args": []}']) + "\n"


def answers(*command):
    run = subprocess.run(command, input=messages, capture_output=True, encoding="utf-8", check=True)
    lines = run.stdout.split("\n")
    assert len(lines) == len(vectors) + 3, f"{command[0]}: {len(lines)} lines, {run.stderr}"
    return lines


differing = [(vector["id"], of_page, served) for vector, of_page, served in zip(
    [{"id": "hello"}, *vectors, {"id": "unknown"}], answers("node", here / "serve.mjs", dist), answers(rulespec, "serve"))
    if of_page != served]
for id, of_page, served in differing[:20]:
    print(f"{id}: the page answers {of_page[:200]}, serve {served[:200]}", file=sys.stderr)
if differing:
    sys.exit(f"{len(differing)} of {len(vectors)} answers differ")
print(f"{len(vectors)} vectors: the page answers as serve does")
