"""SM3 and SM2 as the stand-alone verifier knows them: by the standards' own examples, against
OpenSSL, and what it must refuse; and OpenSSL, called to sign."""

import random
import stat
import subprocess

import pytest

from mingtang.base import openssl
from mingtang.base.openssl import NoSM2, sm2_public, sm2_signature
from mingtang.ledger import verify_ledger
from mingtang.ledger.signing import SM2Signer, signer_of
from mingtang.ledger.verify_ledger import (
    ALGORITHM,
    GM,
    SM2_G,
    SM2_N,
    SM2_P,
    Bad,
    Tree,
    is_signed,
    plain_sm3,
    read_head,
    sm2_message,
    sm3,
    spelt,
    verify,
)
from tests.ledger.exports import Known, export, leaf_of, root_of, sign, tampered

# GB/T 32918.5-2017, annex A.2: the customary signer, the message "message digest".
MESSAGE = b"message digest"
X = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
Y = "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
E = 0xF0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640
R = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
S = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"


def _hex(*numbers):
    return "".join(number.to_bytes(32, "big").hex() for number in numbers)


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return signer_of(tmp_path_factory.mktemp("keys") / "ledger.key", GM)


@pytest.mark.parametrize(
    ("content", "expected"),
    [  # GB/T 32905-2016, annex A
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_is_that_of_the_standard(content, expected, monkeypatch):
    assert plain_sm3(content).hex() == sm3(content).hex() == expected
    monkeypatch.setattr("hashlib.algorithms_available", set())  # a Python that has none
    assert sm3(content).hex() == expected


def test_our_sm3_is_openssls_for_each_length_around_its_blocks(monkeypatch):
    dice = random.Random(3)
    contents = [dice.randbytes(length) for length in (*range(0, 130, 3), 55, 56, 63, 64, 119, 120)]
    assert all(plain_sm3(one) == sm3(one) for one in contents)
    turned = verify_ledger._turned  # the positive control
    monkeypatch.setattr(verify_ledger, "_turned", lambda word, by: turned(word, by + (by == 19)))
    assert not any(plain_sm3(one) == sm3(one) for one in contents)


def test_the_signature_of_the_standard_holds():
    assert sm2_message(MESSAGE, bytes.fromhex(X + Y)) == E
    assert is_signed(MESSAGE, R + S, X + Y)


r, s, x, y = (int(one, 16) for one in (R, S, X, Y))
REFUSED = {
    "another message": (MESSAGE + b".", R + S, X + Y),
    "s turned round, as ECDSA would take it": (MESSAGE, R + _hex(SM2_N - s), X + Y),
    "r turned round": (MESSAGE, _hex(SM2_N - r) + S, X + Y),
    "r and s changed over": (MESSAGE, S + R, X + Y),
    "r of nought": (MESSAGE, _hex(0) + S, X + Y),
    "s of nought": (MESSAGE, R + _hex(0), X + Y),
    "r of the order": (MESSAGE, _hex(SM2_N) + S, X + Y),
    "s of the order": (MESSAGE, R + _hex(SM2_N), X + Y),
    "s beyond": (MESSAGE, R + "f" * 64, X + Y),
    "cut off": (MESSAGE, R + S[:-2], X + Y),
    "too long": (MESSAGE, R + S + "00", X + Y),
    "other spelling": (MESSAGE, (R + S).upper(), X + Y),
    "no hexadecimal": (MESSAGE, "x" * 128, X + Y),
    "the other point of the key": (MESSAGE, R + S, _hex(x, SM2_P - y)),
    "a key off the curve": (MESSAGE, R + S, _hex(x, y ^ 1)),
    "a key of nought": (MESSAGE, R + S, _hex(0, 0)),
    "another key": (MESSAGE, R + S, _hex(*SM2_G)),
    "half a key": (MESSAGE, R + S, X),
    "a key with its mark": (MESSAGE, R + S, f"04{X}{Y}"),
    "no key": (MESSAGE, R + S, ""),
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_no_other_does(told):
    assert not is_signed(*told)


def test_a_verifier_that_leaves_something_out_is_seen(monkeypatch):
    """The positive controls: what is signed and who signs must count."""
    monkeypatch.setattr(verify_ledger, "sm2_message", lambda message, key: E)
    assert is_signed(*REFUSED["another message"])
    bare = int.from_bytes(sm3(MESSAGE), "big")  # without Z: no signer, no curve, no key
    monkeypatch.setattr(verify_ledger, "sm2_message", lambda message, key: bare)
    assert not is_signed(MESSAGE, R + S, X + Y)


def _times(factor):
    across, _, down = verify_ledger._sum_of(factor, (*SM2_G, 1), 0, (*SM2_G, 1))
    return across * pow(down, -2, SM2_P) % SM2_P


def test_r_and_s_that_cancel_each_other_sign_nothing(monkeypatch):
    """With t = 0 the key falls out of the equation: whoever may choose what is signed could sign
    for anybody, were it not looked at."""
    wanted = (SM2_N - s - _times(s)) % SM2_N
    monkeypatch.setattr(verify_ledger, "sm2_message", lambda message, key: wanted)
    forged = _hex(SM2_N - s, s)
    assert (wanted + _times(s)) % SM2_N == SM2_N - s  # all the rest of the equation holds
    assert not is_signed(MESSAGE, forged, X + Y)


def test_a_key_off_the_curve_signs_nothing(monkeypatch):
    """On another curve a point may be of small order; here all the rest of the equation holds."""
    off = (x, y ^ 1, 1)
    across, _, down = verify_ledger._sum_of(s, (*SM2_G, 1), (r + s) % SM2_N, off)
    wanted = (r - across * pow(down, -2, SM2_P) % SM2_P) % SM2_N
    monkeypatch.setattr(verify_ledger, "sm2_message", lambda message, key: wanted)
    assert not is_signed(MESSAGE, R + S, _hex(*off[:2]))


def test_a_signature_has_one_spelling(monkeypatch):
    """A key is made for which s is small, so that s and s + n are both of 32 bytes."""
    k, small = 12345, 5
    monkeypatch.setattr(verify_ledger, "sm2_message", lambda message, key: E)
    first = (E + _times(k)) % SM2_N
    secret = (k - small) * pow(first + small, -1, SM2_N) % SM2_N
    across, up, down = verify_ledger._sum_of(secret, (*SM2_G, 1), 0, (*SM2_G, 1))
    key = _hex(across * pow(down, -2, SM2_P) % SM2_P, up * pow(down, -3, SM2_P) % SM2_P)
    assert is_signed(MESSAGE, _hex(first, small), key)
    assert not is_signed(MESSAGE, _hex(first, small + SM2_N), key)


def test_what_openssl_signs_holds_and_for_no_other_signer(signer, tmp_path):
    for message in (b"", b"x" * 500):
        assert is_signed(message, signer.sign(message), signer.public)
    assert signer.sign(MESSAGE) != signer.sign(MESSAGE)  # each has a secret number of its own
    other = signer_of(tmp_path / "other.key", GM)
    assert not is_signed(MESSAGE, other.sign(MESSAGE), signer.public)
    assert stat.S_IMODE((tmp_path / "other.key").stat().st_mode) == 0o600


def test_another_name_of_the_signer_is_refused(signer, monkeypatch):
    """And so it is noticed where a build of OpenSSL leaves out the name that it was told."""
    named = "1234567812345670"
    monkeypatch.setattr(openssl, "SIGNER", named)
    with pytest.raises(NoSM2, match="核对不上"):
        signer.sign(MESSAGE)
    monkeypatch.setattr(sm2_message, "__defaults__", (named.encode(),))
    assert is_signed(MESSAGE, signer.sign(MESSAGE), signer.public)


def test_the_key_stands_on_no_command_line(signer, monkeypatch):
    asked, run = [], subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda told, **more: asked.append(told) or run(told, **more)
    )
    signer.sign(MESSAGE)
    body = "".join(signer._path.read_text().splitlines()[1:-1])
    assert asked
    assert not [word for told in asked for word in told if word in body or MESSAGE.decode() in word]


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ("exit 1", "没有成功"),
        ("echo no signature", "不是签名"),
        ("printf '\\060\\006\\002\\001\\001\\002\\001\\001'", "核对不上"),  # r = s = 1
    ],
)
def test_a_program_that_does_something_else_signs_nothing(says, why, signer, tmp_path, monkeypatch):
    program = tmp_path / "openssl"
    program.write_text(f"#!/bin/sh\ncat >/dev/null\n{says}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(NoSM2, match=why):
        signer.sign(MESSAGE)


def test_without_openssl_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSM2, match="找不到 openssl"):
        signer_of(tmp_path / "ledger.key", GM)
    assert not (tmp_path / "ledger.key").exists()


