"""Whose time a project's days were: every working day exactly once."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.joint.rules.route import NodeKind
from mingtang.projects.rules.buckets import BUCKET_OF, Bucket, Claim, bucket_days, stretches
from mingtang.timing.rules import shipped_calendar

CALENDAR = shipped_calendar()
START = dt.date(2013, 3, 1)
# What goes before what, written once more by hand.
ORDER = [
    *("suspended", "government", "government_intermediary"),
    *("utility", "owner_intermediary", "owner"),
]
DAYS = st.integers(-40, 500).map(lambda n: START + dt.timedelta(days=n))
CLAIMS = st.lists(st.builds(Claim, st.sampled_from(Bucket), DAYS, st.none() | DAYS), max_size=12)
SPANS = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(
    lambda pair: (START + dt.timedelta(min(pair)), START + dt.timedelta(max(pair)))
)


def day(month: int, number: int) -> dt.date:
    return dt.date(2013, month, number)


def test_a_project_by_hand():
    """March 2013 has no holiday: 1 March is a Friday."""
    claims = [
        Claim(Bucket.GOVERNMENT, day(3, 4), day(3, 8)),  # Tuesday to Friday
        Claim(Bucket.OWNER_INTERMEDIARY, day(3, 7), day(3, 13)),  # Friday goes to government
        Claim(Bucket.SUSPENDED, day(3, 14), day(3, 18)),
        Claim(Bucket.UTILITY, day(3, 18)),  # still
    ]
    assert [
        (one.bucket.value, one.until, one.days)
        for one in stretches(claims, day(3, 1), day(3, 22), CALENDAR)
    ] == [
        ("owner", day(3, 4), 1),
        ("government", day(3, 8), 4),
        ("owner_intermediary", day(3, 13), 3),
        ("owner", day(3, 14), 1),
        ("suspended", day(3, 18), 2),
        ("utility", day(3, 22), 4),
    ]
    days = bucket_days(claims, day(3, 1), day(3, 22), CALENDAR)
    assert days == dict(zip(map(Bucket, ORDER), (2, 4, 0, 4, 3, 2), strict=True))


def test_a_span_without_days_and_claims_outside():
    claims = [Claim(Bucket.GOVERNMENT, day(1, 1), day(2, 1)), Claim(Bucket.UTILITY, day(12, 1))]
    assert stretches(claims, day(3, 1), day(3, 1), CALENDAR) == []
    assert set(bucket_days(claims, day(3, 1), day(3, 1), CALENDAR).values()) == {0}
    assert bucket_days(claims, day(3, 1), day(3, 8), CALENDAR)[Bucket.OWNER] == 5


def test_a_claim_of_no_day_claims_none():
    for until in (day(3, 5), day(3, 4), None):
        claims = [Claim(Bucket.GOVERNMENT, day(3, 5), until)]
        found = bucket_days(claims, day(3, 1), day(3, 5), CALENDAR)
        assert found[Bucket.GOVERNMENT] == 0


@pytest.mark.parametrize("bucket", Bucket)
def test_what_counts_against_the_promise(bucket):
    counted = {"government", "government_intermediary", "utility"}
    assert bucket.is_counted is (bucket.value in counted)
    assert bucket.label


def test_every_kind_of_node_has_its_bucket():
    assert BUCKET_OF.keys() == set(NodeKind)
    assert set(BUCKET_OF.values()) == set(Bucket) - {Bucket.SUSPENDED}


@given(CLAIMS, SPANS)
def test_every_elapsed_working_day_belongs_to_exactly_one(claims, span):
    """Day by day: the first of the order that claims it, or else the owner."""
    since, until = span
    plain = dict.fromkeys(ORDER, 0)
    for number in range((until - since).days):
        one = since + dt.timedelta(days=number + 1)
        if CALENDAR.is_working_day(one):
            there = {c.bucket.value for c in claims if c.after < one <= (c.until or until)}
            plain[next((name for name in ORDER if name in there), "owner")] += 1
    found = bucket_days(claims, since, until, CALENDAR)
    assert {bucket.value: days for bucket, days in found.items()} == plain
    assert sum(found.values()) == CALENDAR.count(since, until)


@given(CLAIMS, SPANS)
def test_stretches_follow_one_another_without_a_gap(claims, span):
    since, until = span
    found = stretches(claims, since, until, CALENDAR)
    edges = [since, *(one.until for one in found)]
    assert [one.after for one in found] == edges[:-1]
    assert edges[-1] == until
    buckets = [one.bucket for one in found]
    assert all(before != after for before, after in pairwise(buckets))
