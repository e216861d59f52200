"""Reads: several items at once, in brief, for what is put together of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from mingtang.catalogue.models import Item
from mingtang.catalogue.queries import Limits, limits_of


@dataclass(frozen=True)
class Brief:
    """What the edition in force says of an item. `visits` None: it does not say."""

    code: str
    name: str
    department: str  # code of the organisation
    limits: Limits
    materials: tuple[str, ...]
    visits: int | None


def briefs(codes: Iterable[str]) -> dict[str, Brief]:
    """By code; items that are not published are left out. One statement."""
    rows = Item.objects.select_related("current_edition", "department")
    rows = rows.filter(code__in={*codes}, current_edition__isnull=False).order_by("code")
    return {item.code: _brief(item) for item in rows}


def _brief(item: Item) -> Brief:
    edition = item.current_edition
    assert edition is not None
    return Brief(
        code=item.code,
        name=item.name,
        department=item.department.code,
        limits=limits_of(edition),
        materials=tuple(line["name"] for line in edition.materials),
        visits=edition.details.get("visits"),
    )


def codes_called(texts: Iterable[str]) -> dict[str, str]:
    """Codes of items by what they were called: their code, or a name that one item alone has."""
    wanted = {*texts}
    coded = Item.objects.filter(code__in=wanted).values_list("code", flat=True)
    named: dict[str, list[str]] = {}
    for name, code in Item.objects.filter(name__in=wanted).values_list("name", "code"):
        named.setdefault(name, []).append(code)
    alone = {name: codes[0] for name, codes in named.items() if len(codes) == 1}
    return alone | {code: code for code in coded}


def published_names() -> list[tuple[str, str]]:
    """All items that are published, by code: code and name."""
    rows = Item.objects.filter(current_edition__isnull=False).order_by("code")
    return list(rows.values_list("code", "name"))
