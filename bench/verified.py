"""How fast a ledger is verified: an export by the stand-alone verifier, and the database by us.

The export is made for it: records of the form that commands write, linked in streams of six by
turns, hashed, and a head signed over the tree of them. It is written to a temporary directory (half
a kilobyte a record; `--size ten-million` takes 5 GB) and removed.
"""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from bench.figures import Figure
from bench.measure import timed
from bench.town import AT
from mingtang.ledger import queries, verify_ledger
from mingtang.ledger.rules import GENESIS, LEAF_PREFIX, SYSTEM, Actor, canonical
from mingtang.ledger.services import Entry, command, grow_tree, record_all
from mingtang.ledger.verify_ledger import Tree, signed_bytes, spelt

RECORDS = {"small": 200_000, "million": 1_000_000, "ten-million": 10_000_000}
OF_CONTROL = 20_000
OF_DATABASE = 30_000
A_LIFE, OPEN = 6, 5_000  # records of a stream; streams that go on by turns
MOST = 120 / 10_000_000  # seconds a record
WHO = Actor("7001", "祝晓芳", "301", "江山市水利局")
FACTS = {
    "number": "330881016130917000001",
    "item": {"code": "330881-qs"},
    "step": {"key": "review", "name": "审查"},
}


@dataclass(frozen=True)
class Export:
    records: Path
    head: Path
    size: int


def run(size: str) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="mingtang-verified-") as folder:
        check_the_check(made(Path(folder), OF_CONTROL))
        found = _of_export(made(Path(folder), RECORDS[size]))
    return [found, _of_database()]


def row_of(number: int, seq: int, previous: str) -> dict[str, object]:
    """What a record's leaf covers, of stream so-and-so."""
    return {
        "stream": f"case:{4_503_599_627_370_496 + number}",
        "seq": seq,
        "kind": "case.examined",
        "at": AT,
        "effective_on": AT.date(),
        "actor_id": WHO.id,
        "actor_label": WHO.label,
        "acting_for_id": None,
        "acting_for_label": "",
        "organisation_id": WHO.organisation_id,
        "organisation_label": WHO.organisation_label,
        "command_id": f"{number * A_LIFE + seq:032x}",
        "facts": FACTS,
        "previous_leaf": previous,
    }


def lines(count: int) -> Iterator[bytes]:
    """So many records, spelt as they are hashed; what they have in common is spelt once."""
    first = canonical(row_of(0, 1, GENESIS))
    begin, rest = first.split(f"{1:032x}".encode())
    middle = rest[: rest.index(GENESIS.encode())]
    last = [GENESIS.encode()] * OPEN
    for number in range(count):
        life, place = divmod(number, OPEN * A_LIFE)
        seq, place = divmod(place, OPEN)
        stream = life * OPEN + place
        line = b'%b%032x%b%b","seq":%d,"stream":"case:%d"}' % (
            begin,
            stream * A_LIFE + seq + 1,
            middle,
            GENESIS.encode() if seq == 0 else last[place],
            seq + 1,
            4_503_599_627_370_496 + stream,
        )
        last[place] = hashlib.sha256(LEAF_PREFIX + line).hexdigest().encode()
        yield line + b"\n"


def made(folder: Path, count: int) -> Export:
    """An export of so many records, and the head that is signed over them."""
    export, tree = Export(folder / "ledger.jsonl", folder / "head.json", count), Tree()
    with export.records.open("wb", buffering=1 << 20) as file:
        for line in lines(count):
            tree.add(hashlib.sha256(LEAF_PREFIX + line[:-1]).digest())
            file.write(line)
    key = Ed25519PrivateKey.generate()
    head: dict[str, object] = {
        "format": verify_ledger.FORMAT,
        "algorithm": verify_ledger.ALGORITHM,
        "at": AT.isoformat(),
        "size": count,
        "root": tree.root().hex(),
        "public_key": key.public_key().public_bytes_raw().hex(),
    }
    head["signature"] = key.sign(signed_bytes(head)).hex()
    export.head.write_bytes(spelt(head) + b"\n")
    return export


def verified(export: Export) -> tuple[int, float, float, int]:
    """The verifier as anybody runs it: how it ended, seconds, of CPU, most bytes of memory of its
    largest process."""
    told = [sys.executable, "-I", verify_ledger.__file__, str(export.records)]
    begin = time.perf_counter()
    child = os.posix_spawn(told[0], [*told, "--head", str(export.head)], os.environ)
    _, status, used = os.wait4(child, 0)
    cpu = used.ru_utime + used.ru_stime
    return status, time.perf_counter() - begin, cpu, used.ru_maxrss * 1024


def _of_export(export: Export) -> Figure:
    status, wall, cpu, memory = verified(export)
    if status:
        raise RuntimeError("a whole export was called not whole")
    return Figure(
        row="trust",
        what=f"stand-alone verifier, {export.size:,} records",
        goal=f"≤ {export.size * MOST:.3g} s",
        figure=f"{wall:.1f} s, of CPU {cpu:.1f} s; {memory / 1e6:,.0f} MB of memory at most",
        yardstick=f"{export.records.stat().st_size / export.size:.0f} bytes a record",
        ratio=wall / export.size / MOST,
        most=1,
        cpu_ms=cpu / export.size * 1e3,
        note=BUSY_WHY if cpu < export.size * MOST < wall else "",
    )


BUSY_WHY = (
    "it is one process that waits for nothing but the file: what it took beyond its CPU went to"
    " others on the machine."
)


def check_the_check(export: Export) -> None:
    """The control: what the verifier says of a turned byte, a line gone, an end cut off."""
    whole = export.records.read_bytes()
    middle = len(whole) // 2
    cut = whole.index(b"\n", middle) + 1
    turned = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    without = whole[:cut] + whole[whole.index(b"\n", cut) + 1 :]
    for changed in (turned, without, whole[:cut]):
        export.records.write_bytes(changed)
        if not verified(export)[0]:
            raise RuntimeError("an export that was changed was called whole")


@command("bench.lives")
def _write(*, first: int, count: int, actor: Actor, at: object, command_id: str) -> dict[str, int]:
    entries = [
        Entry(f"bench:{first + number % (count // A_LIFE)}", "bench.lived", FACTS)
        for number in range(count)
    ]
    record_all(entries, actor=actor, at=at, command_id=command_id)
    return {}


def _of_database() -> Figure:
    """`mingtang verify` without its printing: chains, commands, tree."""
    for first in range(0, OF_DATABASE, 3000):
        _write(first=first, count=3000, actor=SYSTEM, at=AT, command_id=f"{first:032x}")
    grow_tree(AT, everything=True)
    told: list[queries.Verification] = []
    with transaction.atomic():
        one = timed(lambda: told.append(queries.verify()))
    if told[0].breaks or told[0].events != OF_DATABASE:
        raise RuntimeError(f"not verified: {told[0]}")
    return Figure(
        row="trust",
        what=f"mingtang verify, {OF_DATABASE:,} records of the database",
        goal="",
        figure=f"{OF_DATABASE / one.wall:,.0f} records/s",
        yardstick="",
        ratio=one.wall,
        cpu_ms=one.cpu / OF_DATABASE * 1e3,
    )
