"""The stand-alone verifier: whether an exported ledger is the one that a signed head speaks of.

    python verify_ledger.py EXPORT --head HEAD [--key HEX]

One file, Python's own library alone: copy it to whoever shall check, it needs nothing of ours.
EXPORT holds a record a line, in the order of the tree, spelt exactly as it was hashed. HEAD is what
the installation signed: how many records, the root of the tree over them (RFC 6962), the instant,
and an Ed25519 signature (RFC 8032). A byte changed, a line deleted, swapped, inserted or cut off
gives another root. What cannot be seen from here: a ledger that its owner wrote anew and signed
with the same key. Against that compare HEAD with one that was anchored elsewhere earlier, and
`--key` with the key that was published.
"""

import argparse
import hashlib
import json
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


class Bad(Exception):
    """What does not hold, in a sentence."""


class Tree:
    """The roots of the full subtrees, biggest first: all that is needed to add a leaf."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)

    def add(self, leaf: bytes) -> None:
        count, peaks = self.size, self.peaks
        while count & 1:
            leaf = hashlib.sha256(NODE + peaks.pop() + leaf).digest()
            count >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = hashlib.sha256(NODE + peak + root).digest()
        return root


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


def read_head(content: bytes) -> dict[str, Any]:
    """The head in a file, whose signature holds. Raises Bad."""
    try:
        head = json.loads(content)
    except ValueError:
        raise Bad("the head is no JSON") from None
    if not isinstance(head, dict) or tuple(sorted(head)) != HEAD_FIELDS:
        raise Bad("the head has not the fields that a head has")
    if (head["format"], head["algorithm"]) != (FORMAT, ALGORITHM):
        raise Bad(f"this program knows {FORMAT} with {ALGORITHM} only")
    if content != spelt(head) + b"\n":
        raise Bad("the head is not spelt as it was written")
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


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("export")
    parser.add_argument("--head", required=True)
    parser.add_argument("--key", help="the public key that was published, in hexadecimal")
    given = parser.parse_args(arguments)
    try:
        with open(given.head, "rb") as file:
            head = read_head(file.read())
        if given.key and given.key != head["public_key"]:
            raise Bad("the head was signed with another key than the one given")
        with open(given.export, "rb") as file:
            count = verify(file, head)
    except (Bad, OSError) as error:
        sys.stdout.write(f"NOT WHOLE 不完好: {error}\n")
        return 1
    said = f"WHOLE 完好: {count} records, root {head['root']}, signed {head['at']}\n"
    sys.stdout.write(f"{said}by the key {head['public_key']}")
    sys.stdout.write("\n" if given.key else " (compare it with the one that was published)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
