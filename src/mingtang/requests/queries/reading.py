"""Reads of one request: what a decision leans on, what pages show."""

from dataclasses import dataclass

from django.db.models import Case, F, Q, Sum, Value, When

from mingtang.accounts.rules import Scope
from mingtang.base.errors import NotFound
from mingtang.requests.models import (
    Consultation,
    Correction,
    Extension,
    FeeNotice,
    Party,
    Reasons,
    Remedy,
    Search,
)
from mingtang.requests.models import Decision as Decision  # what pages are handed
from mingtang.requests.models import Request as Request
from mingtang.requests.rules.consulting import Answer, PartyRole
from mingtang.requests.rules.deciding import Part, Record
from mingtang.requests.rules.fees import FeeBasis
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.law import law_on

EARLIER_SHOWN = 10


def record_of(request: Request) -> Record:
    """What the file of a request holds, as far as a decision leans on it."""
    asked = request.consultations.select_related("party").order_by("number")
    return Record(
        consulted=tuple(
            (PartyRole(one.party.role), Answer(one.answer)) for one in asked if one.answer
        ),
        has_open_consultation=any(one.answer is None for one in asked),
        search_count=request.searches.count(),
        correction_count=request.correction_count,
        has_earlier=request.earlier_id is not None,
        are_reasons_asked=request.reasons.exists(),
    )


def parts_of(decision: Decision) -> list[Part]:
    """The parts of a decision, in their order."""
    return [
        Part(part.scope, Kind(part.kind), part.basis, part.reason)
        for part in decision.parts.order_by("place")
    ]


def standing_decision(request: Request) -> Decision | None:
    """The decision that was drafted and not sent back."""
    rows = request.decisions.filter(returned_at=None)
    found: Decision | None = rows.select_related(
        "drafted_by", "approved_by", "delivered_by"
    ).first()
    return found


def kinds_of(request: Request) -> list[Kind]:
    """The kinds of the parts of what was answered."""
    rows = request.decisions.filter(approved_at__isnull=False)
    return [
        Kind(kind)
        for kind in rows.order_by("parts__place").values_list("parts__kind", flat=True)
        if kind
    ]


def law_name(request: Request) -> str:
    """《政府信息公开条例（国务院令第711号）》"""
    return f"《{law_on(request.counted_from_date or request.arrived_date).name}》"


def asked_before_in_month(request: Request) -> int:
    """How many requests the same applicant made to the organ in the same month before this one.

    By (received_date, id). One that was charged by count is as many as its notice says.
    """
    if request.received_date is None or not request.identity_index:
        return 0
    day = request.received_date
    rows = Request.objects.filter(
        organisation=request.organisation_id,
        identity_index=request.identity_index,
        received_date__gte=day.replace(day=1),
    )
    before = rows.filter(Q(received_date__lt=day) | Q(received_date=day, id__lt=request.id))
    by_count = When(fee_notice__basis=FeeBasis.COUNT.value, then=F("fee_notice__quantity"))
    found = before.aggregate(total=Sum(Case(by_count, default=Value(1))))
    return int(found["total"] or 0)


def earlier_of(request: Request) -> list[Request]:
    """What the same applicant asked the same organ before, the latest first."""
    if not request.identity_index:
        return []
    rows = Request.objects.filter(
        organisation=request.organisation_id,
        identity_index=request.identity_index,
        submitted_at__lte=request.submitted_at,
    )
    return list(rows.exclude(id=request.id).order_by("-submitted_at", "-id")[:EARLIER_SHOWN])


@dataclass(frozen=True)
class File:
    """All that is on record of a request."""

    parties: list[Party]
    corrections: list[Correction]
    reasons: list[Reasons]
    consultations: list[Consultation]
    extensions: list[Extension]
    searches: list[Search]
    fee: FeeNotice | None
    decisions: list[Decision]
    remedies: list[Remedy]


def file_of(request: Request) -> File:
    """Each list oldest first, in one statement each."""
    return File(
        parties=list(request.parties.order_by("id")),
        corrections=list(request.corrections.order_by("id")),
        reasons=list(request.reasons.order_by("id")),
        consultations=list(request.consultations.select_related("party").order_by("number")),
        extensions=list(request.extensions.select_related("approved_by").order_by("id")),
        searches=list(request.searches.select_related("searched_by").order_by("id")),
        fee=FeeNotice.objects.filter(request=request).first(),
        decisions=list(
            request.decisions.select_related("drafted_by", "approved_by")
            .prefetch_related("parts")
            .order_by("id")
        ),
        remedies=list(request.remedies.order_by("raised_date", "id")),
    )


def open_consultations(request: Request) -> list[Consultation]:
    rows = request.consultations.filter(answer=None).select_related("party")
    return list(rows.order_by("number"))


def open_remedies(request: Request) -> list[Remedy]:
    return list(request.remedies.filter(result=None).order_by("raised_date", "id"))


# ── for its applicant ─────────────────────────────────────────────────────────────────────────


def filed_request(number: str) -> Request:
    """A request by its number, for whoever has shown the right to it. Raises NotFound."""
    found = Request.objects.filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def own_request(scope: Scope, number: str) -> Request:
    """A request of whoever signed in. Raises NotFound."""
    found = Request.objects.filter(
        number=number, applicant_person__isnull=False, applicant_person=scope.person_id
    ).first()
    if found is None:
        raise NotFound
    return found


def my_requests(scope: Scope) -> list[Request]:
    """What a citizen has asked for, the latest first; a hundred at most."""
    if scope.person_id is None:
        return []
    rows = Request.objects.filter(applicant_person=scope.person_id)
    return list(rows.order_by("-submitted_at", "-id")[:100])
