"""The numbers on the tabs. Each is counted up to a bound, so that it costs the same in a village
and in a city; beyond that a number says only that there are more."""

import functools
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from mingtang.accounts.rules import Role, Scope
from mingtang.cases.models import Case, HandOverSlip
from mingtang.cases.queries.lists import found_in, tabs_of, union, units_of
from mingtang.timing.queries import current_calendar
from mingtang.timing.rules import WorkingCalendar

UNCOUNTED = frozenset({"done"})  # grows for ever
SLIPS = "slips"  # beside the lists: the hand-over slips that wait for a signature
COUNTED = 999  # as far as is counted; one more stands for "more"
Counting = tuple[str, tuple[Any, ...]]


def shown(count: int) -> int | str:
    """A number as it is told: beyond what is counted, that there are more."""
    return count if count <= COUNTED else f"{COUNTED}+"


def tab_counts(scope: Scope, on: date, also: Iterable[str] = ()) -> dict[str, int]:
    """How many cases each of somebody's lists holds, and how many SLIPS, in one query; see `shown`.
    `also`: of BEHIND_NUMBERS."""
    sql, values = _counting(connection.vendor, scope, on, tuple(also), current_calendar())
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {key: int(count) for key, count in cursor.fetchall()}


@functools.lru_cache(maxsize=500)  # people at work in one process; some milliseconds to write each
def _counting(
    vendor: str, scope: Scope, on: date, also: tuple[str, ...], calendar: WorkingCalendar
) -> Counting:
    """The statement and its values: a number for each list, nothing of what it counts."""
    tabs = [*(tab for tab in tabs_of(scope) if tab not in UNCOUNTED), *also]
    parts = [*_slips(scope)]
    parts += [_counted(tab, *union(_bounded(found_in(scope, tab, on)))) for tab in tabs]
    sql = " UNION ALL ".join(one for one, _ in parts)
    return sql, tuple(value for _, values in parts for value in values)


def _bounded(among: Iterable[Q]) -> Iterator[Any]:
    for one in among:
        yield Case.objects.filter(one).order_by()[: COUNTED + 1]


def _counted(key: str, ids: str, values: Iterable[Any]) -> Counting:
    if not ids:
        return f"SELECT '{key}', 0", ()
    bounded = f"SELECT id FROM ({ids}) AS found LIMIT {COUNTED + 1}"  # noqa: S608
    return f"SELECT '{key}', COUNT(*) FROM ({bounded}) AS counted", tuple(values)  # noqa: S608


def _slips(scope: Scope) -> Iterator[Counting]:
    units = units_of(scope, frozenset(Role))
    rows = HandOverSlip.objects.filter(receiver_id__in=units, received_at=None).order_by()
    yield _counted(SLIPS, *union([rows[: COUNTED + 1]]))
