"""Rates, bursts and names without a database: the vectors of the reference."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.interaction.rules import (
    MOVES,
    Care,
    Indicator,
    Level,
    Tally,
    TicketState,
    bursts,
    completed_services,
    indicators_of,
    is_enough,
    name_on,
)

START = datetime(2013, 9, 17, 10)
VECTOR = Tally(good=90, bad=6, unrated=24)


def test_the_vector_of_the_reference():
    assert VECTOR.all == 120
    assert VECTOR.good_rate.percent == Decimal("93.75")
    assert (VECTOR.good_rate.part, VECTOR.good_rate.of) == (90, 96)
    assert VECTOR.participation.percent == Decimal("80.00")
    assert VECTOR.good_rate_with_silence.percent == Decimal("95.00")


def test_of_nothing_there_is_no_share():
    silent = Tally(unrated=7)
    assert Tally().good_rate is Tally().participation is Tally().good_rate_with_silence is None
    assert silent.good_rate is None
    assert silent.participation.percent == 0
    assert Care().rectified_rate is Care().call_back_rate is None


def test_what_two_persons_found_unfounded_took_part_and_counts_on_neither_side():
    found = Tally(good=9, bad=0, unfounded=1)
    assert found.good_rate.percent == 100
    assert found.participation.part == 10


def test_care_is_counted_of_valid_bad_ratings():
    care = Care(valid=3, called_back=3, closed=2)
    assert care.call_back_rate.percent == 100
    assert care.rectified_rate.percent == Decimal("66.67")


@given(*[st.integers(0, 50)] * 4)
def test_no_rate_leaves_its_bounds_and_silence_never_worsens_one(good, bad, unrated, unfounded):
    tally = Tally(good, bad, unrated, unfounded)
    for rate in (tally.good_rate, tally.participation, tally.good_rate_with_silence):
        assert rate is None or (0 <= rate.percent <= 100 and rate.of > 0)
    if tally.good_rate:
        assert tally.good_rate_with_silence.percent >= tally.good_rate.percent


@pytest.mark.parametrize(("rated", "enough"), [(9, False), (10, True)])
def test_a_minimum_of_ratings(rated, enough):
    assert is_enough(Tally(good=rated, unrated=100), 10) is enough


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        ([], []),
        ([0, 30], []),
        ([0, 30, 60], [(0, 60, 3)]),
        ([0, 30, 61], []),
        ([0, 10, 20, 70, 75], [(0, 75, 5)]),
        ([0, 1, 2, 500, 501, 502], [(0, 2, 3), (500, 502, 3)]),
    ],
)
def test_ratings_that_crowd_are_a_burst(seconds, found):
    times = [START + timedelta(seconds=one) for one in seconds]
    told = [
        ((first - START).total_seconds(), (last - START).total_seconds(), count)
        for first, last, count in bursts(times)
    ]
    assert told == found


def test_the_name_of_the_practice_is_dated():
    names = {date(2013, 1, 1): "一事一评", date(2021, 1, 1): "一次一评"}
    assert name_on(names, date(2013, 9, 17)) == "一事一评"
    assert name_on(names, date(2020, 12, 31)) == "一事一评"
    assert name_on(names, date(2021, 1, 1)) == "一次一评"
    assert name_on(names, date(2010, 1, 1)) == "一事一评"


def test_the_hall_and_the_web_are_judged_by_other_sides():
    assert Indicator.PLATFORM in indicators_of(is_online=True)
    assert Indicator.ATTITUDE not in indicators_of(is_online=True)
    assert indicators_of(is_online=False)[-1] is Indicator.ATTITUDE


def test_levels_four_and_five_are_bad():
    assert [level.is_bad for level in Level] == [False, False, False, True, True]


def test_completed_anew_is_a_second_service():
    told = list(enumerate(["case.returned", "case.reopened", "case.delivered"], 1))
    assert completed_services(told) == [1, 3]


def test_every_ticket_comes_to_an_end_and_every_end_is_final():
    sources = {move.source for move in MOVES}
    assert {state for state in TicketState if state.is_open} == sources
