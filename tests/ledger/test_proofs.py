"""Proofs out of the tree: a receipt of one record, and that a later head holds an earlier one."""

import json
import random
from functools import partial
from itertools import pairwise

import pytest

from mingtang.ledger import proofs, queries, services, verify_ledger
from mingtang.ledger.models import TreeHead, TreeLeaf, TreeNode
from mingtang.ledger.proofs import Nodes, NoProofYet, extension_of, receipt_of
from mingtang.ledger.rules import SYSTEM, canonical
from mingtang.ledger.services import grow_tree
from mingtang.ledger.verify_ledger import (
    Bad,
    main,
    read_extension,
    read_receipt,
    sha256,
    spelt,
)
from tests.ledger.exports import leaf_of, root_of
from tests.ledger.test_services import note

STREAM = "test:1"
extends = partial(verify_ledger.extends, digest=sha256)
root_above = partial(verify_ledger.root_above, digest=sha256)
LEAVES = [leaf_of(b"%d\n" % number) for number in range(70)]


class Held(Nodes):
    """Leaves that are held in memory."""

    def _hashes(self, level, first, end):
        return LEAVES[first:end]


def test_each_leaf_of_each_tree_has_its_path_and_no_other_leaf_has():
    nodes = Held()
    for size in range(1, 71):
        root = root_of(LEAVES[:size])
        for position in (0, size // 3, size // 2, size - 1):
            path = nodes.path(position, 0, size)
            assert root_above(LEAVES[position], position, size, path) == root
            assert _root(LEAVES[position - 1], position, size, path) != root or size == 1
            for wrong in (path[1:], [*path, root], path[::-1]):
                if wrong != path:
                    assert _root(LEAVES[position], position, size, wrong) != root


def _root(*told):
    try:
        return root_above(*told)
    except Bad:
        return None


def test_each_tree_holds_each_earlier_one_and_no_other():
    nodes, roots = Held(), [root_of(LEAVES[:size]).hex() for size in range(71)]
    for later in (*range(1, 18), 31, 32, 33, 64, 70):
        for size in range(1, later + 1):
            path = nodes.extension(size, 0, later)
            assert extends(size, roots[size], later, roots[later], path)
            assert not extends(size, roots[size - 1], later, roots[later], path)
            assert not extends(size, roots[size], later, roots[later - 1], path)
            if path:
                assert not extends(size, roots[size], later, roots[later], path[:-1])
            assert not extends(size, roots[size], later, roots[later], [*path, LEAVES[0]])
    assert extends(0, roots[0], 5, roots[5], [])
    assert not extends(6, roots[6], 5, roots[5], [])


@pytest.fixture
def write(db, at, command_id, settings, tmp_path):
    settings.LEDGER_FOLLOWERS = []
    settings.MINGTANG_ANCHORS = tmp_path / "anchors"

    def notes(count):
        for number in range(count):
            note(text=str(number), actor=SYSTEM, at=at, command_id=command_id())
        grow_tree(at)

    return notes


def test_the_noted_nodes_give_the_same_paths_as_all_leaves(write, at, monkeypatch):
    """With four to a node, so that three levels of them are needed."""
    monkeypatch.setattr(proofs, "WIDE", 2)
    monkeypatch.setattr(proofs, "TOGETHER", 4)
    monkeypatch.setattr(services, "LEAVES_TOGETHER", 8)
    write(23)
    write(47)
    leaves = TreeLeaf.objects.order_by("position").values_list("event__leaf", flat=True)
    leaves = [bytes.fromhex(one) for one in leaves]
    assert TreeNode.objects.count() == 17 + 4 + 1
    for size in (17, 64, 70):
        root = root_of(leaves[:size])
        for position in range(0, size, 7):
            assert (
                root_above(leaves[position], position, size, Nodes().path(position, 0, size))
                == root
            )
        path = Nodes().extension(size, 0, 70)
        assert extends(size, root.hex(), 70, root_of(leaves).hex(), path)


def test_what_is_not_noted_yet_is_pending_and_noted_by_the_hour(write, at, monkeypatch):
    """So it is after an upgrade: a tree that grew before there were nodes."""
    monkeypatch.setattr(proofs, "WIDE", 2)
    monkeypatch.setattr(proofs, "TOGETHER", 4)
    monkeypatch.setattr(services, "_add_nodes", lambda level: 0)
    write(9)
    with pytest.raises(NoProofYet):
        Nodes().path(8, 0, 9)
    monkeypatch.undo()
    monkeypatch.setattr(proofs, "WIDE", 2)
    monkeypatch.setattr(proofs, "TOGETHER", 4)
    grow_tree(at, everything=True)
    assert Nodes().path(8, 0, 9)


class TestReceipt:
    @pytest.fixture
    def receipt(self, write):
        write(6)
        return receipt_of(STREAM)

    def test_it_is_pending_until_a_head_covers_it(self, write, at, command_id):
        note(text="x", actor=SYSTEM, at=at, command_id=command_id())
        with pytest.raises(NoProofYet):
            receipt_of(STREAM)
        grow_tree(at)
        assert read_receipt(receipt_of(STREAM))["position"] == 0

    def test_it_names_the_last_record_that_is_covered_and_no_person(self, receipt):
        told = read_receipt(receipt)
        last = queries.last_event(STREAM)
        assert told["leaf"] == last.leaf
        assert set(told) == {"format", "leaf", "position", "path", "head"}
        assert "系统".encode() not in receipt

    def test_no_byte_of_it_can_be_turned(self, receipt):
        dice = random.Random(12)
        for place in range(0, len(receipt), 23):
            turned = bytearray(receipt)
            turned[place] ^= 1 << dice.randrange(8)
            with pytest.raises((Bad, UnicodeDecodeError)):
                read_receipt(bytes(turned))

    def test_another_path_place_or_head_is_refused(self, receipt, write):
        told = json.loads(receipt)
        write(1)
        later = json.loads(receipt_of(STREAM))
        for change in (
            {"path": told["path"][::-1]},
            {"path": later["path"]},
            {"path": []},
            {"position": told["position"] - 1},
            {"position": -1},
            {"position": True},
            {"leaf": told["path"][0]},
            {"leaf": told["leaf"].upper()},
            {"head": later["head"]},
            {"format": "other"},
        ):
            with pytest.raises(Bad):
                read_receipt(spelt(told | change) + b"\n")

    def test_a_check_that_forgets_the_path_would_take_any_leaf(self, receipt, monkeypatch):
        """The positive control."""
        told = json.loads(receipt)
        root = bytes.fromhex(told["head"]["root"])
        monkeypatch.setattr("mingtang.ledger.verify_ledger.root_above", lambda *told: root)
        read_receipt(spelt(told | {"leaf": "0" * 64}) + b"\n")

    def test_the_stand_alone_program_checks_it(self, receipt, write, tmp_path, capsys):
        file, record, ahead = (tmp_path / name for name in ("receipt", "record", "extension"))
        file.write_bytes(receipt)
        event, told = queries.last_event(STREAM), json.loads(receipt)
        record.write_bytes(canonical(event.hashed_row()) + b"\n")
        write(3)
        ahead.write_bytes(extension_of(told["head"]["size"], queries.latest_head()))
        asked = ["--receipt", str(file), "--key", told["head"]["public_key"]]
        assert main(asked) == 0
        assert main([*asked, "--record", str(record), "--extension", str(ahead)]) == 0
        assert "still among 9" in capsys.readouterr().out
        assert main(["--receipt", str(file), "--key", "0" * 64]) == 1
        record.write_bytes(record.read_bytes().replace(b"5", b"6"))
        assert main([*asked, "--record", str(record)]) == 1
        with pytest.raises(SystemExit):
            main(["export", "--receipt", str(file)])


def test_a_history_that_was_written_anew_extends_no_earlier_head(write):
    sizes = []
    for count in (3, 4, 9):
        write(count)
        sizes.append((queries.latest_head().size, queries.latest_head().root))
    for (size, root), (later, _) in pairwise(sizes):
        told = extension_of(size, TreeHead.objects.get(size=later))
        assert read_extension(told, size, root)["size"] == later
        with pytest.raises(Bad):
            read_extension(told, size, "0" * 64)
        with pytest.raises(Bad):
            read_extension(told, size - 1, root)
