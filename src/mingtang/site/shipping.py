"""Every few seconds what SQLite acknowledged goes to a second disk: `mingtang ship`.

A shipment is a folder: a backup, and behind it piece by piece what the write-ahead log took since.
A piece holds whole pages up to a commit, and the digest of the piece before it. Laid over the
backup one after the other they give the database as it was at the last piece.

Nothing may leave the log before it was copied. The log begins anew, over its old content, with the
first write after all of it was moved into the database and while nobody reads it. So this process
reads it all the time, and lets go only when the log is long: then it keeps everybody from writing,
copies what is left, moves all, and writes the first page of the new log itself. A log that began
anew in any other way has other salts, and a new backup is made.

Format of the log and of its index: "WAL-mode File Format" of SQLite.
"""

import fcntl
import json
import os
import re
import shutil
import sqlite3
import struct
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.db import connection

from mingtang.base.marks import installation
from mingtang.base.space import is_short, whole_file
from mingtang.files.services import files_folder
from mingtang.ledger import heads
from mingtang.site import backup

BASE, PIECES, START, LOOKED = "base", "log", "start.json", "looked.json"
NEW_FILES = "files.jsonl"  # each file that came after the backup, with its digest
NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z\+*")  # of a shipment
KEPT = 2  # shipments; the older ones go
NEW_BASE_EVERY = timedelta(days=1)
TRIED_AGAIN = timedelta(hours=1)  # where the day's backup failed; pieces go on meanwhile
SETTLED_SECONDS = 2  # a folder that was changed later may be changed again without its time
TURN_AT = 4 * 1024**2  # bytes of the log: then it is moved into the database
LET_GO_AT = 256 * 1024**2  # where nothing can be shipped: the first disk is not to fill up
LOG_HEADER, FRAME_HEADER = 32, 24
INDEX = struct.Struct("=3I2BH2I8s8s8s")  # the header of the index of the log, which is there twice


@dataclass(frozen=True)
class Place:
    """How far the log goes: which log (its salts), committed frames, bytes of a page, pages of the
    database after them."""

    salts: str
    frames: int
    page_size: int
    pages: int


