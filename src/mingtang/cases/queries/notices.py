"""Reads of what was decided, for everybody (办结公示, 《行政许可法》第四十条)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q

from mingtang.base.clock import day_bounds
from mingtang.base.paging import Cursor
from mingtang.cases.models import Case
from mingtang.cases.queries.reading import SEALED

PAGE = 30


@dataclass(frozen=True)
class NoticePage:
    rows: list[Case]
    next: Cursor | None


def result_notices(
    after: Cursor | None = None,
    organisation_id: int | None = None,
    month: date | None = None,
    limit: int | None = None,
) -> NoticePage:
    """Decisions, the latest first; total order (decided_at, id). Kinds and items that the office
    never publishes are left out. `month`: any day of the month of the decision. What is shown of a
    person is the page's business: names are masked."""
    size = limit or PAGE
    found = Case.objects.exclude(decided_at=None).exclude(outcome=None)
    found = found.exclude(edition__profile__in=settings.MINGTANG_NOTICE_NEVER)
    found = found.exclude(item__code__in=settings.MINGTANG_NOTICE_NEVER_ITEMS)
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    if month is not None:
        found = found.filter(_within(month))
    if after is not None:
        found = found.filter(
            Q(decided_at__lt=after.at) | Q(id__lt=after.id), decided_at__lte=after.at
        )
    rows = found.select_related("edition", "item").defer(*SEALED).order_by("-decided_at", "-id")
    cases = list(rows[: size + 1])
    last = cases[size - 1] if len(cases) > size else None
    shown = cases[:size]
    return NoticePage(shown, Cursor(last.decided_at, last.id) if last and last.decided_at else None)


def _within(month: date) -> Q:
    """Decided in the month in which a day lies, as days are counted in law."""
    first = month.replace(day=1)
    following = (first + timedelta(31)).replace(day=1)
    return Q(decided_at__gte=day_bounds(first)[0], decided_at__lt=day_bounds(following)[0])
