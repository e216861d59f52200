"""The catalogue is searched as a citizen asks: judged questions, everyday words, facets, pages."""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.base import ids, search
from mingtang.base.models import NodeLease
from mingtang.catalogue import queries
from mingtang.catalogue.models import Item
from mingtang.catalogue.search import missing_from_index
from mingtang.catalogue.services import (
    import_demo_items,
    import_items,
    load_life_events,
    load_shipped_synonyms,
    read_items_file,
    synonyms_loaded,
)
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.services import load_regions
from mingtang.site.doctor import findings
from tests.shared import shared_file
from tests.world import World, morning, new_command_id

pytestmark = pytest.mark.django_db
AT = morning(2026, 11, 23)
TODAY = AT.date()
JUDGED = Path(__file__).with_name("judged_queries.csv")
FIRST = 5


def told() -> dict[str, Any]:
    return {"actor": SYSTEM, "at": AT, "command_id": new_command_id()}


def names(text: str, **more: Any) -> list[str]:
    return [row.name for row in queries.search_items(on=TODAY, text=text, **more).items]


def judged(column: str) -> dict[str, set[str]]:
    """What was typed → the names that a citizen should find among the first five."""
    with JUDGED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["query"]: set(row[column].split("|")) for row in rows if row[column]}


def recall(wanted: dict[str, set[str]]) -> float:
    """The mean share of what was wanted that stands among the first five."""
    shares = [
        len(good & set(names(text)[:FIRST])) / min(FIRST, len(good))
        for text, good in wanted.items()
    ]
    return sum(shares) / len(shares)


@pytest.mark.slow
def test_of_a_hundred_everyday_questions_nine_in_ten_are_answered_at_once() -> None:
    load_regions(county="330881", **told())
    import_demo_items(as_published=True, **told())
    wanted = judged("demo")
    assert len(wanted) == 100
    without_words = recall(wanted)
    load_shipped_synonyms(**told())
    assert recall(wanted) >= 0.95
    assert without_words < 0.9  # the list of everyday words is needed, and the measure can fail


@pytest.mark.shared
def test_the_same_questions_are_answered_over_a_real_catalogue() -> None:
    import_items(
        rows=read_items_file(shared_file("data/catalogue_511602.csv")),
        source="清单",
        as_published=True,
        **told(),
    )
    load_shipped_synonyms(**told())
    wanted = judged("real")
    assert len(wanted) == 75
    assert recall(wanted) >= 0.9
    with CaptureQueriesContext(connection) as captured:
        call_command("reindex", verbosity=0)
    assert len(captured) < 120
    assert missing_from_index() == 0


# ── the index follows the catalogue ───────────────────────────────────────────────────────────


def test_an_item_is_found_from_its_publication_on_under_its_new_name_only(world: World) -> None:
    world.item(name="取水许可")
    assert names("取水") == ["取水许可"]
    world.item(name="用水许可")
    assert (names("取水"), names("用水")) == ([], ["用水许可"])
    assert missing_from_index() == 0


def test_materials_and_conditions_are_searched_after_names(world: World) -> None:
    world.item(code="330881-a", name="取水许可", materials="水资源论证报告书")
    world.item(code="330881-b", name="水资源论证报告书审查")
    assert names("水资源论证") == ["水资源论证报告书审查", "取水许可"]


def test_the_first_act_comes_before_what_follows_upon_it(world: World) -> None:
    for code, name in (("c", "取水许可变更"), ("a", "取水许可申请审批"), ("b", "取水许可注销")):
        world.item(code=f"330881-{code}", name=name)
    assert names("取水许可")[0] == "取水许可申请审批"
    assert names("取水许可注销")[0] == "取水许可注销"


def test_an_index_that_is_lost_is_told_and_made_anew(world: World, capsys: Any) -> None:
    world.item(name="取水许可")
    search.clear()
    assert names("取水") == []
    assert any("mingtang reindex" in one.text for one in findings(TODAY))
    call_command("reindex")
    assert "1 个事项" in capsys.readouterr().out
    assert names("取水") == ["取水许可"]
    assert not any("mingtang reindex" in one.text for one in findings(TODAY))