@dataclass
class Shipper:
    """Of one process, for its whole life: to close a file that SQLite has locks on drops them."""

    folder: Path
    shipment: Path | None = None
    salts: str = ""
    frames: int = 0  # of the log of these salts, that were copied
    number: int = 0  # of the last piece
    before: str = ""  # its digest
    is_held: bool = False  # the log cannot begin anew
    tried_at: datetime | None = None  # the day's backup
    seen: dict[str, float] = field(default_factory=dict)  # folders of files, as they were changed

    def __post_init__(self) -> None:
        self._lock = self._alone()
        try:
            self._take_up()
        except BaseException:
            self._lock.close()
            raise
        path = Path(str(connection.settings_dict["NAME"]))
        self._log, self._queue = Path(f"{path}-wal"), Path(f"{path}-queue")
        self._reader, self._writer, self._mover = (
            sqlite3.connect(path, timeout=5, isolation_level=None) for _ in range(3)
        )
        self._hold()
        self._index = os.open(f"{path}-shm", os.O_RDONLY)  # never closed: see the class
        self._look()

    def _alone(self) -> IO[str]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (self.folder / ".ship").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise backup.BackupTrouble(f"已有一个 mingtang ship 在往 {self.folder} 送。") from None
        return lock

    def close(self) -> None:
        for one in (self._reader, self._writer, self._mover, self._lock):
            one.close()
        if self._index >= 0:
            os.close(self._index)
            self._index = -1

    def ship(self, at: datetime) -> int:
        """What is new since the last time. Returns how many frames. Raises OSError, NoRoom."""
        try:
            copied = self._shipped(at)
        except BaseException:
            _end(self._writer)  # nobody waits for a disk that does not answer
            if self._log.stat().st_size > LET_GO_AT or is_short():
                self._let_go()
            raise
        told = {"at": at.isoformat(), "number": self.number, "digest": self.before}
        with whole_file(self._shipment() / LOOKED) as fresh:
            fresh.write_text(json.dumps(told), encoding="ascii")
        return copied

    def _shipped(self, at: datetime) -> int:
        while self.shipment is None or not self._goes_on():
            self._begin(at)
        copied = self._copy(at)
        if self._log.stat().st_size > TURN_AT:
            copied += self._turn(at)
        is_tried = self.tried_at is not None and at - self.tried_at < TRIED_AGAIN
        if self._is_old(at) and not is_tried:
            self.tried_at = at
            self._begin(at)
            copied += self._copy(at)
        return copied

    def _shipment(self) -> Path:
        assert self.shipment is not None
        return self.shipment

    def _is_old(self, at: datetime) -> bool:
        made_at = datetime.fromisoformat(_manifest(self._shipment())["made_at"])
        return at - made_at >= NEW_BASE_EVERY

    def _take_up(self) -> None:
        """Where another process left off, if the log is still the one that it copied from."""
        newest = newest_shipment(self.folder)
        if newest is None:
            return
        if _manifest(newest)["installation"] != installation():
            raise backup.BackupTrouble(f"{self.folder} 里是另一个安装的备份：请换一个文件夹。")
        self.shipment, place = newest, _started_at(newest)
        self.before = _digest_of_base(newest)
        for told, _content, digest in _pieces(newest):
            self.number, self.before, place = told["number"], digest, told
        self.salts, self.frames = place["salts"], place["to"]

    def _goes_on(self) -> bool:
        """Whether nothing can have left the log that was not copied."""
        place = self._place()
        return self.is_held and place.salts == self.salts and place.frames >= self.frames

    def _hold(self) -> None:
        """Read the log from here on: while somebody does, it does not begin anew."""
        if not self._reader.in_transaction:
            self._reader.execute("BEGIN")
        self._reader.execute("SELECT count(*) FROM sqlite_master").fetchall()

    def _let_go(self) -> None:
        """The log may begin anew: a new backup follows, unless it is held again before it does."""
        _end(self._reader)
        self.is_held = False

    def _look(self) -> None:
        """Who found all of the log moved reads the database alone, and holds nothing."""
        self.is_held = self._moved() < self._place().frames

    def _touch(self) -> None:
        """A page of our own in the log, moved by nobody yet."""
        ((version,),) = self._writer.execute("PRAGMA user_version")
        self._writer.execute(f"PRAGMA user_version={(version + 1) % 2**31}")

    def _begin(self, at: datetime) -> None:
        """A backup, with the place of the log from which it is carried on."""
        begun = (one for one in self.folder.iterdir() if NAME.fullmatch(one.name))
        self._clear_away(begun, but=_shipments(self.folder))
        name = f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
        while (shipment := self.folder / name).exists():
            name += "+"
        if not self.is_held:
            self._let_go()
            with self._queued():
                self._touch()
            self._hold()
            self._look()
        place = self._place()
        shipment.mkdir(mode=0o700)
        backup.make(shipment / BASE, at)
        self.shipment, self.number, self.seen = shipment, 0, {}
        self.salts, self.frames = place.salts, place.frames
        self.before = _digest_of_base(shipment)
        (shipment / PIECES).mkdir()
        with whole_file(shipment / START) as fresh:
            fresh.write_text(json.dumps({"salts": self.salts, "to": self.frames}), "ascii")
        self._clear_away(_shipments(self.folder), but=_shipments(self.folder)[:KEPT])

    def _clear_away(self, shipments: Iterable[Path], *, but: list[Path]) -> None:
        for one in set(shipments) - set(but):
            shutil.rmtree(one)

    def _copy(self, at: datetime) -> int:
        # Anchors before the log: of each that is copied, the log has the records.
        anchors = heads.anchor_file().read_bytes() if heads.anchor_file().exists() else b""
        place = self._place()
        count = place.frames - self.frames
        if not count:
            return 0
        size = FRAME_HEADER + place.page_size
        with self._log.open("rb") as log:
            log.seek(LOG_HEADER + self.frames * size)
            content = log.read(count * size)
        self._copy_files(at)  # after the log was read: it names no file that is not there
        told = {
            "number": self.number + 1,
            "before": self.before,
            "at": at.isoformat(),
            "salts": place.salts,
            "to": place.frames,
            "page_size": place.page_size,
            "pages": place.pages,
        }
        with whole_file(self._shipment() / backup.ANCHORS) as fresh:
            fresh.write_bytes(anchors)
        piece = json.dumps(told).encode() + b"\n" + content
        with whole_file(self._shipment() / PIECES / f"{told['number']:08}") as fresh:
            fresh.write_bytes(piece)
        self.number, self.before = self.number + 1, sha256(piece).hexdigest()
        self.frames = place.frames
        return count

    def _copy_files(self, at: datetime) -> None:
        """New files of people. A folder that did not change has none."""
        target = self._shipment() / backup.FILES
        for folder in files_folder().glob("??"):
            changed = folder.stat().st_mtime
            if self.seen.get(folder.name) == changed:
                continue
            there = target / folder.name
            there.mkdir(parents=True, exist_ok=True)
            base = self._shipment() / BASE / backup.FILES / folder.name
            for one in folder.iterdir():
                if not (there / one.name).exists() and not (base / one.name).exists():
                    with suppress(FileNotFoundError):  # it went away meanwhile
                        self._copy_file(one, there / one.name)
            if at.timestamp() - changed > SETTLED_SECONDS:
                self.seen[folder.name] = changed

    def _copy_file(self, one: Path, target: Path) -> None:
        with whole_file(target) as fresh:
            shutil.copyfile(one, fresh)
            told = {"file": f"{one.parent.name}/{one.name}", "sha256": backup.digest(fresh)}
        with (self._shipment() / NEW_FILES).open("a", encoding="utf-8") as listed:
            listed.write(json.dumps(told) + "\n")

    @contextmanager
    def _queued(self) -> Iterator[None]:
        """Behind the writers of the house that have come, before the next."""
        with self._queue.open("a") as queue:
            fcntl.flock(queue, fcntl.LOCK_EX)
            yield

    def _turn(self, at: datetime) -> int:
        """Move the log into the database and begin it anew, while nobody writes."""
        with self._queued():
            self._writer.execute("BEGIN IMMEDIATE")  # whoever else may write
            copied = self._copy(at)
            self._let_go()
            self._mover.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            self._writer.execute("ROLLBACK")
            self._writer.execute("BEGIN IMMEDIATE")  # as one who found all of the log moved
            place = self._place()
            is_copied = (place.salts, place.frames) == (self.salts, self.frames)
            self._touch()
            self._writer.execute("COMMIT")
            self._hold()
        place = self._place()
        if is_copied and int(place.salts[:8], 16) == (int(self.salts[:8], 16) + 1) % 2**32:
            self.salts, self.frames = place.salts, 0
        self._look()
        return copied

    def _moved(self) -> int:
        """How many frames of the log were moved into the database."""
        return int.from_bytes(os.pread(self._index, 4, 2 * INDEX.size), sys.byteorder)

    def _place(self) -> Place:
        """As the index of the log tells: read until its two copies agree."""
        while True:
            both = os.pread(self._index, 2 * INDEX.size, 0)
            if both[: INDEX.size] == both[INDEX.size :]:
                break
        found = INDEX.unpack(both[: INDEX.size])
        size, frames, pages, salts = found[5], found[6], found[7], found[9]
        return Place(salts.hex(), frames, 65536 if size == 1 else size, pages)


