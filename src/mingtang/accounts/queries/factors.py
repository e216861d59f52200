"""Reads of second factors: who has one, which resets wait for a second person."""

from mingtang.accounts.models import Factor, FactorReset


def has_factor(person_id: int) -> bool:
    """Whether a code is asked of somebody at each sign-in."""
    return Factor.objects.filter(person_id=person_id, confirmed_at__isnull=False).exists()


def open_resets() -> list[FactorReset]:
    rows = FactorReset.objects.filter(agreed_at=None).select_related("person", "asked_by")
    return list(rows.order_by("asked_at", "id"))
