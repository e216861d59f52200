"""The stand-alone verifier: whether an exported ledger is the one that a signed head speaks of.

    python verify_ledger.py EXPORT --head HEAD [--key HEX [--keys FILE]]
    python verify_ledger.py --receipt FILE [--key …] [--record LINE] [--extension FILE]

One file, Python's own library alone: copy it to whoever shall check, it needs nothing of ours.
EXPORT holds a record a line, in the order of the tree, spelt exactly as it was hashed. HEAD is what
the installation signed: how many records, the root of the tree over them (RFC 6962), the instant,
and an Ed25519 signature (RFC 8032). Where the head says sm3/sm2 (国密), hashes and signature are
those of GB/T 32905 and GB/T 32918.2. A byte changed, a line deleted, swapped, inserted or cut off
gives another root. What cannot be seen from here: a ledger that its owner wrote anew and signed
with the same key. Against that compare HEAD with one that was anchored elsewhere earlier, and
`--key` with the key that was published.

A receipt says that one record stands in the tree of a head: its leaf, its place, the path from
there to the root (RFC 9162, section 2.1.3). `--record` takes the line of an export that it is said
to be of, and compares it. An extension says that a later head holds all that an earlier one did
(section 2.1.4): with `--extension` a receipt is carried on to a later head.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

Digest = Callable[[bytes], bytes]


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def sm3(content: bytes) -> bytes:
    """SM3 (GB/T 32905): Python's, or where its OpenSSL has none, the one below, which is slow."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", content).digest()
    return plain_sm3(content)


def _turned(word: int, by: int) -> int:
    by %= 32
    return (word << by | word >> (32 - by)) & 0xFFFFFFFF