def test_a_key_of_another_kind_is_no_sm2_key(tmp_path):
    path = tmp_path / "ec.key"
    path.write_bytes(openssl._run("genpkey", "-algorithm", "ED25519"))
    with pytest.raises(NoSM2, match="不是 SM2 密钥"):
        SM2Signer(path)
    path.write_bytes(b"-----BEGIN nothing")
    with pytest.raises(NoSM2, match="pkey"):
        sm2_public(path)
    with pytest.raises(NoSM2, match="pkeyutl"):
        sm2_signature(path, b"")


@pytest.fixture(scope="module")
def told(signer):
    lines = export(12, 4, digest=sm3)
    return lines, sign(lines, signer)


def test_the_tree_of_sm3_grows_to_the_root_that_the_rfc_defines():
    tree, leaves = Tree(digest=sm3), [leaf_of(b"%d\n" % number, sm3) for number in range(40)]
    for count, leaf in enumerate([*leaves, b""]):
        assert tree.root() == root_of(leaves[:count], sm3)
        tree.add(leaf)


def _found(lines, head, count):
    dice, found, made = random.Random(12), 0, 0
    while made < count:
        other = tampered(lines, dice)
        if other == lines:
            continue
        made += 1
        try:
            verify(other, head)
        except Bad:
            found += 1
    return found


def test_five_hundred_tamperings_are_found(told, monkeypatch):
    lines, head = told
    assert verify(lines, read_head(spelt(head) + b"\n")) == 12
    assert _found(lines, head, 500) == 500
    monkeypatch.setattr(Tree, "root", lambda tree: bytes.fromhex(head["root"]))
    assert _found(lines, head, 300) < 300  # the positive control


def test_the_head_says_what_it_is_of_and_is_held_to_it(told):
    lines, head = told
    assert head["algorithm"] == "sm3/sm2"
    for change in (
        {"algorithm": ALGORITHM},
        {"algorithm": "sm3/ed25519"},
        {"algorithm": None},
        {"public_key": Known.public},
        {"signature": str(sign(lines)["signature"])},
    ):
        with pytest.raises(Bad):
            read_head(spelt(head | change) + b"\n")
    stranger = Known()
    stranger.algorithm = GM  # says the one, signs with the other
    with pytest.raises(Bad, match="none of sm3/sm2"):
        read_head(spelt(sign(lines, stranger)) + b"\n")
    with pytest.raises(Bad):
        verify(lines, sign(lines))  # the same records, under a head of SHA-256
