"""The witness: a second party with a key of its own, and no database."""

import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from mingtang.base.db import guards_lifted
from mingtang.ledger import heads, queries
from mingtang.ledger.models import TreeHead, TreeLeaf
from mingtang.ledger.proofs import extension_of
from mingtang.ledger.services import anchor_head, grow_tree
from mingtang.ledger.verify_ledger import Bad
from mingtang.ledger.witness import Witness, lines_of, main, read_witnessed
from tests.ledger.test_proofs import write  # noqa: F401
from tests.ledger.test_tree import _rewrite


@pytest.fixture
def told(write, at):  # noqa: F811
    """Three anchors, an hour apart."""
    for count in (3, 2, 4):
        write(count)
        anchor_head(at)
    return list(lines_of(heads.extension_file()))


@pytest.fixture
def witness(tmp_path):
    return Witness(tmp_path / "witness", heads.public_key())


def _rewritten(at):
    """The whole ledger anew, with the same key, as its owner could."""
    with guards_lifted():
        _rewrite(2, "x")
        TreeHead.objects.all().delete()
        TreeLeaf.objects.all().delete()
    grow_tree(at)


def test_it_signs_each_head_that_goes_on_from_the_last_and_once(told, witness, at):
    key = heads.public_key()
    assert witness.take(told[:1], key, [], at) == 1
    again = Witness(witness.file.parent, key)
    assert (again.size, again.public_key) == (3, witness.public_key)
    assert again.take(told, key, [], at) == 2
    assert again.take(told, key, [], at) == 0
    lines = list(lines_of(again.file))
    assert [read_witnessed(one, again.public_key)["size"] for one in lines] == [3, 5, 9]
    for changed in (lines[0].replace(b'"size":3', b'"size":4'), lines[0].replace(b"2013", b"2014")):
        with pytest.raises(Bad):
            read_witnessed(changed, again.public_key)
    with pytest.raises(Bad, match="another witness"):
        read_witnessed(lines[0], "0" * 64)


def test_a_history_written_anew_is_refused_and_kept_as_evidence(told, witness, at):
    key = heads.public_key()
    witness.take(told[:2], key, [], at)
    _rewritten(at)
    forked = extension_of(5, queries.latest_head())
    with pytest.raises(Bad, match="does not hold the 5 records"):
        witness.take([forked], key, [], at)
    assert witness.size == 5
    assert list(lines_of(witness.refused)) == [forked]
    assert witness.take(told, key, [], at) == 1  # the positive control: the true one goes on


def test_another_root_of_a_size_that_was_witnessed_is_refused(told, witness, at):
    key = heads.public_key()
    witness.take(told, key, [], at)
    _rewritten(at)
    with pytest.raises(Bad, match="another root"):
        witness.take([extension_of(0, queries.latest_head())], key, [], at)


def test_a_history_that_is_cut_short_is_refused(told, witness, at):
    key = heads.public_key()
    witness.take(told, key, [], at)
    for fewer in (told[:2], []):
        with pytest.raises(Bad, match="9 were witnessed"):
            witness.take(fewer, key, [], at)


def test_a_power_cut_between_a_line_and_its_anchor_leaves_no_gap(told, witness, at, write):  # noqa: F811
    """The line for the witness is on the disk first; the next goes on from it."""
    write(2)
    heads.append_line(heads.extension_file(), extension_of(9, queries.latest_head()))
    write(3)
    assert anchor_head(at) == 1
    lines = list(lines_of(heads.extension_file()))
    assert witness.take(lines, heads.public_key(), [], at) == 5
    assert witness.size == 14


def test_a_gap_or_another_signer_is_refused(told, witness, at):
    key = heads.public_key()
    witness.take(told[:1], key, [], at)
    with pytest.raises(Bad, match="3 were witnessed"):
        witness.take(told[2:], key, [], at)
    with pytest.raises(Bad, match="another key"):
        witness.take(told[1:], "0" * 64, [], at)


def test_what_was_witnessed_is_compared_with_the_ledger(told, witness, at, tmp_path):
    witness.take(told, heads.public_key(), [], at)
    asked = {"witness": witness.file, "witness_key": witness.public_key}
    call_command("verify", **asked)
    _rewritten(at)
    heads.anchor_file().unlink()
    call_command("verify")  # the positive control: alone the new history looks whole
    with pytest.raises(SystemExit):
        call_command("verify", **asked)
    with pytest.raises(CommandError, match="不可信"):
        call_command("verify", **asked | {"witness_key": "0" * 64})
    with pytest.raises(CommandError, match="witness-key"):
        call_command("verify", **asked | {"witness_key": None})


@pytest.mark.slow
def test_it_needs_no_installation(told, tmp_path):
    """By the command line, where no settings are and no database can be made."""
    heads_file = tmp_path / "extensions.jsonl"
    heads_file.write_bytes(b"".join(told))
    run = "from mingtang.site.cli import main; main()"
    asked = [str(heads_file), "--folder", str(tmp_path / "w"), "--key", heads.public_key()]
    done = subprocess.run(
        [sys.executable, "-c", run, "witness", *asked],
        env={"PATH": os.environ["PATH"], "MINGTANG_HOME": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "3 heads, 9 records" in done.stdout, done.stderr
    assert done.returncode == 0
    line = json.loads((tmp_path / "w" / "witnessed.jsonl").read_text().splitlines()[-1])
    assert line["head"]["size"] == 9


def test_what_is_refused_ends_with_a_code(told, tmp_path, capsys):
    asked = ["--folder", str(tmp_path / "w"), "--key", "0" * 64]
    assert main([str(heads.extension_file()), *asked]) == 1
    assert main([str(tmp_path / "none"), *asked]) == 1
    assert "REFUSED" in capsys.readouterr().out
