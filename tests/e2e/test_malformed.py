"""Broken fields, bodies, addresses and headers, to every page and operation, as everybody: none
ends in an error of ours. No browser sends such things."""

import json

import pytest

from mingtang.api.interface import PROBLEM
from tests.e2e.copied import told_by
from tests.malformed.sending import wrong

pytestmark = pytest.mark.e2e
SHORT, LONG = 2_000, 20_000


def _check(told: dict, lasting, least: int) -> None:
    figures = {name: told[name] for name in ("requests", "targets", "faulty")}
    lasting.tell("malformed inputs", database="sqlite", **figures)
    assert not told["faults"], json.dumps(told["faults"], ensure_ascii=False, indent=1)
    assert told["requests"] >= least
    assert told["targets"] > 1_000, "every page twice, every verb of every operation"
    assert told["weakened"] > 0, "a form that breaks on NUL is seen"


@pytest.mark.early
def test_nothing_malformed_breaks_us(city, tmp_path, lasting):
    told = told_by("tests.malformed", tmp_path / "city", city.as_loaded, "--count", str(SHORT))
    _check(told, lasting, SHORT)


@pytest.mark.soak
def test_nothing_does_for_long(city, tmp_path, lasting):
    minutes = lasting.minutes
    longer = ("--minutes", str(minutes)) if minutes else ("--count", str(LONG))
    told = told_by("tests.malformed", tmp_path / "city", city.as_loaded, *longer, "--seed", "7")
    _check(told, lasting, 1 if minutes else LONG)


@pytest.mark.parametrize(
    ("is_operation", "status", "kind", "content", "why"),
    [
        (False, 503, "text/html", b"", "503"),
        (False, 400, "text/html", b"Traceback (most recent call last):", "trace in 400"),
        (True, 405, "text/html", b"", "no problem+json in 405"),
        (True, 404, PROBLEM, b"{}", ""),
        (False, 404, "text/html", "没有找到".encode(), ""),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(is_operation, status, kind, content, why):
    assert wrong(is_operation, status, {"Content-Type": kind}, content) == why
