"""Power and responsibility lists, the handbook, printed copies: made, frozen, compared, told."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingtang.accounts.rules import Role
from mingtang.base.errors import DomainError, NotFound
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue import services
from mingtang.catalogue.models import Item, ListRow, PowerList, Printing
from mingtang.catalogue.queries import lists as queries
from mingtang.catalogue.rules.lists import (
    CopiesDoNotAdd,
    Line,
    ListFrozen,
    ListKind,
    NothingToList,
    SecondPersonFreezes,
    check_shares,
    difference,
)
from mingtang.ledger import queries as ledger
from tests.catalogue.campaigning import Cleaning
from tests.world import World, morning, new_command_id

# ── rules ─────────────────────────────────────────────────────────────────────────────────────

said = st.dictionaries(st.sampled_from(["basis", "fee"]), st.sampled_from(["一", "二"]))
rows = st.dictionaries(st.sampled_from("甲乙丙丁戊"), said)


@given(rows, rows)
def test_a_difference_counts_every_row_of_both_lists_once(before, after) -> None:
    old, new = (
        [Line(code, code, content) for code, content in one.items()] for one in (before, after)
    )
    found = difference(old, new, ["name", "basis", "fee"])
    assert {one.code for one in found.of("added")} == set(after) - set(before)
    assert {one.code for one in found.of("gone")} == set(before) - set(after)
    kept = set(before) & set(after)
    assert len(found.of("changed")) + found.same_count == len(kept)
    for one in found.of("changed"):
        assert all(was != now for _label, was, now in one.fields)
    assert not difference(new, new, ["name", "basis", "fee"]).changes


def test_every_copy_goes_somewhere() -> None:
    check_shares(300, [("窗口", 200), ("留存", 100)])
    with pytest.raises(CopiesDoNotAdd, match="合计 299 份，印数是 300 份"):
        check_shares(300, [("窗口", 199), ("留存", 100)])


# ── made of what was in force ─────────────────────────────────────────────────────────────────


@pytest.fixture
def office(world: World) -> Cleaning:
    return Cleaning(world)


def make(office: Cleaning, kind: str = "powers", on: str = "2013-06-30", **more: Any) -> PowerList:
    units = more.pop("units", [office.world.water.id])
    made = office.act(
        services.make_lists,
        at=morning(2014, 1, 6),
        kind=kind,
        organisation_ids=units,
        as_of_date=on,
        **more,
    )
    return PowerList.objects.get(id=int(made["list_ids"][0]))


def freeze(office: Cleaning, *made: PowerList) -> None:
    ids = [one.id for one in made]
    office.act(services.freeze_lists, office.second, at=morning(2014, 1, 7), list_ids=ids)


@pytest.mark.django_db
def test_a_list_holds_the_powers_in_force_on_its_day(office: Cleaning) -> None:
    world = office.world
    world.item("330881-016-001", name="取水许可", fee="每立方米0.2元（价费字314号）")
    world.item("330881-016-002", name="水资源公报查询", kind="20")  # a service, no power
    world.item("330881-014-001", name="规划许可", department=world.planning)
    gone = Item.objects.get(code=world.item("330881-016-003", name="旧许可"))
    office.act(
        services.retire_item, at=morning(2013, 5, 2), item_id=gone.id, reason="国发〔2013〕1号"
    )
    assert [row.name for row in make(office).rows.order_by("position")] == ["取水许可"]
    early = make(office, on="2013-02-01")
    assert [row.name for row in early.rows.order_by("position")] == ["取水许可", "旧许可"]
    with pytest.raises(NothingToList, match="江山市水利局"):
        make(office, on="2012-12-31")  # nothing was published yet
    with pytest.raises(DomainError, match="今天或以前"):
        make(office, on="2014-12-31")


@pytest.mark.django_db
def test_a_list_says_the_state_of_its_day_though_it_is_over(office: Cleaning) -> None:
    item = Item.objects.get(code=office.world.item("330881-016-001"))
    by = {"item_id": item.id, "reason": "水法修订"}
    office.act(services.suspend_item, at=morning(2013, 6, 1), **by)
    office.act(services.resume_item, at=morning(2013, 8, 1), **by)
    days = ("2013-05-31", "2013-06-01", "2013-07-01", "2013-08-01")
    states = [make(office, on=day).rows.get().content["state"] for day in days]
    assert states == ["在用", "暂停", "暂停", "在用"]


@pytest.mark.django_db
def test_an_item_is_on_the_list_of_the_unit_that_had_it_that_day(office: Cleaning) -> None:
    world = office.world
    item = Item.objects.get(code=world.item("330881-016-001"))
    world.item("330881-016-002")
    for month, unit in ((7, office.town), (8, world.planning)):
        at = morning(2013, month, 1)
        by = {"item_id": item.id, "department_id": unit.id, "reason": "下放"}
        office.act(services.move_item, at=at, **by)
    units = [world.water.id, office.town.id, world.planning.id]

    def had(day: str) -> list[tuple[str, str]]:
        made = make(office, on=day, units=units)
        found = ListRow.objects.filter(item=item, power_list__as_of_date=made.as_of_date)
        return [(row.organisation.code, row.content["subject"]) for row in found]

    assert had("2013-06-30") == [(world.water.code, "江山市水利局")]
    assert had("2013-07-31") == [(office.town.code, "江山市贺村镇")]
    assert had("2013-08-01") == [(world.planning.code, "江山市规划局")]
    own = make(office, on="2013-06-30").rows.order_by("position")
    assert [row.code for row in own] == ["330881-016-001", "330881-016-002"]
    assert [row.code for row in make(office, on="2013-07-01").rows.all()] == ["330881-016-002"]


@pytest.mark.django_db
def test_a_list_asks_the_same_however_many_items(office: Cleaning) -> None:
    def cost(count: int) -> int:
        for number in range(count):
            code = office.world.item(f"330881-016-0{count}{number}")
            item = Item.objects.get(code=code)
            move = {"item_id": item.id, "department_id": office.town.id, "reason": "下放"}
            office.act(services.move_item, at=morning(2013, 8, 1), **move)
        with CaptureQueriesContext(connection) as asked:
            rows = queries.items_for(ListKind.POWERS, [office.world.water.id], date(2013, 7, 1))
            assert len(list(rows)) >= count
        return len(asked)

    cost(1)  # what is kept between requests is read
    assert cost(2) == cost(5)


@pytest.mark.django_db
def test_a_list_says_its_fields_in_words(office: Cleaning) -> None:
    route = "材料审查|审查|审核|2\n现场审核|现场踏勘|审核|3\n制证|制证|发证|1"
    office.world.item(
        "330881-016-001",
        route=route,
        promised=10,
        statutory=20,
        level="县级",
        discretion="分三档",
        accountability="超时不办",
        office="水政科",
        basis="《水法》第四十八条",
    )
    [row] = make(office).rows.all()
    told = row.content
    assert (told["kind"], told["promised"], told["discretion"]) == (
        "行政许可",
        "10个工作日",
        "分三档",
    )
    assert (told["subject"], told["office"], told["state"]) == ("江山市水利局", "水政科", "在用")
    assert "duties" not in told
    [duty] = make(office, "duties").rows.all()
    assert duty.content["duties"].startswith("1. 材料审查（2个工作日内）\n2. 现场审核")
    assert duty.content["accountability"] == "超时不办"


@pytest.mark.django_db
def test_a_second_person_freezes_and_then_nothing_changes(office: Cleaning) -> None:
    office.world.item("330881-016-001")
    made = make(office)
    with pytest.raises(SecondPersonFreezes):
        office.act(services.freeze_lists, list_ids=[made.id])
    freeze(office, made)
    with pytest.raises(ListFrozen):
        freeze(office, made)
    assert [one.kind for one in ledger.history(f"list:{made.id}")] == ["list.made", "list.frozen"]
    for change in (
        lambda: PowerList.objects.filter(id=made.id).update(row_count=9),
        lambda: PowerList.objects.filter(id=made.id).update(frozen_at=morning(2015, 1, 1)),
        lambda: ListRow.objects.update(name="改了"),
        lambda: ListRow.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert make(office).number == 2  # the next issue of the year


@pytest.mark.django_db
def test_two_years_side_by_side(office: Cleaning) -> None:
    world, water = office.world, office.world.water.id
    world.item("330881-016-001", name="取水许可", promised=10)
    world.item("330881-016-002", name="新许可")
    earlier = office.act(
        services.bring_in_list,
        kind="powers",
        organisation_id=water,
        as_of_date="2012-12-31",
        source="2012年公布的权力清单",
        rows=[
            {"code": "330881-016-001", "name": "取水许可", "promised": "20个工作日"},
            {"code": "330881-016-009", "name": "旧许可"},
        ],
    )
    later = make(office, on="2013-12-31")
    before = PowerList.objects.get(id=int(earlier["list_ids"][0]))
    assert queries.before(later) is None  # not before it is frozen
    freeze(office, before, later)
    assert queries.before(later) == before
    found = queries.changes(before, later)
    assert [one.name for one in found.of("added")] == ["新许可"]
    assert [one.name for one in found.of("gone")] == ["旧许可"]
    [changed] = found.of("changed")
    assert ("承诺时限", "20个工作日", "10个工作日") in changed.fields


@pytest.mark.django_db
def test_a_list_brought_in_names_its_source_and_known_departments(office: Cleaning) -> None:
    common = {"kind": "handbook", "organisation_id": office.world.centre.id}
    common |= {"as_of_date": "2013-12-02"}
    rows = [{"code": "1", "name": "甲", "department": "江山市水利局"}]
    with pytest.raises(DomainError, match="出自哪里"):
        office.act(services.bring_in_list, rows=rows, source=" ", **common)
    unknown = [*rows, {"code": "2", "name": "乙", "department": "月球局"}]
    with pytest.raises(DomainError, match="月球局"):
        office.act(services.bring_in_list, rows=unknown, source="旧汇编", **common)
    assert not PowerList.objects.exists()


# ── the hall ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_hall_is_counted_from_the_last_handbook_or_from_the_items(office: Cleaning) -> None:
    world = office.world
    world.item("330881-016-001", in_centre="是")
    world.item("330881-016-002", in_centre="否")
    world.item("330881-014-001", department=world.planning, in_centre="是")
    live = catalogue.hall_figures(date(2013, 6, 30))
    assert (live.items, live.departments, live.list_id) == (2, 2, None)
    made = office.act(
        services.make_handbook,
        at=morning(2013, 7, 1),
        organisation_id=world.centre.id,
        as_of_date="2013-07-01",
    )
    handbook = PowerList.objects.get(id=int(made["list_ids"][0]))
    freeze(office, handbook)
    world.item("330881-016-003", in_centre="是")
    told = catalogue.hall_figures(date(2013, 12, 31))
    assert (told.items, told.departments, told.list_id) == (2, 2, handbook.id)
    assert told.as_of_date == date(2013, 7, 1)
    assert catalogue.hall_figures(date(2013, 6, 30)).list_id is None
    assert queries.items_in_hall().count() == 3


# ── copies ────────────────────────────────────────────────────────────────────────────────────

SHARES = [
    {"recipient": "综合窗口", "copies_count": 200},
    {"recipient": "留存", "copies_count": 100},
]


def printing(office: Cleaning, **more: Any) -> dict[str, Any]:
    content = {
        "title": "便民服务指南",
        "organisation_id": office.world.centre.id,
        "copies_count": 300,
        "printed_date": "2013-12-02",
        "shares": SHARES,
    }
    return office.act(services.record_printing, **(content | more))


@pytest.mark.django_db
def test_printed_copies_are_told_with_their_distribution(office: Cleaning) -> None:
    made = printing(office)
    [event] = ledger.history(f"printing:{made['printing_id']}")
    assert (event.kind, event.effective_on) == ("handbook.printed", date(2013, 12, 2))
    assert event.facts["copies"] == 300
    assert event.facts["distribution"] == [
        {"to": "综合窗口", "copies": 200},
        {"to": "留存", "copies": 100},
    ]
    assert (queries.copies_in(2013), queries.copies_in(2014)) == (300, 0)
    with pytest.raises(CopiesDoNotAdd):
        printing(office, copies_count=299)
    with pytest.raises(DatabaseError), transaction.atomic():
        Printing.objects.update(copies_count=1)


# ── screens ───────────────────────────────────────────────────────────────────────────────────


def to(page: str, *args: Any) -> str:
    return reverse(f"catalogue:{page}", args=args)


@pytest.mark.django_db
def test_who_may_make_freeze_and_print(office: Cleaning, client: Client) -> None:
    world = office.world
    editor = world.people.post("gongkai", Role.DISCLOSURE_OFFICE, world.centre)
    world.item("330881-016-001")
    made = make(office)
    allowed = {
        to("kept_lists"): (office.author,),
        to("kept_list", made.id): (office.author, office.second),
        to("printings"): (office.author, editor),
    }
    for address, people in allowed.items():
        for who in (office.author, editor, office.contact, world.clerk, world.citizen):
            client.force_login(who)
            status = client.get(address).status_code
            assert status == (200 if who in (*people, office.author) else 404), (address, who)
        client.logout()
        assert client.get(address).status_code == 302
    client.force_login(office.contact)
    assert client.post(to("freeze_lists"), {"lists": [made.id]}).status_code == 404


@pytest.mark.django_db
def test_a_list_is_made_and_frozen_on_the_pages(office: Cleaning, client: Client) -> None:
    world = office.world
    world.item("330881-016-001", name="取水许可")
    client.force_login(office.author)
    sent = {"kind": "powers", "organisation": "", "as_of_date": "2013-06-30"}
    sent |= {"command_id": new_command_id()}
    assert client.post(to("kept_lists"), sent).status_code == 302
    made = PowerList.objects.get()
    assert client.get(to("power_list", made.id)).status_code == 404  # not public yet
    own = client.get(to("kept_list", made.id)).content.decode()
    assert "须由另一位同事定稿" in own
    client.force_login(office.second)
    assert "定稿公布" in client.get(to("kept_list", made.id)).content.decode()
    sent = {"lists": [str(made.id)], "command_id": new_command_id()}
    assert client.post(to("freeze_lists"), sent).status_code == 302
    client.logout()
    assert "取水许可" in client.get(to("power_list", made.id)).content.decode()
    assert "没有这个单位" in client.get(to("power_lists"), {"q": "月球"}).content.decode()
    found = client.get(to("power_lists"), {"q": "水利", "kind": "powers"}).context["rows"]
    assert [row.unit for row in found] == ["江山市水利局"]
    text = client.get(to("power_list_file", made.id)).content.decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert head[:4] == ["编码", "名称", "类型", "实施主体"]
    assert row[:2] == ["330881-016-001", "取水许可"]
    assert client.get(to("power_list_changes", made.id)).status_code == 404  # the first one
    nonsense = {"q": "\x00", "kind": "x", "after": "x"}
    assert client.get(to("power_lists"), nonsense).status_code == 200
    assert client.get(to("power_list", made.id), nonsense).status_code == 200


@pytest.mark.django_db
def test_copies_are_entered_on_the_page(office: Cleaning, client: Client) -> None:
    client.force_login(office.author)
    sent = {"title": "便民服务指南", "copies_count": "300", "printed_date": "2013-12-02"}
    sent |= {"shares": "综合窗口|200\n留存｜99", "command_id": new_command_id()}
    refused = client.post(to("printings"), sent)
    assert refused.status_code == 422
    assert "合计 299 份" in refused.content.decode()
    wrong = client.post(to("printings"), sent | {"shares": "综合窗口"})
    assert "第 1 行应是" in wrong.content.decode()
    sent |= {"shares": "综合窗口|200\n留存|100"}
    assert client.post(to("printings"), sent).status_code == 302
    assert "综合窗口" in client.get(to("printings")).content.decode()


@pytest.mark.django_db
def test_the_pages_ask_the_same_however_many_rows(office: Cleaning, client: Client) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    client.force_login(office.author)
    pages = ["power_lists", "kept_lists", "printings"]
    office.world.item("330881-016-001")
    first = make(office)
    freeze(office, first)
    printing(office)
    few = [cost(to(page)) for page in pages] + [cost(to("power_list", first.id))]
    for n in range(2, 9):
        office.world.item(f"330881-016-00{n}")
        printing(office)
    second = make(office)
    freeze(office, second)
    assert [cost(to(page)) for page in pages] + [cost(to("power_list", second.id))] == few


@pytest.mark.slow
@pytest.mark.django_db
def test_pages_of_lists_and_rows_hold_each_once(office: Cleaning, client: Client) -> None:
    for n in range(queries.PAGE + 3):
        office.world.item(f"330881-016-{n:03}")
    made = make(office)
    first, after = queries.rows_of(made)
    second, ended = queries.rows_of(made, after=after)
    seen = [row.position for row in [*first, *second]]
    assert (seen, ended) == (list(range(1, queries.PAGE + 4)), "")
    issues = [made] + [make(office) for _ in range(queries.PAGE)]
    keeper = office.world.scope(office.author)
    cards, after = queries.lists(date(2014, 1, 6), keeper=keeper)
    more, _ended = queries.lists(date(2014, 1, 6), keeper=keeper, after=after)
    assert {card.id for card in [*cards, *more]} == {one.id for one in issues}
    assert len(cards) + len(more) == len(issues)


@pytest.mark.django_db
def test_no_list_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.power_list(1)
