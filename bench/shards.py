"""A province's board over two counties that have a database each, by postgres_fdw: the figures of
each unit over a year, against the same rows in one database. PostgreSQL only.
"""

from datetime import date
from typing import Any

from django.db import connection

from bench.figures import Figure, spread
from bench.measure import alternating
from mingtang.cases.queries.leads import MEASURES
from mingtang.counts import queries as counts
from mingtang.counts.models import DayCount

COUNTIES, UNITS, ROUNDS = ("county_a", "county_b"), 40, 7
YEARS = {"small": 3, "large": 12}
TABLE = DayCount._meta.db_table
SINCE, UNTIL = date(2013, 1, 1), date(2013, 12, 31)
ROWS = f"""INSERT INTO "{TABLE}" (id, date, measure, organisation_id, window_id, count)
SELECT row_number() OVER () + %s, day, measure, %s + unit, 0,
    1 + (unit * 7 + extract(doy from day))::int %% 40
FROM generate_series(%s::date, %s::date, '1 day') AS day,
     generate_series(1, {UNITS}) AS unit, unnest(%s::text[]) AS measure"""


def run(size: str) -> list[Figure]:
    first = date(UNTIL.year + 1 - YEARS[size], 1, 1)
    with connection.cursor() as cursor:
        _fill(cursor, first)
        for number, county in enumerate(COUNTIES):
            _split_off(cursor, county, number)
        cursor.execute(f'ANALYZE "{TABLE}"')
        works = {
            "one": _one,
            "pushed": lambda: _board(cursor, _pushed()),
            "fetched": lambda: _board(cursor, _fetched()),
        }
        assert works["one"]() == works["pushed"]() == works["fetched"]()
        taken = alternating(works, ROUNDS)
    rows = DayCount.objects.count()
    wall = {name: [one.wall * 1e3 for one in samples] for name, samples in taken.items()}
    middle = {name: sorted(samples)[ROUNDS // 2] for name, samples in wall.items()}
    return [
        Figure(
            row="16",
            what=f"a province's board of a year, two shards, {rows:,} day counts: {how}",
            goal="",
            figure=spread(wall[name], "ms"),
            yardstick=f"one database {spread(wall['one'], 'ms')}",
            ratio=middle[name] / middle["one"],
            cpu_ms=sorted(one.cpu for one in taken[name])[ROUNDS // 2] * 1e3,
        )
        for name, how in (("pushed", "each county adds up"), ("fetched", "the province adds up"))
    ]


def _fill(cursor: Any, first: date) -> None:
    for number in range(len(COUNTIES)):
        start = number * 100_000_000
        cursor.execute(ROWS, [start, number * 1000, first, UNTIL, list(MEASURES)])


def _split_off(cursor: Any, county: str, number: int) -> None:
    """A database of its own for a county's rows, and its table as the province sees it."""
    cursor.execute(f"CREATE DATABASE {county}")
    told = connection.get_connection_params()
    server = f"host '{told['host']}', port '{told['port']}', dbname '{county}', fetch_size '10000'"
    cursor.execute("CREATE EXTENSION IF NOT EXISTS postgres_fdw")
    cursor.execute(
        f"CREATE SERVER {county} FOREIGN DATA WRAPPER postgres_fdw "
        f"OPTIONS ({server}, async_capable 'true', use_remote_estimate 'true')"
    )
    mapping = f"CREATE USER MAPPING FOR CURRENT_USER SERVER {county}"
    cursor.execute(f"{mapping} OPTIONS (user '{told['user']}')")
    _copy(cursor, county, number)
    cursor.execute(f"CREATE SCHEMA {county}")
    only = f'IMPORT FOREIGN SCHEMA public LIMIT TO ("{TABLE}")'
    cursor.execute(f"{only} FROM SERVER {county} INTO {county}")


def _copy(cursor: Any, county: str, number: int) -> None:
    there = connection.copy("shard")
    there.settings_dict["NAME"] = county
    try:
        with there.cursor() as theirs:
            theirs.execute(
                f'CREATE TABLE "{TABLE}" (id bigint PRIMARY KEY, date date NOT NULL, measure '
                "varchar(60) NOT NULL, organisation_id bigint NOT NULL, window_id bigint NOT NULL, "
                "count integer NOT NULL, UNIQUE (measure, date, organisation_id, window_id))"
            )
            where = f"organisation_id / 1000 = {number}"
            names = "id, date, measure, organisation_id, window_id, count"
            with (
                cursor.copy(
                    f'COPY (SELECT {names} FROM "{TABLE}" WHERE {where}) TO STDOUT'
                ) as read,
                theirs.copy(f'COPY "{TABLE}" ({names}) FROM STDIN') as write,
            ):
                for block in read:
                    write.write(block)
            theirs.execute(f'ANALYZE "{TABLE}"')
    finally:
        there.close()


def _one() -> dict[int, dict[str, int]]:
    return counts.by_organisation(MEASURES, SINCE, UNTIL)


def _of(table: str) -> str:
    return (
        f"SELECT organisation_id, measure, sum(count) AS total FROM {table} "
        "WHERE measure = ANY(%s) AND date BETWEEN %s AND %s GROUP BY organisation_id, measure"
    )


def _pushed() -> str:
    """Each county adds up its own; the province puts them side by side."""
    parts = " UNION ALL ".join(_of(f'{county}."{TABLE}"') for county in COUNTIES)
    return f"SELECT * FROM ({parts}) AS both_counties ORDER BY 1, 2"


def _fetched() -> str:
    """The rows of the year come over, and are added up here."""
    every = " UNION ALL ".join(f'SELECT * FROM {county}."{TABLE}"' for county in COUNTIES)
    return f"{_of(f'({every}) AS every_row')} ORDER BY 1, 2"


def _board(cursor: Any, sql: str) -> dict[int, dict[str, int]]:
    asked = [list(MEASURES), SINCE, UNTIL]
    cursor.execute(sql, asked * sql.count("ANY(%s)"))
    found: dict[int, dict[str, int]] = {}
    for unit, measure, total in cursor.fetchall():
        row = found.setdefault(unit, dict.fromkeys(MEASURES, 0))
        row[measure] = int(total)
    return found
