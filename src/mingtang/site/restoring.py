"""Restoring a backup into an empty place, with verification."""

import json
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from mingtang.base.db import refuse_pooled
from mingtang.base.marks import check_key, held_key, set_back_keys
from mingtang.base.profile import INTL
from mingtang.base.progress import steps
from mingtang.base.sealed import key_fingerprint, key_path
from mingtang.base.space import whole_file
from mingtang.files.services import files_folder
from mingtang.ledger import heads, queries
from mingtang.site.backup import (
    ANCHORS,
    FILES,
    MANIFEST,
    POSTGRES,
    SQLITE,
    BackupTrouble,
    Told,
    digest,
    files_in,
    run_postgres,
)
from mingtang.site.shipping import BASE, check_files, lay_pieces, newest_shipment


def restore(folder: Path, *, keys: Path | None = None, losing: bool = False) -> Told:
    """Put a backup into this installation, whose database must be empty, and verify it there.

    Of a folder of `ship` it is the newest shipment, with every piece of the log. Raises
    BackupTrouble.
    """
    refuse_pooled()
    shipment = newest_shipment(folder)
    base = folder if shipment is None else shipment / BASE
    manifest = checked_manifest(base)
    if shipment is not None:
        check_files(shipment)
    if connection.introspection.table_names():
        raise BackupTrouble(
            "这里的数据库不是空的，不能恢复到这里：请指定一个空的数据目录或数据库。"
        )
    if keys is not None:
        _take_keys(keys)
    _check_keys(manifest)
    if connection.vendor == "sqlite":
        _load_sqlite(base, shipment, losing=losing)
    else:
        _load_postgres(base)
    set_back_keys()
    check_key()
    for one in (base, shipment):
        if one is not None and (one / FILES).exists():
            shutil.copytree(one / FILES, files_folder(), dirs_exist_ok=True)
    has_newer = shipment is not None and (shipment / ANCHORS).exists()
    _take_anchors(shipment if shipment is not None and has_newer else base, losing=losing)
    return _verified(manifest)


def checked_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, of a folder in which every file is the one that was written."""
    path = folder / MANIFEST
    if not path.exists():
        raise BackupTrouble(f"{folder} 里没有 {MANIFEST}：不是备份，或者备份没有做完。")
    manifest: dict[str, Any] = json.loads(path.read_bytes())
    there = {str(one.relative_to(folder)): one for one in files_in(folder) if one != path}
    listed = manifest["files"]
    checked = steps("核对备份", there.items(), len(there))
    wrong = sorted(name for name, one in checked if listed.get(name) != digest(one))
    wrong += sorted(listed.keys() - there.keys())
    if wrong:
        raise BackupTrouble(f"备份已损坏，缺少、多出或改动了 {len(wrong)} 个文件：{wrong[0]}。")
    return manifest


def _check_keys(manifest: dict[str, Any]) -> None:
    """The profile is the same, and each key that had sealed something is here; newer ones do no
    harm."""
    profile = manifest.get("profile", INTL)  # none in backups of before there were two
    if profile != settings.MINGTANG_PROFILE:
        raise BackupTrouble(
            f"备份是 {profile} 密码套件的，这里建立时选的是 {settings.MINGTANG_PROFILE}："
            f"请换一个空的数据目录，设 MINGTANG_PROFILE={profile} 后再恢复。"
        )
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


def _load_sqlite(folder: Path, shipment: Path | None, *, losing: bool) -> None:
    path = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    with whole_file(path) as fresh:
        shutil.copyfile(folder / SQLITE, fresh)
        if shipment is not None:
            lay_pieces(shipment, fresh, losing=losing)


def _load_postgres(folder: Path) -> None:
    run_postgres(
        *("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner"),
        str(folder / POSTGRES),
    )


def _take_anchors(folder: Path, *, losing: bool) -> None:
    """Where heads were anchored after what was restored, acts are missing here: to go on would
    fork. Those kept apart count, and those that came with the backup where there are no others."""
    path, held = heads.anchor_file(), queries.tree().size
    brought = (folder / ANCHORS).read_bytes().splitlines() if (folder / ANCHORS).exists() else []
    is_here = path.exists()
    sizes = [one["size"] for one in heads.anchors()] if is_here else [_size(one) for one in brought]
    last = max(sizes, default=0)
    if last > held and not losing:
        raise BackupTrouble(
            f"存证里有 {last} 条记录，恢复出来的只有 {held} 条，差 {last - held} 条。"
            "请先找更新的备份；确实只能如此时加 --accept-loss，原来的存证会另存。"
        )
    if last > held and is_here:
        for one in (path, heads.extension_file()):
            if one.exists():
                one.rename(one.with_suffix(f".before-{held}.jsonl"))
    elif last > held:
        _lay(path.with_suffix(f".before-{held}.jsonl"), brought)
    if not path.exists() and brought:
        _lay(path, [one for one in brought if _size(one) <= held])


def _size(line: bytes) -> int:
    return int(json.loads(line)["size"])


def _lay(path: Path, lines: list[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as fresh:
        fresh.write_bytes(b"".join(one + b"\n" for one in lines))


def _verified(manifest: dict[str, Any]) -> Told:
    """Every chain holds, and the tree passes through the head of the backup and each anchor."""
    head, found = queries.latest_head(), queries.verify()
    promised = manifest["head"]
    if not found.is_ok or head is None or queries.root_at(promised["size"]) != promised["root"]:
        why = found.breaks[0].reason if found.breaks else "树与备份时的树头不符"
        raise BackupTrouble(f"恢复出来的账本没有通过核对，请不要使用：{why}。")
    return Told(found.events, len(manifest["files"]), head.root)
