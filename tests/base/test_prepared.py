"""Prepared queries: what the ORM asks, they ask, and their rows are its rows."""

from dataclasses import replace

import pytest
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext

from mingtang.accounts.models import Person
from mingtang.accounts.queries import scope_of
from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.base.prepared import Prepared
from mingtang.cases import queries
from mingtang.cases.models import Case, Step

pytestmark = pytest.mark.django_db


def told(row):
    joined = [told(one) for one in row._state.fields_cache.values() if one is not None]
    return [{k: v for k, v in vars(row).items() if not k.startswith("_")}, *joined]


def joined(number):
    rows = Case.objects.select_related("edition", "item__department", "applicant_person")
    return rows.filter(number=number).annotate(at_first=F("submitted_at"))


def test_what_is_prepared_is_what_the_orm_reads(world, at):
    cases = [world.file(world.item(), at, who) for who in (world.citizen, None)]
    prepared = Prepared(joined)
    for case in (*cases, *cases):
        assert told(prepared.first(case.number)) == told(joined(case.number).get())
    assert prepared.all("no such number") == []


def test_the_text_is_written_once_and_the_values_are_each_time_their_own(world, at):
    asked = []

    def steps(case_id, status):
        asked.append(case_id)
        wanted = Q(case_id=case_id, status=status) | Q(case_id=case_id, status="ready")
        return Step.objects.filter(wanted).select_related("done_by").order_by("-id")

    prepared = Prepared(steps)
    for _ in range(2):
        case = world.file(world.item(), at, world.citizen)
        world.bring(case, "examined", at)
        assert [one.status for one in prepared.all(case.id, "done")] == ["done"]
        assert prepared.all(case.id, "paused") == []
    assert len(asked) == 1


def test_where_nothing_can_be_found_nothing_is_asked():
    prepared = Prepared(lambda person_id: Person.objects.filter(pk__in=[], id=person_id))
    with CaptureQueriesContext(connection) as captured:
        assert prepared.all(1) == prepared.all(2) == []
    assert not captured


def test_the_statement_of_one_readers_right_finds_for_no_other(world, at):
    """A right that changed is another text: none outlives the right that it was written for."""
    case = world.file(world.item(), at, world.citizen)
    may, on = world.clerk, legal_date(at)
    reader = scope_of(may, on)
    for _ in range(2):
        assert queries.case_for(reader, case.number).id == case.id
        for other in (
            scope_of(world.stranger, on),
            replace(reader, grants=()),
            replace(reader, person_id=None, grants=()),
        ):
            with pytest.raises(NotFound):
                queries.case_for(other, case.number)


def test_of_rights_kept_under_one_name_this_would_tell(world, at, monkeypatch):
    """The control: with one text for all readers the case is found by who may not see it."""
    from mingtang.cases.queries import reading

    case = world.file(world.item(), at, world.citizen)
    reader = scope_of(world.clerk, legal_date(at))
    for_all = reading._by_number(reader, ())
    monkeypatch.setattr(reading, "_by_number", lambda scope, codes: for_all)
    assert queries.case_for(replace(reader, grants=()), case.number).id == case.id
