"""Public items in bulk and by id: for the search index, the bundle, the daily check."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from mingtang.base.ids import parse_id
from mingtang.disclosure.models import Publication
from mingtang.disclosure.queries.public import PublicSought, _listed, _public


def all_public() -> QuerySet[Publication]:
    """What the public may read, without an order."""
    return _public()


def public_among(ids: Iterable[int]) -> list[Publication]:
    """Those of these items that are public, with what they say."""
    rows = _public().filter(id__in=list(ids)).select_related("published_version")
    return list(rows.order_by("id"))


def public_after(last: int, size: int) -> list[Publication]:
    """The next public items by id, with what they say."""
    rows = _public().filter(id__gt=last).select_related("published_version")
    return list(rows.order_by("id")[:size])


def public_listed(ids: Sequence[int]) -> list[Publication]:
    """These items in this order, without their texts; those that are not public fall away."""
    place = {one: at for at, one in enumerate(ids)}
    rows = _listed(_public().filter(id__in=ids)).order_by()
    return sorted(rows, key=lambda item: place[item.id])


def feed_items(sought: PublicSought, size: int) -> list[Publication]:
    """The newest public items with what they say."""
    rows = _public().filter(sought.condition()).select_related("published_version")
    return list(rows.order_by("-public_date", "-id")[:size])


def public_exists(publication_id: str) -> bool:
    """Whether the page that an address names shows anything."""
    return _public().filter(id=parse_id(publication_id) or 0).exists()
