"""What pages of villages show: addresses, titles, plain values."""

from collections.abc import Iterable

from django.urls import reverse

from mingtang.base.ids import parse_id
from mingtang.villages.models import Disclosure
from mingtang.villages.rules.moves import PUBLIC


def page_of(key: str, for_staff: bool) -> str | None:
    """The page of a disclosure, for staff or for everybody."""
    found = parse_id(key)
    if found is None:
        return None
    if for_staff:
        return reverse("villages:entry", args=[found])
    is_out = Disclosure.objects.filter(id=found, state__in=[one.value for one in PUBLIC]).exists()
    return reverse("villages:entry", args=[found]) if is_out else None


def titles(keys: Iterable[str]) -> dict[str, str]:
    ids = [one for key in keys if (one := parse_id(key)) is not None]
    rows = Disclosure.objects.filter(id__in=ids).values_list("id", "title")
    return {str(found): title for found, title in rows}
