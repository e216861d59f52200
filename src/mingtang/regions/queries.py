"""Reads of regions: names on a day, units below a unit, places, windows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Count, F, Q

from mingtang.base.errors import NotFound
from mingtang.base.kept import Kept
from mingtang.regions.models import (
    Centre,
    Organisation,
    OrganisationName,
    Region,
    ServicePoint,
    SubCentre,
    Window,
)
from mingtang.regions.rules import RegionLevel, check_region_code, name_on

T = TypeVar("T")
CHUNK = 400  # values in one statement; SQLite may have been built to take 999


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    listed = list(values)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


# ── organisations ─────────────────────────────────────────────────────────────────────────────


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
    for part in _chunks(ids):
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
    rows = Organisation.objects.select_related("region").order_by("area6", "unit3")
    return _cards(rows.filter(kind__in=kinds) if kinds else rows, on)


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


def ids_of_codes(codes: Iterable[str]) -> dict[str, int]:
    """Units by their codes; codes of none are left out."""
    return dict(Organisation.objects.filter(code__in=list(codes)).values_list("code", "id"))


def ids_in(region_ids: Iterable[int]) -> list[int]:
    """The units that stand in these places."""
    rows = Organisation.objects.filter(region__in=list(region_ids)).order_by("id")
    return list(rows.values_list("id", flat=True))


def regions_of_organisations(organisation_ids: Iterable[int]) -> dict[int, int]:
    """By unit, the place where it stands."""
    found: dict[int, int] = {}
    for part in _chunks(dict.fromkeys(organisation_ids)):
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
    for part in _chunks(dict.fromkeys(names)):
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
        for part in _chunks(wanted):
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


def organisation_ids_named(text: str) -> list[int]:
    """Units one of whose names contains a text."""
    matching = Q(name__icontains=text) | Q(short_name__icontains=text)
    rows = OrganisationName.objects.filter(matching).order_by("organisation_id")
    return list(rows.values_list("organisation_id", flat=True).distinct())


# ── places ────────────────────────────────────────────────────────────────────────────────────


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
    for part in _chunks(codes):
        found |= Region.objects.filter(code__in=part).order_by("id").values_list("code", "id")
    return found


def known_region_codes(codes: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for part in _chunks(dict.fromkeys(codes)):
        found |= set(Region.objects.filter(code__in=part).values_list("code", flat=True))
    return found


# ── centres and windows ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class WindowPlace:
    id: int
    number: str
    name: str
    place: str
    organisation_id: int | None
    is_general: bool
    address: str = ""
    hours: str = ""

    @property
    def spoken(self) -> str:
        return f"{self.place} {f'{self.number} 号窗口' if self.number else self.name}"


def _window_places(matching: Q) -> list[WindowPlace]:
    rows = Window.objects.filter(matching).select_related("centre", "sub_centre")
    places = [
        WindowPlace(
            id=window.id,
            number=window.number,
            name=window.name,
            place=(window.sub_centre or window.centre).name,
            organisation_id=window.organisation_id,
            is_general=window.is_general,
            address=(window.sub_centre or window.centre).address,
            hours=(window.sub_centre or window.centre).hours,
        )
        for window in rows.order_by("centre_id", "sub_centre_id", "id")
    ]
    return sorted(places, key=lambda one: (one.is_general, one.place, one.number.zfill(10)))


def windows_of(centre_id: int) -> list[WindowPlace]:
    """All windows of a centre, those of its sub-centres included."""
    return _window_places(Q(centre=centre_id))


_serving: Kept[int, tuple[WindowPlace, ...]] = Kept(
    *("regions_window", "regions_centre", "regions_subcentre", "regions_organisation")
)


def windows_serving(organisation_id: int) -> list[WindowPlace]:
    """Where a unit's items are taken in: its own windows, then the general ones of its place."""
    return list(_serving.one(organisation_id, _windows_serving) or ())


def _windows_serving(organisation_id: int) -> tuple[WindowPlace, ...]:
    region = Organisation.objects.filter(id=organisation_id).values("region")
    general = Q(is_general=True, centre__region__in=region)
    return tuple(_window_places(Q(organisation=organisation_id) | general))


def windows_among(
    *, ids: Iterable[int] = (), organisation_ids: Iterable[int] = (), region_ids: Iterable[int] = ()
) -> list[WindowPlace]:
    """Windows by their ids, by whose they are, by the place where their hall stands."""
    named = Q(id__in=list(ids)) | Q(organisation__in=list(organisation_ids))
    return _window_places(named | Q(centre__region__in=list(region_ids)))


