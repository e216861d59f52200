"""What is done on a disk that fills up, and how to see whether anything was left by half."""

import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from mingtang.base.clock import now
from mingtang.base.space import NoRoom
from mingtang.catalogue.services import exporting
from mingtang.files import apart, inspectors
from mingtang.files import services as files
from mingtang.files.services import uploads
from mingtang.ledger.models import Command
from mingtang.ledger.rules import SYSTEM
from mingtang.site import backup, restoring
from tests.faults.test_killed_writing import act
from tests.files.corpus.packages import docx_members, packed, xlsx
from tests.files.test_resumable import Line

ENDING = b"PK\x05\x06"  # with these and eighteen bytes more a package ends
CONTENT = xlsx(600)
ROWS = [[f"{number}", "行政许可", "取水许可审批" * 5] for number in range(1000)]


class Deed:
    """Something done in a folder. `damage` looks after each try, whole or refused."""

    def __init__(self, out: Path) -> None:
        self.out = out

    def do(self) -> None:
        raise NotImplementedError

    def damage(self) -> list[str]:
        raise NotImplementedError


class Acting(Deed):
    """A command of the ledger: what was acknowledged is there."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.done: set[str] = set()

    def do(self) -> None:
        one = uuid4().hex
        act(writer=0, actor=SYSTEM, at=now(), command_id=one)
        self.done.add(one)

    def damage(self) -> list[str]:
        there = set(Command.objects.values_list("command_id", flat=True))
        return sorted(self.done - there)


class Uploading(Deed):
    """A file taken in at once: whole in its place, and nothing left among what comes in."""

    def do(self) -> None:
        word = SimpleUploadedFile("申请.docx", packed(docx_members()))
        files.store(word, command_id=uuid4().hex)

    def damage(self) -> list[str]:
        root = files.files_folder()
        left = [str(path) for path in root.glob("incoming/*")]
        kept = [path for path in root.glob("??/*") if path.is_file()]
        half = [str(path) for path in kept if path.read_bytes()[-22:-18] != ENDING]
        for path in kept:
            path.unlink()
        return left + half


class Sending(Deed):
    """A file sent in a piece: what came is a beginning of it, and what is known is readable."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.ticket = None
        self.token = ""

    def do(self) -> None:
        self.token = ""
        self.ticket = files.read_ticket(files.upload_ticket("filing:7", at=now()), at=now())
        self.token = files.begin(self.ticket, "表.xlsx", len(CONTENT)).token
        files.append(self.ticket, self.token, offset=0, source=Line(CONTENT))

    def damage(self) -> list[str]:
        if not self.token:
            return []
        half = files.half(self.ticket, self.token)
        [data] = files.files_folder().glob(f"halves/*/{self.token}.part")
        content = data.read_bytes()
        is_sound = CONTENT.startswith(content) and half.offset == len(content)
        names = [path.name for path in data.parent.iterdir() if path.name.startswith(".")]
        files.forget(self.ticket, self.token)
        return names if is_sound else [data.name, *names]


class Exporting(Deed):
    """A table: the whole new one, or the old one."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.path = out / "items.csv"
        self.digest = ""

    def do(self) -> None:
        exporting.write_table(self.path, ROWS, labels=["编码", "类型", "名称"])

    def damage(self) -> list[str]:
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest() if self.path.exists() else ""
        self.digest = self.digest or digest
        left = [path.name for path in self.out.iterdir() if path.name.startswith(".")]
        return left if digest in {"", self.digest} else [self.path.name, *left]


class Handing(Deed):
    """The ledger for others: as many lines as its head says."""

    def do(self) -> None:
        names = str(self.out / "ledger.jsonl"), str(self.out / "head.json")
        for name in names:
            Path(name).unlink(missing_ok=True)
        call_command("ledger", "export", "--out", names[0], "--head", names[1], stdout=_Silence())

    def damage(self) -> list[str]:
        export, head = self.out / "ledger.jsonl", self.out / "head.json"
        left = [path.name for path in self.out.iterdir() if path.name.startswith(".")]
        if not export.exists():
            return left + [path.name for path in (head,) if path.exists()]
        is_whole = export.read_bytes().endswith(b"\n") and (
            not head.exists() or head.read_bytes().endswith(b"\n")
        )
        return left if is_whole else [export.name, *left]


class _Silence:
    def write(self, text: str) -> None: ...


class BackingUp(Deed):
    """A backup: one that its manifest vouches for, or an empty folder."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.folder = out / "backup"

    def do(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        backup.make(self.folder, now())

    def damage(self) -> list[str]:
        if not self.folder.exists() or not any(self.folder.iterdir()):
            return []
        try:
            restoring.checked_manifest(self.folder)
        except backup.BackupTrouble as error:
            return [error.message]
        return []


DEEDS = (Acting, Uploading, Sending, Exporting, Handing, BackingUp)


def inspect_here(verb: str, source: Path, target: Path) -> None:
    """The inspector in this process instead of its own, so that the same disk is before it."""
    try:
        inspectors.inspect(verb, source, target)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise NoRoom from None
        raise


apart.inspect = inspect_here
uploads.installation = cache(uploads.installation)  # asked of the database for every path


@contextmanager
def careless(path: Path) -> Iterator[Path]:
    """How one writes a file who thinks of no full disk: the control."""
    yield path
