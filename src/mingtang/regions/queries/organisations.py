"""Reads of organisations: names on a day, units below a unit, cards."""

import copy
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from mingtang.base.errors import NotFound
from mingtang.base.kept import Kept
from mingtang.regions.models import (
    Organisation,
    OrganisationKind,
    OrganisationName,
    Region,
)
from mingtang.regions.queries.chunks import chunks
from mingtang.regions.rules import RegionLevel, name_on


@dataclass(frozen=True)
class OrganisationCard:
    """What others need to know of a unit. `area6` and `unit3` begin its case numbers."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    area6: str
    unit3: str
    region_id: int
    region_code: str
    credit_code: str | None


_names: Kept[int, list[OrganisationName]] = Kept("regions_organisationname")


def _names_on(ids: Iterable[int], on: date) -> dict[int, OrganisationName]:
    found = _names.many(ids, _names_held)
    return {key: held for key, names in found.items() if (held := name_on(names, on))}


def _names_held(ids: Iterable[int]) -> dict[int, list[OrganisationName]]:
    """All names that these units have had."""
    found: dict[int, list[OrganisationName]] = defaultdict(list)
    for part in chunks(ids):
        for name in OrganisationName.objects.filter(organisation__in=part):
            found[name.organisation_id].append(name)
    return found


def names_of(ids: Iterable[int], on: date) -> dict[int, str]:
    """Full names on a day, by id. One statement for up to 400 units."""
    return {key: name.name for key, name in _names_on(ids, on).items()}


def short_names_of(ids: Iterable[int], on: date) -> dict[int, str]:
    """Short names on a day, by id; the full name where there is no short one."""
    return {key: name.short_name or name.name for key, name in _names_on(ids, on).items()}


def name_of(organisation_id: int, on: date) -> str:
    """Raises NotFound if there is no such unit."""
    try:
        return names_of([organisation_id], on)[organisation_id]
    except KeyError:
        raise NotFound(f"没有编号为 {organisation_id} 的单位，请核对。") from None


def organisation_cards(on: date, *, kinds: Iterable[str] = ()) -> list[OrganisationCard]:
    """All units, or those of some kinds, by county and unit number."""
    wanted = set(kinds)
    return _cards((one for one in _all() if one.kind in wanted or not wanted), on)


def _all() -> Iterable[Organisation]:
    """Every unit with its place, by county and unit number, for one who only reads them."""
    rows = Organisation.objects.select_related("region").order_by("area6", "unit3")
    return _every.one("all", lambda _: tuple(rows)) or ()


def organisation_card(organisation_id: int, on: date) -> OrganisationCard:
    """One unit with its name on a day. Raises NotFound."""
    rows = Organisation.objects.select_related("region").filter(id=organisation_id)
    cards = _cards(rows, on)
    if not cards:
        raise NotFound(f"没有编号为 {organisation_id} 的单位，请核对。")
    return cards[0]


def organisation_by_code(code: str) -> Organisation:
    """One unit by its code. Raises NotFound."""
    found = Organisation.objects.select_related("region").filter(code=code).first()
    if found is None:
        raise NotFound(f"没有单位“{code}”，请核对单位代码。")
    return found


_units: Kept[int, Organisation] = Kept("regions_organisation", "regions_region")
_every: Kept[str, tuple[Organisation, ...]] = Kept("regions_organisation", "regions_region")
_codes: Kept[str, int] = Kept("regions_organisation")


def organisations(ids: Iterable[int]) -> dict[int, Organisation]:
    """Units with their places, for one who only reads them."""
    found = _units.many(ids, Organisation.objects.select_related("region").in_bulk)
    return {key: copy.copy(unit) for key, unit in found.items()}


def township_units(area6: str) -> list[Organisation]:
    """The units of the townships of a county, in order of their numbers."""
    rows = Organisation.objects.filter(area6=area6, kind=OrganisationKind.TOWNSHIP)
    return list(rows.order_by("unit3"))


def township_unit_of(organisation_id: int) -> int | None:
    """The township's unit for one that stands in that township or in a village of it; None for
    one of the county."""
    places = Organisation.objects.filter(id=organisation_id).values_list(
        "region_id", "region__parent_id"
    )
    within = [place for pair in places for place in pair if place]
    rows = Organisation.objects.filter(region__in=within, kind=OrganisationKind.TOWNSHIP)
    return rows.order_by("unit3").values_list("id", flat=True).first()


def ids_of_codes(codes: Iterable[str]) -> dict[str, int]:
    """Units by their codes; codes of none are left out."""
    return _codes.many(codes, _ids_held)


def _ids_held(codes: Iterable[str]) -> dict[str, int]:
    return dict(Organisation.objects.filter(code__in=list(codes)).values_list("code", "id"))


def ids_in(region_ids: Iterable[int]) -> list[int]:
    """The units that stand in these places."""
    rows = Organisation.objects.filter(region__in=list(region_ids)).order_by("id")
    return list(rows.values_list("id", flat=True))


def regions_of_organisations(organisation_ids: Iterable[int]) -> dict[int, int]:
    """By unit, the place where it stands."""
    found: dict[int, int] = {}
    for part in chunks(dict.fromkeys(organisation_ids)):
        rows = Organisation.objects.filter(id__in=part).order_by("id")
        found |= dict(rows.values_list("id", "region_id"))
    return found


def units_of_county(organisation_id: int) -> list[int]:
    """All units of the county where a unit stands, itself too."""
    own = Organisation.objects.filter(id=organisation_id).values("area6")
    rows = Organisation.objects.filter(area6__in=own).order_by("id")
    return list(rows.values_list("id", flat=True))


def level_below(organisation_id: int, region_id: int) -> str:
    """The level of the place where a unit stands, if that lies below a region: "township" or
    "village"; else ""."""
    above = Q(region__parent=region_id) | Q(region__parent__parent=region_id)
    rows = Organisation.objects.filter(above, id=organisation_id)
    return rows.values_list("region__level", flat=True).first() or ""


def _cards(rows: Iterable[Organisation], on: date) -> list[OrganisationCard]:
    listed = list(rows)
    names = _names_on((one.id for one in listed), on)
    return [_card(one, names.get(one.id)) for one in listed]


def _card(one: Organisation, name: OrganisationName | None) -> OrganisationCard:
    full = name.name if name else one.code
    return OrganisationCard(
        id=one.id,
        code=one.code,
        name=full,
        short_name=(name.short_name if name else "") or full,
        kind=one.kind,
        area6=one.area6,
        unit3=one.unit3,
        region_id=one.region_id,
        region_code=one.region.code,
        credit_code=one.credit_code,
    )


def subtree_ids(organisation_id: int) -> list[int]:
    """The unit and all units below it: what a scope is expanded to."""
    return subtrees([organisation_id])[organisation_id]


def subtrees(organisation_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each unit, itself and all units below it. One statement a level for all of them."""
    roots = list(dict.fromkeys(organisation_ids))
    children: dict[int, list[int]] = {}
    level = roots
    while level:
        below = Organisation.objects.filter(parent__in=level).order_by("id")
        children |= {one: [] for one in level}
        for child, parent in below.values_list("id", "parent_id"):
            children[parent].append(child)
        level = [child for one in level for child in children[one] if child not in children]
    return {root: _below(root, children) for root in roots}


