"""The stand-alone verifier: whether an exported ledger is the one that a signed head speaks of.

    python verify_ledger.py EXPORT --head HEAD [--key HEX [--keys FILE]]
    python verify_ledger.py --receipt FILE [--key …] [--record LINE] [--extension FILE]

One file, Python's own library alone: copy it to whoever shall check, it needs nothing of ours.
EXPORT holds a record a line, in the order of the tree, spelt exactly as it was hashed. HEAD is what
the installation signed: how many records, the root of the tree over them (RFC 6962), the instant,
and an Ed25519 signature (RFC 8032). A byte changed, a line deleted, swapped, inserted or cut off
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
from collections.abc import Iterable
from typing import Any

FORMAT = "mingtang-head-1"
ALGORITHM = "sha256/ed25519"
GENESIS = "0" * 64
LEAF, NODE = b"\x00", b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()
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

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)

    def add(self, leaf: bytes) -> None:
        count, peaks = self.size, self.peaks
        while count & 1:
            leaf = joined(peaks.pop(), leaf)
            count >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = joined(peak, root)
        return root


def joined(left: bytes, right: bytes) -> bytes:
    """The node above two others."""
    return hashlib.sha256(NODE + left + right).digest()


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
    if (head["format"], head["algorithm"]) != (FORMAT, ALGORITHM):
        raise Bad(f"this program knows {FORMAT} with {ALGORITHM} only")
    if not is_signed(signed_bytes(head), str(head["signature"]), str(head["public_key"])):
        raise Bad("the signature of the head does not hold")
    return head


def verify(lines: Iterable[bytes], head: dict[str, Any]) -> int:
    """How many records were read and found to be those of the head. Raises Bad."""
    tree, chains = Tree(), Chains()
    for number, line in enumerate(lines, 1):
        found = ENDING.search(line)
        if not found:
            raise Bad(f"line {number} is no record, or is cut off")
        leaf = hashlib.sha256(LEAF + line[:-1])
        tree.add(leaf.digest())
        previous, seq, stream = found.groups()
        chains.read(stream.decode(errors="replace"), int(seq), previous.decode(), leaf.hexdigest())
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
    if root_above(leaf, position, size, path).hex() != head["root"]:
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
    if not extends(size, root, later, str(head["root"]), path):
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


def root_above(leaf: bytes, position: int, size: int, path: list[bytes]) -> bytes:
    """The root to which a path leads (RFC 9162, section 2.1.3.2). Raises Bad."""
    if not 0 <= position < size:
        raise Bad(f"place {position} is not within {size} records")
    place, last, node = position, size - 1, leaf
    for other in path:
        if last == 0:
            raise Bad("the path is too long")
        if place & 1 or place == last:
            node = joined(other, node)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            node = joined(node, other)
        place, last = place >> 1, last >> 1
    if last:
        raise Bad("the path is too short")
    return node


def extends(size: int, root: str, later: int, later_root: str, path: list[bytes]) -> bool:
    """Whether the tree of the later size begins with that of the earlier (section 2.1.4.2)."""
    if size == 0 or size >= later:
        expected = (EMPTY_ROOT.hex(), later) if size == 0 else (later_root, size)
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
            before, after = joined(other, before), joined(other, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = joined(after, other)
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
    """Whether the holder of the key signed the message; signature and key in hexadecimal."""
    try:
        raw, key = bytes.fromhex(signature), bytes.fromhex(public_key)
    except ValueError:
        return False
    if (len(raw), len(key)) != (64, 32) or (signature, public_key) != (raw.hex(), key.hex()):
        return False
    holder, point, factor = _point(key), _point(raw[:32]), int.from_bytes(raw[32:], "little")
    base = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    if holder is None or point is None or base is None or factor >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(raw[:32] + key + message).digest(), "little") % L
    one, other = _times(factor, base), _sum(point, _times(challenge, holder))
    return all((one[part] * other[2] - other[part] * one[2]) % P == 0 for part in (0, 1))


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
        leaf = hashlib.sha256(LEAF + _content(given.record).rstrip(b"\n")).hexdigest()
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
