"""Serials: one by one without gaps, in blocks without waiting; what is rolled back is not kept."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from mingtang.base import serials
from mingtang.base.models import Serial
from mingtang.base.serials import forget_blocks, next_serial, one_by_one

pytestmark = pytest.mark.django_db(transaction=True)
BLOCK = 10


class Undone(Exception):
    """Ends a transaction that is not to be kept."""


def draw(series: str = "s", block: int = BLOCK, count: int = 1) -> list[int]:
    with transaction.atomic():
        return [next_serial(series, block) for _ in range(count)]


def last_of(series: str = "s") -> int:
    return Serial.objects.get(series=series).last


def draw_in_vain(block: int = BLOCK) -> int:
    """The number that a transaction, or a savepoint, was given and rolled back."""
    drawn = 0
    try:
        with transaction.atomic():
            drawn = next_serial("s", block)
            raise Undone
    except Undone:
        return drawn


@pytest.fixture
def in_blocks() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite draws one by one")


def test_one_by_one_there_are_no_gaps() -> None:
    assert draw_in_vain(block=1) == 1
    assert [*draw(block=1), *draw(block=1), *draw("t", block=1)] == [1, 2, 1]


def test_a_serial_is_drawn_inside_a_transaction_and_a_block_is_not_empty() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        next_serial("s")
    with transaction.atomic(), pytest.raises(ValueError, match="one number at least"):
        next_serial("s", 0)


def test_on_sqlite_a_block_is_one() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("for SQLite")
    assert [draw(), draw(), last_of()] == [[1], [2], 2]


def test_the_rest_of_a_block_is_given_out_without_a_question(
    in_blocks: None, django_assert_num_queries
) -> None:
    assert draw() == [1]
    with transaction.atomic(), django_assert_num_queries(0):
        assert [next_serial("s", BLOCK) for _ in range(9)] == list(range(2, 11))
    assert last_of() == 10
    assert draw() == [11]


def test_a_pooled_number_of_a_transaction_that_fails_is_lost(in_blocks: None) -> None:
    draw()
    assert draw_in_vain() == 2
    assert draw() == [3]


def test_of_a_block_that_is_rolled_back_nothing_is_kept(in_blocks: None) -> None:
    assert draw_in_vain() == 1
    with transaction.atomic():
        assert draw_in_vain() == 1  # a savepoint inside one that commits
        assert next_serial("t", BLOCK) == 1
    assert not Serial.objects.filter(series="s").exists()
    assert draw(block=4) == [1]
    assert (last_of(), draw()) == (4, [2])


def test_until_it_commits_a_transaction_draws_block_after_block(in_blocks: None) -> None:
    assert draw(count=3) == [1, 11, 21]
    rest = [number for _ in range(27) for number in draw()]
    assert sorted([*rest, 1, 11, 21]) == list(range(1, 31))
    assert last_of() == 30


def test_where_one_process_is_alone_two_of_a_transaction_follow_each_other(in_blocks: None) -> None:
    with one_by_one():
        assert draw(count=2) == [1, 2]
    assert draw(count=2) == [3, 13]  # the control: two blocks, as in a city


def test_drawing_one_passes_by_the_blocks(in_blocks: None) -> None:
    draw()
    assert [*draw(block=1), *draw()] == [11, 2]


def test_what_is_kept_is_bounded(in_blocks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serials, "MOST_SERIES", 3)
    monkeypatch.setattr(serials, "MOST_NUMBERS", 5)
    for series in "abcd":
        draw(series)
    assert [draw(series) for series in "dcb"] == [[2], [2], [2]]
    assert draw("a") == [11]  # it had rested longest
    assert [draw("b")[0] for _ in range(5)] == [3, 4, 5, 6, 11]


def test_an_emptied_database_begins_anew(in_blocks: None) -> None:
    draw()
    call_command("flush", interactive=False, verbosity=0)
    assert draw() == [1]


def test_a_block_that_commits_after_it_was_forgotten_stays_forgotten(in_blocks: None) -> None:
    with transaction.atomic():
        next_serial("s", BLOCK)
        forget_blocks()
    assert draw() == [11]


def test_another_database_has_blocks_of_its_own(
    in_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw()
    monkeypatch.setitem(connection.settings_dict, "NAME", "elsewhere")
    assert draw() == [11]
