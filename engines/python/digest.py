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


def non_blank_lines(text, n):
    return [[text, "windows"]] if text.strip(" \t") else []


def starts_and_lengths(text, n):
    for start in range(-n - 1, n + 2):
        yield [text, start]
        yield from ([text, start, length] for length in range(-1, n + 2))


def arrays(text, n):
    terms = list(texts("aA_éÉ", 2))
    yield [text, []]
    for x in terms:
        yield [text, [x]]
        yield from ([text, [x, y]] for y in terms)


def with_second_text(characters, max_length=None):
    return lambda text, n: ([text, b] for b in texts(characters, max_length or n))


SCOPES = {
    "parse_command_line": (kql.parse_command_line, 'a \t"\\', non_blank_lines),
    "=~": (kql.eq_ci, "aA@`éÉ", with_second_text("aA@`éÉ")),
    "indexof": (kql.indexof, "abA", lambda text, n: ([text, b] for b in texts("abA", 3) if b)),
    "substring": (kql.substring, "ab", starts_and_lengths),
    "has": (kql.has, "aA7_éÉ", with_second_text("aA7_éÉ", 4)),
    "has_any": (kql.has_any, "aA_éÉ", arrays),
    "[]": (kql.element, "ab", lambda text, n: ([list(text), at] for at in range(-n - 1, n + 2))),
    "tostring": (kql.tostring, 'a"\\ é', lambda text, n: [[list(text)]]),
    "iff": (kql.iff, "ab", lambda text, n: ([c, text, b] for c in (True, False) for b in texts("ab", n))),
}
name, n = sys.argv[1], int(sys.argv[2])
function, characters, arguments = SCOPES[name]
count, digest = 0, hashlib.sha256()
for args in (args for text in texts(characters, n) for args in arguments(text, n)):
    line = json.dumps({"args": args, "ok": function(*args)}, ensure_ascii=False, separators=(",", ":"))
    count, _ = count + 1, digest.update(f"{line}\n".encode())
print(f"| `{name}` | {n} | {count} | `{digest.hexdigest()}` |")