def lines_of(organisation_ids: Iterable[int]) -> set[int]:
    """These units, all units below them and all above them; not those beside them."""
    level = set(organisation_ids)
    found = {one for below in subtrees(level).values() for one in below}
    while level:
        above = Organisation.objects.filter(id__in=level, parent__isnull=False)
        level = set(above.order_by("id").values_list("parent_id", flat=True)) - found
        found |= level
    return found


def _below(root: int, children: dict[int, list[int]]) -> list[int]:
    found = [root]
    for one in found:  # grows while it is read
        found += [child for child in children[one] if child not in found]
    return found


def places_below(region_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """For each region, itself and the regions below it down to townships, where units stand."""
    found: dict[int, frozenset[int]] = {}
    for root in dict.fromkeys(region_ids):
        within, level = {root}, [root]
        while level:
            below = Region.objects.filter(parent__in=level).exclude(level=RegionLevel.VILLAGE.value)
            level = [one for one in below.values_list("id", flat=True) if one not in within]
            within.update(level)
        found[root] = frozenset(within)
    return found


def organisations_by_name(names: Iterable[str]) -> dict[tuple[str, str], int]:
    """Ids by (area6, name or short name), whichever day the name held."""
    found: dict[tuple[str, str], int] = {}
    for part in chunks(dict.fromkeys(names)):
        rows = OrganisationName.objects.filter(Q(name__in=part) | Q(short_name__in=part))
        rows = rows.select_related("organisation").order_by("-organisation_id")
        for row in rows:
            for text in (row.short_name, row.name):
                found[row.organisation.area6, text] = row.organisation_id
    return found


def names_by_code(codes: Iterable[str], on: date) -> dict[str, str]:
    """Full names on a day, by the unit's code; the code itself where no unit has it."""
    wanted = list(dict.fromkeys(codes))
    ids = dict(Organisation.objects.filter(code__in=wanted).values_list("code", "id"))
    names = names_of(ids.values(), on)
    return {code: names.get(ids.get(code, 0), code) for code in wanted}


class Called:
    """Units by what they are called: by code, by name, by short name."""

    def __init__(self, texts: Iterable[str]) -> None:
        wanted = list(dict.fromkeys(texts))
        self._codes: set[str] = set()
        self._named: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for part in chunks(wanted):
            coded = Organisation.objects.filter(code__in=part)
            self._codes |= set(coded.values_list("code", flat=True))
            rows = OrganisationName.objects.filter(Q(name__in=part) | Q(short_name__in=part))
            for row in rows.select_related("organisation").order_by("id"):
                for text in {row.name, row.short_name}:
                    self._named[text].add((row.organisation.area6, row.organisation.code))

    def code(self, text: str, area6: str = "") -> str | None:
        """The code of the one unit that is meant: of those with the name, the county's own."""
        if text in self._codes:
            return text
        alike = self._named.get(text, set())
        near = {code for area, code in alike if area == area6}
        found = near or {code for _area, code in alike}
        return found.pop() if len(found) == 1 else None


def is_name_of_a_unit(text: str) -> bool:
    """Whether a text is a whole name of a unit, of today or before."""
    is_name = Q(name__iexact=text) | Q(short_name__iexact=text)
    return OrganisationName.objects.filter(is_name).exists()


def organisation_ids_named(text: str) -> list[int]:
    """Units one of whose names contains a text."""
    matching = Q(name__icontains=text) | Q(short_name__icontains=text)
    rows = OrganisationName.objects.filter(matching).order_by("organisation_id")
    return list(rows.values_list("organisation_id", flat=True).distinct())
