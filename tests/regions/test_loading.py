"""The county's places and units are loaded whole, once, and by few statements."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.ledger.queries import history
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.models import (
    Centre,
    Organisation,
    OrganisationName,
    Region,
    ServicePoint,
    SubCentre,
    Window,
)
from mingtang.regions.rules import RegionCodeError
from mingtang.regions.services import DATA, load_regions
from tests.shared import shared_file

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 1, tzinfo=UTC)


def load(command_id: str = "load-1", county: str = "330881") -> dict[str, int]:
    result = load_regions(county=county, actor=SYSTEM, at=AT, command_id=command_id)
    added: dict[str, int] = result["added"]
    return added


def test_the_county_its_townships_and_its_villages_are_there() -> None:
    load()
    assert Counter(Region.objects.values_list("level", flat=True)) == {
        "county": 1,
        "township": 19,
        "village": 323,
    }
    village = Region.objects.get(code="330881001001")
    assert village.parent is not None
    assert (village.name, village.parent.name) == ("民声社区", "双塔街道")
    assert village.valid_from == date(2022, 10, 31)
    assert "2022年代码" in village.source


def test_the_two_populations_of_departments_are_two_flags() -> None:
    load()
    assert Organisation.objects.filter(has_approval_function=True).count() == 41
    assert Organisation.objects.filter(is_in_hall=True).count() == 29
    assert Organisation.objects.filter(kind="township").count() == 19


def test_each_township_has_a_centre_and_each_village_a_service_point() -> None:
    load()
    assert Counter(Centre.objects.values_list("level", flat=True)) == {"county": 1, "township": 19}
    assert ServicePoint.objects.count() == 323
    point = ServicePoint.objects.select_related("centre").get(region__code="330881001001")
    assert (point.name, point.centre.name) == ("民声社区便民服务站", "双塔街道便民服务中心")


def test_department_halls_stand_outside_the_main_hall() -> None:
    load()
    place = SubCentre.objects.select_related("centre").get(name="婚姻登记分中心")
    assert place.centre.level == "county"
    assert place.address == ""  # not known, so not invented


def test_the_hall_has_general_windows_and_one_for_each_unit_in_it() -> None:
    load()
    hall = Centre.objects.get(level="county")
    inside = Window.objects.filter(centre=hall, sub_centre=None)
    assert inside.filter(is_general=True).count() == 2
    units = set(inside.exclude(organisation=None).values_list("organisation_id", flat=True))
    assert units == set(Organisation.objects.filter(is_in_hall=True).values_list("id", flat=True))


def test_the_centre_keeps_its_name_and_its_later_short_one() -> None:
    load()
    names = OrganisationName.objects.filter(organisation__code="centre").order_by("position")
    assert [name.name for name in names] == ["江山市行政服务中心管理办公室", "市营商办"]
    assert all(name.valid_from is None for name in names)


def test_loading_is_one_event_with_counts() -> None:
    added = load()
    [event] = history("region:330881")
    assert event.kind == "region.loaded"
    assert event.facts["added"] == added
    assert added["regions"] == 343


def test_a_second_run_changes_nothing() -> None:
    load("first")
    before = {
        model: model.objects.count() for model in (Region, Organisation, Window, ServicePoint)
    }
    assert not any(load("second").values())
    assert {model: model.objects.count() for model in before} == before
    assert len(history("region:330881")) == 1


def test_the_same_command_twice_answers_the_same() -> None:
    assert load("same") == load("same")


def test_what_was_removed_comes_back_and_the_rest_stays() -> None:
    load("first")
    Window.objects.filter(number="1", is_general=True, centre__level="county").delete()
    assert load("second") == {
        "regions": 0,
        "organisations": 0,
        "centres": 0,
        "windows": 1,
        "service_points": 0,
        "sub_centres": 0,
    }


def test_it_is_set_based() -> None:
    with CaptureQueriesContext(connection) as queries:
        load()
    assert len(queries) < 60


def test_a_county_without_data_is_refused_with_the_way_to_make_it() -> None:
    with pytest.raises(RegionCodeError, match=r"make_regions\.py 110101"):
        load(county="110101")
    with pytest.raises(CommandError, match="没有县级区划 110101"):
        call_command("load_regions", county="110101")


def test_the_command_line_says_what_it_added(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_regions")
    assert "新增区划 343，单位 67" in capsys.readouterr().out


@pytest.mark.shared
def test_the_shipped_regions_are_those_of_the_shared_table() -> None:
    def rows(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    shipped = rows(DATA / "regions_330881.csv")
    assert len(shipped) == 343
    assert shipped == rows(shared_file("data/regions_330881.csv"))
