"""Source: the disclosure archive of a year (年度档案): what belongs into it, what is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from mingtang.base.clock import LEGAL_ZONE
from mingtang.channels.queries import Sought, year_of
from mingtang.disclosure.models import Publication, Training
from mingtang.disclosure.rules.items import Attribute
from mingtang.reports.models import Edition, Problem
from mingtang.reports.rules.figures import EditionState, ProblemState, RowRef
from mingtang.requests.models import Request

ONE = Decimal(1)


@dataclass(frozen=True)
class Part:
    """A part of the archive: its papers in order, and a sentence for each that is not there."""

    title: str
    rows: list[RowRef]
    lacking: list[str]


def contents(organisation_id: int, year: int) -> list[Part]:
    """The parts of a unit's archive of a year, in their order."""
    return [part(organisation_id, year) for part in PARTS]


def _published(organisation_id: int, year: int) -> Part:
    days = (date(year, 1, 1), date(year, 12, 31))
    own = Publication.objects.filter(organisation=organisation_id).select_related("version")
    public = own.filter(public_date__range=days).order_by("public_date", "id")
    waiting = own.filter(
        public_date=None,
        version__formed_date__range=days,
        version__attribute=Attribute.ACTIVE.value,
    ).order_by("version__formed_date", "id")
    rows = [
        RowRef(f"{one.index_number} {one.version.title}", one.public_date, ONE, one.subject)
        for one in public
        if one.version
    ]
    lacking = [
        f"“{one.version.title}”（{one.version.formed_date} 形成）应当主动公开，还没有公开。"
        for one in waiting
        if one.version
    ]
    return Part("主动公开的信息", rows, lacking)


def _released(organisation_id: int, year: int) -> Part:
    """Month by month: a month without any entry is a doubt about the book, not proof of a fault."""
    whole = year_of(organisation_id, year)
    by_month = whole.rows().order_by().values_list("released_date__month")
    months = dict(by_month.annotate(Count("id")))
    rows = [
        RowRef(f"{year}年{month}月发布台账", date(year, month, 1), Decimal(months[month]))
        for month in sorted(months)
    ]
    lacking = [f"{month}月的发布台账是空的。" for month in range(1, 13) if month not in months]
    bare = Sought(whole.organisation_ids, whole.since, whole.until, lacks_proof=True).rows().count()
    lacking += [f"发布台账里有 {bare} 笔没有凭证。"] if bare else []
    return Part("发布台账", rows, lacking)


def _asked(organisation_id: int, year: int) -> Part:
    found = Request.objects.filter(
        organisation=organisation_id, received_date__range=(date(year, 1, 1), date(year, 12, 31))
    ).order_by("received_date", "id")
    rows = [
        RowRef(f"{one.number} 信息公开申请", one.received_date, ONE, f"request:{one.id}")
        for one in found
    ]
    lacking = [
        f"申请 {one.number} 还没有答复。"
        for one in found
        if one.result is None and one.ended_at is None
    ]
    return Part("依申请公开", rows, lacking)


def _trained(organisation_id: int, year: int) -> Part:
    found = Training.objects.filter(
        organisation=organisation_id, held_date__range=(date(year, 1, 1), date(year, 12, 31))
    ).order_by("held_date", "id")
    rows = [
        RowRef(
            f"{one.topic}（{one.attendee_count} 人，{one.hours.normalize():f} 小时）",
            one.held_date,
            ONE,
        )
        for one in found
    ]
    return Part("培训记录", rows, [] if rows else ["全年没有培训记录。"])


def _reported(organisation_id: int, year: int) -> Part:
    found = Edition.objects.filter(organisation=organisation_id, year=year).order_by("id")
    rows = [
        RowRef(
            f"{year}年年度报告（{one.get_style_display()}，{one.get_state_display()}）",
            one.frozen_at.astimezone(LEGAL_ZONE).date() if one.frozen_at else None,
            ONE,
        )
        for one in found
    ]
    final = any(one.state == EditionState.FROZEN for one in found)
    return Part("年度报告", rows, [] if final else ["年度报告还没有定稿。"])


def _mended(organisation_id: int, year: int) -> Part:
    """问题和整改: the register of problems of the year's report, each with its owner."""
    found = list(
        Problem.objects.filter(edition__organisation=organisation_id, edition__year=year).order_by(
            "since_year", "id"
        )
    )
    rows = [
        RowRef(f"{one.text} → {one.measure}（{one.owner or '没有责任人'}）", None, ONE)
        for one in found
    ]
    lacking = [
        f"“{one.text}”还没有整改结果{'' if one.owner else '，也没有责任人'}。"
        for one in found
        if one.state == ProblemState.OPEN
    ]
    return Part("问题和整改", rows, lacking)


PARTS: tuple[Callable[[int, int], Part], ...] = (
    *(_published, _released, _asked, _trained, _reported, _mended),
)