def last_shipped(folder: Path) -> datetime | None:
    """When `ship` last looked, and found everything copied."""
    newest = newest_shipment(folder)
    try:
        assert newest is not None
        return datetime.fromisoformat(_looked_at(newest)["at"])
    except (AssertionError, OSError, ValueError, KeyError):
        return None


def newest_shipment(folder: Path) -> Path | None:
    """The newest shipment of a folder, None where there is none: perhaps it is a backup."""
    return next(iter(_shipments(folder)), None)


def _shipments(folder: Path) -> list[Path]:
    """The newest first; what broke off while it was begun is none."""
    begun = sorted(folder.glob(f"*/{START}"), reverse=True)
    return [one.parent for one in begun]


def _looked_at(shipment: Path) -> dict[str, Any]:
    """What was there when `ship` last looked. Raises OSError, ValueError."""
    told: dict[str, Any] = json.loads((shipment / LOOKED).read_bytes())
    return told


def lay_pieces(shipment: Path, database: Path, *, losing: bool = False) -> int:
    """Lay all pieces over the database of the backup. Returns their number.

    Raises BackupTrouble where one is missing or was changed; of the last ones, unless it is said
    that less is wanted (`losing`), or where a page does not fit the others.
    """
    if not losing:
        _check_end(shipment)
    count = 0
    with database.open("r+b") as file:
        for told, content, _digest in _pieces(shipment):
            size = told["page_size"]
            for start in range(0, len(content), FRAME_HEADER + size):
                page = int.from_bytes(content[start : start + 4], "big")
                file.seek((page - 1) * size)
                file.write(content[start + FRAME_HEADER : start + FRAME_HEADER + size])
            file.truncate(told["pages"] * size)
            count += 1
    with closing(sqlite3.connect(database)) as laid:
        if laid.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
            raise backup.BackupTrouble(f"{shipment} 恢复出来的数据库不完整，请改用前一份备份。")
    return count


