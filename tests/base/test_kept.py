"""What the process keeps of tables that seldom change: asked once, never older than they."""

import importlib
import pkgutil
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

import mingtang
from mingtang.accounts.models import Person
from mingtang.base.db import kept_tables
from mingtang.base.kept import (
    Kept,
    Marks,
    asked_once,
    asked_once_writing,
    beside,
    look_again,
    marks,
)
from mingtang.messages.models import MessageTemplate

TABLE = MessageTemplate._meta.db_table


def keep(event: str, body: str, at: object) -> MessageTemplate:
    row = MessageTemplate(event=event, audience="staff", subject="题", body=body, changed_at=at)
    row.save()
    return row


class Reader:
    """Counts how often it is asked."""

    def __init__(self, *tables: str) -> None:
        self.kept: Kept[str, str] = Kept(*tables)
        self.asked = 0

    def read(self, event: str) -> str | None:
        self.asked += 1
        found = MessageTemplate.objects.filter(event=event).first()
        return found.body if found else None

    def __call__(self, event: str) -> str | None:
        return self.kept.one(event, self.read)


@pytest.mark.django_db
def test_it_asks_once_and_again_after_any_change_however_it_was_made(at) -> None:
    reader = Reader(TABLE)
    row = keep("a.b", "甲", at)
    assert [reader("a.b"), reader("a.b"), reader.asked] == ["甲", "甲", 1]
    MessageTemplate.objects.filter(id=row.id).update(body="乙")
    assert [reader("a.b"), reader("a.b"), reader.asked] == ["乙", "乙", 2]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET body = '丙'")
    assert reader("a.b") == "丙"
    row.delete()
    assert [reader("a.b"), reader("a.b"), reader.asked] == [None, None, 4]


@pytest.mark.django_db
def test_without_its_marks_it_would_be_stale(at) -> None:
    """The control: it is the trigger that tells."""
    reader = Reader(TABLE)
    row = keep("a.b", "甲", at)
    assert reader("a.b") == "甲"
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else f' ON "{TABLE}"'
        cursor.execute(f'DROP TRIGGER "{TABLE}_mark_update"{on}')
    MessageTemplate.objects.filter(id=row.id).update(body="乙")
    assert reader("a.b") == "甲"


@pytest.mark.django_db
def test_what_was_read_of_a_change_that_is_undone_is_not_kept(at) -> None:
    reader = Reader(TABLE)
    row = keep("a.b", "甲", at)
    assert reader("a.b") == "甲"
    for body in ("乙", "丙"):  # a second change must not be taken for the first
        with transaction.atomic():
            MessageTemplate.objects.filter(id=row.id).update(body=body)
            assert reader("a.b") == body
            transaction.set_rollback(True)
        assert reader("a.b") == "甲"


@pytest.mark.django_db
def test_a_table_that_nothing_tells_of_is_not_kept(at) -> None:
    reader = Reader("base_marker")
    keep("a.b", "甲", at)
    assert [reader("a.b"), reader("a.b"), reader.asked] == ["甲", "甲", 2]


@pytest.mark.django_db
def test_many_are_read_together_and_only_those_that_are_missing(at) -> None:
    kept: Kept[str, str] = Kept(TABLE)
    asked: list[list[str]] = []

    def read(events: list[str]) -> dict[str, str]:
        asked.append(events)
        return {one: one.upper() for one in events if one != "none"}

    assert kept.many(["a", "none", "a"], read) == {"a": "A"}
    assert kept.many(["b", "a", "none"], read) == {"b": "B", "a": "A"}
    assert asked == [["a", "none"], ["b"]]


@pytest.mark.django_db(transaction=True)
def test_a_change_by_another_connection_is_seen_once_it_is_committed(at) -> None:
    reader = Reader(TABLE)
    row = keep("a.b", "甲", at)
    assert reader("a.b") == "甲"

    def change() -> None:
        MessageTemplate.objects.filter(id=row.id).update(body="乙")
        connection.close()

    other = Thread(target=change)
    other.start()
    other.join()
    assert reader("a.b") == "乙"


@pytest.mark.both
@pytest.mark.django_db
def test_a_request_that_reads_asks_once_and_the_next_one_again(at) -> None:
    reader, seen = Reader(TABLE), []
    row = keep("a.b", "甲", at)

    def note(execute: Any, sql: str, *more: Any) -> Any:
        seen.append(sql)
        return execute(sql, *more)

    assert reader("a.b") == "甲"
    with asked_once(), connection.execute_wrapper(note):
        assert [reader("a.b"), reader("a.b"), len(seen)] == ["甲", "甲", 1]
        MessageTemplate.objects.filter(id=row.id).update(body="乙")
        assert reader("a.b") == "甲"  # one state to its end
    with asked_once():
        assert reader("a.b") == "乙"
    MessageTemplate.objects.filter(id=row.id).update(body="丙")
    assert reader("a.b") == "丙"  # whoever writes asks each time


@pytest.mark.both
@pytest.mark.django_db
def test_a_command_asks_once_and_again_after_what_it_changed_itself(at) -> None:
    reader, row = Reader(TABLE), keep("a.b", "甲", at)
    assert reader("a.b") == "甲"
    with asked_once_writing():
        assert [reader("a.b"), reader("a.b"), reader.asked] == ["甲", "甲", 1]
        for body in ("乙", "丙"):
            with transaction.atomic():
                MessageTemplate.objects.filter(id=row.id).update(body=body)
                assert reader("a.b") == body
                transaction.set_rollback(True)
            assert reader("a.b") == "甲"  # undone
        with connection.cursor() as cursor:  # a statement that nobody can read
            cursor.execute(f"WITH one AS (SELECT '丁' AS body) UPDATE {TABLE} SET body = '丁'")
        assert reader("a.b") == "丁"
        row.delete()
        assert reader("a.b") is None


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_others_looks_again(at) -> None:
    reader, row = Reader(TABLE), keep("a.b", "甲", at)

    def change() -> None:
        MessageTemplate.objects.filter(id=row.id).update(body="乙")
        connection.close()

    with asked_once_writing():
        assert reader("a.b") == "甲"
        other = Thread(target=change)
        other.start()
        other.join()
        assert reader("a.b") == "甲"  # as one that ran a moment earlier
        look_again()
        assert reader("a.b") == "乙"


@pytest.mark.both
@pytest.mark.django_db
def test_marks_that_came_with_another_row_are_those_that_are_read_alone(world, at) -> None:
    row = Person.objects.annotate(marks=beside()).get(id=world.clerk.id)
    with asked_once():
        found, alone = marks(), Marks()
        assert found is not None
        found.take(row.marks)
        kinds = [f"table:{table}" for table in kept_tables()]
        assert found.of(kinds) == alone.of(kinds) != frozenset()


def test_everything_that_is_kept_is_of_tables_that_leave_marks() -> None:
    for module in pkgutil.walk_packages(mingtang.__path__, "mingtang."):
        if ".queries" in module.name:
            importlib.import_module(module.name)
    named = {table for one in Kept.every for table in one.tables} - {"base_marker"}
    assert named <= set(kept_tables())  # others are what pages for everybody are made of
