"""The signing key is handed on: by two, without a gap, and what was signed before still holds."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mingtang.accounts.rules import Role
from mingtang.base.errors import DomainError
from mingtang.ledger import heads, queries, services_keys
from mingtang.ledger.models import TreeHead
from mingtang.ledger.proofs import receipt_of
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services_keys import rotate_key
from mingtang.ledger.verify_ledger import Bad, check_signer, main, read_head, read_receipt, spelt
from tests.ledger.test_proofs import STREAM, write  # noqa: F401
from tests.world import new_command_id

ONE, OTHER = Actor(id="1", label="徐志强"), Actor(id="2", label="周敏")


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    settings.MINGTANG_LEDGER_KEY_FILE = tmp_path / "keys" / "ledger.key"


def _rotate(at, **more):
    said = {"second": OTHER, "actor": ONE, "at": at, "command_id": new_command_id(), **more}
    return rotate_key(**said)


def _lines():
    return [spelt(one) + b"\n" for one in queries.key_certificates()]


def _told():
    return [read_head(heads.written(one)) for one in TreeHead.objects.order_by("size")]


def test_heads_of_each_key_hold_with_the_first_and_its_certificates(write, at):  # noqa: F811
    first = heads.public_key()
    for count in (3, 2):
        write(count)
        _rotate(at)
    write(1)
    assert len({one.public_key for one in TreeHead.objects.all()}) == 3
    for head in _told():
        check_signer(head, first, _lines())
    assert queries.verify().is_ok
    with pytest.raises(Bad, match="another key"):  # the positive control
        check_signer(_told()[-1], first, [])


def test_the_old_key_signs_nothing_more(write, at):  # noqa: F811
    """Who stole it can make no head that goes on, nor hand it on to themselves."""
    write(3)
    first, stolen = heads.public_key(), heads._key()
    _rotate(at)
    write(2)
    later = {name: value for name, value in _told()[-1].items() if name != "signature"}
    later["public_key"] = first
    later["signature"] = stolen.sign(spelt(later))
    read_head(spelt(later) + b"\n")  # by itself the signature holds
    with pytest.raises(Bad, match="another key"):
        check_signer(later, first, _lines())
    forged = json.loads(_lines()[0]) | {"size": 5, "next_key": "0" * 64}
    del forged["signature"]
    forged["signature"] = stolen.sign(spelt(forged))
    with pytest.raises(Bad, match="the key before it"):
        check_signer(later, first, [*_lines(), spelt(forged) + b"\n"])
    turned = _lines()[0].replace(b'"size":3', b'"size":9')
    with pytest.raises(Bad, match="certificate"):
        check_signer(later, first, [turned])


def test_it_takes_two_and_both_are_written_down(write, at):  # noqa: F811
    write(1)
    for second in (ONE, SYSTEM):
        with pytest.raises(DomainError, match="两个人"):
            _rotate(at, second=second)
    _rotate(at)
    told = queries.last_event("ledger:keys")
    assert (told.actor_label, told.facts["agreed_by"]) == ("徐志强", ["2", "周敏"])
    kept = list(Path(heads.anchor_file()).parent.parent.glob("keys/*retired.key"))
    assert len(kept) == 1
    assert heads.public_key(kept[0]) == told.facts["certificate"]["public_key"]


def test_killed_after_the_ledger_knows_it_is_finished_by_the_next_head(write, at, monkeypatch):  # noqa: F811
    write(2)
    first = heads.public_key()
    with monkeypatch.context() as patch:
        patch.setattr(services_keys.heads, "settle", lambda current: None)
        _rotate(at)
    assert heads.public_key() == first
    write(1)
    assert heads.public_key() == queries.current_key() != first
    assert queries.verify().is_ok


def test_another_key_in_its_place_signs_nothing(write, at, settings):  # noqa: F811
    write(1)
    _rotate(at)
    assert queries.why_no_heads() == ""
    Path(settings.MINGTANG_LEDGER_KEY_FILE).write_bytes(b"x" * 32)
    with pytest.raises(heads.OtherLedgerKey):
        write(1)
    assert not queries.verify().is_ok
    assert "没有签名" in queries.why_no_heads()


def test_a_receipt_of_before_and_one_of_after_hold(write, at, tmp_path):  # noqa: F811
    write(2)
    first, files = heads.public_key(), [tmp_path / "before", tmp_path / "after"]
    files[0].write_bytes(receipt_of(STREAM))
    _rotate(at)
    write(1)
    files[1].write_bytes(receipt_of(STREAM))
    keys = tmp_path / "keys.jsonl"
    keys.write_bytes(b"".join(_lines()))
    for file in files:
        assert read_receipt(file.read_bytes())
        assert main(["--receipt", str(file), "--key", first, "--keys", str(keys)]) == 0
    assert main(["--receipt", str(files[1]), "--key", first]) == 1


def test_two_administrators_rotate_it_at_the_command_line(write, at, world, monkeypatch, capsys):  # noqa: F811
    write(1)
    for name, role in (("one", Role.SYSTEM_ADMIN), ("two", Role.SECURITY_ADMIN)):
        world.people.post(name, role, world.centre)
    monkeypatch.setattr("builtins.input", lambda: world.people.password)
    asked = ("ledger", "rotate-key", "--passwords-stdin", "--by", "one", "--second")
    for second in ("one", world.clerk.username):
        with pytest.raises((CommandError, DomainError)):
            call_command(*asked, second)
    assert queries.current_key() is None
    call_command(*asked, "two")
    assert queries.current_key() == heads.public_key()
    capsys.readouterr()
    call_command("ledger", "keys")
    assert heads.public_key() in capsys.readouterr().out
