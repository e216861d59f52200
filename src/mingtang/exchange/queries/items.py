"""Reads: what the exchange tells of items, in our own words: an edition is a row, a material is."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from mingtang.base.clock import LEGAL_ZONE, day_bounds
from mingtang.catalogue.models import Edition
from mingtang.catalogue.rules import LAW_SETS_NONE
from mingtang.exchange.rules.writing import Record, Span
from mingtang.regions.queries import names_of
from mingtang.timing.rules import Unit

TOGETHER = 200


def records(span: Span, referred: Iterable[int]) -> Iterator[tuple[str, int, Record]]:
    """Editions published in the span with all that belongs to them; of those that cases refer to,
    the basic row alone, which the receiver has already and takes as the same."""
    first, end = day_bounds(span.since)[0], day_bounds(span.until)[1]
    within = Q(published_at__gte=first, published_at__lt=end)
    ids = sorted({*Edition.objects.filter(within).values_list("id", flat=True), *referred})
    for start in range(0, len(ids), TOGETHER):
        rows = Edition.objects.filter(id__in=ids[start : start + TOGETHER]).order_by("id")
        for edition in rows.select_related("item__department"):
            for each, record in _of_edition(edition):
                if each == "item" or edition.published_at >= first:
                    yield each, edition.item.department_id, record


def _of_edition(edition: Edition) -> Iterator[tuple[str, Record]]:
    at = edition.published_at.astimezone(LEGAL_ZONE)
    dated = {"guid": edition.id, "born_at": at, "changed_at": at, "code": edition.item.code}
    yield "item", dated | _basic(edition, at)
    yield "item_more", dated | _more(edition)
    for position, one in enumerate(edition.materials, 1):
        guid = {"guid": f"{edition.id}-{one['id']}", "position": position}
        yield "item_material", dated | one | guid | {"format": one.get("form")}
    for position, one in enumerate(edition.details.get("fees") or (), 1):
        yield "item_fee", dated | one | {"guid": f"{edition.id}-{position}"}


def _basic(edition: Edition, at: datetime) -> dict[str, Any]:
    details: dict[str, Any] = edition.details
    item = edition.item
    places = details.get("places") or ()
    limit = _law(edition)
    return details | {
        "basic_code": basic_code_of(details),
        "name": edition.name,
        "kind": edition.kind,
        "number": edition.number,
        "status": item.status,
        "speed": "on_the_spot" if edition.on_the_spot else "promised",
        "served": ["natural", "legal"] if edition.served == "both" else edition.served,
        "basis": edition.basis,
        "body_code": edition.body_code or item.department.credit_code or item.department.code,
        "department": names_of([item.department_id], at.date()).get(item.department_id, ""),
        "conditions": edition.conditions,
        "procedure": edition.procedure,
        "variant_codes": ",".join(one["code"] for one in details.get("variants") or ()),
        "special_names": [one["name"] for one in details.get("special") or ()],
        "statutory_amount": limit[0],
        "statutory_unit": limit[1],
        "statutory_basis": limit[2],
        "promised_amount": edition.promised_amount,
        "promised_unit": edition.promised_unit,
        "has_fee": None if edition.is_free is None else not edition.is_free,
        "addresses": [one["address"] for one in places if one.get("address")],
        "hours": [one["hours"] for one in places if one.get("hours")],
    }


def basic_code_of(details: Mapping[str, Any]) -> Any:
    """The code of the national catalogue; of an item that it lacks, the one that this place gave
    it, which stands as 地方基本编码 too: so whoever reads both knows which it is."""
    return details.get("basic_code") or details.get("local_basic_code")


def _law(edition: Edition) -> tuple[int | None, str | None, str]:
    """The statutory limit, its unit and basis. Of an edition which says that law sets none, none
    days; of one that says nothing, nothing."""
    if edition.details.get("no_statutory_limit"):
        return 0, Unit.WORKING_DAY.value, LAW_SETS_NONE
    return edition.statutory_amount, edition.statutory_unit, edition.statutory_basis


def _more(edition: Edition) -> dict[str, Any]:
    details: dict[str, Any] = edition.details
    themes = details.get("themes") or ()
    return details | {
        "at_terminals": "terminal" in details["channels"] if details.get("channels") else None,
        "natural_themes": [one for one in themes if one in settings.MINGTANG_THEMES["natural"]],
        "legal_themes": [one for one in themes if one in settings.MINGTANG_THEMES["legal"]],
    }
