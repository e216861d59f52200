"""Reads: cases of old systems, by the number that people still have on paper."""

from collections.abc import Sequence

from django.db.models.functions import Length

from mingtang.catalogue.models import Item
from mingtang.exchange.models import LegacyCase

MOST = 20


def codes_of_items() -> dict[str, str]:
    """The codes of our items by name; of two with one name the shorter code's."""
    rows = Item.objects.order_by(Length("code").desc(), "-code").values_list("name", "code")
    return dict(rows)


def known_numbers(source: str, numbers: Sequence[str]) -> set[str]:
    """Which of these numbers of an old system are here already. One statement for 500."""
    found: set[str] = set()
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        rows = LegacyCase.objects.filter(source=source, old_number__in=part)
        found.update(rows.values_list("old_number", flat=True))
    return found


def find(number: str) -> list[LegacyCase]:
    """The cases of old systems with exactly this number; total order (source, id)."""
    rows = LegacyCase.objects.filter(old_number=number.strip()[:80])
    return list(rows.order_by("source", "id")[:MOST]) if number.strip() else []