def all_windows() -> list[WindowPlace]:
    """Every window of every hall."""
    return _window_places(Q())


def windows_by_number(numbers: Iterable[str]) -> dict[str, list[int]]:
    """Windows of main halls by their numbers; several centres may have the same one."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = Window.objects.filter(number__in=list(numbers), sub_centre=None).order_by("id")
    for number, window in rows.values_list("number", "id"):
        found[number].append(window)
    return dict(found)


def sub_centres() -> list[tuple[int, str, int]]:
    """Id, name and unit of every sub-centre."""
    rows = SubCentre.objects.order_by("name", "id")
    return list(rows.values_list("id", "name", "organisation_id"))


def sub_centres_of_windows() -> dict[int, int]:
    """To which sub-centre a window belongs; those of main halls are left out."""
    rows = Window.objects.filter(sub_centre__isnull=False).order_by("id")
    return {window: hall for window, hall in rows.values_list("id", "sub_centre_id") if hall}


def window_counts(organisation_ids: Iterable[int]) -> dict[int, int]:
    """How many windows serve each of these units, the general ones of its region included."""
    wanted = set(organisation_ids)
    rows = Window.objects.values_list("organisation_id", "is_general", "centre__region_id")
    windows = list(rows.order_by("id"))
    regions = dict(Organisation.objects.order_by("id").values_list("id", "region_id"))
    return {
        one: sum(
            owner == one or (is_general and region == regions.get(one))
            for owner, is_general, region in windows
        )
        for one in wanted
    }


def main_centre(county_code: str) -> Centre:
    """The county's hall. Raises NotFound."""
    region = check_region_code(county_code).code
    centre = Centre.objects.filter(region__code=region, level="county").order_by("id").first()
    if centre is None:
        raise NotFound(f"区划 {region} 还没有登记行政服务中心，请先载入区划和单位。")
    return centre


def counts() -> dict[str, int]:
    """How many regions and organisations there are."""
    return {"regions": Region.objects.count(), "organisations": Organisation.objects.count()}


def place_count() -> int:
    """How many places serve the public: halls, sub-centres, townships' centres, service points."""
    sub_centres, points = SubCentre.objects.values("id"), ServicePoint.objects.values("id")
    return Centre.objects.values("id").union(sub_centres, points, all=True).count()


# ── where the public is served ────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ServicePlace:
    """A hall or a point with what is known of reaching it; blank: nobody has said."""

    id: int
    name: str
    address: str
    phone: str
    hours: str
    region_code: str
    region_name: str
    county_code: str = ""  # of a township's centre
    point_count: int = 0


def _service_place(row: Centre | SubCentre | ServicePoint, region: Region) -> ServicePlace:
    return ServicePlace(
        id=row.id,
        name=row.name,
        address=row.address,
        phone=row.phone,
        hours=row.hours,
        region_code=region.code,
        region_name=region.name,
        county_code=getattr(row, "county_code", None) or "",
        point_count=getattr(row, "point_count", 0),
    )


def _centres_of(level: str, matching: Q) -> list[ServicePlace]:
    rows = Centre.objects.filter(matching, level=level).select_related("region")
    rows = rows.annotate(point_count=Count("service_points"), county_code=F("region__parent__code"))
    return [_service_place(row, row.region) for row in rows.order_by("region__code", "id")]


def halls() -> list[ServicePlace]:
    """The halls of counties, by code."""
    return _centres_of("county", Q())


def township_centres() -> list[ServicePlace]:
    """The townships' centres, each with how many service points it has; by code."""
    return _centres_of("township", Q())


def centre_of(region_code: str) -> ServicePlace:
    """The hall or centre of a county or township. Raises NotFound."""
    is_code = region_code.isdigit() and region_code.isascii()
    here = Q(region__code=region_code)
    found = _centres_of("township", here) or _centres_of("county", here) if is_code else []
    if not found:
        raise NotFound("没有找到这个服务点，请在服务点列表里重新选择。")
    return found[0]


def points_of(centre_id: int) -> list[ServicePlace]:
    """The service points under a township's centre, by code."""
    rows = ServicePoint.objects.filter(centre=centre_id).select_related("region")
    return [_service_place(row, row.region) for row in rows.order_by("region__code", "id")]


def sub_centres_of(centre_id: int) -> list[ServicePlace]:
    """The departments' own halls that belong to a hall, by name."""
    rows = SubCentre.objects.filter(centre=centre_id).select_related("centre__region")
    return [_service_place(row, row.centre.region) for row in rows.order_by("name", "id")]
