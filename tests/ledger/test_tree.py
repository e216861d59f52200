"""The tree over all streams: who stands in it, what was signed, what was anchored, what rewriting
it would take."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from mingtang.base.db import guards_lifted
from mingtang.base.ids import counted_from
from mingtang.base.profile import digest
from mingtang.ledger import heads, queries, services
from mingtang.ledger.models import Command, Event, TreeHead, TreeLeaf
from mingtang.ledger.rules import GENESIS, SYSTEM, leaf_hash
from mingtang.ledger.services import anchor_head, grow_tree
from mingtang.ledger.verify_ledger import main
from tests.ledger.exports import root_of
from tests.ledger.test_services import note

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _apart(settings, tmp_path):
    settings.LEDGER_FOLLOWERS = []
    settings.MINGTANG_ANCHORS = tmp_path / "anchors"


@pytest.fixture
def write(at, command_id):
    def notes(texts):
        for text in texts:
            note(text=text, actor=SYSTEM, at=at, command_id=command_id())

    return notes


def _leaves():
    rows = TreeLeaf.objects.order_by("position").values_list("event__leaf", flat=True)
    return [bytes.fromhex(leaf) for leaf in rows]


def test_each_event_has_one_place_and_the_head_is_over_all(write, at):
    write("abc")
    assert grow_tree(at) == 3
    assert grow_tree(at) == 0
    write("de")
    assert grow_tree(at) == 2
    assert [head.size for head in TreeHead.objects.order_by("size")] == [3, 5]
    assert queries.latest_head().root == root_of(_leaves()).hex()
    assert queries.verify().is_ok


def test_what_does_not_fit_into_one_transaction_goes_in_several(write, at, monkeypatch):
    monkeypatch.setattr(services, "LEAVES_TOGETHER", 2)
    write("abcde")
    assert grow_tree(at) == 5
    assert queries.latest_head().root == root_of(_leaves()).hex()


def test_what_was_committed_late_is_not_passed_over(write, at):
    """Its id is smaller than one that stands in the tree: a little, and by an hour."""
    moment = 1_400_000_000_000
    with counted_from(lambda: moment):
        write("a")
    assert grow_tree(at) == 1
    with counted_from(lambda: moment - 60_000):
        write("b")
    assert grow_tree(at) == 1
    with counted_from(lambda: moment - 3_600_000):
        write("c")
    assert grow_tree(at) == 0
    assert queries.oldest_outside_tree() == at
    assert grow_tree(at, everything=True) == 1
    assert queries.oldest_outside_tree() is None
    assert queries.verify().is_ok


def test_all_of_them_are_looked_for_onward_and_once_more_from_the_front(write, at, monkeypatch):
    """One is committed late while the others are given their places: behind where it looks."""
    monkeypatch.setattr(services, "LEAVES_TOGETHER", 2)
    add, look, moment, asked = services._add_leaves, queries.outside_tree, 1_400_000_000_000, []

    def add_and_write(owed, now):
        if len(asked) == 1:
            with counted_from(lambda: moment - 3_600_000):
                write("z")
        return add(owed, now)

    def noted(limit, **told):
        asked.append(told["after"])
        return look(limit, **told)

    with counted_from(lambda: moment):
        write("abcde")
    monkeypatch.setattr(services, "_add_leaves", add_and_write)
    monkeypatch.setattr(queries, "outside_tree", noted)
    assert grow_tree(at, everything=True) == 6
    ids = sorted(Event.objects.values_list("id", flat=True))
    assert asked == [0, ids[2], ids[4], ids[5], 0, ids[0], 0]
    assert queries.oldest_outside_tree() is None
    assert queries.verify().is_ok


def test_an_export_is_checked_by_the_stand_alone_verifier(write, tmp_path, capsys):
    write(["a", "“引号”\n换行 é", "c"])
    out, head = str(tmp_path / "ledger.jsonl"), str(tmp_path / "head.json")
    call_command("ledger", "export", "--out", out, "--head", head)
    call_command("ledger", "key")
    key = capsys.readouterr().out.split()[-1]
    assert main([out, "--head", head, "--key", key]) == 0
    with open(out, "ab") as file:
        file.write(b"{}\n")
    assert main([out, "--head", head]) == 1


@pytest.mark.parametrize(
    ("table", "column"), [("ledger_treeleaf", "event_id"), ("ledger_treehead", "at")]
)
def test_the_database_refuses_to_rewrite_the_tree(table, column, write, at):
    write("a")
    grow_tree(at)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def _rewrite(number, text):
    """What the owner of the database could do: change a record and hash all that follows anew."""
    previous = GENESIS
    for event in Event.objects.order_by("seq"):
        if event.seq == number:
            event.facts = {"text": text}
        event.previous_leaf = previous
        previous = event.leaf = leaf_hash(event.hashed_row(), digest)
        event.save()


def test_history_hashed_anew_is_found_by_the_signed_head(write, at):
    write("abc")
    grow_tree(at)
    with guards_lifted():
        _rewrite(2, "x")
    assert [found.stream for found in queries.verify().breaks] == [queries.TREE]


def test_a_record_whose_command_is_gone_is_found(write, at):
    write("abc")
    assert queries.verify().is_ok
    second = Event.objects.get(seq=2)
    with guards_lifted():
        Command.objects.filter(command_id=second.command_id).delete()
    found = queries.verify().breaks
    assert [(one.stream, one.seq) for one in found] == [(second.stream, 2)]


def test_history_hashed_and_signed_anew_is_found_by_the_anchor_alone(write, at):
    """With the key too a new history can be signed. That it is another one is seen elsewhere."""
    write("abc")
    grow_tree(at)
    assert anchor_head(at) == 1
    with guards_lifted():
        _rewrite(2, "x")
        TreeHead.objects.all().delete()
        TreeLeaf.objects.all().delete()
    grow_tree(at + timedelta(hours=1))
    assert [found.stream for found in queries.verify().breaks] == [queries.TREE]
    heads.anchor_file().unlink()
    assert queries.verify().is_ok  # the positive control: without the anchor nothing is seen


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_treeleaf WHERE position = 2",
        "DELETE FROM ledger_treeleaf WHERE position = 0",
        "UPDATE ledger_treehead SET signature = public_key",
        "UPDATE ledger_treehead SET at = '2013-01-01 00:00:00+00:00'",
        "UPDATE ledger_treehead SET root = public_key",
    ],
)
def test_a_tree_that_was_touched_is_found(statement, write, at):
    write("abc")
    grow_tree(at)
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert {found.stream for found in queries.verify().breaks} == {queries.TREE}


@pytest.mark.parametrize(
    ("statement", "is_found"),
    [
        ("DELETE FROM ledger_event WHERE seq >= 3", True),
        ("DELETE FROM ledger_event", True),
        ("DELETE FROM ledger_event WHERE seq = 4", False),  # not in the tree yet: the one window
    ],
)
def test_an_end_that_was_cut_off_is_found_once_a_head_covers_it(statement, is_found, write, at):
    write("abc")
    grow_tree(at)
    write("d")
    with transaction.atomic():
        with guards_lifted(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert ({found.stream for found in queries.verify().breaks} == {queries.TREE}) is is_found
        transaction.set_rollback(True)


def test_heads_are_anchored_once_and_a_line_cut_off_spoils_none(write, at):
    write("a")
    grow_tree(at)
    assert (anchor_head(at), anchor_head(at)) == (1, 0)
    with heads.anchor_file().open("ab") as file:
        file.write(b'{"algorithm":"sha2')
    write("b")
    grow_tree(at)
    assert anchor_head(at) == 1
    assert [one["size"] for one in heads.anchors()] == [1, 2]
