"""The stand-alone verifier: every tampering is found, a whole export is not blamed."""

import ast
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingtang.ledger import verify_ledger
from mingtang.ledger.verify_ledger import Bad, Tree, is_signed, main, read_head, spelt, verify
from tests.ledger.exports import KEY, export, leaf_of, root_of, sign, tampered

LINES = export(12, 4)
HEAD = sign(LINES)


def test_it_needs_pythons_own_library_alone():
    imports = [
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(Path(verify_ledger.__file__).read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert imports
    assert {str(name).split(".")[0] for name in imports} <= sys.stdlib_module_names


def test_the_tree_grows_to_the_root_that_the_rfc_defines():
    tree, leaves = Tree(), [leaf_of(b"%d\n" % number) for number in range(70)]
    for count, leaf in enumerate([*leaves, b""]):
        assert tree.root() == root_of(leaves[:count])
        tree.add(leaf)


@pytest.mark.parametrize(
    ("key", "message", "signature"),
    [  # RFC 8032, section 7.1, tests 1 to 3
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            (
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            (
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
                "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            (
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
                "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            ),
        ),
    ],
)
def test_signatures_of_the_rfc_hold_and_no_others(key, message, signature):
    assert is_signed(bytes.fromhex(message), signature, key)
    assert not is_signed(bytes.fromhex(message) + b"x", signature, key)
    turned = bytearray.fromhex(signature)
    turned[20] ^= 4
    assert not is_signed(bytes.fromhex(message), turned.hex(), key)


def test_a_whole_export_is_whole_and_a_stranger_is_not_its_signer(tmp_path, capsys):
    files = tmp_path / "ledger.jsonl", tmp_path / "head.json"
    files[0].write_bytes(b"".join(LINES))
    files[1].write_bytes(spelt(HEAD) + b"\n")
    told = [str(files[0]), "--head", str(files[1])]
    assert main(told) == 0
    assert main([*told, "--key", KEY.public_key().public_bytes_raw().hex()]) == 0
    assert main([*told, "--key", "0" * 64]) == 1
    assert "another key" in capsys.readouterr().out
    files[0].write_bytes(b"".join(LINES[:-1]))
    assert main(told) == 1


def test_an_empty_export_that_was_signed_is_whole():
    assert verify([], sign([])) == 0


def _found(count: int, seed: int) -> int:
    """How many of so many tamperings are found. What leaves the bytes as they were is none."""
    dice, found, made = random.Random(seed), 0, 0
    while made < count:
        lines = tampered(LINES, dice)
        if lines == LINES:
            continue
        made += 1
        try:
            verify(lines, HEAD)
        except Bad:
            found += 1
    return found


@pytest.mark.slow
def test_ten_thousand_tamperings_are_found(lasting):
    found = _found(10_000, seed=12)
    lasting.tell("ledger tamperings", database="-", tamperings=10_000, found=found)
    assert found == 10_000


def test_the_tamperings_would_pass_a_verifier_that_does_not_look_at_the_root(monkeypatch):
    monkeypatch.setattr(Tree, "root", lambda tree: bytes.fromhex(str(HEAD["root"])))
    assert _found(300, seed=12) < 300


def test_no_byte_of_the_head_is_left_out():
    content = spelt(HEAD) + b"\n"
    assert read_head(content) == HEAD
    for place in range(0, len(content), 7):
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises(Bad):
            read_head(bytes(changed))


def _passes(lines: list[bytes], head) -> bool:
    try:
        verify(lines, head)
    except Bad:
        return False
    return True


def _bytes_turned(lines: list[bytes], dice: random.Random) -> Iterator[list[bytes]]:
    """The export once for each of its bytes, with some bit of that byte turned, read as a file."""
    for number, line in enumerate(lines):
        for place in range(len(line)):
            changed = bytearray(line)
            changed[place] ^= 1 << dice.randrange(8)
            yield [*lines[:number], *bytes(changed).splitlines(keepends=True), *lines[number + 1 :]]


SMALL, LEDGERS = 5, 2_000  # records of a ledger, and ledgers: 10,000 records in all
SOME = 4  # ledgers to one tampering of the large one


@pytest.mark.soak
def test_every_byte_of_ten_thousand_records_counts(lasting):
    """In small ledgers of two streams, each of other records, so that each byte is judged by a
    whole run of the verifier; beside some of them a tampering of one ledger of 10,000 records."""
    dice, told = random.Random(29), Counter(records=0, bytes_turned=0, other_tamperings=0)
    large = export(SMALL * LEDGERS, 2_000)
    large_head, passed = sign(large), 0
    for number in lasting.rounds(LEDGERS):
        lines = export(SMALL, 2, first=number * SMALL)
        head = sign(lines)
        assert verify(lines, head) == SMALL
        for turned in _bytes_turned(lines, dice):
            told["bytes_turned"] += 1
            passed += _passes(turned, head)
        if number % SOME == 0:
            other = tampered(large, dice)
            told["other_tamperings"] += other != large
            passed += other != large and _passes(other, large_head)
        told["records"] += SMALL
    lasting.tell("ledger tamperings", database="-", **told, undetected=passed)
    assert passed == 0
    assert told["records"] >= SMALL * LEDGERS or lasting.minutes is not None


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_a_hundred_thousand_records_take_two_seconds_at_most(count, lasting):
    lines = export(count, count // 5)
    head = sign(lines)
    began = time.process_time()
    assert verify(lines, head) == count
    took = time.process_time() - began
    lasting.tell("records verified", database="-", records=count, milliseconds=round(took * 1000))
    assert took < 2 * count / 100_000
