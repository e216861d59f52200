"""An export and its head as the ledger writes them, made without a database."""

import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingtang.ledger.signing import Signer
from mingtang.ledger.verify_ledger import (
    ALGORITHM,
    DIGESTS,
    FORMAT,
    GENESIS,
    Digest,
    sha256,
    signed_bytes,
    spelt,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
Head = dict[str, object]


class Known:
    """Signs with a key that everybody knows."""

    algorithm, public = ALGORITHM, KEY.public_key().public_bytes_raw().hex()

    def sign(self, data: bytes) -> str:
        return KEY.sign(data).hex()


def leaf_of(line: bytes, digest: Digest = sha256) -> bytes:
    return digest(b"\x00" + line[:-1])


def root_of(leaves: list[bytes], digest: Digest = sha256) -> bytes:
    """RFC 6962, section 2.1, word for word; the house grows its tree in another way."""
    if not leaves:
        return digest(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    halves = root_of(leaves[:split], digest) + root_of(leaves[split:], digest)
    return digest(b"\x01" + halves)


def sign(lines: list[bytes], by: Signer | None = None) -> Head:
    by = by or Known()
    digest = DIGESTS[by.algorithm]
    head: Head = {
        "format": FORMAT,
        "algorithm": by.algorithm,
        "at": "2013-09-17T02:00:00.000000+00:00",
        "size": len(lines),
        "root": root_of([leaf_of(line, digest) for line in lines], digest).hex(),
        "public_key": by.public,
    }
    return head | {"signature": by.sign(signed_bytes(head))}


def export(count: int, streams: int, first: int = 0, digest: Digest = sha256) -> list[bytes]:
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
        last[stream] = (seq + 1, leaf_of(lines[-1], digest).hex())
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
