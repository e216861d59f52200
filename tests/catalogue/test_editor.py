"""The editor's screens: who may, what comes back, how many questions the lists ask."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.catalogue.models import Draft, Edition, Item
from mingtang.regions.models import Centre, Window
from tests.world import World, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BASIS = "《中华人民共和国水法》第四十八条"
COMPLETE = {
    "basis": BASIS,
    "conditions": "有合法的取水事由。",
    "procedure": "收件；受理；审查；决定；送达。",
    "materials": "申请表|表格|1|必要",
    "fee": "不收费",
    "statutory_basis": BASIS,
}


def furnished(world: World) -> World:
    """The world with a window, two of the reform office, and an item that lacks nothing."""
    centre = Centre.objects.create(
        name="江山市行政服务中心", region=world.region, level="county", organisation=world.centre
    )
    Window.objects.create(centre=centre, number="1", name="水利窗口", organisation=world.water)
    world.author = world.people.post("author", Role.REFORM_OFFICE, world.centre)
    world.reviewer = world.people.post("reviewer", Role.REFORM_OFFICE, world.centre)
    world.code = world.item(statutory=20, promised=5, **COMPLETE)
    return world


@pytest.fixture
def desk(world: World) -> World:
    return furnished(world)


def act(client: Client, who: Any, code: str, verb: str, **data: str) -> Any:
    client.force_login(who)
    address = reverse("catalogue:draft_act", args=[code, verb])
    return client.post(address, {"command_id": new_command_id(), **data})


def typed(client: Client, code: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send from the form as it stands, with changes."""
    context = client.get(reverse("catalogue:draft_edit", args=[code])).context
    data = values_of(context["form"])
    for rows in context["tables"].values():
        for one in [rows.management_form, *rows]:
            data |= values_of(one)
    data |= changes
    return {key: value for key, value in data.items() if value is not None and value is not False}


def values_of(form: Any) -> dict[str, Any]:
    return {form.add_prefix(name): form[name].value() for name in form.fields}


def save(client: Client, who: Any, code: str, **changes: Any) -> Any:
    client.force_login(who)
    data = typed(client, code, **changes)
    return client.post(reverse("catalogue:draft_edit", args=[code]), data)


PAGES = ["draft", "draft_edit", "draft_preview", "editions", "history"]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_an_items_pages_are_for_those_who_may_edit_it(desk: World, client: Client, page: str):
    act(client, desk.author, desk.code, "open")
    address = reverse(f"catalogue:{page}", args=[desk.code])
    for who in (desk.author, desk.manager, desk.clerk):  # the department's own clerk is an author
        client.force_login(who)
        assert client.get(address).status_code == 200, who.username
    for who in (desk.colleague, desk.handler, desk.citizen):
        client.force_login(who)
        assert client.get(address).status_code == 404, who.username
    client.logout()
    assert client.get(address).status_code == 302


@pytest.mark.both
@pytest.mark.parametrize("page", ["edit_list", "completeness"])
def test_the_lists_hold_ones_own_items_only(desk: World, client: Client, page: str):
    address = reverse(f"catalogue:{page}")
    for who, sees in ((desk.author, True), (desk.clerk, True), (desk.colleague, False)):
        client.force_login(who)
        shown = client.get(address).content.decode()
        assert ("江山市水利局" in shown) is sees, who.username
    for who in (desk.handler, desk.citizen):
        client.force_login(who)
        assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_only_reviewers_suspend_and_retire(desk: World, client: Client):
    for who in (desk.clerk, desk.colleague, desk.citizen):
        assert act(client, who, desk.code, "suspend", reason="检修").status_code == 404
    assert act(client, desk.manager, desk.code, "suspend", reason="检修").status_code == 302
    assert Item.objects.get().status == "suspended"
    assert act(client, desk.manager, desk.code, "resume", reason="修好").status_code == 302
    assert act(client, desk.manager, desk.code, "retire", reason="").status_code == 422
    assert Item.objects.get().status == "active"


