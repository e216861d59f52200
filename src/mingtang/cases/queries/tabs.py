"""The numbers on the tabs. Each is counted up to a bound, so that it costs the same in a village
and in a city; beyond that a number says only that there are more."""

import functools
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from mingtang.accounts.rules import Role, Scope
from mingtang.cases.models import Case, HandOverSlip
from mingtang.cases.queries.lists import is_open, tabs_of, union, units_of, ways_of
from mingtang.cases.queries.reading import places
from mingtang.timing.queries import current_calendar
from mingtang.timing.rules import WorkingCalendar

UNCOUNTED = frozenset({"done"})  # grows for ever
SLIPS = "slips"  # beside the lists: the hand-over slips that wait for a signature
COUNTED = 999  # as far as is counted; one more stands for "more"
LOOKED_AT = ("id", "state", "next_due_date", "bounced_at", "organisation_id")  # by any list
CASES, NEAR = f'FROM "{Case._meta.db_table}"', "near"
Counting = tuple[str, tuple[Any, ...]]


def shown(count: int) -> int | str:
    """A number as it is told: beyond what is counted, that there are more."""
    return count if count <= COUNTED else f"{COUNTED}+"


def tab_counts(scope: Scope, on: date, also: Iterable[str] = ()) -> dict[str, int]:
    """How many cases each of somebody's lists holds, and how many SLIPS, in one query; see `shown`.
    `also`: of BEHIND_NUMBERS.

    Where a place turns out to hold more than is counted, it is asked once more with that place
    among the `_crowded`, and from then on so at once.
    """
    crowded = _crowded(scope)
    while True:
        counts = _asked(scope, on, tuple(also), frozenset(crowded))
        found = {int(key) for key in counts if key.isdecimal() and counts[key] > COUNTED}
        if not found:
            return {key: count for key, count in counts.items() if not key.isdecimal()}
        crowded |= found


@functools.lru_cache(maxsize=500)  # people at work in one process
def _crowded(scope: Scope) -> set[int]:
    """Which of somebody's places have held too much to be read whole. It says how is asked; what
    is found is the same either way."""
    return set()


def _asked(
    scope: Scope, on: date, also: tuple[str, ...], crowded: frozenset[int]
) -> dict[str, int]:
    sql, values = _counting(connection.vendor, scope, on, also, current_calendar(), crowded)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {key: int(count) for key, count in cursor.fetchall()}


@functools.lru_cache(maxsize=500)  # some milliseconds to write each
def _counting(
    vendor: str,
    scope: Scope,
    on: date,
    also: tuple[str, ...],
    calendar: WorkingCalendar,
    crowded: frozenset[int],
) -> Counting:
    """The statement and its values: a number for each list, nothing of what it counts.

    What a place holds is read once, as `near`, and each list picks from that; only in a crowded
    place each list looks for its own, as far as is counted.
    """
    every = list(enumerate(places(scope)))
    near, held = _near((at, place) for at, place in every if at not in crowded)
    wide = [place for at, place in every if at in crowded]
    parts = [*_slips(scope)]
    for tab in [*(tab for tab in tabs_of(scope) if tab not in UNCOUNTED), *also]:
        ways = ways_of(tab, scope, on)
        among = [Case.objects.filter(place & way) for place in wide for way in ways]
        picked = [Case.objects.filter(way) for way in ways] if near else []
        parts.append(_counted(tab, *_ids(among, picked)))
    if near:
        parts.append((f"SELECT place, COUNT(*) FROM {NEAR} GROUP BY place", ()))  # noqa: S608
    sql = near + " UNION ALL ".join(one for one, _ in parts)
    return sql, (*held, *(value for _, values in parts for value in values))


def _near(among: Iterable[tuple[int, Q]]) -> Counting:
    """All open cases of some places, each up to the bound, with the number of the place."""
    sql: list[str] = []
    values: list[Any] = []
    for at, place in among:
        rows = Case.objects.filter(place & is_open()).order_by().values(*LOOKED_AT)
        with suppress(EmptyResultSet):  # nothing can be there
            one, told = rows[: COUNTED + 1].query.sql_with_params()
            sql.append(f"SELECT '{at}' AS place, part.* FROM ({one}) AS part")  # noqa: S608
            values += told
    return (f"WITH {NEAR} AS ({' UNION ALL '.join(sql)}) " if sql else ""), tuple(values)


def _ids(among: Iterable[QuerySet[Case]], picked: Iterable[QuerySet[Case]]) -> Counting:
    """The different cases that a list has in crowded places and in `near`."""
    wide, values = union(one.order_by()[: COUNTED + 1] for one in among)
    near, more = union(one.order_by().distinct() for one in picked)
    near = near.replace(CASES, f'FROM {NEAR} AS "{Case._meta.db_table}"')
    return " UNION ".join(one for one in (wide, near) if one), (*values, *more)


def _counted(key: str, ids: str, values: Iterable[Any]) -> Counting:
    if not ids:
        return f"SELECT '{key}', 0", ()
    bounded = f"SELECT id FROM ({ids}) AS found LIMIT {COUNTED + 1}"  # noqa: S608
    return f"SELECT '{key}', COUNT(*) FROM ({bounded}) AS counted", tuple(values)  # noqa: S608


def _slips(scope: Scope) -> Iterator[Counting]:
    units = units_of(scope, frozenset(Role))
    rows = HandOverSlip.objects.filter(receiver_id__in=units, received_at=None).order_by()
    yield _counted(SLIPS, *union([rows[: COUNTED + 1]]))
