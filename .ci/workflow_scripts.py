"""Runs shellcheck on each script in workflows and actions, and refuses expressions in them.

Usage: workflow_scripts.py SHELLCHECK FILE...

An expression, such as a name of a branch, would become part of the script. It belongs in `env`.
"""

import subprocess
import sys

from ruamel.yaml import YAML


def scripts(node):
    """All scripts below a node, each with its line."""
    if isinstance(node, dict):
        if isinstance(node.get("run"), str):
            yield node.lc.data["run"][0] + 1, node["run"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from scripts(child)


shellcheck, *files = sys.argv[1:]
problems, found = [], 0
for file in files:
    with open(file, encoding="utf-8") as text:
        document = YAML().load(text)
    for line, script in scripts(document):
        found += 1
        if "${{" in script:
            problems.append(f"{file}:{line}: an expression in a script; use env")
        checked = subprocess.run([shellcheck, "--shell", "bash", "-"], input=script, capture_output=True, text=True)
        if checked.returncode != 0:
            problems.append(f"{file}:{line}:\n{checked.stdout}{checked.stderr}")
print(*problems, sep="\n", end="\n" if problems else "")
sys.exit(bool(problems) or found == 0)
