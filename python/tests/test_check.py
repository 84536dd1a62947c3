"""Python objects as engines."""

import json
from pathlib import Path
from typing import Any

import pytest

import rulespec


class Substring:
    """Implements only `has`, as a search for a substring."""

    name = "substring"
    version = "7"

    def has(self, text: str, lookup: str) -> bool:
        return folded(lookup) in folded(text)


def folded(text: str) -> str:
    """Simple case folding: `str.lower` keeps U+017F, and `str.casefold` expands some letters."""
    return "".join(c.casefold() if len(c.casefold()) == 1 else c for c in text)


def test_a_report_names_the_misreading() -> None:
    report = rulespec.check(Substring(), fn="has")
    assert not report.conforms
    assert "looks like  has-as-substring: explains all" in str(report)
    assert str(report).splitlines()[-1].startswith("substring 7 misses ")
    assert "again  rulespec show trm-" in str(report)


def test_a_report_renders_in_every_format() -> None:
    report = rulespec.check(Substring(), only="trm-0100")
    saved = json.loads(report.render("json"))
    assert [outcome["verdict"] for outcome in saved["outcomes"]] == ["pass"]
    assert report.render("junit").startswith("<?xml")
    assert report.render("html").startswith("<!doctype html>")
    assert report.render("github") == "" or report.render("github").startswith("::")
    assert "\x1b[" in report.render(colour=True)
    assert len(report.render(verbose=True)) > len(report.render())
    with pytest.raises(rulespec.Error, match='there is no format "pdf"'):
        report.render("pdf")  # type: ignore[arg-type]


def verdict_of(method: Any) -> tuple[str, Any]:
    """Return the verdict and the answer of an engine whose `has` calls `method`."""

    class Engine:
        def has(self, text: str, lookup: str) -> Any:
            return method()

    report = rulespec.check(Engine(), only="trm-0100")
    (outcome,) = json.loads(report.render("json"))["outcomes"]
    return outcome["verdict"], outcome["answer"]


def raising(error: BaseException) -> Any:
    raise error


class Refusal(Exception):
    kind = "unknown-parser"


def test_results_and_exceptions_become_verdicts() -> None:
    assert verdict_of(lambda: False) == ("fail", {"value": False})
    assert verdict_of(lambda: raising(NotImplementedError("later"))) == ("unsupported", {"unsupported": "later"})
    assert verdict_of(lambda: raising(KeyError("x"))) == ("refused", {"error": "KeyError: 'x'"})
    assert verdict_of(lambda: raising(Refusal())) == ("refused", {"error": "unknown-parser"})
    garbled = {"garbled": "wrong-type: expected a value that KQL can represent, got object"}
    assert verdict_of(object) == ("garbled", garbled)
    # No long holds it, and it must not become a rounded real.
    garbled = {"garbled": "wrong-type: expected a 64-bit integer or a float, got int"}
    assert verdict_of(lambda: [{"a": 2**63}]) == ("garbled", garbled)
    assert verdict_of(lambda: 2.0**63) == ("fail", {"value": 2.0**63})


def test_a_missing_method_is_unsupported() -> None:
    report = rulespec.check(object(), only="trm-0100")
    assert report.unsupported == {"has": 1}
    assert not report.conforms
    assert "was asked none of the" in str(report)


def test_a_function_that_is_missing_is_no_failure() -> None:
    class Engine:
        def has(self, text: str, lookup: str) -> bool:
            return rulespec.has(text, lookup)

    report = rulespec.check(Engine(), fn=["has", "has_any"])
    assert report.conforms
    assert list(report.unsupported) == ["has_any"]
    assert report.failures() == ""
    assert " are unsupported" in str(report).splitlines()[-1]


def test_a_keyboard_interrupt_ends_the_check() -> None:
    calls = []

    class Engine:
        def has(self, text: str, lookup: str) -> bool:
            calls.append(text)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rulespec.check(Engine(), fn="has")
    assert len(calls) == 1


def test_an_empty_selection_is_an_error() -> None:
    with pytest.raises(rulespec.Error, match='no vector has the id "nope"') as error:
        rulespec.check(Substring(), only="nope")
    assert error.value.kind == "wrong-usage"


def test_an_unknown_selection_is_a_type_error() -> None:
    with pytest.raises(TypeError, match='unexpected keyword argument "nope"'):
        rulespec.vectors(nope="")  # type: ignore[call-arg]


def test_known_failures_do_not_fail_the_check(tmp_path: Path) -> None:
    failing = json.loads(rulespec.check(Substring(), fn="has").render("json"))["outcomes"]
    lines = [f"{outcome['id']}  # searches for substrings\n" for outcome in failing if outcome["verdict"] == "fail"]
    assert lines
    known = tmp_path / "known.txt"
    known.write_text("".join(lines))
    assert rulespec.check(Substring(), fn="has", known=known).conforms
    with pytest.raises(rulespec.Error, match=r"missing.txt: "):
        rulespec.check(Substring(), fn="has", known=str(tmp_path / "missing.txt"))


def test_vectors_can_be_selected() -> None:
    assert [vector["id"] for vector in rulespec.vectors(only=["trm-0100", "trm-0101"])] == ["trm-0100", "trm-0101"]
    assert {vector["fn"] for vector in rulespec.vectors(fn="has_any", chapter="TRM")} == {"has_any"}
    assert len(rulespec.vectors()) > 500
