"""Room on the disk: when to begin nothing more, a reserve, files that are whole or not at all."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError

from mingtang.base.errors import DomainError

FREE_AT_LEAST = 0.05  # below this share of the disk nothing is begun that may end in the middle
ENOUGH_BYTES = 10 * 1024**3  # but of a large disk this much is enough
BALLAST_BYTES = 64 * 1024**2  # on a full disk not even rows can be deleted: this file can
FULL = {errno.ENOSPC, errno.EDQUOT}
SAID_FULL = ("database or disk is full", "No space left on device")
DISK_FULL = "53100"  # PostgreSQL's code
MOVED = "mingtang_moved"  # in a database that a city left: a table, and what acts are refused with


class NoRoom(DomainError):
    """The disk is nearly full. Nothing was done; reading goes on."""

    status = 503
    heading = "服务器磁盘快满了"

    def __init__(
        self,
        said: str = "服务器磁盘快满了，这一次没有办理。查询不受影响；请稍后再试，或到窗口办理。",
    ) -> None:
        super().__init__(said)


def free_bytes() -> int:
    return shutil.disk_usage(settings.MINGTANG_HOME).free


def is_short(folder: Path | None = None) -> bool:
    """Whether of the disk of a folder, as a rule that of the data, less than five per cent and than
    10 GB are left."""
    usage = shutil.disk_usage(folder or settings.MINGTANG_HOME)
    return usage.free < _kept_free(usage.total)


def _kept_free(total: int) -> float:
    return min(total * FREE_AT_LEAST, ENOUGH_BYTES)


def is_full(error: BaseException) -> bool:
    """Whether this, from the operating system, a database or us, says that the disk is full."""
    if isinstance(error, NoRoom):
        return True
    if getattr(error, "errno", None) in FULL:
        return True
    code = getattr(error.__cause__, "sqlstate", None)
    return code == DISK_FULL or any(said in str(error) for said in SAID_FULL)


def is_away(error: BaseException) -> bool:
    """Whether the database is away or busy, or the city went to another one, or the disk is full:
    the same request may come again."""
    if isinstance(error, IntegrityError) and MOVED in str(error):
        return True
    return isinstance(error, OperationalError | InterfaceError) or is_full(error)


def ballast() -> Path:
    return Path(settings.MINGTANG_HOME) / "ballast"


def keep_ballast() -> bool:
    """Take the reserve where there is room for it and the share that is kept free. Whether it is
    there afterwards."""
    path, usage = ballast(), shutil.disk_usage(settings.MINGTANG_HOME)
    if not path.exists() and usage.free - BALLAST_BYTES > 2 * _kept_free(usage.total):
        with whole_file(path) as fresh, fresh.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)
    return path.exists()


def free_ballast() -> int:
    """Give the reserve up. Returns how many bytes that were."""
    path = ballast()
    size = path.stat().st_size if path.exists() else 0
    path.unlink(missing_ok=True)
    return size


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A name beside `path` to write under. When the block ends well the file is safe on disk in its
    place; when not, nothing of it is left and what was there before still is.

    Raises NoRoom where the disk is full. What is no plain file, such as /dev/stdout, is written to.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield fresh
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(fresh, path)
        sync_folder(path.parent)
    except OSError as error:
        if not is_full(error):
            raise
        raise NoRoom(f"磁盘满了，没有写出 {path.name}：请腾出空间或换一个磁盘再试。") from error
    finally:
        fresh.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """What was renamed in this folder is so after a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
