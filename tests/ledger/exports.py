"""An export and its head as the ledger writes them, made without a database."""

import hashlib
import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingtang.ledger.verify_ledger import ALGORITHM, FORMAT, GENESIS, signed_bytes, spelt

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
Head = dict[str, object]


def leaf_of(line: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + line[:-1]).digest()


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word; the house grows its tree in another way."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    halves = root_of(leaves[:split]) + root_of(leaves[split:])
    return hashlib.sha256(b"\x01" + halves).digest()


def sign(lines: list[bytes]) -> Head:
    head: Head = {
        "format": FORMAT,
        "algorithm": ALGORITHM,
        "at": "2013-09-17T02:00:00.000000+00:00",
        "size": len(lines),
        "root": root_of([leaf_of(line) for line in lines]).hex(),
        "public_key": KEY.public_key().public_bytes_raw().hex(),
    }
    return head | {"signature": KEY.sign(signed_bytes(head)).hex()}


def export(count: int, streams: int, first: int = 0) -> list[bytes]:
    """So many records of so many streams, by turns; `first`: the number of the first of them."""
    last: dict[str, tuple[int, str]] = {}
    lines = []
    for number in range(first, first + count):
        stream = f"case:{number % streams}"
        seq, previous = last.get(stream, (0, GENESIS))
        row = {
            "kind": "case.accepted",
            "facts": {"opinion": "符合条件", "number": f"330881016130917{number:06}"},
            "actor_label": "祝晓芳",
            "command_id": f"{number:032x}",
            "stream": stream,
            "seq": seq + 1,
            "previous_leaf": previous,
        }
        lines.append(spelt(row) + b"\n")
        last[stream] = (seq + 1, leaf_of(lines[-1]).hex())
    return lines


def tampered(lines: list[bytes], dice: random.Random) -> list[bytes]:
    """The same with one bit turned, a record gone, two swapped, one put in, or the end cut off."""
    lines, place = list(lines), dice.randrange(len(lines))
    match dice.choice(("bit", "delete", "swap", "insert", "cut")):
        case "bit":
            line = bytearray(lines[place])
            line[dice.randrange(len(line))] ^= 1 << dice.randrange(8)
            lines[place] = bytes(line)
        case "delete":
            del lines[place]
        case "swap":
            other = dice.choice([one for one in range(len(lines)) if one != place])
            lines[place], lines[other] = lines[other], lines[place]
        case "insert":
            lines.insert(place, dice.choice(lines))
        case "cut":
            whole = b"".join(lines)
            lines = whole[: dice.randrange(len(whole))].splitlines(keepends=True)
    return b"".join(lines).splitlines(keepends=True)  # as a file would be read
