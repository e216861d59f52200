"""Commands of regions: load a county's places and units; register units met in an import."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, command, record, record_all
from mingtang.regions.models import (
    Centre,
    CentreLevel,
    Organisation,
    OrganisationKind,
    OrganisationName,
    Region,
    ServicePoint,
    SubCentre,
    Window,
)
from mingtang.regions.rules import (
    PlacesUnreadable,
    RegionCodeError,
    check_region_code,
    service_point_name,
)

DATA = Path(__file__).parent / "data"
SOURCE = "2022年代码（截至2022-10-31）"
ATTESTED_ON = date(2022, 10, 31)  # the codes may have held earlier: the source does not say

Row = dict[str, str]


def _rows(name: str, county: str) -> list[Row]:
    path = DATA / f"{name}_{county}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@command("region.load")
def load_regions(*, county: str, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    """Load the regions and units shipped for a county. What is there already stays as it is."""
    rows = _rows("regions", county)
    if not rows:
        raise RegionCodeError(
            f"没有县级区划 {county} 的数据。"
            f"请先运行 scripts/make_regions.py {county} 生成，再重新载入。"
        )
    regions, added = _load_places(rows)
    organisations = _organisations(_rows("organisations", county), regions, added)
    centres = _centres(organisations, added)
    _service_points(regions, centres, added)
    _windows(county, organisations, centres, added)
    if any(added.values()):
        stream = f"region:{county}"
        facts = {"county": county, "source": SOURCE, "added": added}
        record(
            stream=stream,
            kind="region.loaded",
            facts=facts,
            actor=actor,
            at=at,
            command_id=command_id,
        )
    return {"county": county, "added": added}


def _load_places(rows: list[Row]) -> tuple[dict[str, Region], dict[str, int]]:
    known = {
        region.code: region
        for region in Region.objects.filter(code__startswith=rows[0]["code"][:6])
    }
    fresh = []
    for row in rows:
        if row["code"] not in known:
            region = Region(
                code=row["code"],
                name=row["name"],
                level=row["level"],
                parent=known.get(row["parent_code"]),
                valid_from=ATTESTED_ON,
                source=SOURCE,
            )
            fresh.append(region)
            known[region.code] = region
    Region.objects.bulk_create(fresh)
    return known, {"regions": len(fresh)}


def _organisations(
    rows: list[Row], regions: dict[str, Region], added: dict[str, int]
) -> dict[str, Organisation]:
    known = {
        one.code: one for one in Organisation.objects.filter(code__in=[r["code"] for r in rows])
    }
    fresh = [row for row in rows if row["code"] not in known]
    made = {row["code"]: _organisation(row, regions) for row in fresh}
    names = [name for row in fresh for name in _names(row, made[row["code"]])]
    Organisation.objects.bulk_create(made.values())
    OrganisationName.objects.bulk_create(names)
    added["organisations"] = len(made)
    return known | made


def _organisation(row: Row, regions: dict[str, Region]) -> Organisation:
    return Organisation(
        code=row["code"],
        area6=row["region"][:6],
        unit3=row["unit3"],
        kind=row["kind"],
        credit_code=row["credit_code"] or None,
        region=regions[row["region"]],
        has_approval_function=row["has_approval_function"] == "1",
        is_in_hall=row["is_in_hall"] == "1",
    )


def _names(row: Row, organisation: Organisation) -> list[OrganisationName]:
    """Its name, and the later name where one is known. The days are not known."""
    given = [(row["name"], row["short_name"]), (row["later_name"], row["later_name"])]
    return [
        OrganisationName(
            organisation=organisation, position=position, name=name, short_name=short_name
        )
        for position, (name, short_name) in enumerate(given, start=1)
        if name
    ]


CENTRE_LEVELS = {
    OrganisationKind.CENTRE.value: CentreLevel.COUNTY,
    OrganisationKind.TOWNSHIP.value: CentreLevel.TOWNSHIP,
}


def _centres(organisations: dict[str, Organisation], added: dict[str, int]) -> dict[int, Centre]:
    """The hall of the county and a 便民服务中心 in each township, by the id of their region."""
    holders = [one for one in organisations.values() if one.kind in CENTRE_LEVELS]
    known = {c.region_id: c for c in Centre.objects.filter(organisation__in=holders)}
    fresh = [_centre(one) for one in holders if one.region_id not in known]
    Centre.objects.bulk_create(fresh)
    general = [
        Window(centre=centre, number="1", name="综合窗口", is_general=True)
        for centre in fresh
        if centre.level == CentreLevel.TOWNSHIP
    ]
    Window.objects.bulk_create(general)
    added["centres"], added["windows"] = len(fresh), len(general)
    return known | {centre.region_id: centre for centre in fresh}


def _centre(organisation: Organisation) -> Centre:
    level = CENTRE_LEVELS[organisation.kind]
    ending = "行政服务中心" if level == CentreLevel.COUNTY else "便民服务中心"
    return Centre(
        region=organisation.region,
        organisation=organisation,
        name=f"{organisation.region.name}{ending}",
        level=level,
    )


def _service_points(
    regions: dict[str, Region], centres: dict[int, Centre], added: dict[str, int]
) -> None:
    known = set(
        ServicePoint.objects.filter(region__in=Region.objects.filter(level="village")).values_list(
            "region_id", flat=True
        )
    )
    fresh = [
        ServicePoint(centre=centre, region=region, name=service_point_name(region.name))
        for region in regions.values()
        if region.level == "village" and region.id not in known
        if region.parent_id and (centre := centres.get(region.parent_id))
    ]
    ServicePoint.objects.bulk_create(fresh)
    added["service_points"] = len(fresh)


def _windows(
    county: str,
    organisations: dict[str, Organisation],
    centres: dict[int, Centre],
    added: dict[str, int],
) -> None:
    hall = next((c for c in centres.values() if c.level == CentreLevel.COUNTY), None)
    if hall is None:
        added["sub_centres"] = 0
        return
    places = _sub_centres(_rows("sub_centres", county), hall, organisations, added)
    known = set(hall.windows.values_list("sub_centre__name", "number"))
    fresh = [
        Window(
            centre=hall,
            sub_centre=places.get(row["place"]),
            number=row["number"],
            name=row["name"],
            organisation=organisations.get(row["organisation"]),
            is_general=row["is_general"] == "1",
        )
        for row in _rows("windows", county)
        if (row["place"] or None, row["number"]) not in known
    ]
    Window.objects.bulk_create(fresh)
    added["windows"] += len(fresh)


def _sub_centres(
    rows: list[Row],
    hall: Centre,
    organisations: dict[str, Organisation],
    added: dict[str, int],
) -> dict[str, SubCentre]:
    known = {place.name: place for place in hall.sub_centres.all()}
    fresh = [
        SubCentre(
            centre=hall,
            organisation=organisations[row["organisation"]],
            name=row["name"],
            address=row["address"],
        )
        for row in rows
        if row["name"] not in known
    ]
    SubCentre.objects.bulk_create(fresh)
    added["sub_centres"] = len(fresh)
    return known | {place.name: place for place in fresh}


# ── how places are reached ────────────────────────────────────────────────────────────────────

REACHED = ("address", "phone", "hours")
PLACE_COLUMNS = ("region", "name", *REACHED)


def read_places_file(path: Path) -> list[Row]:
    """The rows of a CSV in UTF-8. Raises PlacesUnreadable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PlacesUnreadable(
            f"不能读取文件“{path.name}”（{error}），请另存为 UTF-8 的 CSV。"
        ) from None
    if lacking := [name for name in PLACE_COLUMNS if name not in (reader.fieldnames or ())]:
        raise PlacesUnreadable(f"文件“{path.name}”没有“{lacking[0]}”列，请补上再载入。")
    return [{name: (row[name] or "").strip() for name in PLACE_COLUMNS} for row in rows]


