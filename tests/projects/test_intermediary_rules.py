"""Rules of intermediary services: who may be engaged, delays, figures of too few."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.joint.rules.route import NodeKind
from mingtang.projects.rules.intermediaries import (
    Commissioner,
    Engaged,
    NotOnRegister,
    Trade,
    check_dates,
    check_on_register,
    figures,
)
from mingtang.timing.rules import shipped_calendar

CALENDAR = shipped_calendar()
DAY = date(2013, 9, 17)


def test_days_late_are_working_days_beyond_the_promise():
    """27 September to 8 October 2013: 29 and 30 September work, the first week of October rests."""
    late = Engaged(DAY, date(2013, 9, 27), date(2013, 10, 8))
    assert late.days_late(CALENDAR, date(2013, 12, 1)) == 3
    assert late.days_late(CALENDAR, date(2013, 9, 30)) == 2
    assert Engaged(DAY, date(2013, 9, 27), date(2013, 9, 27)).days_late(CALENDAR, DAY) == 0


def test_its_time_belongs_to_who_commissioned_it():
    assert Commissioner.OWNER.node_kind is NodeKind.OWNER_INTERMEDIARY
    assert Commissioner.GOVERNMENT.node_kind is NodeKind.GOVERNMENT_INTERMEDIARY


@pytest.mark.parametrize(
    ("valid_to", "is_struck_off", "why"),
    [(date(2013, 9, 16), False, "2013-09-16"), (None, True, "移出")],
)
def test_who_is_off_the_register_is_not_engaged(valid_to, is_struck_off, why):
    with pytest.raises(NotOnRegister, match=why):
        check_on_register("某公司", Trade.SURVEY, valid_to, is_struck_off, DAY)


def test_the_last_day_of_a_qualification_is_still_good():
    check_on_register("某公司", Trade.SURVEY, DAY, False, DAY)
    check_on_register("某公司", Trade.SURVEY, None, False, DAY)


def test_dates_run_forward():
    with pytest.raises(Exception, match="约定"):
        check_dates(DAY, date(2013, 9, 16))
    with pytest.raises(Exception, match="完成"):
        check_dates(DAY, DAY, date(2013, 9, 16))
    check_dates(DAY, DAY, DAY)


DAYS = st.dates(date(2013, 1, 1), date(2013, 12, 31))


@st.composite
def engagements(draw):
    first, second, third = sorted(draw(DAYS) for _ in range(3))
    end = draw(st.sampled_from([None, first, second, third]))
    return Engaged(first, second, end)


@given(st.lists(engagements(), max_size=12), DAYS, st.integers(1, 5))
def test_figures_add_up_and_rates_of_too_few_are_not_shown(listed, on, least):
    found = figures(listed, CALENDAR, on, least)
    done = [one for one in listed if one.ended and one.ended <= on]
    assert (found.engaged, found.completed) == (len(listed), len(done))
    assert 0 <= found.on_time <= found.completed
    assert 0 <= found.late_now <= found.engaged - found.completed
    if len(done) < least:
        assert found.median_days is found.on_time_percent is None
    else:
        assert found.on_time_percent == 100 * found.on_time / len(done)
