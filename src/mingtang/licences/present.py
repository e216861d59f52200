"""What pages show of a licence."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.masking import mask_addressee
from mingtang.base.words import said as words
from mingtang.cases.present.case import masked_applicant
from mingtang.cases.queries.papers import GRANTS
from mingtang.licences import queries
from mingtang.licences.codes import code_of
from mingtang.licences.rules import Ending, Standing, renew_by
from mingtang.regions.queries import names_of


def page_of(key: str, for_staff: bool) -> str | None:
    """The page of the subject `licence:KEY`; the public finds its own in their list."""
    licence_id = parse_id(key)
    if licence_id is None:
        return None
    return reverse("licences:licence", args=[licence_id]) if for_staff else reverse("licences:mine")


def page_of_person(_key: str, _for_staff: bool) -> str | None:
    """Their own licences: the subject `licences_of:PERSON`."""
    return reverse("licences:mine")


def titles(keys: Iterable[str]) -> dict[str, str]:
    ids = {key: found for key in keys if (found := parse_id(key)) is not None}
    known = queries.titles(list(ids.values()))
    return {key: known[one] for key, one in ids.items() if one in known}


def rows(found: Iterable[queries.Licence]) -> list[dict[str, Any]]:
    listed, on = list(found), today()
    names = names_of({one.organisation_id for one in listed}, on)
    return [row(one, names.get(one.organisation_id, ""), on) for one in listed]


def row(one: queries.Licence, unit: str, on: date) -> dict[str, Any]:
    """For its holder and for the office: no number of a person; staff see the name masked."""
    standing, until = one.standing(on), one.expires_on
    is_near = standing is Standing.IN_FORCE and until is not None and (until - on).days <= 90
    return {
        "id": str(one.id),
        "url": reverse("licences:licence", args=[one.id]),
        "name": one.name,
        "number": one.number,
        "holder": masked_applicant(one.case),
        "unit": unit,
        "case_number": one.case.number,
        "issued_on": one.issued_on,
        "expires_on": until,
        "renew_by": renew_by(until) if is_near and until else None,
        "is_late": bool(is_near and until and renew_by(until) < on),
        "item_code": one.item.code,
        "code": code_of(one.id),
        "standing": {"label": standing.label, "tone": standing.tone, "value": standing.value},
        "ending": Ending(one.ending).label if one.ending and one.ended_at else "",
        "ended_on": one.ended_on,
        "said": said(one, standing, on),
    }


def said(one: queries.Licence, standing: Standing, on: date) -> str:
    """What there is to say besides the word; nothing personal."""
    if standing is Standing.ENDED:
        told = {"day": date_format(one.ended_on or on), "ending": words(Ending(one.ending).label)}
        return _("%(day)s起%(ending)s，不再有效。") % told
    if standing is Standing.REPLACED:
        return _("已换发新证，以新证为准。")
    if standing is Standing.DEEMED_RENEWED:
        return _("有效期已过，但按时申请了延续而没有在到期前答复，依法视为准予延续，新证正在制作。")
    if standing is Standing.EXPIRED:
        return _("有效期到 %(day)s 为止，已经届满。") % {"day": date_format(one.expires_on or on)}
    return ""


def standing_of_paper(key: str, document: Any, on: date) -> str | None:
    """Why the paper of a grant no longer counts once its licence does not; "" where it does though
    its day is over; None where the case has to say."""
    case_id = parse_id(key)
    found = queries.of_case(case_id) if case_id and document.kind in GRANTS else None
    if found is None:
        return None
    standing = found.standing(on)
    if standing is Standing.DEEMED_RENEWED:
        return ""
    told = {Standing.ENDED: "证照", Standing.REPLACED: "所发证照"}
    return f"{told[standing]}{said(found, standing, on)}" if standing in told else None


def verified(one: queries.Licence) -> dict[str, Any]:
    """For anybody who has the code: how it stands, and of its holder what can be compared."""
    (told,) = rows([one])
    kept = ("name", "number", "unit", "issued_on", "expires_on", "standing", "said")
    return {name: told[name] for name in kept} | {"holder": mask_addressee(one.case.applicant_name)}


def asked(one: queries.Licence) -> dict[str, Any] | None:
    """What was proposed, by whom, and who confirmed it; for the office."""
    if one.asked_at is None or one.asked_by is None:
        return None
    ending = Ending(one.ending)
    return {
        "ending": ending.label,
        "law": ending.law,
        "reason": one.ending_reason,
        "document": one.ending_document,
        "asked_at": one.asked_at,
        "asked_by": one.asked_by.name,
        "ended_at": one.ended_at,
        "ended_by": one.ended_by.name if one.ended_by else "",
    }
