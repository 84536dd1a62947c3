"""Finds a call that a faulty engine answers wrongly."""

# %%
import re

from hypothesis import find, settings

import rulespec
from rulespec import strategies


# %% An engine that implements `has` with the word boundaries of regular expressions.
class WordBoundaries:
    name = "word-boundaries"

    def has(self, text, lookup):
        return re.search(rf"\b{re.escape(lookup)}\b", text, re.IGNORECASE) is not None


# %% The report lists the clauses that it violates, and the misreading that explains them.
report = rulespec.check(WordBoundaries(), fn="has")
print(report)


# %% Hypothesis finds another example, and shrinks it.
def differs(arguments):
    text, lookup = arguments
    return WordBoundaries().has(text, lookup) != rulespec.has(text, lookup)


text, lookup = find(strategies.arguments("has"), differs, settings=settings(max_examples=10_000, database=None))
print(f"{text!r} has {lookup!r}: {WordBoundaries().has(text, lookup)}, and in Kusto {rulespec.has(text, lookup)}")
