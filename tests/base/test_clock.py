"""Days and the instants between which they lie."""

from datetime import date, timedelta

import pytest

from mingtang.base.clock import day_bounds, legal_date


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_days_at_the_ends_of_the_calendar_have_bounds(day):
    begin, end = day_bounds(day)
    assert end - begin == timedelta(days=1)
    assert abs(legal_date(begin) - day) <= timedelta(days=1)