def plain_sm3(content: bytes) -> bytes:
    """GB/T 32905, section 5, in plain integers."""
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600]
    state += [0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = (
        content + b"\x80" + bytes(-(len(content) + 9) % 64) + (8 * len(content)).to_bytes(8, "big")
    )
    for start in range(0, len(padded), 64):
        state = _sm3_block(state, padded[start : start + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def _sm3_block(state: list[int], block: bytes) -> list[int]:
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for at in range(16, 68):
        mixed = words[at - 16] ^ words[at - 9] ^ _turned(words[at - 3], 15)
        mixed ^= _turned(mixed, 15) ^ _turned(mixed, 23)
        words.append(mixed ^ _turned(words[at - 13], 7) ^ words[at - 6])
    a, b, c, d, e, f, g, h = state
    for at in range(64):
        first = at < 16
        steady = 0x79CC4519 if first else 0x7A879D8A
        one = _turned((_turned(a, 12) + e + _turned(steady, at)) & 0xFFFFFFFF, 7)
        of_three = a ^ b ^ c if first else a & b | a & c | b & c
        of_others = e ^ f ^ g if first else e & f | ~e & g
        left = (of_three + d + (one ^ _turned(a, 12)) + (words[at] ^ words[at + 4])) & 0xFFFFFFFF
        right = (of_others + h + one + words[at]) & 0xFFFFFFFF
        a, b, c, d = left, a, _turned(b, 9), c
        e, f, g, h = right ^ _turned(right, 9) ^ _turned(right, 17), e, _turned(f, 19), g
    return [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True)]


FORMAT = "mingtang-head-1"
ALGORITHM, GM = "sha256/ed25519", "sm3/sm2"
DIGESTS: dict[str, Digest] = {ALGORITHM: sha256, GM: sm3}
KEY_DIGITS = {ALGORITHM: 64, GM: 128}  # hexadecimal, of a public key
GENESIS = "0" * 64
LEAF, NODE = b"\x00", b"\x01"
# The fields of a record stand in the order of their names; with these three each of them ends.
ENDING = re.compile(
    rb',"previous_leaf":"([0-9a-f]{64})","seq":([0-9]{1,18}),"stream":"([^"\\\n]+)"}\n$'
)
HEAD_FIELDS = ("algorithm", "at", "format", "public_key", "root", "signature", "size")
RECEIPT, EXTENSION = "mingtang-receipt-1", "mingtang-extension-1"
RECEIPT_FIELDS = ("format", "head", "leaf", "path", "position")
EXTENSION_FIELDS = ("format", "head", "path", "size")
CERTIFICATE = "mingtang-key-1"
CERTIFICATE_FIELDS = ("at", "format", "next_key", "public_key", "signature", "size")
HASH = re.compile(r"[0-9a-f]{64}")


class Bad(Exception):
    """What does not hold, in a sentence."""


class Tree:
    """The roots of the full subtrees, biggest first: all that is needed to add a leaf."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = (), digest: Digest = sha256) -> None:
        self.size, self.peaks, self.digest = size, list(peaks), digest

    def add(self, leaf: bytes) -> None:
        count, peaks, digest = self.size, self.peaks, self.digest
        while count & 1:
            leaf = digest(NODE + peaks.pop() + leaf)
            count >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return self.digest(b"")
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = joined(peak, root, self.digest)
        return root


def joined(left: bytes, right: bytes, digest: Digest) -> bytes:
    """The node above two others."""
    return digest(NODE + left + right)


def digest_of(head: dict[str, Any]) -> Digest:
    """What the tree of a head was hashed with."""
    return DIGESTS[head["algorithm"]]


class Chains:
    """The records of each stream, numbered and linked; one that comes early waits for its turn."""

    def __init__(self) -> None:
        self.heads: dict[str, tuple[int, str]] = {}
        self.waiting: dict[tuple[str, int], tuple[str, str]] = {}

    def read(self, stream: str, seq: int, previous: str, leaf: str) -> None:
        if self.heads.get(stream, (0, GENESIS)) == (seq - 1, previous):
            self.heads[stream] = (seq, leaf)
            if self.waiting:
                self._go_on(stream, seq + 1)
        elif (stream, seq) in self.waiting or seq <= self.heads.get(stream, (0, ""))[0]:
            raise Bad(f"{stream} has two records of number {seq}")
        else:
            self.waiting[stream, seq] = (previous, leaf)

    def _go_on(self, stream: str, seq: int) -> None:
        while (early := self.waiting.get((stream, seq))) and early[0] == self.heads[stream][1]:
            self.heads[stream] = (seq, self.waiting.pop((stream, seq))[1])
            seq += 1

    def close(self) -> None:
        for stream, seq in sorted(self.waiting)[:1]:
            raise Bad(f"{stream}: number {seq} does not follow from the records before it")


def signed_bytes(head: dict[str, Any]) -> bytes:
    """What the signature of a head covers: everything but itself."""
    return spelt({name: head[name] for name in HEAD_FIELDS if name != "signature"})


def spelt(value: Any) -> bytes:
    """The one spelling of a JSON value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def read_line(content: bytes, what: str, fields: tuple[str, ...]) -> dict[str, Any]:
    """The JSON of a line that has these fields and is spelt in the one way. Raises Bad."""
    try:
        found = json.loads(content)
    except ValueError:
        raise Bad(f"the {what} is no JSON") from None
    if not isinstance(found, dict) or tuple(sorted(found)) != fields:
        raise Bad(f"the {what} has not the fields that a {what} has")
    if content != spelt(found) + b"\n":
        raise Bad(f"the {what} is not spelt as it was written")
    return found


def read_head(content: bytes) -> dict[str, Any]:
    """The head in a file, whose signature holds. Raises Bad."""
    head = read_line(content, "head", HEAD_FIELDS)
    algorithm, key = str(head["algorithm"]), str(head["public_key"])
    if head["format"] != FORMAT or algorithm not in DIGESTS:
        raise Bad(f"this program knows {FORMAT} with {' and '.join(DIGESTS)} only")
    if len(key) != KEY_DIGITS[algorithm]:
        raise Bad(f"the key of the head is none of {algorithm}")
    if not is_signed(signed_bytes(head), str(head["signature"]), key):
        raise Bad("the signature of the head does not hold")
    return head


def verify(lines: Iterable[bytes], head: dict[str, Any]) -> int:
    """How many records were read and found to be those of the head. Raises Bad."""
    digest = digest_of(head)
    tree, chains = Tree(digest=digest), Chains()
    for number, line in enumerate(lines, 1):
        found = ENDING.search(line)
        if not found:
            raise Bad(f"line {number} is no record, or is cut off")
        leaf = digest(LEAF + line[:-1])
        tree.add(leaf)
        previous, seq, stream = found.groups()
        chains.read(stream.decode(errors="replace"), int(seq), previous.decode(), leaf.hex())
    if tree.size != head["size"]:
        raise Bad(f"{tree.size} records, but the head was signed over {head['size']}")
    chains.close()
    if tree.root().hex() != head["root"]:
        raise Bad("the records are not those that the head was signed over")
    return tree.size


def _hashes(values: Any, what: str) -> list[bytes]:
    if not isinstance(values, list) or not all(
        isinstance(one, str) and HASH.fullmatch(one) for one in values
    ):
        raise Bad(f"the {what} holds what is no hash")
    return [bytes.fromhex(one) for one in values]


def _count(value: Any, what: str) -> int:
    if type(value) is not int or value < 0:
        raise Bad(f"the {what} holds what is no number")
    return value


def read_receipt(content: bytes) -> dict[str, Any]:
    """The receipt in a file, whose path leads to the root of its signed head. Raises Bad."""
    receipt = read_line(content, "receipt", RECEIPT_FIELDS)
    if receipt["format"] != RECEIPT:
        raise Bad(f"this program knows receipts of {RECEIPT} only")
    head = read_head(spelt(receipt["head"]) + b"\n")
    (leaf,), path = _hashes([receipt["leaf"]], "receipt"), _hashes(receipt["path"], "receipt")
    size, position = _count(head["size"], "head"), _count(receipt["position"], "receipt")
    if root_above(leaf, position, size, path, digest_of(head)).hex() != head["root"]:
        raise Bad("the record does not stand in the tree of the head, not at this place")
    return receipt


def read_extension(content: bytes, size: int, root: str) -> dict[str, Any]:
    """The later head of an extension, which holds all of a tree of this size and root. Raises
    Bad: for one that another history was signed with too."""
    told = read_line(content, "extension", EXTENSION_FIELDS)
    if told["format"] != EXTENSION:
        raise Bad(f"this program knows extensions of {EXTENSION} only")
    head = read_head(spelt(told["head"]) + b"\n")
    later, path = _count(head["size"], "head"), _hashes(told["path"], "extension")
    if _count(told["size"], "extension") != size:
        raise Bad(f"it extends a tree of {told['size']} records, not of {size}")
    if not extends(size, root, later, str(head["root"]), path, digest_of(head)):
        raise Bad(f"the head of {later} records does not hold the {size} records before it")
    return head


def check_signer(head: dict[str, Any], key: str, certificates: Iterable[bytes] = ()) -> None:
    """Whether a head was signed with the published key, or with the one that was in its place when
    the ledger had so many records. Each certificate is a line, signed with the key before: up to
    which size that one signs, and which key signs from there on. Raises Bad."""
    start = 0
    for line in certificates:
        told = read_line(line, "certificate", CERTIFICATE_FIELDS)
        until = _count(told["size"], "certificate")
        unsigned = {name: value for name, value in told.items() if name != "signature"}
        if told["format"] != CERTIFICATE or until < start:
            raise Bad(f"a certificate is none of {CERTIFICATE}, or out of order")
        if not is_signed(spelt(unsigned), str(told["signature"]), str(told["public_key"])):
            raise Bad("the signature of a certificate does not hold")
        if told["public_key"] == key:
            if head["size"] <= until:
                break
            start, key = until, str(told["next_key"])
        elif start:
            raise Bad("a certificate was not signed with the key before it")
    if head["public_key"] != key:
        raise Bad("the head was signed with another key than the one given")


def root_above(leaf: bytes, position: int, size: int, path: list[bytes], digest: Digest) -> bytes:
    """The root to which a path leads (RFC 9162, section 2.1.3.2). Raises Bad."""
    if not 0 <= position < size:
        raise Bad(f"place {position} is not within {size} records")
    place, last, node = position, size - 1, leaf
    for other in path:
        if last == 0:
            raise Bad("the path is too long")
        if place & 1 or place == last:
            node = joined(other, node, digest)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            node = joined(node, other, digest)
        place, last = place >> 1, last >> 1
    if last:
        raise Bad("the path is too short")
    return node


def extends(
    size: int, root: str, later: int, later_root: str, path: list[bytes], digest: Digest
) -> bool:
    """Whether the tree of the later size begins with that of the earlier (section 2.1.4.2)."""
    if size == 0 or size >= later:
        expected = (digest(b"").hex(), later) if size == 0 else (later_root, size)
        return (root, later) == expected and not path
    if size & (size - 1) == 0:
        path = [bytes.fromhex(root), *path]
    if not path:
        return False
    place, last = size - 1, later - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = joined(other, before, digest), joined(other, after, digest)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = joined(after, other, digest)
        place, last = place >> 1, last >> 1
    return (before.hex(), after.hex(), last) == (root, later_root, 0)


# Ed25519 (RFC 8032, section 5.1), checking only: no secret is handled here, so its time may differ.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def _sum(a: Point, b: Point) -> Point:
    low, high = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    cross, double = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = high - low, double - cross, double + cross, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        factor >>= 1
    return total


def _point(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def is_signed(message: bytes, signature: str, public_key: str) -> bool:
    """Whether the holder of the key signed the message; signature and key in hexadecimal. A key of
    32 bytes is one of Ed25519, one of 64 bytes (x, y) is one of SM2."""
    try:
        raw, key = bytes.fromhex(signature), bytes.fromhex(public_key)
    except ValueError:
        return False
    if len(raw) != 64 or (signature, public_key) != (raw.hex(), key.hex()):
        return False
    schemes = {32: _is_ed25519, 64: _is_sm2}
    return len(key) in schemes and schemes[len(key)](message, raw, key)


def _is_ed25519(message: bytes, raw: bytes, key: bytes) -> bool:
    holder, point, factor = _point(key), _point(raw[:32]), int.from_bytes(raw[32:], "little")
    base = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    if holder is None or point is None or base is None or factor >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(raw[:32] + key + message).digest(), "little") % L
    one, other = _times(factor, base), _sum(point, _times(challenge, holder))
    return all((one[part] * other[2] - other[part] * one[2]) % P == 0 for part in (0, 1))


# SM2 (GB/T 32918.2, with the curve of GB/T 32918.5), checking only. A signature is r, s.
SM2_P = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF
SM2_N = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
SM2_A = SM2_P - 3
SM2_B = 0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93
SM2_G = (
    0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7,
    0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0,
)
SM2_SIGNER = b"1234567812345678"  # who signs, where nobody says otherwise (GB/T 35276)
Place = tuple[int, int, int]  # X, Y, Z with x = X/Z², y = Y/Z³; Z = 0: the point at infinity


def _doubled(point: Place) -> Place:
    x, y, z = point
    square = y * y % SM2_P
    shared = 4 * x * square % SM2_P
    slope = 3 * (x - z * z) * (x + z * z) % SM2_P  # as a is -3
    across = (slope * slope - 2 * shared) % SM2_P
    up = (slope * (shared - across) - 8 * square * square) % SM2_P
    return across, up, 2 * y * z % SM2_P


def _added(one: Place, other: Place) -> Place:
    if not one[2] or not other[2]:
        return one if one[2] else other
    z1, z2 = one[2] * one[2] % SM2_P, other[2] * other[2] % SM2_P
    x1, x2 = one[0] * z2 % SM2_P, other[0] * z1 % SM2_P
    y1, y2 = one[1] * z2 * other[2] % SM2_P, other[1] * z1 * one[2] % SM2_P
    if x1 == x2:
        return _doubled(one) if y1 == y2 else (1, 1, 0)
    run, rise = (x2 - x1) % SM2_P, (y2 - y1) % SM2_P
    square = run * run % SM2_P
    cube, base = square * run % SM2_P, x1 * square % SM2_P
    x = (rise * rise - cube - 2 * base) % SM2_P
    y = (rise * (base - x) - y1 * cube) % SM2_P
    return x, y, one[2] * other[2] * run % SM2_P


def _sum_of(one: int, point: Place, two: int, other: Place) -> Place:
    """one·point + two·other."""
    both, total = _added(point, other), (1, 1, 0)
    for bit in range(max(one, two).bit_length() - 1, -1, -1):
        total = _doubled(total)
        chosen = (one >> bit & 1) + 2 * (two >> bit & 1)
        if chosen:
            total = _added(total, (point, other, both)[chosen - 1])
    return total


def sm2_message(message: bytes, key: bytes, signer: bytes = SM2_SIGNER) -> int:
    """The number e that is signed: SM3 over Z, which binds signer, curve and key, and the message
    (GB/T 32918.2, sections 5.5 and 6.1)."""
    told = (8 * len(signer)).to_bytes(2, "big") + signer
    told += b"".join(one.to_bytes(32, "big") for one in (SM2_A, SM2_B, *SM2_G)) + key
    return int.from_bytes(sm3(sm3(told) + message), "big")


def _is_sm2(message: bytes, raw: bytes, key: bytes) -> bool:
    """GB/T 32918.2, section 7.1, with the customary signer."""
    r, s = (int.from_bytes(one, "big") for one in (raw[:32], raw[32:]))
    x, y = (int.from_bytes(one, "big") for one in (key[:32], key[32:]))
    if not (0 < r < SM2_N and 0 < s < SM2_N and x < SM2_P and y < SM2_P):
        return False
    if (y * y - x * x * x - SM2_A * x - SM2_B) % SM2_P:
        return False  # no point of the curve
    both = (r + s) % SM2_N
    found = _sum_of(s, (*SM2_G, 1), both, (x, y, 1))
    if both == 0 or found[2] == 0:
        return False
    at = found[0] * pow(found[2], -2, SM2_P) % SM2_P
    return (sm2_message(message, key) + at) % SM2_N == r


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _check_signer(head: dict[str, Any], given: argparse.Namespace) -> None:
    if given.key:
        with open(given.keys or os.devnull, "rb") as file:
            check_signer(head, given.key, file)


def _export_is_whole(given: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    head = read_head(_content(given.head))
    _check_signer(head, given)
    with open(given.export, "rb") as file:
        return f"{verify(file, head)} records", head


def _receipt_holds(given: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    receipt = read_receipt(_content(given.receipt))
    head = receipt["head"]
    _check_signer(head, given)
    said = f"record {receipt['position'] + 1} of {head['size']}"
    if given.record:
        leaf = digest_of(head)(LEAF + _content(given.record).rstrip(b"\n")).hex()
        if leaf != receipt["leaf"]:
            raise Bad("the record is another one than that of the receipt")
    if given.extension:
        later = read_extension(_content(given.extension), head["size"], head["root"])
        _check_signer(later, given)
        said, head = f"{said}, still among {later['size']}", later
    return said, head


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("export", nargs="?", help="with --head: the records of that head")
    parser.add_argument("--head")
    parser.add_argument("--receipt", help="instead of an export: a receipt of one record")
    parser.add_argument("--record", help="with --receipt: the line that was hashed")
    parser.add_argument("--extension", help="with --receipt: how a later head extends its own")
    parser.add_argument("--key", help="the public key that was published, in hexadecimal")
    parser.add_argument("--keys", help="how that key was handed on to others, a line each")
    given = parser.parse_args(arguments)
    if bool(given.receipt) == bool(given.export) or bool(given.export) != bool(given.head):
        parser.error("give an EXPORT with its --head, or a --receipt")
    try:
        said, head = _receipt_holds(given) if given.receipt else _export_is_whole(given)
    except (Bad, OSError) as error:
        sys.stdout.write(f"NOT WHOLE 不完好: {error}\n")
        return 1
    sys.stdout.write(f"WHOLE 完好: {said}, root {head['root']}, signed {head['at']}\n")
    sys.stdout.write(f"by the key {head['public_key']}")
    sys.stdout.write("\n" if given.key else " (compare it with the one that was published)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
