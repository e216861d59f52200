"""Steps, stars and bands as lines: read as written; what is not understood is told."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.assessment.rules import phrases
from mingtang.assessment.rules.schemes import Star, Step
from mingtang.assessment.services import shipped_schemes

SHARES = st.decimals(0, 1, places=4)
POINTS = st.decimals(-100, 100, places=2)
STEPS = st.builds(Step, SHARES, st.none() | SHARES, POINTS)
STARS = st.builds(
    Star, st.integers(1, 5), st.decimals(0, 200, places=2), st.none() | st.integers(1, 999)
)


@given(st.lists(STEPS, max_size=5))
def test_steps_are_read_as_they_were_written(steps):
    assert phrases.steps_read(phrases.steps_written(steps)) == tuple(steps)


@given(st.lists(STARS, max_size=5))
def test_stars_are_read_as_they_were_written(stars):
    assert phrases.stars_read(phrases.stars_written(stars)) == tuple(stars)


def test_shipped_schemes_keep_their_steps_stars_and_bands():
    for scheme in shipped_schemes():
        assert phrases.stars_read(phrases.stars_written(scheme.stars)) == scheme.stars
        assert phrases.bands_read(phrases.bands_written(scheme.bands)) == scheme.bands
        for one in scheme.indicators:
            assert phrases.steps_read(phrases.steps_written(one.steps)) == one.steps


@pytest.mark.parametrize("line", ["95% 到 99%: 1.5 分", "95%-99% 1.5", "95 ~ 99：1.5分"])
def test_a_step_is_understood_as_people_type_it(line):
    expected = Step(Decimal("0.95"), Decimal("0.99"), Decimal("1.5"))
    assert phrases.steps_read(f"\n{line}\n") == (expected,)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (phrases.steps_read, "很好：10分"),
        (phrases.steps_read, "20%至50%"),
        (phrases.stars_read, "6星：98分"),
        (phrases.stars_read, "5星"),
        (phrases.bands_read, "1、十"),
        (phrases.bands_read, "-5"),
    ],
)
def test_what_is_not_understood_is_told_with_an_example(read, text):
    with pytest.raises(phrases.BadPhrase, match="请写成"):
        read(f"{text}")
