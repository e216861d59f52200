"""SQLite by default; PostgreSQL by one variable, DATABASE_URL; a replica of it by another."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from mingtang.site.settings.env import WrongSetting

PRIMARY, REPLICA = "DATABASE_URL", "MINGTANG_REPLICA_URL"
# What libpq may be told after a `?`; another word is refused, so that none is passed over.
WORDS = frozenset(
    (
        *("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs"),
        *("connect_timeout", "keepalives_idle", "keepalives_interval", "tcp_user_timeout"),
    )
)
# Several machines, of which one is written to: the next is asked after three seconds, and a
# machine that fell silent is given up after ten.
MANY = {"target_session_attrs": "read-write", "connect_timeout": "3", "tcp_user_timeout": "10000"}


def database(url: str, home: Path, *, pooled: bool = False) -> dict[str, Any]:
    """Django's description of the database behind an address. Raises WrongSetting.

    `postgresql://user:password@one:5432,two:5432/name?sslmode=verify-full`: with several hosts the
    one that can be written to is asked, whichever that is.
    SQLite keeps every acknowledged act through a power cut only with WAL and synchronous=FULL.
    `pooled`: a pgbouncer stands between that gives each transaction the next free connection. It
    takes no options along, and a cursor outside a transaction would be left on another one.
    """
    if not url:
        return _sqlite(home / "mingtang.sqlite3")
    place = _parse(url, PRIMARY)
    if place.scheme == "sqlite":
        return _sqlite(Path(place.name))
    if place.scheme not in {"postgres", "postgresql"}:
        raise WrongSetting(PRIMARY, "应以 postgresql:// 或 sqlite:// 开头。")
    # Whatever the server's default is: an acknowledged act is on the disk. Behind a pgbouncer
    # the server's own setting counts, which is asked at every start (base.durability).
    asked = {} if pooled else {"options": "-c synchronous_commit=on"}
    return _postgres(place, (MANY if "," in place.hosts else {}) | place.more | asked, pooled)


def replica(url: str, *, pooled: bool = False) -> dict[str, Any]:
    """The same of a replica, where nothing can be written, whatever it is. Raises WrongSetting."""
    place = _parse(url, REPLICA)
    if place.scheme not in {"postgres", "postgresql"}:
        raise WrongSetting(REPLICA, "应以 postgresql:// 开头：SQLite 没有只读副本。")
    wanted = MANY | {"target_session_attrs": "prefer-standby"}
    refusing = {} if pooled else {"options": "-c default_transaction_read_only=on"}
    return _postgres(place, wanted | place.more | refusing, pooled)


@dataclass(frozen=True)
class _Place:
    scheme: str
    user: str
    password: str
    hosts: str  # by commas, as libpq takes them
    ports: str
    name: str
    more: dict[str, str]


def _postgres(place: _Place, options: dict[str, str], pooled: bool) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": place.name,
        "USER": place.user,
        "PASSWORD": place.password,
        "HOST": place.hosts,
        "PORT": place.ports,
        "OPTIONS": options,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _parse(url: str, setting: str) -> _Place:
    try:
        parts = urlsplit(url)
        who, _, where = parts.netloc.rpartition("@")
        user, _, password = who.partition(":")
        found = [urlsplit(f"//{one}") for one in where.split(",")]
        hosts = [one.hostname or "" for one in found]
        ports = [str(one.port or "") for one in found]
    except ValueError:  # its text may quote the address, and with it the password
        raise WrongSetting(
            setting, "地址写法有误，请核对主机和端口（端口为 0 到 65535 的整数）。"
        ) from None
    more = dict(parse_qsl(parts.query))
    if unknown := sorted(more.keys() - WORDS):
        raise WrongSetting(
            setting, f"“?”后的 {unknown[0]} 不认识，可用：{'、'.join(sorted(WORDS))}。"
        )
    name = unquote(parts.path if parts.scheme == "sqlite" else parts.path.lstrip("/"))
    ports = ports if any(ports) else [""]
    return _Place(
        parts.scheme,
        *(unquote(user), unquote(password), ",".join(hosts), ",".join(ports), name, more),
    )


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
