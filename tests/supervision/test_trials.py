"""Trials of rules read what was at work in the year, and that in few statements."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from mingtang.cases.rules import Verb
from mingtang.supervision import queries
from tests.supervision.making import moment, rule

pytestmark = pytest.mark.django_db
TRIED = rule("TIME_PROMISE_OVER")


def begun(hall, on):
    case = hall.file(hall.item_code, moment(on))
    hall.do("receive", case, on, hall.clerk)
    hall.do("accept", case, on, hall.clerk)
    return case


def subjects(year):
    return [stream for stream, _day in queries.trial(TRIED, year).subjects]


def test_what_stood_still_all_year_is_found_and_what_was_over_before_is_not_read(hall):
    idle, ended = begun(hall, date(2013, 9, 2)), begun(hall, date(2013, 9, 2))
    hall.do("claim", ended, date(2013, 9, 20), hall.handler, step_key="review")
    more = {"step_key": "review", "opinion": "符合条件"}
    hall.do("examine", ended, date(2013, 9, 20), hall.handler, **more)
    said = {
        "verb": Verb.REFUSE,
        "reason": "取水口与已有取水口相距太近。",
        "legal_basis": "取水办法",
    }
    hall.do("decide", ended, date(2013, 9, 20), hall.approver, **said)
    hall.tick(date(2013, 9, 23))
    assert subjects(2013) == sorted([idle.stream, ended.stream])
    assert subjects(2012) == []  # had not begun
    assert subjects(2014) == [idle.stream]  # still over on its first day


def test_more_cases_take_no_more_statements(hall, django_assert_max_num_queries):
    begun(hall, date(2013, 9, 2))
    with django_assert_max_num_queries(12) as few:
        assert queries.trial(TRIED, 2013).count == 1
    for _ in range(4):
        begun(hall, date(2013, 9, 2))
    with django_assert_max_num_queries(len(few)):
        assert queries.trial(TRIED, 2013).count == 5


@pytest.mark.parametrize("page", ["outliers", "authority"])
def test_pages_that_read_events_read_a_year_at_most(client, hall, page):
    with time_machine.travel(moment(date(2013, 9, 18)), tick=False):
        client.force_login(hall.inspector)
        asked = {"since": "2010-01-01", "until": "2013-09-17"}
        found = client.get(reverse(f"supervision:{page}"), asked).context
    assert (found["since"], found["until"]) == (date(2012, 9, 17), date(2013, 9, 17))
