"""Reads for the annual report: tables 3 and 4 of an organ and year, every cell with its rows."""

from datetime import date

from django.db.models import Q, Sum

from mingtang.requests.models import FeeNotice, Remedy, Request
from mingtang.requests.rules import tables
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.people import ApplicantKind
from mingtang.requests.rules.remedies import RemedyKind, RemedyResult
from mingtang.requests.rules.tables import Contest, Life, Matrix


def lives_of(organisation_id: int, year: int) -> list[Life]:
    """The requests that touch a year: received by its end, without a result before it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Request.objects.filter(
        Q(result_date=None) | Q(result_date__gte=first),
        organisation=organisation_id,
        received_date__lte=last,
    ).order_by("received_date", "id")
    columns = ("id", "applicant_kind", "received_date", "result", "result_date")
    return [
        Life(
            id=one,
            applicant=ApplicantKind(kind),
            received=received,
            result=Kind(result) if result else None,
            resulted=resulted,
        )
        for one, kind, received, result, resulted in rows.values_list(*columns)
    ]


def table3(organisation_id: int, year: int) -> Matrix:
    """收到和处理政府信息公开申请情况: 25 × 7, `ids(row, column)` behind each number."""
    return tables.table3(lives_of(organisation_id, year), year)


def contests_of(organisation_id: int, year: int) -> list[Contest]:
    """The remedies that touch a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Remedy.objects.filter(
        Q(closed_date=None) | Q(closed_date__gte=first),
        request__organisation=organisation_id,
        raised_date__lte=last,
    ).order_by("raised_date", "id")
    columns = ("id", "kind", "raised_date", "result", "closed_date")
    return [
        Contest(
            id=one,
            kind=RemedyKind(kind),
            raised=raised,
            result=RemedyResult(result) if result else None,
            closed=closed,
        )
        for one, kind, raised, result, closed in rows.values_list(*columns)
    ]


def table4(organisation_id: int, year: int) -> Matrix:
    """行政复议、行政诉讼情况: 3 ways × 5 columns, `ids(way, column)` behind each number."""
    return tables.table4(contests_of(organisation_id, year), year)


def fee_income_cents(organisation_id: int, year: int) -> int:
    """What was paid in a year for handling requests (chapter six of the report)."""
    found = FeeNotice.objects.filter(
        request__organisation=organisation_id,
        paid_date__range=(date(year, 1, 1), date(year, 12, 31)),
    ).aggregate(total=Sum("amount_cents"))
    return int(found["total"] or 0)


def complaint_count(organisation_id: int, year: int) -> int:
    """Complaints about disclosure raised in a year: in no table, told in the text."""
    return Remedy.objects.filter(
        request__organisation=organisation_id,
        kind=RemedyKind.COMPLAINT.value,
        raised_date__range=(date(year, 1, 1), date(year, 12, 31)),
    ).count()
