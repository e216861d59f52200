"""What a power cut leaves of a database: rebuilt from the log of writes, opened, and compared with
what the database was after each acknowledged act."""

import random
import sqlite3
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.faults.disk import Record

SECTOR = 512  # of a page that was being written some sectors may be new, the others old
SYNCED = Record("S", "", 0, b"")
ENDINGS = ("", "-wal")  # the index of the log (-shm) is made anew


class Kept(NamedTuple):
    """What of one unsynced write arrived: all of it, or some sectors (by a seed)."""

    number: int
    seed: int | None


@dataclass
class Image:
    """One file: what is safe, and what was written since it was last synced."""

    safe: bytearray = field(default_factory=bytearray)
    pending: list[Record] = field(default_factory=list)

    def take(self, record: Record, *, lying: bool = False) -> None:
        if record.kind != "S":
            self.pending.append(record)
        elif not lying:
            for one in self.pending:
                _put(self.safe, one)
            self.pending.clear()

    def whole(self) -> bytearray:
        return self.cut(Kept(number, None) for number in range(len(self.pending)))

    def cut(self, kept: Iterable[Kept]) -> bytearray:
        left = bytearray(self.safe)
        for one in kept:
            _put(left, self.pending[one.number], one.seed)
        return left


def _put(content: bytearray, record: Record, seed: int | None = None) -> None:
    start, end = record.offset, record.offset + len(record.content)
    if record.kind == "T":
        del content[start:]
        content.extend(bytes(start - len(content)))
        return
    content.extend(bytes(max(0, end - len(content))))
    if seed is None:
        content[start:end] = record.content
        return
    dice = random.Random(seed)
    for place in range(start - start % SECTOR, end, SECTOR):
        if dice.random() < 0.5:
            first, last = max(place, start), min(place + SECTOR, end)
            content[first:last] = record.content[first - start : last - start]


def _arrived(pending: list[Record], dice: random.Random) -> tuple[Kept, ...]:
    """Nothing; everything; a part of the writes in any order, some of them torn."""
    share = dice.choice((0, 1, *[dice.random()] * 8))
    torn = dice.random() / 2 if share < 1 else 0
    return tuple(
        Kept(number, dice.getrandbits(32) if dice.random() < torn else None)
        for number in range(len(pending))
        if dice.random() < share
    )


@dataclass
class Bench:
    """A folder in which states are opened as a start after the cut opens them."""

    folder: Path
    name: str
    known: dict[bytes, Hashable | None] = field(default_factory=dict)

    def opened(self, files: Iterable[bytes | bytearray]) -> Hashable | None:
        """All that the database says, or None where it is corrupt. What has the same pages, byte
        for byte, says the same."""
        path = self.folder / self.name
        for ending, content in zip(ENDINGS, files, strict=True):
            Path(f"{path}{ending}").write_bytes(content)
        Path(f"{path}-shm").unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(path)) as database:
                database.execute("PRAGMA locking_mode=EXCLUSIVE")  # faster; nobody else is there
                database.execute("PRAGMA synchronous=OFF")
                pages = sha256(database.serialize()).digest()
                if pages not in self.known:
                    self.known[pages] = _said(database)
                return self.known[pages]
        except sqlite3.DatabaseError:
            return None


def _said(database: sqlite3.Connection) -> Hashable | None:
    if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        return None
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    names = [name for (name,) in tables.fetchall()]
    return tuple((name, *database.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names)


class Cut(NamedTuple):
    """A moment of the log: what both files are then, and how many acts were acknowledged."""

    files: tuple[Image, Image]
    acknowledged: int
    epoch: int


class Story:
    """The log of one database, read again and again."""

    def __init__(self, log: Iterable[Record], name: str) -> None:
        wanted = {f"{name}{ending}" for ending in ENDINGS}
        self.name = name
        self._mode = Path(name).stem
        self._log = [one for one in log if one.file in wanted or self._is_note(one)]
        last = max(place for place, one in enumerate(self._log) if one.kind == "A")
        del self._log[last + 1 :]  # what closing does comes after the last act

    def _is_note(self, one: Record) -> bool:
        return one.kind == "A" and one.content.decode() == self._mode

    def moments(self, *, lying: bool = False) -> Iterator[Cut]:
        """After each record; the images are the same objects, changed from one to the next."""
        files = (Image(), Image())
        noted = epoch = 0
        for one in self._log:
            if one.kind == "A":
                if not noted:  # the tables were made long before
                    for image in files:
                        image.take(SYNCED)
                noted += 1
            else:
                files[one.file.endswith("-wal")].take(one, lying=lying)
                epoch += one.kind == "S"
            if noted:
                yield Cut(files, noted, epoch)

    def truth(self, folder: Path) -> dict[Hashable, int]:
        """What the database says after each acknowledged act → how many there were."""
        bench, said, noted = Bench(folder, self.name), {}, 0
        for cut in self.moments():
            if cut.acknowledged > noted:
                noted = cut.acknowledged
                said[bench.opened(one.whole() for one in cut.files)] = noted
        assert None not in said
        assert len(said) == noted
        return said

    def tried(
        self, truth: dict[Hashable, int], folder: Path, most: int, seed: int, *, lying: bool = False
    ) -> Counter[str]:
        """Figures of so many states, spread over all moments of the log."""
        dice, bench, seen = random.Random(seed), Bench(folder, self.name), set()
        found = Counter(states=0, lost=0, corrupt=0, halves=0)
        share = most / sum(1 for _ in self.moments())
        while True:
            for cut in self.moments(lying=lying):
                if found["states"] == most:
                    return found
                kept = [_arrived(one.pending, dice) for one in cut.files]
                state = (cut.epoch, cut.acknowledged, *kept)
                if dice.random() < share and state not in seen:
                    seen.add(state)
                    left = (one.cut(some) for one, some in zip(cut.files, kept, strict=True))
                    found[_verdict(bench.opened(left), truth, cut.acknowledged)] += 1
                    found["states"] += 1


def _verdict(said: Hashable | None, truth: dict[Hashable, int], acknowledged: int) -> str:
    if said is None:
        return "corrupt"
    if said not in truth:
        return "halves"
    return "lost" if truth[said] < acknowledged else "whole"
