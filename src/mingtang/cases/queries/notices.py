"""Reads of what was decided, for everybody (办结公示, 《行政许可法》第四十条)."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from mingtang.base.paging import Cursor
from mingtang.cases.models import Case
from mingtang.cases.queries.reading import SEALED

PAGE = 30


@dataclass(frozen=True)
class NoticePage:
    rows: list[Case]
    next: Cursor | None


def result_notices(after: Cursor | None = None, organisation_id: int | None = None) -> NoticePage:
    """Decisions, the latest first; total order (decided_at, id). Kinds that the office never
    publishes are left out. What is shown of a person is the page's business: names are masked."""
    found = Case.objects.exclude(decided_at=None).exclude(outcome=None)
    found = found.exclude(edition__profile__in=settings.MINGTANG_NOTICE_NEVER)
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    if after is not None:
        found = found.filter(
            Q(decided_at__lt=after.at) | Q(id__lt=after.id), decided_at__lte=after.at
        )
    rows = found.select_related("edition", "item").defer(*SEALED).order_by("-decided_at", "-id")
    cases = list(rows[: PAGE + 1])
    last = cases[PAGE - 1] if len(cases) > PAGE else None
    shown = cases[:PAGE]
    return NoticePage(shown, Cursor(last.decided_at, last.id) if last and last.decided_at else None)
