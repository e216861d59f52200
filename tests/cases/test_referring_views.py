"""Pages of what one level examines and the next decides, each by three people."""

import pytest
from django.urls import reverse

from mingtang.cases import services
from mingtang.cases.models import Case
from mingtang.cases.rules import State
from tests.cases.town import FIRST, SEEN, Town
from tests.cases.writing import Writer, applying
from tests.world import NUMBERS, new_command_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world):
    return Town(world)


@pytest.fixture
def item(town):
    return town.item()


@pytest.fixture
def case(town, item, at):
    return town.bring(town.file(item, at, town.world.citizen), "accepted", at)


def text(answer) -> str:
    return answer.content.decode()


def page(client, case) -> str:
    return text(client.get(reverse("cases:detail", args=[case.number])))


def do(client, case, verb, **fields):
    data = {"command_id": new_command_id(), **fields}
    answer = client.post(reverse("cases:act", args=[case.number, verb]), data)
    case.refresh_from_db()
    return answer


# ── filing ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_an_applicant_chooses_the_township_and_it_goes_there(client, town, item):
    first = text(client.get(reverse("cases:file", args=[item])))
    assert "所在乡镇（街道）" in first
    assert str(town.sidu.id) in first
    refused = client.post(reverse("cases:file", args=[item]), applying())
    assert refused.status_code == 422
    assert "请选择所在的乡镇（街道）" in text(refused)
    writer = Writer(client, item, township=str(town.sidu.id))
    writer.fill_plain()
    check = writer.page("check")
    assert "贺村镇" not in check
    assert "四都镇" in check
    answer = writer.file()
    case = Case.objects.get()
    assert (case.organisation, case.number[:9]) == (town.sidu, "330881104")
    assert "四都镇" in text(client.get(answer.url))


def test_other_items_ask_for_no_township(client, world):
    assert "乡镇" not in text(client.get(reverse("cases:file", args=[world.item()])))


def taking(**more):
    return {
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "identity_number": NUMBERS[0],
        "phone": "13800000001",
        "matter-summary": "建村文化礼堂。",
        "originals": "",
        "command_id": new_command_id(),
        **more,
    }


def test_a_village_counter_asks_for_none_and_the_hall_does(client, town, item):
    url = reverse("cases:take_in", args=[item])
    client.force_login(town.villager)
    assert "所在乡镇（街道）" not in text(client.get(url))
    assert client.post(url, taking()).status_code == 302
    case = Case.objects.get()
    assert (case.organisation, case.channel) == (town.hecun, "village")
    client.force_login(town.world.general)
    assert "所在乡镇（街道）" in text(client.get(url))
    assert client.post(url, taking(anyway="1")).status_code == 422
    client.post(url, taking(anyway="1", township=str(town.sidu.id)))
    assert Case.objects.filter(organisation=town.sidu).count() == 1


# ── the pre-examination ───────────────────────────────────────────────────────────────────────


def test_the_townships_handler_examines_and_reports_up(client, town, case):
    client.force_login(town.handler)
    assert "领取办理：初审" in page(client, case)
    do(client, case, "claim", **FIRST)
    shown = page(client, case)
    assert "初审上报：初审" in shown
    assert "不同意的也要上报" in shown
    assert reverse("cases:act", args=[case.number, "examine"]) not in shown
    refused = do(client, case, "refer-up", **FIRST, finding="fit", opinion="")
    assert refused.status_code == 422
    do(client, case, "refer-up", **FIRST, finding="unfit", opinion="选址不合村庄规划。")
    assert case.organisation == town.world.water
    shown = page(client, case)  # it stays readable where it was examined
    assert "上报单" in shown
    assert "初审后已于" in shown


def test_a_neighbour_a_colleague_of_the_county_and_a_citizen_may_not(client, town, case, at):
    town.act(town.handler, services.claim, case, at, **FIRST)
    told = {**FIRST, "finding": "fit", "opinion": "同意"}
    for who, status in ((town.neighbour, 404), (town.world.colleague, 404)):
        client.force_login(who)
        assert do(client, case, "refer-up", **told).status_code == status
    client.force_login(town.world.citizen)
    assert do(client, case, "refer-up", **told).status_code == 404
    client.logout()
    assert do(client, case, "refer-up", **told).status_code == 403
    assert case.referred_up_at is None


