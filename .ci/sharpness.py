"""Prints how sharp the suite is, out of the results of `bash .ci/mutants`.

Usage: python3 .ci/sharpness.py RESULTS [--write]     from the project's folder

RESULTS holds a folder for each run of cargo-mutants: `vectors`, and `near` and
`all` with what the run before had missed. tests/mutants.json says which mutants
change nothing, and which no engine can be asked about. --write writes the table
into spec/README.md. Ends with 1 where a mutant is missed without a reason, a reason
is stale, or a score is below its bar.
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
    "10 to 50 as a set": ["kql/error.rs", "kql/profile.rs", "kql/semantics.rs"],
    "60 `RUL` the rule": ["rule/mod.rs", "rule/stage.rs", "rule/expression.rs"],
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
BARS = {"vectors": 95, "all tests": 98}


def outcomes(folder):
    """The mutants of a run that could be built: name, and what cargo-mutants says of it."""
    file = folder / "mutants.out/outcomes.json"
    for outcome in json.loads(file.read_text())["outcomes"] if file.exists() else []:
        if isinstance(outcome["scenario"], dict) and outcome["summary"] != "Unviable":
            mutant = outcome["scenario"]["Mutant"]
            yield mutant["name"], mutant, outcome["summary"] in ("CaughtMutant", "Timeout")


class Mutant:
    """A mutant, what caught it, and why that need not be."""

    def __init__(self, name, told):
        self.name, self.file = name, told["file"]
        self.change = name.split(": ", 1)[1]
        self.function = (told["function"] or {}).get("function_name")
        start = told["span"]["start"]
        lines = pathlib.Path(self.file).read_text().splitlines()
        self.text = lines[start["line"] - 1][start["column"] - 1 :]
        self.by_vectors = self.by_all = False
        self.reason = None

    def fits(self, reason):
        """Whether a reason is about this mutant: its file, its function, or itself."""
        return (
            self.file == reason["file"]
            and self.function == reason.get("function", self.function)
            and self.change == reason.get("mutant", self.change)
            and self.text.startswith(reason.get("at", ""))
        )

    def is_(self, what):
        return self.reason is not None and self.reason["is"] == what


def read(results):
    """Every mutant, with what caught it."""
    mutants = {}
    for name, told, caught in outcomes(results / "vectors"):
        mutants[name] = Mutant(name, told)
        mutants[name].by_vectors = mutants[name].by_all = caught
    for run in ("near", "all"):
        for name, _, caught in outcomes(results / run):
            mutants[name].by_all |= caught
    return list(mutants.values())


def faults(mutants, reasons):
    """Gives each mutant its reason; yields what is wrong with reasons and mutants."""
    for reason in reasons:
        fitting = [mutant for mutant in mutants if mutant.fits(reason)]
        for mutant in fitting:
            mutant.reason = reason
        caught = any(mutant.by_all if reason["is"] == "equivalent" else mutant.by_vectors for mutant in fitting)
        if not fitting or caught and "mutant" in reason:
            yield f"stale: {'caught' if fitting else 'no mutant'}: {json.dumps(reason)}"
    for mutant in mutants:
        if mutant.reason is None and not mutant.by_vectors:
            yield f"missed by the vectors: {mutant.name}"
        if not mutant.by_all and not mutant.is_("equivalent"):
            yield f"missed by all tests: {mutant.name}"


def score(caught, of):
    """Percent, rounded down, so that 100 means all."""
    return f"{1000 * caught // of / 10} %" if of else ""


def row(name, mutants):
    """A row of the table, and its two scores."""
    alive = [mutant for mutant in mutants if not mutant.is_("equivalent")]
    asked = [mutant for mutant in alive if not mutant.is_("not asked")]
    by_all = sum(mutant.by_all for mutant in alive)
    by_vectors = sum(mutant.by_vectors for mutant in asked)
    cells = [name, len(mutants), len(mutants) - len(alive), by_all, score(by_all, len(alive))]
    cells += [len(asked), by_vectors, score(by_vectors, len(asked))]
    scores = {"vectors": (by_vectors, len(asked)), "all tests": (by_all, len(alive))}
    return "| " + " | ".join(map(str, cells)) + " |\n", scores


def main():
    mutants = read(pathlib.Path(sys.argv[1]))
    wrong = list(faults(mutants, json.loads(pathlib.Path("tests/mutants.json").read_text())))
    table = HEAD
    for chapter, files in CHAPTERS.items():
        table += row(chapter, [mutant for mutant in mutants if mutant.file.removeprefix("src/") in files])[0]
    total, scores = row("**all**", mutants)
    print(*wrong, table + total, sep="\n")
    if "--write" in sys.argv:
        page = pathlib.Path("spec/README.md")
        before, _, after = page.read_text().split(MARK)
        page.write_text(MARK.join([before, table + total, after]))
    below = [name for name, (caught, of) in scores.items() if 100 * caught < BARS[name] * of]
    print(*(f"{name}: below {BARS[name]} %" for name in below), sep="\n")
    sys.exit(bool(wrong or below))


if __name__ == "__main__":
    main()
