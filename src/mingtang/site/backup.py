"""Backing up while people work.

A backup is a folder: the database as of one moment, the files, the anchors, and a manifest with
the digest of each. The manifest is written last: a folder without one is no backup. Keys are never
in it, so that who finds a backup can read no identity number: they are kept apart.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from glob import glob
from pathlib import Path

from django.conf import settings
from django.db import connection

from mingtang.base.db import refuse_pooled
from mingtang.base.durability import LAST_BACKUP
from mingtang.base.errors import DomainError
from mingtang.base.marks import installation, noted_keys
from mingtang.base.progress import steps
from mingtang.base.sealed import key_fingerprint
from mingtang.base.space import NoRoom, is_full
from mingtang.files.services import files_folder
from mingtang.ledger import heads, queries
from mingtang.ledger.services import grow_tree

FORMAT = "mingtang-backup-1"
TOLD = {  # what Django's description of a database says → how the programs of PostgreSQL take it
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
SQLITE, POSTGRES = "database.sqlite3", "database.dump"
MANIFEST, FILES, ANCHORS = "manifest.json", "files", "anchors.jsonl"


class BackupTrouble(DomainError):
    """A backup that cannot be made, or not be restored: what, and how to mend it."""


@dataclass(frozen=True)
class Told:
    """What a backup holds, or what was restored from it."""

    events: int
    files: int
    root: str


def make(folder: Path, at: datetime) -> Told:
    """A backup in a new folder. Others go on writing; what is acknowledged before is in it."""
    refuse_pooled()
    if folder.exists() and any(folder.iterdir()):
        raise BackupTrouble(f"{folder} 不是空文件夹，请换一个。")
    grow_tree(at, everything=True)
    if queries.latest_head() is None:
        raise BackupTrouble("账本里还没有记录，没有可备份的内容。")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _nothing_by_half(folder):
        told = _filled(folder, at)
    (settings.MINGTANG_HOME / LAST_BACKUP).write_text(at.isoformat(), encoding="ascii")
    return told


@contextmanager
def _nothing_by_half(folder: Path) -> Iterator[None]:
    """A backup that fails leaves an empty folder, to be used again. Raises NoRoom."""
    try:
        yield
    except BaseException as error:
        for one in folder.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        if is_full(error):
            said = f"磁盘满了，没有备份到 {folder}：请换一个磁盘，或腾出空间再试。"
            raise NoRoom(said) from error
        raise


def _filled(folder: Path, at: datetime) -> Told:
    head = queries.latest_head()
    assert head is not None
    # Anchors before, files after: the database knows no file that is not there, and each anchor.
    if heads.anchor_file().exists():
        shutil.copyfile(heads.anchor_file(), folder / ANCHORS)
    _dump_sqlite(folder) if connection.vendor == "sqlite" else _dump_postgres(folder)
    if files_folder().exists():
        shutil.copytree(files_folder(), folder / FILES)
    listed = steps("计算摘要", files_in(folder))
    digests = {str(path.relative_to(folder)): digest(path) for path in listed}
    manifest = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "installation": installation(),
        "profile": settings.MINGTANG_PROFILE,
        "key": key_fingerprint(),
        "more_keys": {str(number): one for number, one in noted_keys().items()},
        "head": heads.told(head),
        "files": digests,
    }
    _write(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    return Told(head.size, len(digests), head.root)


def _dump_sqlite(folder: Path) -> None:
    """In one step, so that it is one moment; on WAL nobody waits for it."""
    address = f"file:{connection.settings_dict['NAME']}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as source,
        closing(sqlite3.connect(folder / SQLITE)) as target,
    ):
        source.backup(target)


def _dump_postgres(folder: Path) -> None:
    run_postgres("pg_dump", "--format=custom", "--no-owner", "--file", str(folder / POSTGRES))


def run_postgres(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on our database; the password is on no command line."""
    found = sorted(glob(f"/usr/lib/postgresql/*/bin/{program}"))
    path = shutil.which(program) or (found[-1] if found else None)
    if path is None:
        raise BackupTrouble(f"找不到 {program}：请安装 postgresql-client。")
    asked = {**connection.settings_dict, **connection.settings_dict["OPTIONS"]}
    environment = {name: str(asked[key]) for key, name in TOLD.items() if asked.get(key)}
    done = subprocess.run(  # noqa: S603  nothing here comes from outside
        [path, "--dbname", str(asked["NAME"]), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupTrouble(f"{program} 没有成功：{done.stderr.strip()[-500:]}")


def files_in(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
