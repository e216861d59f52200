"""Marks on an installation, such as "holds demo data"."""

from datetime import datetime

from mingtang.base.models import Marker


def marked(name: str) -> str | None:
    """The value of a mark, or None."""
    return Marker.objects.filter(name=name).values_list("value", flat=True).first()


def mark(name: str, value: str, at: datetime) -> None:
    Marker.objects.update_or_create(name=name, defaults={"value": value, "marked_at": at})
