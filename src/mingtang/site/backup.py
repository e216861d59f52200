"""Backing up while people work, and restoring into an empty place with verification.

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
from typing import Any

from django.conf import settings
from django.db import connection

from mingtang.base.db import refuse_pooled
from mingtang.base.durability import LAST_BACKUP
from mingtang.base.errors import DomainError
from mingtang.base.marks import check_key, held_key, installation, noted_keys, set_back_keys
from mingtang.base.progress import steps
from mingtang.base.sealed import key_fingerprint, key_path
from mingtang.base.space import NoRoom, is_full, whole_file
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
    listed = steps("计算摘要", _files(folder))
    digests = {str(path.relative_to(folder)): _digest(path) for path in listed}
    manifest = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "installation": installation(),
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
    _postgres("pg_dump", "--format=custom", "--no-owner", "--file", str(folder / POSTGRES))


def _postgres(program: str, *arguments: str) -> None:
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


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def restore(folder: Path, *, keys: Path | None = None, losing: bool = False) -> Told:
    """Put a backup into this installation, whose database must be empty, and verify it there."""
    refuse_pooled()
    manifest = _checked_manifest(folder)
    if connection.introspection.table_names():
        raise BackupTrouble(
            "这里的数据库不是空的，不能恢复到这里：请指定一个空的数据目录或数据库。"
        )
    if keys is not None:
        _take_keys(keys)
    _check_keys(manifest)
    if connection.vendor == "sqlite":
        _load_sqlite(folder)
    else:
        _load_postgres(folder)
    set_back_keys()
    check_key()
    if (folder / FILES).exists():
        shutil.copytree(folder / FILES, files_folder(), dirs_exist_ok=True)
    _take_anchors(folder, losing=losing)
    return _verified(manifest)


def _checked_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, of a folder in which every file is the one that was written."""
    path = folder / MANIFEST
    if not path.exists():
        raise BackupTrouble(f"{folder} 里没有 {MANIFEST}：不是备份，或者备份没有做完。")
    manifest: dict[str, Any] = json.loads(path.read_bytes())
    there = {str(one.relative_to(folder)): one for one in _files(folder) if one != path}
    listed = manifest["files"]
    checked = steps("核对备份", there.items(), len(there))
    wrong = sorted(name for name, one in checked if listed.get(name) != _digest(one))
    wrong += sorted(listed.keys() - there.keys())
    if wrong:
        raise BackupTrouble(f"备份已损坏，缺少、多出或改动了 {len(wrong)} 个文件：{wrong[0]}。")
    return manifest


def _check_keys(manifest: dict[str, Any]) -> None:
    """Each key that had sealed something is here; newer ones do no harm."""
    if key_fingerprint() != manifest["key"]:
        raise BackupTrouble("密钥不是备份时的那一把：请用 --keys 指定保存密钥的文件夹。")
    for number, one in manifest.get("more_keys", {}).items():  # none in backups of before keys
        if held_key(int(number)) != one:
            raise BackupTrouble(
                f"缺少备份时的第 {number} 把密钥：请把 {key_path(int(number)).name} "
                "放进 --keys 指定的文件夹。"
            )


def _take_keys(folder: Path) -> None:
    """Nothing is in the database yet, so what the home made for itself has sealed nothing."""
    for path in sorted(folder.glob("*.key")):
        target = Path(settings.MINGTANG_HOME) / "keys" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        target.chmod(0o600)


def _load_sqlite(folder: Path) -> None:
    path = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    with whole_file(path) as fresh:
        shutil.copyfile(folder / SQLITE, fresh)


def _load_postgres(folder: Path) -> None:
    _postgres(
        *("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner"),
        str(folder / POSTGRES),
    )


def _take_anchors(folder: Path, *, losing: bool) -> None:
    """Where heads were anchored after the backup, acts are missing here: to go on would fork."""
    path, held = heads.anchor_file(), queries.tree().size
    last = max((one["size"] for one in heads.anchors()), default=0)
    if last > held and not losing:
        raise BackupTrouble(
            f"存证里有 {last} 条记录，恢复出来的只有 {held} 条，差 {last - held} 条。"
            "请先找更新的备份；确实只能如此时加 --accept-loss，原来的存证会另存。"
        )
    if last > held:
        for one in (path, heads.extension_file()):
            if one.exists():
                one.rename(one.with_suffix(f".before-{held}.jsonl"))
    if not path.exists() and (folder / ANCHORS).exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as fresh:
            shutil.copyfile(folder / ANCHORS, fresh)


def _verified(manifest: dict[str, Any]) -> Told:
    """Every chain holds, and the tree passes through the head of the backup and each anchor."""
    head, found = queries.latest_head(), queries.verify()
    promised = manifest["head"]
    if not found.is_ok or head is None or queries.root_at(promised["size"]) != promised["root"]:
        why = found.breaks[0].reason if found.breaks else "树与备份时的树头不符"
        raise BackupTrouble(f"恢复出来的账本没有通过核对，请不要使用：{why}。")
    return Told(found.events, len(manifest["files"]), head.root)
