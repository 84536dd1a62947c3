"""The pytest plugin."""

import pytest

import rulespec

pytest_plugins = ["pytester"]

ENGINE = '''
import pytest

class Engine:
    def has(self, text, lookup):
        return lookup.lower() in text.lower()

@pytest.mark.rulespec(clause="TRM-05", fn="has")
def test_conforms(rulespec_vector):
    rulespec_vector.check(Engine())
'''


def test_there_is_one_test_per_vector(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(ENGINE)
    listed = pytester.runpytest_subprocess("--collect-only", "-q").stdout.str()
    assert "test_conforms[trm-0100 a slash at the left edge demands nothing]" in listed
    outcomes = pytester.runpytest_subprocess("-k", "trm-0100").parseoutcomes()
    assert outcomes["passed"] == 1


MARKED = """
import pytest

pytestmark = pytest.mark.rulespec(fn="has")

class Engine:
    def has(self, text, lookup):
        raise NotImplementedError

def test_of_module(rulespec_vector):
    rulespec_vector.check(Engine())

@pytest.mark.rulespec(fn="indexof")
def test_of_own(rulespec_vector):
    rulespec_vector.check(Engine())
"""


def test_functions_that_the_engine_does_not_have_are_skipped(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(MARKED)
    run = pytester.runpytest_subprocess("-rs")
    assert run.ret == 0
    assert set(run.parseoutcomes()) == {"skipped"}
    run.stdout.fnmatch_lines(["SKIPPED *the engine does not have has", "SKIPPED *the engine does not have indexof"])


def test_the_closest_marker_selects_vectors(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(MARKED)
    listed = pytester.runpytest_subprocess("--collect-only", "-q").stdout.str()
    for test, fn in [("test_of_module", "has"), ("test_of_own", "indexof")]:
        assert listed.count(f"::{test}[") == len(rulespec.vectors(fn=fn))


def test_a_marker_without_a_keyword_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(ENGINE.replace('clause="TRM-05", fn="has"', '"has"'))
    run = pytester.runpytest_subprocess()
    assert run.ret != 0
    assert "takes only keyword arguments, not 'has'" in run.stdout.str() + run.stderr.str()


def test_a_failure_shows_the_clause(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(ENGINE.replace('clause="TRM-05", fn="has"', 'fn="has"'))
    run = pytester.runpytest_subprocess("-q", "--tb=short")
    assert run.ret == 1
    run.stdout.fnmatch_lines(["FAIL trm-*", "  call   *", "  want   *", "  got    *", "  TRM-*", "*spec/30-terms.md:*"])
    assert "clauses it was asked" not in run.stdout.str()
    assert "_rulespec" not in run.stdout.str()