def test_the_whole_way_from_draft_to_the_citizens_page(desk: World, client: Client):
    code = desk.code
    assert act(client, desk.clerk, code, "open").url.endswith("/draft/edit/")
    assert save(client, desk.clerk, code, conditions="取水口在本市境内。").status_code == 302
    public = reverse("catalogue:item", args=[code])
    assert "取水口在本市境内" not in client.get(public).content.decode()
    preview = client.get(reverse("catalogue:draft_preview", args=[code])).content.decode()
    assert "取水口在本市境内" in preview
    assert act(client, desk.clerk, code, "submit").status_code == 302
    assert act(client, desk.clerk, code, "publish").status_code == 404
    review = act(client, desk.reviewer, code, "publish")
    assert review.status_code == 302
    assert "取水口在本市境内" in client.get(public).content.decode()
    side = client.get(reverse("catalogue:editions", args=[code])).content.decode()
    changed, _between, same = side.partition("没有改动的")
    assert "申报条件" in changed
    assert "申报条件" not in same
    assert "办事依据" in same
    assert "<ins>取水口在本市境内。</ins>" in side
    assert "<del>有合法的取水事由。</del>" in side
    told = client.get(reverse("catalogue:history", args=[code])).content.decode()
    assert told.find("由表格导入") < told.find("改动：申报条件") < told.find("发布第 2 版")


def test_a_single_edition_is_not_compared_with_itself(desk: World, client: Client):
    client.force_login(desk.author)
    page = client.get(reverse("catalogue:editions", args=[desk.code])).content.decode()
    assert "只有第 1 版" in page
    assert "<select" not in page
    assert "<table" not in page


def test_an_author_is_told_why_he_does_not_publish(desk: World, client: Client):
    act(client, desk.author, desk.code, "open")
    save(client, desk.author, desk.code, conditions="新的条件。")
    act(client, desk.author, desk.code, "submit")
    answer = act(client, desk.author, desk.code, "publish")
    assert answer.status_code == 403
    assert "另一位审核人员" in answer.content.decode()
    assert Edition.objects.count() == 1


def test_an_incomplete_draft_is_not_submitted_and_the_page_says_what_lacks(
    desk: World, client: Client
):
    act(client, desk.author, desk.code, "open")
    save(client, desk.author, desk.code, basis="《水法》", is_free="")
    answer = act(client, desk.author, desk.code, "submit")
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in ("“办事依据”第1行", "第几条", "“收费标准”", "明确选择"):
        assert words in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "请填写项目名称"),
        ("promised_amount", "三天", "请填整数"),
        ("promised_unit", "", "数字和单位要一起填"),
        ("materials-0-copies", "许多", "申报材料第1行“份数”：应是1到99的整数"),
        ("materials-1-note", "只写了说明", "申报材料第2行“名称”：这一行写了内容"),
        ("conditions", "甲\x00乙", "字符"),
        ("revision", "x", "整数"),
    ],
)
def test_a_wrong_field_comes_back_with_all_that_was_typed(
    desk: World, client: Client, field: str, value: str, sentence: str
):
    act(client, desk.author, desk.code, "open")
    more = {"procedure": "写了很久的程序", "materials-2-name": "位置图", field: value}
    answer = save(client, desk.author, desk.code, **more)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert ("写了很久的程序" in page, "位置图" in page) == (True, True)
    assert Draft.objects.get().revision == 1


@pytest.mark.slow
def test_a_broken_row_count_is_an_answer_and_not_a_crash(desk: World, client: Client):
    act(client, desk.author, desk.code, "open")
    address, data = reverse("catalogue:draft_edit", args=[desk.code]), typed(client, desk.code)
    for total in ("x", "-1", "100000"):
        answer = client.post(address, data | {"materials-TOTAL_FORMS": total})
        assert answer.status_code in (302, 422), total


def test_rows_are_added_and_removed_without_scripts_and_keep_their_ids(desk: World, client: Client):
    act(client, desk.author, desk.code, "open")
    first = Draft.objects.get().content["materials"][0]["id"]
    answer = save(client, desk.author, desk.code, **{
        "materials-0-name": "取水申请表", "materials-1-name": "位置图", "more": "materials",
    })  # fmt: skip
    assert answer.url.endswith("/draft/edit/?more=materials#materials")
    lines = Draft.objects.get().content["materials"]
    assert [line["name"] for line in lines] == ["取水申请表", "位置图"]
    assert lines[0]["id"] == first
    save(client, desk.author, desk.code, **{"materials-0-DELETE": "on"})
    assert [line["name"] for line in Draft.objects.get().content["materials"]] == ["位置图"]


