"""The county that scale, sweep and boards measure: one hall, few cases, then many.

Where the few were, a copy of the database stays, so that an act in a large county can be taken in
turns with the same act in a small one. A county in a folder that is kept (`--at`) is made once.
"""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from bench.city import copy_lives, life_of
from bench.measure import timed
from bench.town import AT, Hall, led
from mingtang.ledger.rules import SYSTEM
from mingtang.supervision import services
from mingtang.supervision.services import sweeping
from mingtang.timing.services import seed_calendars

FEW = {"small": 200, "large": 10_000, "million": 10_000, "ten-million": 10_000}
MANY = {"small": 3_000, "large": 200_000, "million": 1_000_000, "ten-million": 10_000_000}
DAYS = 20  # on which the lives were filed that are copied


@dataclass(frozen=True)
class County:
    """Who is there, and the database in which the cases were still few."""

    hall: Hall
    size: str
    few: str

    @contextmanager
    def small(self) -> Iterator[None]:
        """Where there are few cases, until the end of the block."""
        many = connection.settings_dict["NAME"]
        _connect(self.few)
        try:
            yield
        finally:
            _connect(many)


def county(size: str) -> County:
    """The one that is there, or a new one."""
    path = Path(settings.MINGTANG_HOME) / "county.pickle"
    if path.exists():
        found: County = pickle.loads(path.read_bytes())
        assert found.size == size, f"{path} holds a county of the size {found.size}"
        with found.small():
            call_command("migrate", verbosity=0)  # as bench/one.py did with the many
        return found
    made = _made(size)
    path.write_bytes(pickle.dumps(made))
    return made


def _made(size: str) -> County:
    seed_calendars(at=AT)
    hall = Hall()
    told = {"actor": SYSTEM, "at": AT, "command_id": uuid4().hex}
    services.load_shipped_rules(since=date(2013, 1, 1), **told)
    cases = [led(hall, day) for day in range(DAYS)]
    with transaction.atomic():
        sweeping.judge([one.stream for one in cases], AT.date(), AT)
    lives = [life_of(one) for one in cases]
    copy_lives(lives, FEW[size])
    _tidy()
    few = _copied()
    more = MANY[size] - FEW[size]
    making = timed(lambda: copy_lives(lives, more, first=20_000))
    print(f"{MANY[size]:,} cases made, {more / making.wall:,.0f} a second", flush=True)
    _tidy()
    return County(hall, size, few)


def _tidy() -> None:
    """What PostgreSQL does by itself within minutes, where it is not told to leave it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def _copied() -> str:
    """The name of a copy of the database as it stands."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [f"{name}.few"])
        return f"{name}.few"
    told = connection.get_connection_params() | {"dbname": "template1"}
    keys = ("host", "port", "user", "password", "dbname")
    connection.close()
    with psycopg.connect(**{key: told[key] for key in keys if key in told}, autocommit=True) as one:
        one.execute(f'CREATE DATABASE few TEMPLATE "{name}"')
    return "few"


def _connect(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def size_of_database() -> int:
    """Bytes of the database, all indexes with it."""
    if connection.vendor == "sqlite":
        return Path(str(connection.settings_dict["NAME"])).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
