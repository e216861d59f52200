"""Reads of second factors: who has one, which resets wait for a second person."""

from datetime import datetime

from mingtang.accounts.models import Factor, FactorReset, SecurityKey
from mingtang.accounts.rules import RESET_GOOD_FOR


def has_factor(person_id: int) -> bool:
    """Whether a code is asked of somebody at each sign-in."""
    return Factor.objects.filter(person_id=person_id, confirmed_at__isnull=False).exists()


def keys_of(person_id: int) -> list[SecurityKey]:
    """The security keys of somebody, in the order in which they were registered."""
    return list(SecurityKey.objects.filter(factor__person=person_id).order_by("id"))


def open_resets(at: datetime) -> list[FactorReset]:
    """Requests that somebody can agree to, oldest first; too old ones are not shown."""
    rows = FactorReset.objects.filter(agreed_at=None, asked_at__gte=at - RESET_GOOD_FOR)
    return list(rows.select_related("person", "asked_by").order_by("asked_at", "id"))
