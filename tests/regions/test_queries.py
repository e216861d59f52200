"""What others ask of regions: names on a day, units below, places, windows."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.base.errors import NotFound
from mingtang.ledger.rules import SYSTEM
from mingtang.regions import queries
from mingtang.regions.models import Organisation, OrganisationName
from mingtang.regions.services import load_regions

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def county() -> None:
    at = datetime(2026, 11, 22, 1, tzinfo=UTC)
    load_regions(county="330881", actor=SYSTEM, at=at, command_id="county")


def unit(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def test_a_unit_is_called_by_the_name_of_the_day() -> None:
    land = unit("gtj")
    OrganisationName.objects.create(
        organisation=land, position=2, name="江山市自然资源局", valid_from=date(2019, 1, 1)
    )
    assert queries.name_of(land.id, date(2018, 12, 31)) == "江山市国土资源局"
    assert queries.name_of(land.id, date(2019, 1, 1)) == "江山市自然资源局"


def test_short_names_fall_back_on_the_full_one() -> None:
    land, water = unit("gtj"), unit("slj")
    water.names.update(short_name="")
    assert queries.short_names_of([land.id, water.id], TODAY) == {
        land.id: "市国土局",
        water.id: "江山市水利局",
    }


def test_an_unknown_unit_has_no_name() -> None:
    with pytest.raises(NotFound):
        queries.name_of(1, TODAY)


def test_names_of_many_cost_one_statement() -> None:
    ids = list(Organisation.objects.order_by("id").values_list("id", flat=True))
    for part in (ids[:2], ids):
        with CaptureQueriesContext(connection) as captured:
            assert len(queries.names_of(part, TODAY)) == len(part)
        assert len(captured) == 1


def test_a_scope_is_the_unit_and_all_below_it() -> None:
    top, middle, low, other = unit("gaj"), unit("xfdd"), unit("sfj"), unit("mzj")
    Organisation.objects.filter(id=middle.id).update(parent=top)
    Organisation.objects.filter(id=low.id).update(parent=middle)
    assert set(queries.subtree_ids(top.id)) == {top.id, middle.id, low.id}
    assert queries.subtree_ids(other.id) == [other.id]


def test_a_circle_of_units_does_not_hang() -> None:
    one, two = unit("gaj"), unit("sfj")
    Organisation.objects.filter(id=one.id).update(parent=two)
    Organisation.objects.filter(id=two.id).update(parent=one)
    assert set(queries.subtree_ids(one.id)) == {one.id, two.id}


def test_wide_trees_cost_no_more_statements_than_narrow_ones() -> None:
    top = unit("gaj")
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            queries.subtree_ids(top.id)
        costs.append(len(captured))
        below = Organisation.objects.exclude(id=top.id).order_by("id")[: 1 + 20 * len(costs)]
        Organisation.objects.filter(id__in=[one.id for one in below]).update(parent=top)
    with CaptureQueriesContext(connection) as captured:
        assert len(queries.subtree_ids(top.id)) > 20
    assert costs[1] == len(captured) == 2


def test_a_place_is_named_from_the_top() -> None:
    assert queries.region_path("330881001001") == ["江山市", "双塔街道", "民声社区"]
    assert queries.region_path("330881") == ["江山市"]
    assert queries.region_path("510000") == []


def test_townships_and_villages_are_listed_by_code() -> None:
    townships = queries.townships("330881", TODAY)
    assert [place.name for place in townships][:3] == ["双塔街道", "虎山街道", "清湖街道"]
    assert len(townships) == 19
    assert sum(len(queries.villages(place.code, TODAY)) for place in townships) == 323


def test_windows_that_serve_a_department_are_its_own_then_the_general_ones() -> None:
    windows = queries.windows_serving(unit("gaj").id)
    assert [window.is_general for window in windows] == [False, False, False, True, True]
    assert {window.place for window in windows} == {
        "公安分中心",
        "江山市行政服务中心",
        "车辆管理分中心",
    }


def test_a_township_is_served_in_its_own_centre() -> None:
    [window] = queries.windows_serving(unit("town-001").id)
    assert (window.place, window.is_general) == ("双塔街道便民服务中心", True)


def test_a_department_without_a_window_still_has_the_general_ones() -> None:
    windows = queries.windows_serving(unit("jyj").id)
    assert [window.name for window in windows] == ["综合窗口", "综合窗口"]


def test_windows_of_the_hall_cost_one_statement() -> None:
    hall = queries.main_centre("330881")
    with CaptureQueriesContext(connection) as captured:
        assert len(queries.windows_of(hall.id)) == 39
    assert len(captured) == 1


def test_a_card_holds_what_a_case_number_begins_with() -> None:
    card = queries.organisation_card(queries.organisation_by_code("fgj").id, TODAY)
    assert (card.area6, card.unit3, card.name) == ("330881", "001", "江山市发展和改革局")
    with pytest.raises(NotFound, match="没有单位“nobody”"):
        queries.organisation_by_code("nobody")
    with pytest.raises(NotFound, match="没有编号为 1 的单位"):
        queries.organisation_card(1, TODAY)


def test_units_are_found_by_any_of_their_names() -> None:
    centre = unit("centre").id
    found = queries.organisations_by_name(["市营商办", "江山市行政服务中心管理办公室", "无此单位"])
    assert found["330881", "市营商办"] == centre
    assert found["330881", "江山市行政服务中心管理办公室"] == centre
    assert ("330881", "无此单位") not in found
    assert queries.organisation_ids_named("营商") == [centre]


def test_counts_tell_how_much_is_there() -> None:
    assert queries.counts() == {"regions": 343, "organisations": 67}
    assert queries.place_count() == 1 + 19 + 7 + 323


def test_the_unknown_county_has_no_hall() -> None:
    with pytest.raises(NotFound, match="还没有登记行政服务中心"):
        queries.main_centre("110101")


def test_cards_are_listed_by_unit_number() -> None:
    with CaptureQueriesContext(connection) as captured:
        cards = queries.organisation_cards(TODAY, kinds=["department"])
    assert [card.unit3 for card in cards] == [f"{n:03}" for n in range(1, 42)]
    assert len(captured) == 2