@command("place.describe")
def describe_places(
    *, rows: Sequence[Row], actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Write down where halls, sub-centres, townships' centres and service points are, their phones
    and hours. A place is named by its region and name; places that no row names stay as they are.

    Raises PlacesUnreadable for a place that is not registered; then nothing is changed.
    """
    changed = [_described(number, row) for number, row in enumerate(rows, start=2)]
    entries = [
        Entry(f"place:{place.id}", "place.described", {"name": place.name, **said})
        for place, said in changed
        if said
    ]
    record_all(entries, actor=actor, at=at, command_id=command_id)
    return {"rows": len(rows), "changed": len(entries)}


def _described(number: int, row: Row) -> tuple[Centre | SubCentre | ServicePoint, Row]:
    """The place that a row names, written; and what of it is new."""
    place = _place(row["region"], row["name"])
    if place is None:
        raise PlacesUnreadable(
            f"第 {number} 行：区划 {row['region']} 没有登记“{row['name']}”，请核对区划代码和名称。"
        )
    for column in REACHED:
        most = getattr(place._meta.get_field(column), "max_length", None)
        if most and len(row[column]) > most:
            raise PlacesUnreadable(f"第 {number} 行：{column} 超过 {most} 个字，请缩短。")
    said = {column: row[column] for column in REACHED if getattr(place, column) != row[column]}
    if said:
        type(place).objects.filter(id=place.id).update(**said)
    return place, said


def _place(region: str, name: str) -> Centre | SubCentre | ServicePoint | None:
    return (
        Centre.objects.filter(region__code=region, name=name).first()
        or SubCentre.objects.filter(centre__region__code=region, name=name).first()
        or ServicePoint.objects.filter(region__code=region, name=name).first()
    )


# ── helpers of other apps' commands: they work in the transaction that is open ────────────────


def register_regions(
    codes: Iterable[str], *, source: str, on: date, actor: Actor, at: datetime, command_id: str
) -> dict[str, int]:
    """Ids by code; a code met for the first time is registered under its number for a name."""
    wanted = set(codes)
    known = dict(
        Region.objects.filter(code__in=wanted).order_by("valid_from").values_list("code", "id")
    )
    fresh = [
        Region(
            code=code,
            name=f"区划{code.rstrip('0').ljust(6, '0')}",
            level=check_region_code(code).level.value,
            valid_from=on,
            source=source[:100],
        )
        for code in sorted(wanted - known.keys())
    ]
    Region.objects.bulk_create(fresh)
    entries = [
        Entry(f"region:{one.code}", "region.registered", {"code": one.code, "source": source})
        for one in fresh
    ]
    record_all(entries, actor=actor, at=at, command_id=command_id)
    return known | {region.code: region.id for region in fresh}


@dataclass(frozen=True)
class NewDepartment:
    name: str
    region_code: str
    credit_code: str | None = None


def register_departments(
    departments: Sequence[NewDepartment],
    *,
    region_ids: dict[str, int],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[tuple[str, str], int]:
    """Make departments, each with the next free unit number. Ids by area6 and name."""
    free = {area6: _free_units(area6) for area6 in {d.region_code[:6] for d in departments}}
    made = [(one, _department(one, free[one.region_code[:6]], region_ids)) for one in departments]
    Organisation.objects.bulk_create([organisation for _, organisation in made])
    OrganisationName.objects.bulk_create(
        [OrganisationName(organisation=organisation, name=one.name) for one, organisation in made]
    )
    entries = [
        Entry(
            f"organisation:{organisation.id}",
            "organisation.registered",
            {"code": organisation.code, "name": one.name, "region": one.region_code},
        )
        for one, organisation in made
    ]
    record_all(entries, actor=actor, at=at, command_id=command_id)
    return {(organisation.area6, one.name): organisation.id for one, organisation in made}


def _free_units(area6: str) -> list[str]:
    """Unit numbers not yet given in a county, the lowest last."""
    taken = set(Organisation.objects.filter(area6=area6).values_list("unit3", flat=True))
    return [unit for n in range(999, 0, -1) if (unit := f"{n:03}") not in taken]


def _department(new: NewDepartment, free: list[str], region_ids: dict[str, int]) -> Organisation:
    area6 = new.region_code[:6]
    if not free:
        raise RegionCodeError(
            f"区划 {area6} 的三位单位号已经用完（999个），不能再登记“{new.name}”。"
        )
    unit3 = free.pop()
    return Organisation(
        code=f"{area6}-{unit3}",
        area6=area6,
        unit3=unit3,
        credit_code=new.credit_code,
        kind=OrganisationKind.DEPARTMENT,
        region_id=region_ids[new.region_code],
        has_approval_function=True,
    )