def test_the_villager_accepts_over_the_counter_what_the_township_examines(client, town, item, at):
    case = town.take_in(item, at, town.villager, "village")
    client.force_login(town.villager)
    assert do(client, case, "accept").status_code == 302
    assert State(case.state) is State.ACCEPTED
    assert do(client, case, "claim", **FIRST).status_code == 403


def test_the_desk_of_a_township_has_its_two_lists_and_others_do_not(client, town, case, at):
    client.force_login(town.handler)
    desk = text(client.get(reverse("cases:desk"), {"tab": "pre_examine"}))
    assert case.number in desk
    assert "待初审" in desk
    assert "待上报" not in desk  # nothing waits there
    town.act(town.handler, services.claim, case, at, **FIRST)
    assert case.number in text(client.get(reverse("cases:desk"), {"tab": "refer_up"}))
    client.force_login(town.world.handler)
    assert "待初审" not in text(client.get(reverse("cases:desk")))


# ── what the applicant sees ───────────────────────────────────────────────────────────────────


def progress(client, case) -> str:
    return text(client.get(reverse("cases:progress_case", args=[case.number])))


def test_one_page_shows_both_levels_with_their_clocks(client, town, case, at, monkeypatch):
    client.force_login(town.world.citizen)
    shown = progress(client, case)
    for words in ("两级办理", "第一级：初审", "贺村镇", "第二级：决定", "江山市水利局"):
        assert words in shown
    assert "初审时限" in shown
    assert "上报以后 8个工作日内决定" in shown
    town.act(town.handler, services.claim, case, at, **FIRST)
    town.act(town.handler, services.refer_up, case, at, **FIRST, **SEEN)
    shown = progress(client, case)
    assert "已于 2013年9月17日 初审完毕并上报" in shown
    assert "承诺时限" in shown
    assert "办理期限自上报之日起计算" in shown


def test_others_cases_have_one_level_and_strangers_see_none(client, town, case, at):
    own = town.world.file(town.world.item("330881-qs"), at, town.world.citizen)
    client.force_login(town.world.citizen)
    assert "两级办理" not in progress(client, own)
    client.force_login(town.world.stranger)
    url = reverse("cases:progress_case", args=[case.number])
    assert client.get(url).status_code == 404


# ── back to the window ────────────────────────────────────────────────────────────────────────


def test_a_bounced_case_says_who_owes_and_how_often(client, world, at):
    case = world.bring(world.file(world.item(promised=5), at, world.citizen), "claimed", at)
    client.force_login(world.handler)
    assert "退回窗口" in page(client, case)
    assert do(client, case, "bounce", reason="少一份图纸").status_code == 302
    shown = page(client, case)
    assert "退回窗口 1 次" in shown
    assert "下一步由收件窗口补好" in shown
    assert reverse("cases:act", args=[case.number, "hand-on"]) not in shown
    client.force_login(world.colleague)
    assert do(client, case, "hand-on", note="补齐").status_code == 404
    client.force_login(world.citizen)
    assert do(client, case, "hand-on", note="补齐").status_code == 404
    assert "退回窗口" not in progress(client, case)  # a matter of the house
    client.force_login(world.clerk)
    desk = text(client.get(reverse("cases:desk"), {"tab": "window"}))
    assert "退回窗口，待重新移交" in desk
    assert do(client, case, "hand-on", note="补齐").status_code == 302
    assert case.bounced_at is None
    assert "退回窗口，待重新移交" not in text(client.get(reverse("cases:desk")))


# ── the list of items ─────────────────────────────────────────────────────────────────────────


def test_staff_find_the_items_that_go_up_and_citizens_narrow_the_list(client, town, item):
    other = town.world.item("330881-qs")
    url = reverse("catalogue:referred")
    for who in (town.handler, town.world.manager):
        client.force_login(who)
        shown = text(client.get(url))
        assert reverse("catalogue:item", args=[item]) in shown
        assert reverse("catalogue:item", args=[other]) not in shown
        assert "20 个工作日" in shown
    client.force_login(town.world.citizen)
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302
    listed = text(client.get(reverse("catalogue:items"), {"referred": "township"}))
    assert reverse("catalogue:item", args=[item]) in listed
    assert reverse("catalogue:item", args=[other]) not in listed
    guide = text(client.get(reverse("catalogue:item", args=[item])))
    assert "初审并上报" in guide
    assert "自受理起20个工作日" in guide
