"""Broken fields, bodies, addresses and headers, to every page and operation, as everybody: none
ends in an error of ours. No browser sends such things."""

import json
import random

import pytest

from mingtang.accounts.models import Person
from mingtang.accounts.policy import Policy
from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.api.interface import PROBLEM
from tests.access.asking import Who
from tests.access.probe import VISITOR
from tests.access.routes import Route
from tests.e2e.copied import told_by
from tests.malformed.sending import Sent, is_let_in, made, wrong
from tests.malformed.targets import Target

pytestmark = pytest.mark.e2e
SHORT, LONG = 20_000, 40_000

CLERK = Grant(Role.CLERK, 1, frozenset({1}), "")
CLERKS = Policy("staff", frozenset({Role.CLERK}), needs_sign_in=True)
ENTERED = 0.4  # of the requests at least so many are let in by a gate


def _check(told: dict, lasting, least: int) -> None:
    figures = {name: told[name] for name in ("requests", "targets", "entered", "faulty")}
    lasting.tell("malformed inputs", database="sqlite", **figures)
    assert not told["faults"], json.dumps(told["faults"], ensure_ascii=False, indent=1)
    assert told["requests"] >= least
    assert told["entered"] > told["requests"] * ENTERED, "before a gate everything is refused"
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
    ("policy", "asking", "way", "is_in"),
    [
        (Policy("public"), VISITOR, "fields", True),
        (Policy("signed_in", needs_sign_in=True), VISITOR, "fields", False),
        (CLERKS, Who(Person(), Scope(1, "")), "fields", False),
        (CLERKS, Who(Person(), Scope(1, "", (CLERK,))), "fields", True),
        (CLERKS, Who(Person(), Scope(1, "", (CLERK,))), "headers", False),
    ],
)
def test_who_is_stopped_at_the_gate_does_not_count_as_let_in(policy, asking, way, is_in):
    target = Target(Route("x", "x", policy), "POST", "x", {})
    assert is_let_in(Sent("", target, way, "POST", "/x"), asking) is is_in


def test_only_what_is_there_is_broken():
    """The control: what has fields and parts has them broken."""
    route, dice = Route("x", "x", Policy("public")), random.Random(1)
    bare, whole = Target(route, "GET", "x", {}), Target(route, "GET", "x", {"a": "1"}, {"q": "1"})
    broken = [{made(one, dice).way for _ in range(300)} for one in (bare, whole)]
    assert broken[0] == {"query", "raw", "headers", "method"}
    assert broken[1] == broken[0] | {"fields", "path"}


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
