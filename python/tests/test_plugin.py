"""The pytest plugin."""

import pytest

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


def test_a_failure_shows_the_clause(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(ENGINE.replace('clause="TRM-05", fn="has"', 'fn="has"'))
    run = pytester.runpytest_subprocess("-q", "--tb=short")
    assert run.ret == 1
    run.stdout.fnmatch_lines(["FAIL trm-*", "  call   *", "  want   *", "  got    *", "  TRM-*spec/30-terms.md:*"])
    assert "──" not in run.stdout.str()
    assert "_rulespec" not in run.stdout.str()
