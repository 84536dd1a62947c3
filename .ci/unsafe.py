#!/usr/bin/env python3
"""Counts the word `unsafe` in the code of each dependency, without comments and tests.

    python3 .ci/unsafe.py --package rulespec-events [--features parquet]
"""

import json
import os
import re
import subprocess
import sys

COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
NOT_BUILT = {"tests", "benches", "examples", "fuzz"}


def sources() -> dict[str, str]:
    """The folder of each package, by its name and version."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--all-features"]
    packages = json.loads(subprocess.check_output(command))["packages"]
    return {f"{package['name']} v{package['version']}": os.path.dirname(package["manifest_path"])
            for package in packages if package["source"]}


def count(folder: str) -> int:
    total = 0
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_BUILT]
        for name in files:
            if name.endswith(".rs"):
                with open(os.path.join(root, name), errors="replace") as file:
                    total += len(re.findall(r"\bunsafe\b", COMMENT.sub("", file.read())))
    return total


def main() -> None:
    tree = ["cargo", "tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none", *sys.argv[1:]]
    lines = subprocess.check_output(tree, text=True).splitlines()
    names = {" ".join(line.split()[:2]) for line in lines}
    counts = [(count(folder), name) for name, folder in sources().items() if name in names]
    for number, name in sorted(counts, reverse=True):
        print(f"{number:6}  {name}")


main()
