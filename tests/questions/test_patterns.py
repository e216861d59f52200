"""Patterns: they match as regular expressions do, and none can run away."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.questions.rules.patterns import is_pattern, matches

PARTS = st.sampled_from(
    ["a", "b", "[ab]", "[^a]", r"\d", r"\w", r"\.", "-", "取", "[0-9A-F]", "[一-龥]"]
)
COUNTS = st.sampled_from(["", "?", "{2}", "{0,3}", "{1,2}", "{0}"])
PATTERNS = st.lists(st.tuples(PARTS, COUNTS).map("".join), min_size=1, max_size=6).map("".join)


@given(PATTERNS, st.text("ab10.-取F水", max_size=8))
def test_a_pattern_matches_as_a_regular_expression_does(pattern: str, text: str) -> None:
    assert is_pattern(pattern)
    assert matches(pattern, text) is bool(re.fullmatch(pattern, text))


@given(PATTERNS, st.data())
def test_what_the_pattern_describes_matches(pattern: str, data: st.DataObject) -> None:
    assert matches(pattern, data.draw(st.from_regex(pattern, fullmatch=True)))


NONE = r"|(a)|a*|a+|^a|a$|.|a??|a{2}{2}|\s|\1|\A|[|[]|[z-a]|[^]|a{3,1}|a{201}|a{,3}|(?:a?){9}"


@pytest.mark.parametrize("pattern", [*NONE.split("|"), "a|b", "a" * 101])
def test_anything_else_is_no_pattern(pattern: str) -> None:
    assert not is_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["a?" * 34 + "a" * 32, "a{0,200}" * 12, r"\w{0,99}" * 12, "[ab]{0,99}" * 10]
)
def test_a_hostile_pattern_does_not_run_away(pattern: str) -> None:
    assert is_pattern(pattern)
    began = time.perf_counter()
    assert not matches(pattern, "a" * 199 + "!")
    assert time.perf_counter() - began < 0.5
