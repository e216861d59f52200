"""Day counts by window: where who acts sits, sums that stay, sheets in one question, refilling."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from mingtang.accounts.models import Person, Post
from mingtang.accounts.queries import actor_of, scope_of, window_of
from mingtang.accounts.rules import Role
from mingtang.base.ids import next_id
from mingtang.cases import services as cases
from mingtang.counts import queries as counts
from mingtang.counts.models import DayCount
from mingtang.ledger.services import deliver_all, replay
from mingtang.regions.models import Centre, Window
from tests.world import World

ON = date(2013, 9, 17)
RECEIVED, ACCEPTED, SUBMITTED = "case.received", "case.accepted", "case.submitted"


@pytest.fixture
def hall(world: World) -> World:
    """The world with two windows; the clerk of the water department sits at the first."""
    centre = Centre.objects.create(
        name="江山市行政服务中心", region=world.region, level="county", organisation=world.centre
    )
    made = [
        Window.objects.create(centre=centre, number=number, name="窗口", organisation=world.water)
        for number in "12"
    ]
    world.first, world.second = (one.id for one in made)
    seat(world.clerk, world.first)
    return world


def seat(person: Person, window_id: int) -> None:
    Post.objects.filter(person=person).update(window_id=window_id)


def filed(world: World, at: datetime, count: int = 1) -> list[Any]:
    item = world.item(statutory=20, promised=5)
    return [world.file(item, at, world.citizen) for _ in range(count)]


def rows() -> list[tuple[Any, ...]]:
    ordered = DayCount.objects.order_by("date", "measure", "organisation_id", "window_id")
    return list(ordered.values_list("date", "measure", "organisation_id", "window_id", "count"))


# ── the window of who acts ────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_window_is_that_of_the_post_held_there_on_that_day(hall: World) -> None:
    ask = {"person_id": hall.clerk.id, "organisation_id": hall.water.id}
    assert window_of(**ask, on=ON) == hall.first
    assert window_of(hall.clerk.id, hall.planning.id, ON) is None
    assert window_of(hall.handler.id, hall.water.id, ON) is None  # a post, but at no window
    Post.objects.filter(person=hall.clerk).update(valid_to=ON)
    moved = ON + timedelta(1)
    hall.people.post("clerk", Role.CLERK, hall.water, window_id=hall.second, valid_from=moved)
    assert [window_of(**ask, on=day) for day in (ON, moved)] == [hall.first, hall.second]
    assert window_of(**ask, on=date(2009, 1, 1)) is None


@pytest.mark.django_db
def test_acts_are_counted_at_the_window_where_they_are_done(hall: World, at: datetime) -> None:
    one, two = filed(hall, at, 2)
    hall.act(hall.clerk, cases.receive, one, at)
    second = hall.people.post("second", Role.CLERK, hall.water, window_id=hall.second)
    hall.act(second, cases.receive, two, at)
    deliver_all(at)
    water = hall.water.id
    assert rows() == [
        (ON, RECEIVED, water, hall.first, 1),
        (ON, RECEIVED, water, hall.second, 1),
        (ON, SUBMITTED, water, 0, 2),  # citizens sit at no window
    ]
    assert counts.totals([RECEIVED, SUBMITTED], since=ON, until=ON) == {RECEIVED: 2, SUBMITTED: 2}
    asked = {"since": ON, "until": ON, "organisation_ids": [hall.planning.id]}
    assert counts.totals([RECEIVED], **asked) == {RECEIVED: 0}


@pytest.mark.django_db
def test_a_substitute_sits_at_their_own_window_or_else_at_that_of_the_absent(
    hall: World, at: datetime
) -> None:
    substitute = hall.people.post("substitute", Role.CLERK, hall.planning)
    hall.people.substitution(hall.clerk, substitute)
    one, two = filed(hall, at, 2)

    def receive(case: Any) -> None:
        scope = scope_of(substitute, ON)
        [grant] = [grant for grant in scope.grants if grant.acting_for_id == hall.clerk.id]
        hall.act(substitute, cases.receive, case, at, actor=actor_of(scope, grant))

    receive(one)
    deliver_all(at)
    hall.people.post("substitute", Role.HANDLER, hall.water, window_id=hall.second)
    receive(two)
    deliver_all(at)
    sheet = counts.sheet(
        since=ON, until=ON, window_ids=[hall.first, hall.second], measures=[RECEIVED]
    )
    assert sheet == {hall.first: {RECEIVED: 1}, hall.second: {RECEIVED: 1}}


@pytest.mark.django_db
def test_a_replay_fills_the_windows_anew(hall: World, at: datetime) -> None:
    for case in filed(hall, at, 3):
        hall.bring(case, "accepted", at)
    deliver_all(at)
    before = rows()
    assert (ON, ACCEPTED, hall.water.id, hall.first, 3) in before
    DayCount.objects.update(window_id=0)  # as an installation has it that was just upgraded
    assert rows() != before
    replay("day_counts", at)
    assert rows() == []
    deliver_all(at)
    assert rows() == before


@pytest.mark.django_db
def test_each_number_stands_once(hall: World) -> None:
    key = {"date": ON, "measure": RECEIVED, "organisation_id": 1, "window_id": 2, "count": 1}
    DayCount.objects.create(**key)
    DayCount.objects.create(**key | {"window_id": 3})
    with pytest.raises(IntegrityError), transaction.atomic():
        DayCount.objects.create(**key)


# ── reading ───────────────────────────────────────────────────────────────────────────────────


def put(organisation: int, window: int, measure: str, count: int, on: date = ON) -> None:
    DayCount.objects.create(
        date=on, measure=measure, organisation_id=organisation, window_id=window, count=count
    )


@pytest.mark.django_db
def test_a_sheet_has_a_number_for_each_window_and_measure(django_assert_num_queries) -> None:
    put(1, 11, RECEIVED, 2)
    put(2, 11, RECEIVED, 3)  # a general window serves several units
    put(1, 12, ACCEPTED, 4)
    put(1, 13, RECEIVED, 9)
    put(1, 11, RECEIVED, 9, on=ON - timedelta(1))
    put(1, 11, SUBMITTED, 9)
    with django_assert_num_queries(1):
        found = counts.sheet(
            since=ON, until=ON, window_ids=[12, 11, 14], measures=[RECEIVED, ACCEPTED]
        )
    assert found == {
        12: {RECEIVED: 0, ACCEPTED: 4},
        11: {RECEIVED: 5, ACCEPTED: 0},
        14: {RECEIVED: 0, ACCEPTED: 0},
    }
    assert list(found) == [12, 11, 14]


@pytest.mark.django_db
def test_units_are_told_with_all_measures(django_assert_num_queries) -> None:
    put(1, 11, RECEIVED, 2)
    put(1, 12, RECEIVED, 3)
    put(1, 0, ACCEPTED, 1, on=ON - timedelta(3))
    put(2, 0, ACCEPTED, 7, on=ON - timedelta(4))  # before the span
    put(3, 0, SUBMITTED, 7)  # not asked for
    with django_assert_num_queries(1):
        found = counts.by_organisation([RECEIVED, ACCEPTED], ON - timedelta(3), ON)
    assert found == {1: {RECEIVED: 5, ACCEPTED: 1}}


@pytest.mark.django_db
def test_sums_from_several_days_on_cost_one_statement(django_assert_num_queries) -> None:
    put(1, 0, RECEIVED, 2)
    put(2, 0, RECEIVED, 3, on=ON - timedelta(1))
    put(1, 0, ACCEPTED, 4, on=ON - timedelta(1))
    put(1, 0, ACCEPTED, 9, on=ON - timedelta(2))  # before the first
    put(1, 0, ACCEPTED, 9, on=ON + timedelta(1))  # after the last
    with django_assert_num_queries(1):
        found = counts.totals_since(
            [RECEIVED, ACCEPTED, SUBMITTED], [ON, ON - timedelta(1)], until=ON
        )
    assert found == [
        {RECEIVED: 2, ACCEPTED: 0, SUBMITTED: 0},
        {RECEIVED: 5, ACCEPTED: 4, SUBMITTED: 0},
    ]


@pytest.mark.django_db
def test_months_are_told_by_their_first_day(django_assert_num_queries) -> None:
    first = ON.replace(day=1)
    put(1, 0, RECEIVED, 2)
    put(2, 0, RECEIVED, 3, on=first)
    put(1, 0, ACCEPTED, 4, on=first - timedelta(1))
    put(1, 0, SUBMITTED, 9)  # not asked for
    with django_assert_num_queries(1):
        found = counts.by_month([RECEIVED, ACCEPTED], since=first - timedelta(1), until=ON)
    assert found == {
        (first - timedelta(1)).replace(day=1): {RECEIVED: 0, ACCEPTED: 4},
        first: {RECEIVED: 5, ACCEPTED: 0},
    }


# ── upgrading ─────────────────────────────────────────────────────────────────────────────────


def migrated(name: str) -> Any:
    """Bring the table to a migration; its model there."""
    executor = MigrationExecutor(connection)
    state = executor.migrate([("counts", name)])
    return state.apps.get_model("counts", "DayCount")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_numbers_outlive_the_upgrade_and_the_way_back() -> None:
    try:
        old = migrated("0001_initial")
        key = {"date": ON, "measure": RECEIVED}
        for unit, count in ((1, 4), (2, 5)):
            old.objects.create(id=next_id(), **key, organisation_id=unit, count=count)
        new = migrated("0002_windows")
        found = new.objects.order_by("organisation_id")
        assert list(found.values_list("organisation_id", "window_id", "count")) == [
            (1, 0, 4),
            (2, 0, 5),
        ]
        new.objects.create(id=next_id(), **key, organisation_id=1, window_id=11, count=3)
        old = migrated("0001_initial")
        found = old.objects.order_by("organisation_id").values_list("organisation_id", "count")
        assert list(found) == [(1, 7), (2, 5)]
    finally:
        migrated("0002_windows")
