"""Rows below the ORM: what it reads and writes, they read and write."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from mingtang.base import rows as rows_module
from mingtang.base.rows import (
    Spelt,
    find_rows,
    insert_rows,
    insert_values,
    update_row,
    update_rows,
    values_among,
)
from mingtang.cases.models import Case
from mingtang.ledger.models import Command
from mingtang.timing.models import Clock

MOMENT = datetime(2013, 9, 12, 1, 2, 3, 456, tzinfo=UTC)
JSON = [
    *(None, True, 0, -1.5, 2**53, "", "甲\"'\\%s", [], {}),
    {"键": [1, None, {"b": "甲"}]},
]


def clock(**changes: object) -> Clock:
    values = {"status": "running", "start_date": date(2013, 9, 12), "due_date": date(2013, 9, 22)}
    values |= {"amount": 5, "unit": "working_day", "is_provisional": False, "pauses": []}
    return Clock(**{"stream": "case:1", "kind": "promised", **values, **changes})


def told(row: object) -> dict[str, object]:
    return {one.attname: getattr(row, one.attname) for one in type(row)._meta.concrete_fields}


@pytest.mark.django_db
@pytest.mark.parametrize("result", JSON)
def test_what_is_inserted_the_orm_reads(result: object) -> None:
    row = Command(command_id="c", kind="k", digest="d", result=result, at=MOMENT)
    insert_rows([row])
    assert told(Command.objects.get()) == told(row) == told(find_rows(Command, kind="k")[0])


@pytest.mark.django_db
def test_many_rows_are_written_as_few_are(world) -> None:
    """Beyond fifty PostgreSQL takes them as a stream: each kind of value, sealed ones too."""
    made = [
        Command(command_id=f"c{n}", kind="k", digest="甲\t\\N\n", result=JSON[n % 10], at=MOMENT)
        for n in range(60)
    ]
    assert insert_rows(made) == 60
    found = {one.command_id: told(one) for one in Command.objects.filter(kind="k")}
    assert found == {one.command_id: told(one) for one in made}
    clocks = [clock(stream=f"case:{n}", pauses=[["2013-09-13", None]]) for n in range(60)]
    insert_rows(clocks)
    assert sorted(Clock.objects.values_list("id")) == sorted((one.id,) for one in clocks)
    assert not clocks[0]._state.adding
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(made)
    assert insert_rows(made, ignoring=True) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 60])  # a statement, or as many go
def test_json_that_is_spelled_already_is_not_spelled_again(count: int) -> None:
    text = Spelt('{"键":[1,null,"甲\\t\\"\\\\"]}')
    rows = [(f"c{n}", "k", "d", text, MOMENT) for n in range(count)]
    assert insert_values(Command, rows) == count
    assert {str(one.result) for one in Command.objects.all()} == {str(json.loads(text))}


@pytest.mark.django_db
@pytest.mark.parametrize("lock", [True, False])
def test_rows_are_found_by_many_values(lock: bool) -> None:
    insert_rows([clock(stream=f"case:{n}") for n in range(5)])
    with transaction.atomic():
        given = {"case:3", "case:1", "甲'\"", "case:9"}
        found = values_among(Clock, "stream", given, only=("stream", "amount"), lock=lock)
    assert found == [("case:1", 5), ("case:3", 5)]
    assert values_among(Clock, "stream", set(), only=("id",)) == []


@pytest.mark.django_db
def test_a_case_with_sealed_fields_is_read_as_the_orm_reads_it(world, at) -> None:
    case = world.file(world.item(), at, world.citizen)
    read = find_rows(Case, lock=True, id=case.id)
    assert [told(one) for one in read] == [told(Case.objects.get(id=case.id))]
    assert not read[0]._state.adding
    assert find_rows(Case, id=1) == []


@pytest.mark.django_db
def test_only_the_named_fields_are_written() -> None:
    row = clock()
    insert_rows([row])
    row.due_date, row.amount = date(2013, 9, 30), 9
    update_row(row, "due_date")
    found = Clock.objects.get()
    assert (found.due_date, found.amount) == (date(2013, 9, 30), 5)
    with pytest.raises(Clock.DoesNotExist):
        update_row(clock(), "due_date")


@pytest.mark.django_db
@pytest.mark.parametrize("together", [2, 50])  # PostgreSQL: by COPY and in one statement, or not
def test_many_rows_are_written_each_with_its_own_values(
    together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "TOGETHER", together)
    rows = [clock(kind=kind) for kind in ("promised", "statutory", "whole")]
    insert_rows(rows)
    for days, row in enumerate(rows, 1):
        row.due_date, row.amount = date(2013, 10, days), 9
    update_rows(rows[:2], "due_date")
    found = Clock.objects.order_by("kind")
    assert [(one.due_date.day, one.amount) for one in found] == [(1, 5), (2, 5), (22, 5)]
    with pytest.raises(Clock.DoesNotExist), transaction.atomic():
        update_rows([*rows, clock()], "due_date")
    update_rows([], "due_date")


@pytest.mark.django_db
def test_an_equal_row_is_refused_or_left_out_if_asked() -> None:
    insert_rows([clock()])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([clock()])
    insert_rows([clock(), clock(kind="statutory")], ignoring=True)
    assert [one.kind for one in find_rows(Clock, order="kind", stream="case:1")] == [
        "promised",
        "statutory",
    ]


@pytest.mark.django_db
def test_more_rows_than_fit_in_one_statement() -> None:
    insert_rows([clock(kind=f"step:{n}") for n in range(120)])
    assert len(find_rows(Clock, stream="case:1")) == 120
