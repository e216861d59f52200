"""SQLite by default; PostgreSQL by one variable, DATABASE_URL."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from mingtang.site.settings.env import WrongSetting


def database(url: str, home: Path, *, pooled: bool = False) -> dict[str, Any]:
    """Django's description of the database behind an address. Raises WrongSetting.

    SQLite keeps every acknowledged act through a power cut only with WAL and synchronous=FULL.
    `pooled`: a pgbouncer stands between that gives each transaction the next free connection. It
    takes no options along, and a cursor outside a transaction would be left on another one.
    """
    if not url:
        return _sqlite(home / "mingtang.sqlite3")
    parts, port = _parse(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise WrongSetting("DATABASE_URL", "应以 postgresql:// 或 sqlite:// 开头。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": port,
        # Whatever the server's default is: an acknowledged act is on the disk. Behind a pgbouncer
        # the server's own setting counts, which is asked at every start (base.durability).
        "OPTIONS": {} if pooled else {"options": "-c synchronous_commit=on"},
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _parse(url: str) -> tuple[SplitResult, str]:
    try:
        parts = urlsplit(url)
        return parts, str(parts.port or "")
    except ValueError:  # its text may quote the address, and with it the password
        raise WrongSetting(
            "DATABASE_URL", "地址写法有误，请核对主机和端口（端口为 0 到 65535 的整数）。"
        ) from None


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "mingtang.base.queued_sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,  # to open one reads the whole schema: more work than most pages
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "cached_statements": 500,  # of Python's 128 each page would drive out the last one's
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA temp_store=MEMORY;"
            ),
        },
    }