def test_a_colleagues_saving_meanwhile_is_told_and_nothing_typed_is_lost(
    desk: World, client: Client
):
    act(client, desk.author, desk.code, "open")
    data = typed(client, desk.code, conditions="我写的条件")
    save(client, desk.manager, desk.code, conditions="他写的条件")
    client.force_login(desk.author)
    address = reverse("catalogue:draft_edit", args=[desk.code])
    answer = client.post(address, data)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert ("同事刚保存过" in page, "我写的条件" in page) == (True, True)
    form = answer.context["form"]
    again = data | {name: form[name].value() for name in ("revision", "base_number", "command_id")}
    assert client.post(address, again).status_code == 302
    assert Draft.objects.get().content["conditions"] == "我写的条件"


def test_a_draft_under_review_is_not_edited(desk: World, client: Client):
    act(client, desk.author, desk.code, "open")
    save(client, desk.author, desk.code, conditions="新的条件。")
    act(client, desk.author, desk.code, "submit")
    answer = client.get(reverse("catalogue:draft_edit", args=[desk.code]))
    assert answer.status_code == 409
    answer = act(client, desk.reviewer, desk.code, "return", reason="请写明取水口")
    assert answer.status_code == 302
    page = client.get(reverse("catalogue:draft", args=[desk.code])).content.decode()
    assert "请写明取水口" in page


@pytest.mark.both
def test_the_board_counts_and_leads_to_the_items(desk: World, client: Client):
    desk.item(code="330881-bare", name="空白事项")
    client.force_login(desk.author)
    address = reverse("catalogue:completeness")
    [row] = client.get(address).context["board"]
    assert (row.total, row.complete, row.lacking["basis"], row.lacking["windows"]) == (2, 1, 1, 0)
    found = client.get(address, {"department": str(desk.water.id), "lacks": "basis"})
    assert [one.name for one in found.context["items"]] == ["空白事项"]
    assert "没有填写" in found.content.decode()
    for query in ({"department": "x"}, {"lacks": "x"}, {"lacks": "basis", "after": "x"}):
        assert client.get(address, query).status_code == 200


@pytest.mark.parametrize("page", ["edit_list", "completeness"])
def test_the_lists_ask_the_same_however_many_rows(desk: World, client: Client, page: str):
    client.force_login(desk.author)
    address = reverse(f"catalogue:{page}")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for n in range(15):
        desk.item(code=f"330881-016-{n:03}", name=f"事项{n}", **COMPLETE)
        Draft.objects.create(
            item=Item.objects.get(code=f"330881-016-{n:03}"),
            state="draft",
            base_number=1,
            content={},
            opened_by=desk.author,
            opened_at="2026-11-22T02:00:00Z",
        )
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    assert len(many) < 40


@pytest.mark.slow
@pytest.mark.parametrize("page", ["editions", "history"])
def test_editions_and_history_ask_the_same_however_many_there_are(
    desk: World, client: Client, page: str
):
    client.force_login(desk.author)
    address = reverse(f"catalogue:{page}", args=[desk.code])

    def read(count: int) -> int:
        for _ in range(count):
            desk.item(statutory=20, promised=5, **COMPLETE | {"name": next(names)})
        with CaptureQueriesContext(connection) as captured:
            content = client.get(address).content.decode()
        assert f"第 {Edition.objects.count()} 版" in content
        return len(captured)

    names = (f"取水许可{n}" for n in range(40))
    few = read(5)
    assert read(25) == few
    assert few < 15


def test_the_navigation_offers_the_editor_to_editors_only(desk: World, client: Client):
    for who, sees in ((desk.author, True), (desk.handler, False), (desk.citizen, False)):
        client.force_login(who)
        assert (reverse("catalogue:edit_list") in client.get("/").content.decode()) is sees


@pytest.mark.both
def test_nonsense_in_the_address_breaks_nothing(desk: World, client: Client):
    client.force_login(desk.author)
    address = reverse("catalogue:edit_list")
    for query in ({"state": "x"}, {"after": "x"}, {"q": "\x00"}, {"state": "draft"}):
        assert client.get(address, query).status_code == 200
    editions = reverse("catalogue:editions", args=[desk.code])
    assert client.get(editions, {"before": "9", "after": "x"}).status_code == 200
    assert act(client, desk.author, desk.code, "explode").status_code == 404
    assert act(client, desk.author, desk.code, "submit").status_code == 404
    assert client.get("/items/%00/draft/").status_code == 404
