"""Result notices: the latest first, people masked, some kinds never, pages without gaps."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.base.clock import LEGAL_ZONE
from mingtang.cases import services as cases
from mingtang.cases.queries import notices
from mingtang.cases.rules import ApplicantKind

pytestmark = pytest.mark.django_db
URL = "cases:results"


@pytest.fixture
def item(world):
    return world.item()


@pytest.fixture
def decided(world, item, at):
    return world.bring(world.file(item, at, world.citizen), "granted", at)


def test_everybody_reads_it_and_nobody_reads_a_whole_name(client, world, decided):
    for person in (None, world.colleague, world.stranger):
        if person:
            client.force_login(person)
        page = client.get(reverse(URL)).content.decode()
        assert "取水许可" in page
        assert "毛*明" in page
        assert "毛小明" not in page
        assert decided.identity_number not in page


def test_what_is_not_decided_is_not_there(client, world, item, at):
    world.file(item, at, world.citizen)
    assert "还没有可以公示的决定" in client.get(reverse(URL)).content.decode()


def test_kinds_that_are_never_published_are_left_out(client, decided, settings):
    settings.MINGTANG_NOTICE_NEVER = ("permit",)
    assert "取水许可" not in client.get(reverse(URL)).content.decode()


def test_single_items_that_are_never_published_are_left_out(client, decided, settings):
    settings.MINGTANG_NOTICE_NEVER_ITEMS = (decided.item.code,)
    assert "毛*明" not in client.get(reverse(URL)).content.decode()


def test_what_was_withdrawn_is_no_result(client, world, item, at):
    case = world.file(item, at, world.citizen)
    world.act(world.citizen, cases.withdraw, case, at, reason="不办了")
    assert "毛*明" not in client.get(reverse(URL)).content.decode()


def test_a_number_is_shown_by_its_end(client, decided):
    page = client.get(reverse(URL)).content.decode()
    assert f"****{decided.number[-8:]}" in page
    assert decided.number not in page


def test_a_firms_name_is_whole(client, world, item, at):
    firm = cases.Applicant(
        kind=ApplicantKind.LEGAL,
        name="江山市清泉水务有限公司",
        identity_number="91330881MA28F00X1Y",
        phone="13800000001",
    )
    world.bring(world.file(item, at, applicant=firm), "granted", at)
    assert "江山市清泉水务有限公司" in client.get(reverse(URL)).content.decode()


@pytest.mark.parametrize(
    ("month", "is_there"),
    [("2013-09", True), ("2013-08", False), ("2013-13", True), ("x", True), ("9" * 7, True)],
)
def test_one_months_results_alone(client, decided, month, is_there):
    """What is no month narrows nothing."""
    page = client.get(reverse(URL), {"month": month}).content.decode()
    assert ("毛*明" in page) is is_there


def test_a_month_ends_where_the_legal_day_does(world, item):
    last = datetime(2013, 9, 30, 23, 30, tzinfo=LEGAL_ZONE)
    world.bring(world.file(item, last, world.citizen), "granted", last)
    assert len(notices.result_notices(month=date(2013, 9, 2)).rows) == 1
    assert notices.result_notices(month=date(2013, 10, 1)).rows == []


def test_one_units_results_alone(client, world, decided):
    shown = client.get(reverse(URL), {"unit": world.water.id}).content.decode()
    assert "毛*明" in shown
    other = client.get(reverse(URL), {"unit": world.planning.id}).content.decode()
    assert "毛*明" not in other
    assert client.get(reverse(URL), {"unit": "9" * 40, "after": "x"}).status_code == 200


def test_pages_follow_without_gap_or_double_and_cost_the_same(client, world, item, at, monkeypatch):
    monkeypatch.setattr(notices, "PAGE", 2)
    for _ in range(5):
        world.bring(world.file(item, at, world.citizen), "granted", at)
    seen, after, counts = [], None, set()
    while True:
        with CaptureQueriesContext(connection) as captured:
            page = notices.result_notices(after)
        counts.add(len(captured))
        seen += [case.id for case in page.rows]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)
    assert counts == {1}
