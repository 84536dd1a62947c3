"""A test a vector, for engines that are written in Python.

A test that takes ``rulespec_vector`` runs once for each vector of the suite, named
by its id and title, so that ``pytest -k trm-0100`` runs one:

    def test_conforms(rulespec_vector):
        rulespec_vector.check(MyEngine())

``@pytest.mark.rulespec(fn="has")`` selects vectors by the arguments of
:func:`rulespec.vectors`. An open point fails no test.
"""

from typing import Any

import pytest

import rulespec


class Vector:
    """One question to an engine, and the answer it should give."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields

    def check(self, engine: object) -> None:
        """Fails the test, with the report, where the engine answers wrongly."""
        __tracebackhide__ = True
        report = rulespec.check(engine, only=self.fields["id"])
        if not report.conforms:
            pytest.fail(str(report).partition("─")[0].rstrip(), pytrace=False)


def pytest_configure(config: pytest.Config) -> None:
    """Declares the marker."""
    config.addinivalue_line("markers", "rulespec(**selection): ask these vectors, as rulespec.vectors selects")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes a test for each vector."""
    if "rulespec_vector" not in metafunc.fixturenames:
        return
    selection: dict[str, Any] = {}
    for mark in metafunc.definition.iter_markers("rulespec"):
        selection.update(mark.kwargs)
    vectors = rulespec.vectors(**selection)
    names = [f"{vector['id']} {vector['title']}" for vector in vectors]
    metafunc.parametrize("rulespec_vector", [Vector(vector) for vector in vectors], ids=names)
