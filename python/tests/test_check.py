"""Engines that are objects of Python."""

import json
from pathlib import Path
from typing import Any

import pytest

import rulespec


class Substring:
    """Takes `has` for a search of substrings, and has nothing else."""

    name = "substring"
    version = "7"

    def has(self, text: str, lookup: str) -> bool:
        return folded(lookup) in folded(text)


def folded(text: str) -> str:
    """Simple case folding: `str.lower` keeps U+017F, `str.casefold` writes two letters for some."""
    return "".join(c.casefold() if len(c.casefold()) == 1 else c for c in text)


def test_a_misreading_is_told_with_its_explanation() -> None:
    report = rulespec.check(Substring(), fn="has")
    assert not report.conforms
    assert "looks like  has-as-substring: explains all" in str(report)
    assert str(report).splitlines()[-1].startswith("substring 7 does not conform: ")
    assert "again  rulespec show trm-" in str(report)


def test_every_format_is_that_of_the_command() -> None:
    report = rulespec.check(Substring(), only="trm-0100")
    saved = json.loads(report.render("json"))
    assert [outcome["verdict"] for outcome in saved["outcomes"]] == ["pass"]
    assert report.render("junit").startswith("<?xml")
    assert report.render("html").startswith("<!doctype html>")
    assert report.render("github") == "" or report.render("github").startswith("::")
    assert "\x1b[" in report.render(colour=True)
    assert len(report.render(verbose=True)) > len(report.render())
    with pytest.raises(rulespec.Error, match='no format "pdf"'):
        report.render("pdf")  # type: ignore[arg-type]


def answer_of(answer: Any) -> tuple[str, Any]:
    """What becomes of an engine that does this when it is asked `has`."""

    class Engine:
        def has(self, text: str, lookup: str) -> Any:
            return answer()

    report = rulespec.check(Engine(), only="trm-0100")
    (outcome,) = json.loads(report.render("json"))["outcomes"]
    return outcome["verdict"], outcome["answer"]


def raising(error: BaseException) -> Any:
    raise error


class Refusal(Exception):
    kind = "unknown-parser"


def test_what_a_method_does_becomes_a_verdict() -> None:
    assert answer_of(lambda: False) == ("fail", {"value": False})
    assert answer_of(lambda: raising(NotImplementedError("later"))) == ("unsupported", {"unsupported": "later"})
    assert answer_of(lambda: raising(KeyError("x"))) == ("refused", {"error": "KeyError: 'x'"})
    assert answer_of(lambda: raising(Refusal())) == ("refused", {"error": "unknown-parser"})
    garbled = {"garbled": "wrong-type: wanted a value that KQL has, got object"}
    assert answer_of(object) == ("garbled", garbled)


def test_a_missing_method_is_unsupported() -> None:
    report = rulespec.check(object(), only="trm-0100")
    assert "UNSUPPORTED has" in str(report)


def test_what_ends_a_process_ends_the_asking() -> None:
    asked = []

    class Engine:
        def has(self, text: str, lookup: str) -> bool:
            asked.append(text)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rulespec.check(Engine(), fn="has")
    assert len(asked) == 1


def test_a_selection_that_selects_nothing_is_an_error() -> None:
    with pytest.raises(rulespec.Error, match='no vector has the id "nope"') as error:
        rulespec.check(Substring(), only="nope")
    assert error.value.kind == "wrong-usage"


def test_known_failures_are_known(tmp_path: Path) -> None:
    failing = json.loads(rulespec.check(Substring(), fn="has").render("json"))["outcomes"]
    lines = [f"{outcome['id']}  # a search of substrings\n" for outcome in failing if outcome["verdict"] == "fail"]
    assert lines
    known = tmp_path / "known.txt"
    known.write_text("".join(lines))
    assert rulespec.check(Substring(), fn="has", known=known).conforms
    with pytest.raises(rulespec.Error, match=r"missing.txt: "):
        rulespec.check(Substring(), fn="has", known=str(tmp_path / "missing.txt"))


def test_vectors_are_selected_as_for_the_check() -> None:
    assert [vector["id"] for vector in rulespec.vectors(only=["trm-0100", "trm-0101"])] == ["trm-0100", "trm-0101"]
    assert {vector["fn"] for vector in rulespec.vectors(fn="has_any", chapter="TRM")} == {"has_any"}
    assert len(rulespec.vectors()) > 500
