"""What pages of villages show: addresses, titles, plain values."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.words import said
from mingtang.villages import queries
from mingtang.villages.rules.kinds import Area

Row = dict[str, Any]
ICONS = {
    Area.OVERVIEW: "pin",
    Area.PARTY: "brand",
    Area.VILLAGE: "building",
    Area.FINANCE: "clip",
    Area.SERVICE: "phone",
    Area.NOTICE: "calendar",
    Area.FEEDBACK: "chat",
}


def page_of(key: str, for_staff: bool) -> str | None:
    """The page of a disclosure, for staff or for everybody."""
    found = parse_id(key)
    if found is None:
        return None
    if for_staff:
        return reverse("village_office:work", args=[found])
    return reverse("villages:entry", args=[found]) if queries.is_out(found) else None


def titles(keys: Iterable[str]) -> dict[str, str]:
    ids = [one for key in keys if (one := parse_id(key)) is not None]
    return {str(found): title for found, title in queries.titles_of(ids).items()}


def area_tiles(village: queries.VillageCard, on: date) -> list[Row]:
    """The areas as tiles: what each is, how much stands in it."""
    return [
        {
            "title": said(card.name),
            "text": _("%(count)d 条") % {"count": card.count} if card.count else _("暂无"),
            "icon": ICONS[card.area],
            "url": reverse("villages:section", args=[village.code, card.code]),
        }
        for card in queries.sections(village, on)
        if card.level == 1
    ]


def section_of(village: queries.VillageCard, code: str, on: date) -> Row:
    """A section's name, the area above it, the sections below it. Raises NotFound."""
    cards = queries.sections(village, on)
    found = next((card for card in cards if card.code == code), None)
    if found is None:
        raise NotFound("没有这个栏目，请从村的首页进入。")
    start = cards.index(found) + 1
    below: list[queries.SectionCard] = []
    for card in cards[start:]:
        if card.level <= found.level:
            break
        below.append(card)
    return {
        "section": found,
        "area": None if found.level == 1 else _link(village, found.area.value, found.area.label),
        "below": [_link(village, card.code, card.name) | {"card": card} for card in below],
    }


def _link(village: queries.VillageCard, code: str, name: str) -> Row:
    return {"name": name, "url": reverse("villages:section", args=[village.code, code])}


def rows(entries: Iterable[queries.Entry]) -> list[Row]:
    return [
        {
            "title": one.title,
            "date": one.date,
            "section": one.section_name,
            "url": reverse("villages:entry", args=[one.id]),
        }
        for one in entries
    ]
