"""Against the developers' shared vectors and the package that the calendar was made from."""

import datetime as dt
import json

import pytest

from mingtang.timing.rules import Pause, Unit, due, shipped_calendar
from tests.shared import shared_file

pytestmark = pytest.mark.shared
day = dt.date.fromisoformat


def test_every_shared_vector_passes():
    vectors = json.loads(shared_file("reference/vectors.json").read_text(encoding="utf-8"))
    assert len(vectors) >= 28
    for vector in vectors:
        pauses = [Pause(day(after), day(until)) for after, until in vector["pauses"]]
        found = due(shipped_calendar(), day(vector["start"]), vector["n"], Unit.WORKING_DAY, pauses)
        assert found.date == day(vector["deadline"]), vector["name"]


def test_every_day_agrees_with_the_package_of_origin():
    import chinese_calendar  # among the developers' tools: missing is a failure, not a skip

    calendar, one = shipped_calendar(), dt.date(2004, 1, 1)
    while one.year <= calendar.last_official_year:
        assert calendar.is_working_day(one) == chinese_calendar.is_workday(one), one
        one += dt.timedelta(days=1)
