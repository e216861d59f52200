"""Reads of where the public is served: halls, centres, service points."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from mingtang.base.errors import NotFound
from mingtang.regions.models import (
    Centre,
    Region,
    ServicePoint,
    SubCentre,
)


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
    organisation_id: int | None = None  # of a centre


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
        organisation_id=row.organisation_id if isinstance(row, Centre) else None,
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
