"""Prints the mutation score of each chapter, from the results of `bash .ci/mutants`.

Usage: python3 .ci/sharpness.py RESULTS [--write]     in the project's root folder

RESULTS holds a folder for each run of cargo-mutants: `vectors`, `near` and `all`. The
last two tested only the mutants that the run before had missed. tests/mutants.json
lists the mutants that are equivalent to the original, and those that no call of an
engine can reach. --write updates the table in spec/README.md. The exit status is 1 if
a mutant is missed without a reason, a reason is stale, a file belongs to no chapter,
or a score is below its threshold.
"""

import json
import pathlib
import sys

CHAPTERS = {
    "10 `CMD` command lines": ["kql/command_line.rs"],
    "20 `TXT` text": ["kql/text.rs"],
    "30 `TRM` terms": ["kql/terms.rs"],
    "40 `DYN` dynamic values": ["kql/dynamic.rs"],
    "50 `TAB` tables": ["kql/table.rs", "kql/value.rs", "kql/time.rs"],
    "10 to 50 as a set": ["kql.rs", "kql/error.rs", "kql/profile.rs", "kql/semantics.rs"],
    "60 `RUL` the rule": ["rule.rs", "rule/evaluate.rs", "rule/expression.rs", "rule/stage.rs", "rule/types.rs"],
    "60 `RUL` what is said of it": [
        "rule/entities.rs",
        "rule/explain.rs",
        "rule/metadata.rs",
        "rule/print.rs",
        "rule/schedule.rs",
    ],
}
HEAD = """\
| chapter | mutants | equivalent | caught by all tests | | can be asked | caught by the vectors | |
|---|---:|---:|---:|---:|---:|---:|---:|
"""
MARK = "<!-- mutants -->\n"
THRESHOLDS = {"vectors": 95, "all tests": 98}


def outcomes(folder):
    """Yields each mutant of a run that compiles: its name, its description, whether it was caught."""
    file = folder / "mutants.out/outcomes.json"
    for outcome in json.loads(file.read_text())["outcomes"] if file.exists() else []:
        if isinstance(outcome["scenario"], dict) and outcome["summary"] != "Unviable":
            mutant = outcome["scenario"]["Mutant"]
            yield mutant["name"], mutant, outcome["summary"] in ("CaughtMutant", "Timeout")


class Mutant:
    """A mutant, which tests caught it, and the reason why they need not."""

    def __init__(self, name, description):
        self.name, self.file = name, description["file"]
        self.change = name.split(": ", 1)[1]
        self.function = (description["function"] or {}).get("function_name")
        start = description["span"]["start"]
        lines = pathlib.Path(self.file).read_text().splitlines()
        self.text = lines[start["line"] - 1][start["column"] - 1 :]
        self.by_vectors = self.by_all = False
        self.reason = None

    def matches(self, reason):
        """Whether a reason is about this mutant, its function or its file."""
        return (
            self.file == reason["file"]
            and self.function == reason.get("function", self.function)
            and self.change == reason.get("mutant", self.change)
            and self.text.startswith(reason.get("at", ""))
        )

    def is_exempt_as(self, kind):
        return self.reason is not None and self.reason["is"] == kind


def read(results):
    """Returns every mutant, with the tests that caught it."""
    mutants = {}
    for name, description, caught in outcomes(results / "vectors"):
        mutants[name] = Mutant(name, description)
        mutants[name].by_vectors = mutants[name].by_all = caught
    for run in ("near", "all"):
        for name, _, caught in outcomes(results / run):
            mutants[name].by_all |= caught
    return list(mutants.values())


def problems(mutants, reasons):
    """Assigns the reasons to the mutants; yields stale reasons and missed mutants."""
    for reason in reasons:
        matching = [mutant for mutant in mutants if mutant.matches(reason)]
        for mutant in matching:
            mutant.reason = reason
        caught = any(mutant.by_all if reason["is"] == "equivalent" else mutant.by_vectors for mutant in matching)
        if not matching or caught and "mutant" in reason:
            yield f"stale: {'caught' if matching else 'no mutant'}: {json.dumps(reason)}"
    known_files = {f"src/{file}" for files in CHAPTERS.values() for file in files}
    for file in sorted({mutant.file for mutant in mutants} - known_files):
        yield f"in no chapter: {file}"
    for mutant in mutants:
        if mutant.reason is None and not mutant.by_vectors:
            yield f"missed by the vectors: {mutant.name}"
        if not mutant.by_all and not mutant.is_exempt_as("equivalent"):
            yield f"missed by all tests: {mutant.name}"


def score(caught, of):
    """A percentage, rounded down so that 100 means all."""
    return f"{1000 * caught // of / 10} %" if of else ""


def row(name, mutants):
    """Returns a row of the table, and its two scores."""
    countable = [mutant for mutant in mutants if not mutant.is_exempt_as("equivalent")]
    reachable = [mutant for mutant in countable if not mutant.is_exempt_as("not asked")]
    by_all = sum(mutant.by_all for mutant in countable)
    by_vectors = sum(mutant.by_vectors for mutant in reachable)
    cells = [name, len(mutants), len(mutants) - len(countable), by_all, score(by_all, len(countable))]
    cells += [len(reachable), by_vectors, score(by_vectors, len(reachable))]
    scores = {"vectors": (by_vectors, len(reachable)), "all tests": (by_all, len(countable))}
    return "| " + " | ".join(map(str, cells)) + " |\n", scores


def main():
    mutants = read(pathlib.Path(sys.argv[1]))
    found = list(problems(mutants, json.loads(pathlib.Path("tests/mutants.json").read_text())))
    table = HEAD
    for chapter, files in CHAPTERS.items():
        table += row(chapter, [mutant for mutant in mutants if mutant.file.removeprefix("src/") in files])[0]
    total, scores = row("**all**", mutants)
    print(*found, table + total, sep="\n")
    if "--write" in sys.argv:
        page = pathlib.Path("spec/README.md")
        before, _, after = page.read_text().split(MARK)
        page.write_text(MARK.join([before, table + total, after]))
    below = [name for name, (caught, of) in scores.items() if 100 * caught < THRESHOLDS[name] * of]
    print(*(f"{name}: below {THRESHOLDS[name]} %" for name in below), sep="\n")
    sys.exit(bool(found or below))


if __name__ == "__main__":
    main()
