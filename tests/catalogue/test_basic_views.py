"""The screens of the basic catalogue: who may, what differs, how many questions are asked."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.catalogue import services
from mingtang.catalogue.models import Item
from mingtang.catalogue.queries.basic import PAGE
from mingtang.ledger.rules import SYSTEM
from tests.catalogue.test_basic import OTHER, load
from tests.catalogue.test_basic_rules import CODE, SAND, line
from tests.world import World, morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = ["basic_items", "deviations", "deviations_file"]
REPORT, FILE = "catalogue:deviations", "catalogue:deviations_file"


@pytest.fixture
def desk(world: World) -> World:
    world.author = world.people.post("author", Role.REFORM_OFFICE, world.centre)
    load(line())
    item(world, "330881-016-001")
    item(world, "330881-016-002", name="采砂许可")
    return world


def item(world: World, code: str, **cells: Any) -> Item:
    said = {"name": SAND.name, "basis": SAND.basis, "basic_code": CODE} | cells
    return Item.objects.get(code=world.item(code=code, **said))


def get(client: Client, who: Any, page: str, **query: str) -> Any:
    client.force_login(who)
    return client.get(reverse(page), query)


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_the_editors(desk: World, client: Client, page: str) -> None:
    address = reverse(f"catalogue:{page}")
    for who in (desk.author, desk.manager, desk.clerk):
        client.force_login(who)
        assert client.get(address).status_code == 200, who.username
    for who in (desk.handler, desk.citizen):
        client.force_login(who)
        assert client.get(address).status_code == 404, who.username
    client.logout()
    assert client.get(address).status_code == 302


@pytest.mark.both
@pytest.mark.parametrize("page", [REPORT, FILE])
def test_the_report_holds_ones_own_items_only(desk: World, client: Client, page: str) -> None:
    for who, sees in ((desk.author, True), (desk.clerk, True), (desk.colleague, False)):
        for query in ({}, {"all": "1"}, {"department": str(desk.water.id)}):
            shown = get(client, who, page, **query).content.decode()
            assert ("江山市水利局" in shown) is sees, (who.username, query)
            assert sees or "采砂" not in shown


def test_the_report_counts_and_shows_what_differs_side_by_side(desk: World, client: Client) -> None:
    answer = get(client, desk.author, REPORT)
    [row] = answer.context["rows"]
    assert (row.total, row.following, row.deviating) == (2, 1, 1)
    found = get(client, desk.author, REPORT, department=str(desk.water.id))
    [one] = found.context["items"]
    assert (one.code, one.basic_code, [line.field for line in one.lines]) == (
        "330881-016-002",
        CODE,
        ["name"],
    )
    page = found.content.decode()
    assert f"<mark>{SAND.name}</mark>" in page
    assert "<mark>采砂许可</mark>" in page
    assert not re.search("<del>|<ins>|改动", page)  # neither is the newer one
    assert reverse("catalogue:draft", args=[one.code]) in page


def test_unknown_codes_and_levels_are_told_too(desk: World, client: Client) -> None:
    item(desk, "330881-016-003", basic_code=OTHER)
    item(desk, "330881-016-004", level="省级")
    item(desk, "330881-016-005", basic_code="", name="没有编码的不算")
    answer = get(client, desk.author, REPORT, all="1")
    notes = {one.code: one.notes for one in answer.context["items"] if one.notes}
    assert f"没有基本编码“{OTHER}”" in notes["330881-016-003"][0]
    assert "“行使层级”是省级" in notes["330881-016-004"][0]
    assert answer.context["rows"][0].total == 4


def test_an_item_that_is_only_drafted_is_in_the_report(desk: World, client: Client) -> None:
    row = {
        "row": "2",
        "department": "江山市水利局",
        "name": "采砂",
        "task_code": "330881-016-009",
        "task_type": "1",
        "basic_code": CODE,
    }
    services.import_items(
        rows=[row, row | {"row": "3", "task_code": "330881-016-010", "basic_code": ""}],
        source="表.csv",
        actor=SYSTEM,
        at=morning(2013, 9, 17),
        command_id=new_command_id(),
    )
    answer = get(client, desk.author, REPORT, all="1")
    drafts = [one for one in answer.context["items"] if one.is_draft]
    assert [(one.code, one.name) for one in drafts] == [("330881-016-009", "采砂")]
    assert [line.field for line in drafts[0].lines] == ["name", "basis"]
    assert answer.context["rows"][0].total == 3
    assert "草稿" in get(client, desk.author, FILE).content.decode()


def test_the_setting_says_what_counts_as_a_deviation(
    desk: World, client: Client, settings: Any
) -> None:
    settings.MINGTANG_INHERITED_FIELDS = ("kind", "basis")
    assert get(client, desk.author, REPORT).context["deviating"] == 0


def test_an_abolished_item_is_left_out(desk: World, client: Client) -> None:
    Item.objects.filter(code="330881-016-002").update(status="abolished")
    assert get(client, desk.author, REPORT).context["deviating"] == 0


def test_the_file_holds_the_report_and_no_formula(desk: World, client: Client) -> None:
    item(desk, "330881-016-003", name="=采砂")
    item(desk, "330881-016-004", basic_code=OTHER, name="未知编码")
    answer = get(client, desk.author, FILE)
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[:3] == ["部门", "事项编码", "事项名称"]
    assert rows[0] == [
        *("江山市水利局", "330881-016-002", "采砂许可", "已发布", CODE),
        *("项目名称", SAND.name, "采砂许可"),
    ]
    assert rows[1][2] == "'=采砂"
    assert "没有基本编码" in rows[2][5]
    none = get(client, desk.author, FILE, department=str(desk.planning.id))
    assert len(none.content.decode("utf-8-sig").splitlines()) == 1


def test_the_list_counts_who_implements_each(desk: World, client: Client) -> None:
    load(line(3, basic_code=OTHER, name="采砂登记", kind="07", basis=""), is_partial=True)
    page = get(client, desk.author, "catalogue:basic_items").context["page"]
    assert [(row.code, row.count) for row in page.rows] == [(CODE, 2), (OTHER, 0)]
    Item.objects.filter(code="330881-016-001").update(status="suspended")
    page = get(client, desk.author, "catalogue:basic_items").context["page"]
    assert page.rows[0].count == 1


@pytest.mark.both
@pytest.mark.parametrize(
    ("text", "count"), [("采砂", 2), ("登记", 1), ("3307", 1), ("水法", 1), ("出生", 0)]
)
def test_the_list_is_searched(desk: World, client: Client, text: str, count: int) -> None:
    load(line(3, basic_code=OTHER, name="采砂登记", kind="07", basis=""), is_partial=True)
    page = get(client, desk.author, "catalogue:basic_items", q=text).context["page"]
    assert (page.total, len(page.rows)) == (count, count)


def test_only_what_is_in_force_is_listed(desk: World, client: Client) -> None:
    load(line(name="将来的名称"), on=date(2999, 1, 1))
    page = get(client, desk.author, "catalogue:basic_items").context["page"]
    assert [row.name for row in page.rows] == [SAND.name]


@pytest.mark.both
def test_the_pages_of_the_list_hold_each_item_once(desk: World, client: Client) -> None:
    rows = [line(n, basic_code=f"330120{n:03}000") for n in range(2, 2 + 2 * PAGE + 3)]
    load(*rows, is_partial=True)
    seen: list[str] = []
    after = ""
    while True:
        page = get(client, desk.author, "catalogue:basic_items", after=after).context["page"]
        seen += [row.code for row in page.rows]
        after = page.next_after
        if not after:
            break
    assert seen == sorted({CODE, *(row["basic_code"] for row in rows)})


@pytest.mark.slow
@pytest.mark.both
def test_the_pages_of_the_report_hold_each_item_once(desk: World, client: Client) -> None:
    for n in range(3, 3 + PAGE + 4):
        item(desk, f"330881-016-{n:03}", name=f"采砂{n}")
    first = get(client, desk.author, REPORT, all="1").context
    second = get(client, desk.author, REPORT, all="1", after=first["next_after"]).context
    codes = [one.code for one in [*first["items"], *second["items"]]]
    assert (len(codes), len(set(codes)), second["next_after"]) == (PAGE + 5, PAGE + 5, "")


@pytest.mark.both
@pytest.mark.parametrize("page", ["basic_items", "deviations", "deviations_file", "completeness"])
def test_the_pages_ask_the_same_however_many_rows(desk: World, client: Client, page: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address, {"all": "1"})
        return len(asked)

    address = reverse(f"catalogue:{page}")
    client.force_login(desk.author)
    few = cost()
    rows = [line(n, basic_code=f"330120{n:03}000") for n in range(2, 14)]
    load(*rows, is_partial=True)
    for n, row in enumerate(rows, 3):
        item(desk, f"330881-016-{n:03}", name=f"采砂{n}", basic_code=row["basic_code"])
    assert cost() == few
    assert few < 40


def test_the_board_leads_to_both_pages_and_counts_the_gates_lack(
    desk: World, client: Client
) -> None:
    answer = get(client, desk.author, "catalogue:completeness")
    page = answer.content.decode()
    for name in ("deviations", "basic_items"):
        assert reverse(f"catalogue:{name}") in page
    assert answer.context["board"][0].lacking["basic"] == 1


def test_nonsense_in_the_address_breaks_nothing(desk: World, client: Client) -> None:
    for page in PAGES:
        for query in (
            {"department": "x", "after": "x"},
            {"department": "1", "all": "1"},
            {"after": "\x00", "q": "\x00"},
            {"after": "9" * 40, "all": "1"},
        ):
            assert get(client, desk.author, f"catalogue:{page}", **query).status_code == 200
