"""A hunt for the question that a wrong engine answers wrongly."""

# %%
import re

from hypothesis import find, settings

import rulespec
from rulespec import strategies


# %% An engine that takes a term for a word of a regular expression, as ports of KQL do.
class Words:
    name = "words"

    def has(self, text, lookup):
        return re.search(rf"\b{re.escape(lookup)}\b", text, re.IGNORECASE) is not None


# %% The suite says which clauses it misses, and what it looks like.
report = rulespec.check(Words(), fn="has")
print(report)


# %% Hypothesis finds an example of its own, and makes it small.
def differs(arguments):
    text, lookup = arguments
    return Words().has(text, lookup) != rulespec.has(text, lookup)


text, lookup = find(strategies.arguments("has"), differs, settings=settings(max_examples=10_000, database=None))
print(f"{text!r} has {lookup!r}: {Words().has(text, lookup)}, and Kusto answers {rulespec.has(text, lookup)}")
