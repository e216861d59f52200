"""The demo's disclosure adds up to what the centre's report of 2013 says."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.channels import queries as channels
from mingtang.channels.rules import Line
from mingtang.consultations import queries as consultations
from mingtang.consultations.rules.life import State
from mingtang.consultations.services.common import state_of
from mingtang.disclosure import queries
from mingtang.disclosure.rules.items import Column
from mingtang.regions import queries as regions
from mingtang.site import demo, demo_consultations, demo_disclosure

pytestmark = [pytest.mark.slow, pytest.mark.once]


@given(st.integers(0, 10**6), st.integers(1, 40))
def test_shares_add_up(total, parts):
    found = demo_disclosure.shares(total, parts)
    assert (sum(found), len(found)) == (total, parts)
    assert max(found) - min(found) <= 1


@pytest.mark.django_db
def test_the_figures_are_those_of_the_report_and_the_items_went_through_review(monkeypatch):
    monkeypatch.setattr(demo, "LIVES", (demo_consultations,))  # they alone publish anything
    at = datetime(2026, 3, 2, 2, tzinfo=UTC)
    demo.load(at)
    centre = regions.organisation_by_code("centre").id
    found = channels.figures(centre, 2013)
    assert found.lines == {
        Line.PORTAL: 36799,
        Line.OWN_SITE: 40180,
        Line.MEDIA: 132,
        Line.PRINTED: 32500,
        Line.BOARD: 10537,
        Line.TV: 88 * 12,
    }
    assert (found.mixed_total, found.on_the_web, found.copies) == (120148, 76979, 32500)
    assert found.places_on_tv == 88
    assert found.in_time == 0, "entered from lists, years later"
    by_column = queries.public_counts([centre])
    assert set(by_column) == set(Column)
    asked = 8  # notices and results of consultations
    assert sum(one.count for one in by_column.values()) == 12 + asked
    states = Counter(state_of(one, at) for one in consultations.shown().rows)
    assert states == {State.OPEN: 1, State.REPORTED: 3, State.MISSING: 1}
    page = queries.public_items(queries.PublicSought(organisation_ids=(centre,)))
    assert len({one.index_number for one in page.rows}) == 12 + asked
    assert channels.figures(centre, 2026).lines[Line.OWN_SITE] == 12 + asked - 1  # one of 2025
    demo.load(at)
    assert channels.figures(centre, 2013).rows == found.rows, "loading again changes nothing"
    assert date(2026, 3, 2) == page.rows[0].public_date
