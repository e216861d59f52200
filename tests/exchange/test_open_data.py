"""Open data: what stands in the catalogue is there, says what the pages say, and names nobody."""

import csv
import io
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingtang.exchange.queries import open_data
from mingtang.exchange.queries.open_data import SETS
from mingtang.exchange.views_open import MEDIA

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(world, at):
    item = world.item(materials="申请书|原件|1|必要")
    return world.bring(world.file(item, at, world.citizen), "granted", at)


def rows(name: str) -> list[dict[str, str]]:
    text = Client().get(f"/open-data/{name}.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_every_distribution_of_the_catalogue_is_there_under_its_licence(decided, settings):
    settings.MINGTANG_OPEN_DATA_LICENCE = "https://licence.example/1"
    told = Client().get("/open-data/").json()
    assert [one["dct:identifier"] for one in told["dcat:dataset"]] == list(SETS)
    assert {one["dct:license"] for one in told["dcat:dataset"]} == {"https://licence.example/1"}
    for one in told["dcat:dataset"]:
        for way in one["dcat:distribution"]:
            answer = Client().get(urlsplit(way["dcat:downloadURL"]).path)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"].startswith(
                way["dcat:mediaType"].removeprefix(MEDIA)
            )
    assert Client().get("/open-data/people.csv").status_code == 404


def test_finished_cases_are_told_without_persons_and_numbers(decided):
    (row,) = rows("results")
    assert (row["事项名称"], row["结果"], row["办结日期"]) == ("取水许可", "", "2013")
    assert set(row) == {"事项编码", "事项名称", "办理单位", "结果", "办结日期"}
    for name in SETS:
        text = Client().get(f"/open-data/{name}.json").content.decode()
        assert decided.number not in text
        assert "毛小明" not in text
        assert "毛*" not in text


def result(word: str, day: str) -> tuple[str, ...]:
    return "330881-qs", "取水许可", "市水利局", word, day


@pytest.mark.parametrize(("alike", "told"), [(4, ("", "2013")), (5, ("准予", "2013-09-17"))])
def test_of_few_alike_in_a_month_and_a_year_nobody_is_known_again(monkeypatch, alike, told):
    found = [result("准予", "2013-09-17")] * alike
    monkeypatch.setattr(open_data, "_told_results", lambda on: iter(found))
    assert {(row["结果"], row["办结日期"]) for row in rows("results")} == {told}


def test_of_few_in_a_month_and_enough_in_the_year_the_year_is_told(monkeypatch):
    found = [result("准予", f"2013-0{month}-17") for month in range(1, 6)]
    found.append(result("不予许可", "2013-01-17"))
    monkeypatch.setattr(open_data, "_told_results", lambda on: iter(found))
    said = [(row["结果"], row["办结日期"]) for row in rows("results")]
    assert said == [("准予", "2013")] * 5 + [("", "2013")]


def test_the_control_without_the_bound_each_is_told(monkeypatch):
    monkeypatch.setattr(open_data, "_told_results", lambda on: iter([result("不予", "2013-09-17")]))
    monkeypatch.setattr(open_data, "FEW", 1)
    assert rows("results")[0]["办结日期"] == "2013-09-17"


def test_the_catalogue_says_what_dcat_wants(db, settings):
    settings.MINGTANG_OPEN_DATA_LICENCE = "CC-BY-4.0"
    told = Client().get("/open-data/").json()
    assert told["dct:license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert told["dct:publisher"]["@type"] == "foaf:Agent"
    for one in told["dcat:dataset"]:
        assert one["@id"].endswith(f"#{one['dct:identifier']}")
        assert {"dct:title", "dct:description", "dcat:distribution"} <= one.keys()
        for way in one["dcat:distribution"]:
            assert way["dcat:downloadURL"].startswith("http")


def test_items_and_their_materials_are_those_of_the_guide(decided):
    assert [row["事项名称"] for row in rows("items")] == ["取水许可"]
    assert [row["材料名称"] for row in rows("guides")] == ["申请书"]


def test_items_come_whole_in_order_of_registration_with_no_statement_more_for_more(world):
    counts, codes = [], []
    for number in (1, 22):
        while len(codes) < number:
            codes.append(world.item(f"330881-{len(codes):02}"))
        with CaptureQueriesContext(connection) as seen:
            assert [row["事项编码"] for row in rows("items")] == codes
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_set_ends_at_its_most_with_the_items_that_were_registered_first(world, monkeypatch):
    codes = [world.item(f"330881-{number:02}") for number in range(3)]
    monkeypatch.setattr(open_data, "MOST", 2)
    assert [row["事项编码"] for row in rows("items")] == codes[:2]


def test_what_changed_is_seen_after_five_minutes(decided):
    for path in ("/open-data/", "/open-data/items.csv", "/sitemap.xml"):
        assert Client().get(path).headers["Cache-Control"] == "public, max-age=300"


def test_a_cell_is_no_formula(db, monkeypatch):
    made = open_data.DataSet("items", "", "", ("甲",), lambda on: iter([("=1+1",)]))
    monkeypatch.setitem(SETS, "items", made)
    assert rows("items") == [{"甲": "'=1+1"}]


def test_the_map_names_the_page_of_each_item_and_the_search_finds_it(decided):
    found = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    paths = [urlsplit(one[0].text or "").path for one in found]
    assert f"/items/{decided.item.code}/" in paths
    assert {Client().get(path).status_code for path in paths} == {200}
    told = ElementTree.fromstring(Client().get("/opensearch.xml").content)
    (url,) = [one for one in told if one.tag.endswith("Url")]
    way = urlsplit(url.attrib["template"].replace("{searchTerms}", "取水"))
    assert "取水许可" in Client().get(f"{way.path}?{way.query}").content.decode()