def test_an_upgrade_that_empties_the_index_fills_it_again(world: World) -> None:
    world.item(name="取水许可")
    search.clear()
    assert names("") == []
    call_command("migrate", verbosity=0)
    assert names("") == names("取水") == ["取水许可"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["migrate", "reindex"])
def test_a_process_that_has_just_begun_fills_the_index(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    world.item(name="取水许可")
    search.clear()
    NodeLease.objects.get_or_create(node=7, defaults={"leased_until": morning(2013, 1, 4)})
    settings.MINGTANG_NODE = None
    monkeypatch.setattr(ids, "_holder", type(ids._holder)())
    call_command(command, verbosity=0)
    assert names("取水") == ["取水许可"]


# ── everyday words ────────────────────────────────────────────────────────────────────────────


def test_an_office_puts_its_own_list_in_place(world: World, tmp_path: Path, capsys: Any) -> None:
    world.item(name="取水许可")
    load_shipped_synonyms(**told())
    file = tmp_path / "words.csv"
    file.write_text("word,means\n浇地,取水|灌溉\n怎么弄,\n", encoding="utf-8")
    call_command("load_synonyms", str(file))
    assert "3 条" in capsys.readouterr().out
    assert names("浇地怎么弄") == names("jiaodi") == ["取水许可"]
    assert Event.objects.filter(kind="synonyms.replaced").count() == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,b\n", "首行应为"),
        (b"\xff\xfe", "UTF-8"),
        ("word,means\n,取水\n".encode(), "第2行"),
        ("word,means\n好 的,取水\n".encode(), "第2行"),
        ("word,means\n好,取水,多\n".encode(), "第2行"),
        (f"word,means\n好,{'长' * 81}\n".encode(), "第2行"),
    ],
)
def test_a_list_with_a_fault_changes_nothing(tmp_path: Path, content: bytes, sentence: str) -> None:
    load_shipped_synonyms(**told())
    before = search.synonym_count()
    file = tmp_path / "words.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("load_synonyms", str(file))
    assert search.synonym_count() == before > 0


def test_missing_everyday_words_are_told() -> None:
    assert not synonyms_loaded()
    assert any("load-synonyms" in one.text for one in findings(TODAY))
    load_shipped_synonyms(**told())
    assert not any("load-synonyms" in one.text for one in findings(TODAY))


# ── the list page ─────────────────────────────────────────────────────────────────────────────


def counted(text: str = "", **more: Any) -> dict[str, Any]:
    page = queries.search_items(on=TODAY, text=text, **more)
    found = {
        key: {one.label: one.count for one in facet.choices} for key, facet in page.facets.items()
    }
    return {key: counts for key, counts in found.items() if counts} | {"total": page.total}


PERSON, FIRM = "个人办事", "企业和单位办事"


def test_facets_count_what_each_choice_would_leave(world: World) -> None:
    world.item(code="330881-a", name="取水许可", served="自然人")
    world.item(code="330881-b", name="取水备案", kind="20", served="法人")
    world.item(code="330881-c", name="规划许可", department=world.planning)
    assert counted() == {
        "department": {"江山市水利局": 2, "江山市规划局": 1},
        "kind": {"行政许可": 2, "公共服务": 1},
        "served": {PERSON: 2, FIRM: 2},
        "level": {"市中心可办": 3},
        "total": 3,
    }
    assert counted("取水", kind="permit") == {
        "department": {"江山市水利局": 1},
        "kind": {"行政许可": 1, "公共服务": 1},
        "served": {PERSON: 1},
        "level": {"市中心可办": 1},
        "total": 1,
    }
    assert names("", served="natural") == ["取水许可", "规划许可"]
    assert names("取水", served="legal") == ["取水备案"]


