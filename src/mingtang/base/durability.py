"""Whether this database keeps through a power cut what it acknowledged: asserted at every start."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from mingtang.base.space import MOVED

MOVING = "mingtang_move"  # a table that is there until a city has come in whole: site.moving
LAST_BACKUP = "last-backup"  # in the data folder: when the last one was whole
POSTGRES = ("synchronous_commit", "fsync", "full_page_writes")


def weaknesses() -> list[str]:
    """What would lose or spoil acknowledged acts, a sentence each; none where all is well."""
    found = _of_sqlite() if connection.vendor == "sqlite" else _of_postgres()
    return found + moves()


def moves() -> list[str]:
    """A city that has not come here in whole, or that went away."""
    tables, found = set(connection.introspection.table_names()), []
    if MOVING in tables:
        found.append(
            "数据还没有全部搬到这个数据库：请在原数据库上再运行一次 mingtang move-database。"
        )
    if MOVED in tables:
        found.append(
            "数据已经从这个数据库搬走：请把 DATABASE_URL 设为新地址。新数据库还没有用过、"
            "要退回这里的，运行 mingtang move-database --take-back。"
        )
    return found


def _of_sqlite() -> list[str]:
    found = []
    if _asked("PRAGMA journal_mode") != "wal":
        found.append("SQLite 没有使用 WAL：请把数据目录放在本机磁盘上（网络盘不支持 WAL）。")
    if int(_asked("PRAGMA synchronous")) < 2:
        found.append("SQLite 的 synchronous 低于 FULL：断电会丢失记录。")
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        found.append("SQLite 的事务不是 IMMEDIATE：同时办理会互相打断。")
    return found


def _of_postgres() -> list[str]:
    return [
        f"PostgreSQL 的 {name} 为 off：断电会丢失或损坏记录，请在 postgresql.conf 改为 on。"
        for name in POSTGRES
        if _asked(f"SHOW {name}") == "off"
    ]


def _asked(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def last_backup() -> datetime | None:
    """When the last backup that was made from this data folder was whole."""
    try:
        said = (settings.MINGTANG_HOME / LAST_BACKUP).read_text(encoding="ascii")
        return datetime.fromisoformat(said)
    except (OSError, ValueError):
        return None