def _check_end(shipment: Path) -> None:
    """The last piece that was there when `ship` last looked is there."""
    try:
        told = _looked_at(shipment)
    except (OSError, ValueError):
        return  # it broke off before it looked for the first time
    path = shipment / PIECES / f"{told['number']:08}"
    if not told["number"]:
        return
    if not path.exists() or sha256(path.read_bytes()).hexdigest() != told["digest"]:
        raise backup.BackupTrouble(
            f"{path} 缺少或被改动过，最后的办理不全。确实只能如此时加 --accept-loss。"
        )


def check_files(shipment: Path) -> None:
    """Each file that was copied after the backup is as it was. Raises BackupTrouble."""
    path = shipment / NEW_FILES
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        told = json.loads(line)
        one = shipment / backup.FILES / told["file"]
        if not one.exists() or backup.digest(one) != told["sha256"]:
            raise backup.BackupTrouble(f"备份的文件 {one} 缺少或被改动过。")


def _pieces(shipment: Path) -> Iterator[tuple[dict[str, Any], bytes, str]]:
    before = _digest_of_base(shipment)
    for number, path in enumerate(sorted((shipment / PIECES).glob("[0-9]*")), 1):
        piece = path.read_bytes()
        line, _, content = piece.partition(b"\n")
        try:
            told = json.loads(line)
            is_next = (told["number"], told["before"]) == (number, before)
        except (ValueError, KeyError):
            is_next = False
        if not is_next:
            raise backup.BackupTrouble(
                f"{path} 与前一段接不上：缺了一段，或被改动过。把它和以后的各段移走，"
                "就只恢复到它之前。"
            )
        before = sha256(piece).hexdigest()
        yield told, content, before


def _end(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _digest_of_base(shipment: Path) -> str:
    return sha256((shipment / BASE / backup.MANIFEST).read_bytes()).hexdigest()


def _started_at(shipment: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((shipment / START).read_bytes())
    return told


def _manifest(shipment: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((shipment / BASE / backup.MANIFEST).read_bytes())
    return told