def test_an_item_may_have_several_levels_and_themes(world: World) -> None:
    world.item(code="330881-a", name="取水许可", themes="水务;农业", service_levels="市;乡镇;村")
    world.item(code="330881-b", name="取土许可", themes="农业", service_levels="村")
    world.item(code="330881-c", name="规划许可")
    levels = {"市中心可办": 2, "乡镇可办": 1, "村里可办": 2}
    for text in ("", "许可"):
        assert counted(text)["level"] == levels
        assert counted(text)["theme"] == {"农业": 2, "水务": 1}
        narrowed = counted(text, theme="水务", level="village")
        assert narrowed["theme"] == {"农业": 2, "水务": 1}
        assert narrowed["level"] == {"市中心可办": 1, "乡镇可办": 1, "村里可办": 1}
        assert narrowed["total"] == 1
        assert names(text, level="county") == ["取水许可", "规划许可"]
        assert names(text, theme="农业", level="village") == ["取水许可", "取土许可"]
        assert names(text, theme="没有") == []


def test_a_life_event_leads_to_its_items_as_soon_as_it_is_loaded(world: World) -> None:
    def load(**packages: str) -> None:
        rows = [{"key": key, "name": f"“{key}”", "items": codes} for key, codes in packages.items()]
        load_life_events(rows=rows, **told())

    for code in "abc":
        world.item(code=f"330881-{code}", name=f"事项{code}")
    load(shop="330881-a;330881-b", house="330881-b")
    assert counted()["life"] == {"“shop”": 2, "“house”": 1}
    assert (names("", life="shop"), names("事项", life="house")) == (["事项a", "事项b"], ["事项b"])
    load(shop="330881-c;330881-b")
    assert counted()["life"] == {"“shop”": 2}
    assert (names("", life="shop"), names("", life="house")) == (["事项b", "事项c"], [])
    world.item(code="330881-c", name="改名c")  # a new edition stays in its life events
    assert names("改名", life="shop") == ["改名c"]


def test_a_choice_narrows_the_answers_but_not_the_question(world: World) -> None:
    world.item(code="330881-a", name="取水许可")
    world.item(code="330881-b", name="曲水规划", department=world.planning)
    assert names("取水", department=world.planning.id) == []


@pytest.mark.slow
def test_pages_of_answers_follow_each_other_without_gap_or_repeat(world: World) -> None:
    for n in range(45):
        world.item(code=f"330881-{n:03}", name=f"取水许可{n:03}")
    seen, after = [], ""
    for _ in range(3):
        page = queries.search_items(on=TODAY, text="取水", after=after)
        assert page.total == 45
        seen += [row.name for row in page.items]
        after = page.next_after
    assert (len(seen), len(set(seen)), after) == (45, 45, "")


@pytest.mark.parametrize("after", ["r", "r-1", "rx", "r" + "9" * 18, "12"])
def test_a_broken_rank_starts_from_the_beginning(world: World, after: str) -> None:
    world.item(name="取水许可")
    assert names("取水", after=after) == ["取水许可"]


@pytest.mark.once
def test_a_search_costs_the_same_with_more_items(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.search_items(on=TODAY, text="取水")
        return len(captured)

    for n in range(5):
        world.item(code=f"330881-{n:03}", name=f"取水{n}", department=world.planning)
    names("")  # what is at hand of the index is read anew once after a change
    few = cost()
    for n in range(25):
        world.item(code=f"330881-{n:03}-b", name=f"取水{n}", department=world.planning)
    names("")
    assert cost() == few == 5


def test_the_page_shows_counts_and_says_when_answers_are_only_similar(
    world: World, client: Client
) -> None:
    world.item(name="取水许可")
    address = reverse("catalogue:items")
    exact = client.get(address, {"q": "取水", "served": "natural"}).content.decode()
    assert "江山市水利局（1）" in exact
    assert "个人办事（1）" in exact
    assert "相近" not in exact
    assert "相近" in client.get(address, {"q": "取水许可执照本"}).content.decode()
    assert client.get(address, {"served": "nonsense"}).context["chosen"] == []
    Item.objects.update(status="abolished")
    assert "没有找到" in client.get(address, {"q": "取水"}).content.decode()
