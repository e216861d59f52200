"""Followers: a licence is there because its case made it; its holder is told what becomes of it."""

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from mingtang.base.clock import legal_date
from mingtang.base.ids import next_id
from mingtang.cases.followers.to_applicant import people, phone
from mingtang.cases.queries import case_of
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.licences.codes import code_of, index_of
from mingtang.licences.models import Licence
from mingtang.licences.rules import OCCASION_OF, Ending, renew_by
from mingtang.messages.rules import Audience
from mingtang.messages.services import tell
from mingtang.regions.queries import name_of
from mingtang.requests.rules.papers import told_day


def _follow(event: Event) -> None:
    """Once per case: what is there already stays, whatever became of it since."""
    case = case_of(event.stream)
    if event.kind == "case.deemed_granted":
        _renewed_by(case).update(deemed_renewed_by=case)
    elif not Licence.objects.filter(case=case).exists():
        _renewed_by(case).update(replaced_by=_make(case, event))


def _make(case: Any, event: Event) -> Licence:
    licence_id = next_id()
    return Licence.objects.create(
        id=licence_id,
        case=case,
        item_id=case.item_id,
        organisation_id=case.organisation_id,
        name=case.edition.details.get("result_name") or case.edition.name,
        number=event.facts["licence_number"],
        issued_at=event.at,
        expires_on=event.facts["expires_on"],
        code_index=index_of(code_of(licence_id)),
    )


def _renewed_by(case: Any) -> "QuerySet[Licence]":
    """The licence that a case renews: the same holder's, of the same unit, compared at the counter
    (never on a mere claim)."""
    if not case.is_renewal_seen or not case.renews_number:
        return Licence.objects.none()
    return Licence.objects.filter(
        ~Q(case=case),
        number=case.renews_number,
        organisation_id=case.organisation_id,
        case__identity_index=case.identity_index,
        replaced_by=None,
        ended_at=None,
    )


LICENCES = Follower("licences", ("case.issued", "case.deemed_granted"), _follow, of="case")


def _told(event: Event) -> None:
    """Who holds it, and whoever may act for the enterprise that day: by inbox, and once by SMS."""
    rows = Licence.objects.select_related("case")
    found = rows.get(id=int(event.stream.removeprefix("licence:")))
    occasion, on = OCCASION_OF[event.kind], legal_date(event.at)
    until = found.expires_on
    words = {
        "licence": found.name,
        "number": found.number,
        "unit": name_of(found.organisation_id, on),
        "until": told_day(until) if until else "",
        "renew_by": told_day(renew_by(until)) if until else "",
        "ending": Ending(found.ending).label if found.ending else "",
        "document": found.ending_document or "（没有文号）",
        "reason": found.ending_reason,
        "hotline": settings.MINGTANG_HOTLINE,
    }
    by_sms = [(None, phone(found.case))]
    for person_id, number in [*((one, "") for one in people(found.case, event)), *by_sms]:
        tell(
            subject=found.stream,
            event=event.kind,
            audience=Audience.APPLICANT.value,
            fallback=occasion.fallback,
            facts=words,
            person_id=person_id,
            phone=number,
            dedupe=f"{event.id}/{event.kind}",
            at=event.at,
        )


NOTES = Follower("licence_notes", tuple(OCCASION_OF), _told, of="licence")
