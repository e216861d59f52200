"""Identifiers: unique, growing, within 63 bits, one node to one process."""

import pytest

from mingtang.base import clock, ids
from mingtang.base.models import NodeLease


def test_ids_of_one_node_grow_strictly_even_within_one_millisecond():
    generate = ids.IdGenerator(3, lambda: ids.EPOCH_MS + 1000)
    made = [generate() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert max(made) < 2**63


def test_a_clock_that_steps_back_gives_no_id_twice():
    moments = iter([5000, 5000, 4000, 4999, 5001])
    generate = ids.IdGenerator(3, lambda: ids.EPOCH_MS + next(moments))
    made = [generate() for _ in range(5)]
    assert made == sorted(set(made))


def test_two_nodes_never_meet():
    one, other = (ids.IdGenerator(node, lambda: ids.EPOCH_MS + 9) for node in (1, 2))
    assert not {one() for _ in range(5000)} & {other() for _ in range(5000)}


def test_a_node_number_out_of_range_is_refused():
    with pytest.raises(ValueError, match="1024"):
        ids.IdGenerator(1024, lambda: 0)


@pytest.mark.django_db
def test_leases_go_to_different_processes_and_come_back_after_their_time():
    for node in (901, 902):  # the migration's rows may be gone with a transactional test
        NodeLease.objects.get_or_create(
            node=node, defaults={"leased_until": clock.now() - ids.LEASE}
        )
    first, second = ids._take_node(), ids._take_node()
    assert first != second
    NodeLease.objects.filter(node=first).update(leased_until=clock.now() - ids.LEASE)
    assert ids._take_node() == first


@pytest.mark.parametrize("text", ["", "-1", "x", "1_0", "１", "9223372036854775808", "9" * 30])
def test_what_spells_no_id_is_none(text):
    assert ids.parse_id(text) is None


def test_the_largest_id_is_understood():
    assert ids.parse_id("9223372036854775807") == 2**63 - 1
