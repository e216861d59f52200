"""Reads of centres and windows: where a unit takes in, who sits where."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from mingtang.base.errors import NotFound
from mingtang.base.kept import Kept
from mingtang.regions.models import (
    Centre,
    Organisation,
    Region,
    ServicePoint,
    SubCentre,
    Window,
)
from mingtang.regions.rules import check_region_code


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
