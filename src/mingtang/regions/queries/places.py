"""Reads of places: townships, villages, paths of names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from mingtang.regions.models import (
    Region,
)
from mingtang.regions.queries.chunks import chunks
from mingtang.regions.rules import RegionLevel, check_region_code


@dataclass(frozen=True)
class Place:
    id: int
    code: str
    name: str


def region_path(code: str) -> list[str]:
    """The names of a place and the places above it, from the top; unknown ones are left out."""
    recognised = check_region_code(code)
    codes = [*recognised.parents, recognised.code]
    rows = Region.objects.filter(code__in=codes).order_by("valid_from", "id")
    names = dict(rows.values_list("code", "name"))
    return [names[one] for one in codes if one in names]


def place_name(region_id: int) -> str:
    """What a place is called; blank where there is none."""
    return Region.objects.filter(id=region_id).values_list("name", flat=True).first() or ""


def _places(parent_code: str, level: RegionLevel, on: date) -> list[Place]:
    """Places below a place whose codes hold on a day, or did when they were first attested."""
    ended = Q(valid_to__lt=on)
    rows = Region.objects.filter(parent__code=parent_code, level=level.value).exclude(ended)
    return [Place(*row) for row in rows.order_by("code", "id").values_list("id", "code", "name")]


def townships(county_code: str, on: date) -> list[Place]:
    return _places(check_region_code(county_code).code, RegionLevel.TOWNSHIP, on)


def villages(township_code: str, on: date) -> list[Place]:
    return _places(check_region_code(township_code).code, RegionLevel.VILLAGE, on)


def places_in(county_code: str, on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each township of a county with its villages: code, and the name with the township's."""
    towns = townships(county_code, on)
    rows = Region.objects.filter(parent__in=[town.id for town in towns])
    rows = rows.filter(level=RegionLevel.VILLAGE.value).exclude(valid_to__lt=on)
    below: dict[int, list[tuple[str, str]]] = {}
    for parent, code, name in rows.order_by("code", "id").values_list("parent_id", "code", "name"):
        below.setdefault(parent, []).append((code, name))
    return [
        (town.name, [(code, f"{town.name}{name}") for code, name in below[town.id]])
        for town in towns
        if town.id in below
    ]


def region_ids_of_codes(codes: Iterable[str]) -> dict[str, int]:
    """Places by their codes; codes of none are left out."""
    found: dict[str, int] = {}
    for part in chunks(codes):
        found |= Region.objects.filter(code__in=part).order_by("id").values_list("code", "id")
    return found


def known_region_codes(codes: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for part in chunks(dict.fromkeys(codes)):
        found |= set(Region.objects.filter(code__in=part).values_list("code", flat=True))
    return found
