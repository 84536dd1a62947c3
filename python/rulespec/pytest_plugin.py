"""A pytest plugin that tests an engine with one test per vector.

A test with the argument ``rulespec_vector`` runs once for each vector of the suite. The
test's name has the vector's id and title, so that ``pytest -k trm-0100`` runs one of them:

    def test_conforms(rulespec_vector):
        rulespec_vector.check(MyEngine())

``@pytest.mark.rulespec(fn="has")`` selects vectors. It takes the arguments of
:func:`rulespec.vectors`; the marker of a test takes precedence over that of its class or module.
Answers at open points never fail a test. A vector whose function the engine does not have is
skipped.

A test may assert that a port does not differ from its rule. If it does, the report shows how:

    def test_port():
        assert not rulespec.diff(RULE, port)
"""

from collections.abc import Generator
from typing import Any

import pytest

import rulespec


class Vector:
    """A call of an engine, and the expected answer."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields

    def check(self, engine: object) -> None:
        """Fail the test, and show the failure, if the engine's answer is wrong.

        Skip the test if the engine does not have the function.
        """
        __tracebackhide__ = True
        report = rulespec.check(engine, only=self.fields["id"])
        if report.unsupported:
            pytest.skip(f"the engine does not have {self.fields['fn']}")
        if not report.conforms:
            pytest.fail(report.failures().rstrip(), pytrace=False)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", "rulespec(**selection): run only the vectors that rulespec.vectors selects")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Generate a test for each vector."""
    if "rulespec_vector" not in metafunc.fixturenames:
        return
    selection: dict[str, Any] = {}
    # The closest marker comes first, so that it must be applied last.
    for mark in reversed(list(metafunc.definition.iter_markers("rulespec"))):
        if mark.args:
            raise pytest.UsageError(f"pytest.mark.rulespec takes only keyword arguments, not {mark.args[0]!r}")
        selection.update(mark.kwargs)
    vectors = rulespec.vectors(**selection)
    names = [f"{vector['id']} {vector['title']}" for vector in vectors]
    metafunc.parametrize("rulespec_vector", [Vector(vector) for vector in vectors], ids=names)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the differences that a failed assertion is about."""
    report = yield
    if call.excinfo and call.excinfo.errisinstance(AssertionError):
        # The rewritten assertion has its operands as local variables, even those without a name.
        values = call.excinfo.traceback[-1].locals.values()
        differences = {id(value): str(value) for value in values if isinstance(value, rulespec.Difference) and value}
        report.sections += [("rulespec.diff", text) for text in differences.values()]
    return report
