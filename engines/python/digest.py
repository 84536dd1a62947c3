"""Digests of small scopes (spec/digests.md): python3 digest.py has 3"""
import hashlib
import json
import sys

import kql


def texts(characters, n, text=""):
    yield text
    if len(text) < n:
        for c in characters:
            yield from texts(characters, n, text + c)


def arrays(of):
    yield []
    for x in of:
        yield [x]
        yield from ([x, y] for y in of)


def around(n):
    return range(-n - 1, n + 2)


def some(of):
    return lambda text, n: ([text, b] for b in of(n))


PAIRS = list(arrays(list(texts("aA_é", 2))))
SCOPES = {
    "parse_command_line": (kql.parse_command_line, 'a \t"\\', lambda text, n: [[text, "windows"]] * (text.strip(" \t") != "")),
    "=~": (kql.eq_ci, "aA@`é", some(lambda n: texts("aA@`é", n))),
    "indexof": (kql.indexof, "abA", some(lambda n: list(texts("abA", 3))[1:])),
    "substring": (kql.substring, "ab", lambda text, n: ([text, s, *l] for s in around(n) for l in [[], *([k] for k in range(-1, n + 2))])),
    "has": (kql.has, "aA7_é", some(lambda n: texts("aA7_é", 4))),
    "has_any": (kql.has_any, "aA_é", some(lambda n: PAIRS)),
    "[]": (kql.element, "ab", lambda text, n: ([list(text), index] for index in around(n))),
    "tostring": (kql.tostring, 'a"\\ é', lambda text, n: [[list(text)]]),
    "iff": (kql.iff, "ab", lambda text, n: ([c, text, b] for c in [True, False] for b in texts("ab", n))),
}


def line(args, ok):
    return json.dumps({"args": args, "ok": ok}, ensure_ascii=False, separators=(",", ":")) + "\n"


name, n = sys.argv[1], int(sys.argv[2])
function, characters, questions = SCOPES[name]
count, digest = 0, hashlib.sha256()
for text in texts(characters, n):
    for args in questions(text, n):
        count, _ = count + 1, digest.update(line(args, function(*args)).encode())
print(f"| `{name}` | {n} | {count} | `{digest.hexdigest()}` |")
