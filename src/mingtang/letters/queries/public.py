"""Reads for everybody: public copies, answers that hold for others, the month's figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from mingtang.base.clock import day_bounds, legal_date
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor
from mingtang.base.search import search
from mingtang.letters.models import Knowledge, Letter, PublicCopy
from mingtang.letters.rules.figures import Figures, Pace, figures
from mingtang.letters.rules.kinds import Kind
from mingtang.timing.queries import current_calendar, last_due_dates
from mingtang.timing.rules import ClockKind

PAGE = 20
SUGGESTED = 5
COPY, KNOWLEDGE = "letter_copy", "letter_answer"  # kinds of the index
MOST_PACED = 2000

IS_PUBLIC = Q(confirmed_at__isnull=False)


@dataclass(frozen=True)
class CopyPage:
    rows: list[PublicCopy]
    next: Cursor | None


def copies(after: Cursor | None = None, kind: str = "") -> CopyPage:
    """Public copies, the latest first; total order (confirmed_at, id)."""
    found = PublicCopy.objects.filter(IS_PUBLIC)
    if kind:
        found = found.filter(letter__kind=kind)
    if after is not None:
        found = found.filter(
            Q(confirmed_at__lt=after.at) | Q(id__lt=after.id), confirmed_at__lte=after.at
        )
    listed = list(found.select_related("letter").order_by("-confirmed_at", "-id")[: PAGE + 1])
    shown = listed[:PAGE]
    last = shown[-1] if len(listed) > PAGE else None
    mark = Cursor(last.confirmed_at, last.id) if last and last.confirmed_at else None
    return CopyPage(shown, mark)


def found_copies(words: str) -> list[PublicCopy]:
    """The public copies that some words find, best first."""
    keys = [hit.key for hit in search(COPY, words, PAGE)] if words.strip() else []
    rows = PublicCopy.objects.filter(IS_PUBLIC, id__in=keys).select_related("letter").order_by("id")
    known = {row.id: row for row in rows}
    return [known[key] for key in keys if key in known]


def public_copy(copy_id: int) -> PublicCopy:
    """Raises NotFound for what is not, or no longer, public."""
    found = PublicCopy.objects.filter(IS_PUBLIC, id=copy_id).select_related("letter").first()
    if found is None:
        raise NotFound
    return found


def public_among(ids: Iterable[int]) -> list[PublicCopy]:
    rows = PublicCopy.objects.filter(IS_PUBLIC, letter__in=list(ids))
    return list(rows.select_related("letter").order_by("id"))


def known_answers(words: str) -> list[Knowledge]:
    """The answers that hold for others and that some words find, best first."""
    keys = [hit.key for hit in search(KNOWLEDGE, words, SUGGESTED)] if words.strip() else []
    rows = Knowledge.objects.filter(id__in=keys, retired_at=None).order_by("id")
    known = {row.id: row for row in rows}
    return [known[key] for key in keys if key in known]


def every_copy() -> list[PublicCopy]:
    return list(PublicCopy.objects.filter(IS_PUBLIC).select_related("letter").order_by("id"))


def every_answer() -> list[Knowledge]:
    return list(Knowledge.objects.filter(retired_at=None).order_by("id"))


def knowledge_among(letter_ids: Iterable[int]) -> list[Knowledge]:
    rows = Knowledge.objects.filter(letter__in=list(letter_ids), retired_at=None)
    return list(rows.order_by("id"))


def common_answers(limit: int = PAGE) -> list[Knowledge]:
    """The latest of them; total order (promoted_at, id)."""
    rows = Knowledge.objects.filter(retired_at=None)
    return list(rows.order_by("-promoted_at", "-id")[:limit])


def known_answer(answer_id: int) -> Knowledge:
    """Raises NotFound."""
    found = Knowledge.objects.filter(id=answer_id, retired_at=None).first()
    if found is None:
        raise NotFound
    return found


# ── figures ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Month:
    """What the public is told of a month: of the city by kind, of each unit; never of tip-offs by
    unit, which would tell against whom they are."""

    first: date
    by_kind: dict[Kind, int]
    city: Figures
    units: dict[int, Figures]


def month_of(first: date) -> Month:
    """A month's letters. Anybody may ask: the rows that it reads are bounded."""
    after = (first + timedelta(days=31)).replace(day=1)
    begin, end = day_bounds(first)[0], day_bounds(after)[0]
    came = Letter.objects.filter(submitted_at__gte=begin, submitted_at__lt=end)
    kinds = dict(came.order_by("kind").values_list("kind").annotate(Count("id")))
    named = came.exclude(kind=Kind.TIP_OFF.value).exclude(lead=None)
    received = dict(named.order_by("lead").values_list("lead").annotate(Count("id")))
    paces = _paces(Letter.objects.filter(answered_at__gte=begin, answered_at__lt=end))
    of_city = [pace for _unit, _kind, pace in paces]
    by_unit: dict[int, list[Pace]] = {one: [] for one in received}
    for unit, kind, pace in paces:
        if kind != Kind.TIP_OFF.value:
            by_unit.setdefault(unit, []).append(pace)
    return Month(
        first=first,
        by_kind={kind: kinds[kind.value] for kind in Kind if kind.value in kinds},
        city=figures(sum(kinds.values()), of_city),
        units={one: figures(received.get(one, 0), paces) for one, paces in by_unit.items()},
    )


def _paces(rows: QuerySet[Letter]) -> list[tuple[int, str, Pace]]:
    """Of answered letters: the unit, the kind, how fast."""
    calendar = current_calendar()
    listed = [
        (f"letter:{key}", lead, kind, legal_date(came), legal_date(answered))
        for key, lead, kind, came, answered in rows.order_by("-answered_at", "-id").values_list(
            "id", "lead_id", "kind", "submitted_at", "answered_at"
        )[:MOST_PACED]
        if lead is not None and answered is not None
    ]
    due = last_due_dates([stream for stream, *_rest in listed], ClockKind.LETTER)
    return [
        (lead, kind, Pace(calendar.count(came, on), stream in due and on <= due[stream]))
        for stream, lead, kind, came, on in listed
    ]
