"""The screens of clean-up campaigns: who may, what they show, tables with faults, query counts."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.catalogue import services
from mingtang.catalogue.models import Campaign, CampaignEntry
from mingtang.catalogue.queries.campaigns import PAGE
from tests.catalogue.campaigning import Cleaning
from tests.world import World, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def cleaning(world: World) -> Cleaning:
    return Cleaning(world)


def to(page: str, *args: Any) -> str:
    return reverse(f"catalogue:{page}", args=args)


def post(client: Client, who: Any, address: str, **sent: Any) -> Any:
    client.force_login(who)
    return client.post(address, {"command_id": new_command_id(), **sent})


def get(client: Client, who: Any, address: str, **query: str) -> Any:
    if who is None:
        client.logout()
    else:
        client.force_login(who)
    return client.get(address, query)


def table(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("表.csv", text.encode(), content_type="text/csv")


STAFF_PAGES = ["campaign", "campaign_entries", "campaign_entries_file"]


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_a_campaign_is_for_its_office_and_those_it_asks(
    cleaning: Cleaning, client: Client, page: str
) -> None:
    cleaning.start(organisation_ids=[cleaning.world.water.id])
    address = to(page, cleaning.campaign_id)
    for who in (cleaning.author, cleaning.contact, cleaning.world.manager):
        assert get(client, who, address).status_code == 200, who.username
    for who in (cleaning.planner, cleaning.world.handler, cleaning.world.citizen):
        assert get(client, who, address).status_code == 404, who.username
    assert get(client, None, address).status_code == 302


@pytest.mark.both
def test_the_list_holds_what_asks_ones_department(cleaning: Cleaning, client: Client) -> None:
    cleaning.start(organisation_ids=[cleaning.world.water.id])
    shown = {
        who.username: len(get(client, who, to("campaigns")).context["rows"])
        for who in (cleaning.author, cleaning.contact, cleaning.planner)
    }
    assert shown == {"author": 1, "contact": 1, "planner": 0}
    assert get(client, cleaning.world.citizen, to("campaigns")).status_code == 404


ACTS = [
    ("campaign_take", ()),
    ("campaign_accept", ()),
    ("campaign_return", (1,)),
    ("campaign_decide", ()),
    ("campaign_decide_file", ()),
    ("campaign_seal", (1,)),
    ("campaign_act", ("close",)),
    ("campaign_act", ("freeze",)),
]


@pytest.mark.parametrize(("page", "more"), ACTS)
def test_the_acts_of_the_office_are_the_offices_alone(
    cleaning: Cleaning, client: Client, page: str, more: tuple[Any, ...]
) -> None:
    cleaning.start()
    address = to(page, cleaning.campaign_id, *more)
    for who in (cleaning.contact, cleaning.world.manager, cleaning.world.citizen):
        assert post(client, who, address).status_code == 404, who.username
    client.logout()
    assert client.post(address).status_code == 302
    assert post(client, cleaning.author, address).status_code != 404 or page == "campaign_seal"


@pytest.mark.both
def test_a_department_answers_for_itself_alone(cleaning: Cleaning, client: Client) -> None:
    cleaning.start(organisation_ids=[cleaning.world.water.id])
    address = to("campaign_report", cleaning.campaign_id)
    sent = {"lines": "取水审批|保留|水法\n排污口审批｜取消｜已有别的许可", "go": "report"}
    assert post(client, cleaning.planner, address, **sent).status_code == 404
    assert post(client, cleaning.author, address, **sent).status_code == 404
    assert post(client, cleaning.contact, address, **sent).status_code == 302
    rows = CampaignEntry.objects.order_by("id").values_list("name", "proposal", "note")
    assert list(rows) == [
        ("取水审批", "retain", "水法"),
        ("排污口审批", "abolish", "已有别的许可"),
    ]


@pytest.mark.both
def test_a_table_is_tried_then_written_and_told_row_by_row(
    cleaning: Cleaning, client: Client
) -> None:
    cleaning.start()
    address = to("campaign_report", cleaning.campaign_id)
    wrong = "事项名称,清理建议\n甲,保留\n乙,扔掉\n"
    answer = post(client, cleaning.contact, address, file=table(wrong), go="report")
    assert answer.status_code == 422
    assert "第 3 行" in answer.content.decode()
    assert not CampaignEntry.objects.exists()
    right = wrong.replace("扔掉", "取消")
    assert post(client, cleaning.contact, address, file=table(right), check="1").status_code == 302
    assert not CampaignEntry.objects.exists()
    assert (
        post(client, cleaning.contact, address, file=table(right), go="report").status_code == 302
    )
    assert CampaignEntry.objects.count() == 2
    assert post(client, cleaning.contact, address, go="report").status_code == 422  # neither
    assert post(client, cleaning.contact, address, go="nothing").status_code == 302
    assert not CampaignEntry.objects.exists()


@pytest.mark.slow
@pytest.mark.both
def test_the_office_runs_a_campaign_on_its_pages(cleaning: Cleaning, client: Client) -> None:
    author, water = cleaning.author, cleaning.world.water
    units = [str(water.id), str(cleaning.world.planning.id)]
    sent = {"title": "日常管理服务事项清理", "scope_kind": "routine_service"}
    started = post(
        client, author, to("campaign_start"), **sent, units=units, report_due_date="2030-01-31"
    )
    assert started.status_code == 302
    one = Campaign.objects.get().id
    cleaning.campaign_id = one
    paper = "部门,事项名称,清理建议\n江山市水利局,甲,保留\n江山市水利局,乙,取消\n"
    assert post(client, author, to("campaign_take", one), file=table(paper)).status_code == 302
    cleaning.report(unit=cleaning.world.planning)
    assert post(client, author, to("campaign_accept", one), units=units).status_code == 302
    sent_back = post(client, author, to("campaign_return", one, water.id), reason="")
    assert sent_back.status_code == 422
    post(client, author, to("campaign_act", one, "close"))
    page = get(client, author, to("campaign_entries", one)).content.decode()
    assert "2 ≠ 0" in page
    decided = {"decision": "retain", "basis": "水法第一条", "effective_date": "2030-02-01"}
    assert post(client, author, to("campaign_decide", one), **decided).status_code == 422
    decide = to("campaign_decide", one)
    assert post(client, author, decide, numbers=["1"], **decided).status_code == 302
    held = get(client, author, to("campaign", one)).content.decode()
    assert "清单与决定不符" in held
    rows = "序号,决定,依据,生效日期\n2,取消,水法第二条,2030-02-01\n"
    file_of = to("campaign_decide_file", one)
    assert (
        post(client, author, file_of, file=table(rows.replace("取消", "拿掉"))).status_code == 422
    )
    assert post(client, author, file_of, file=table(rows)).status_code == 302
    assert "清单与决定相符" in get(client, author, to("campaign", one)).content.decode()
    post(client, author, to("campaign_act", one, "freeze"))
    assert Campaign.objects.get().state == "deciding"  # who decided does not freeze
    post(client, cleaning.second, to("campaign_act", one, "freeze"))
    assert get(client, None, to("cleanup", one)).status_code == 404  # not before it is announced
    post(client, author, to("campaign_act", one, "announce"))
    shown = get(client, None, to("cleanup", one)).content.decode()
    assert "保留 1 + 取消 1" in shown


def announced(cleaning: Cleaning, count: int = 2) -> int:
    cleaning.inventory(*(f"事项{n}" for n in range(count)))
    rows = [{"number": str(n + 1), "decision": "取消" if n else "保留"} for n in range(count)]
    cleaning.decide(*rows)
    cleaning.finish()
    return cleaning.campaign_id


@pytest.mark.both
def test_everybody_reads_the_result_and_takes_it_away(cleaning: Cleaning, client: Client) -> None:
    one = announced(cleaning)
    assert [row.id for row in get(client, None, to("cleanups")).context["rows"]] == [one]
    page = get(client, None, to("cleanup", one), decision="abolish")
    assert [row.name for row in page.context["rows"]] == ["事项1"]
    text = get(client, None, to("cleanup_file", one)).content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[:3] == ["序号", "部门", "事项名称"]
    assert [row[3] for row in rows] == ["保留", "取消"]
    assert get(client, None, to("cleanup", one), q="\x00", after="x", unit="x").status_code == 200


def test_what_departments_proposed_is_in_the_file_for_staff_alone(
    cleaning: Cleaning, client: Client
) -> None:
    cleaning.start()
    rows = [{"name": "甲", "proposal": "保留", "note": "内部理由"}]
    unit = {"organisation_id": cleaning.world.water.id}
    cleaning.on(services.report, cleaning.contact, rows=rows, **unit)
    cleaning.report(unit=cleaning.world.planning)
    cleaning.accept()
    cleaning.on(services.close_inventory)
    cleaning.decide({"number": "1", "decision": "取消"})
    cleaning.finish()
    files = {
        page: get(client, who, to(page, cleaning.campaign_id)).content.decode("utf-8-sig")
        for page, who in (("cleanup_file", None), ("campaign_entries_file", cleaning.author))
    }
    for said in ("部门建议", "部门理由", "内部理由", "保留"):
        assert said in files["campaign_entries_file"]
        assert said not in files["cleanup_file"]
    for text in files.values():
        head, row = csv.reader(io.StringIO(text))
        told = dict(zip(head, row, strict=True))
        assert (told["事项名称"], told["决定"]) == ("甲", "取消")


@pytest.mark.parametrize("number", ["abc", "-1", "²", "9" * 7, "9" * 5000])
def test_what_is_no_number_is_not_decided(cleaning: Cleaning, client: Client, number: str) -> None:
    cleaning.inventory("甲")
    decide = to("campaign_decide", cleaning.campaign_id)
    said = {"decision": "retain", "basis": "水法第一条", "effective_date": "2030-02-01"}
    sent = post(client, cleaning.author, decide, numbers=[number], **said)
    assert sent.status_code == 422
    assert "请先勾选" in sent.content.decode()
    assert post(client, cleaning.author, decide, numbers=[number, "1"], **said).status_code == 302
    assert CampaignEntry.objects.get().decision == "retain"


def test_the_announcement_is_everybodys_and_the_notice_is_not(
    cleaning: Cleaning, client: Client
) -> None:
    found = Campaign.objects.get(id=announced(cleaning))
    result = to("campaign_paper", found.id, found.result_id)
    notice = to("campaign_paper", found.id, found.notice_id)
    assert get(client, None, result).status_code == 200
    assert get(client, None, notice).status_code == 404
    assert get(client, cleaning.contact, notice).status_code == 200
    sealed = to("campaign_seal", found.id, found.result_id)
    assert post(client, cleaning.author, sealed, seal_name="").status_code == 422
    assert post(client, cleaning.author, sealed, seal_name="审改办公章").status_code == 302
    assert "已盖章" in get(client, None, result).content.decode()
    other = to("campaign_seal", found.id, 5)
    assert post(client, cleaning.author, other, seal_name="章").status_code == 404


@pytest.mark.both
def test_a_department_reads_its_own_entries_until_the_result(
    cleaning: Cleaning, client: Client
) -> None:
    cleaning.start()
    cleaning.report("水一", "水二")
    cleaning.report("规一", unit=cleaning.world.planning)
    address = to("campaign_entries", cleaning.campaign_id)
    shown = get(client, cleaning.planner, address, unit=str(cleaning.world.water.id))
    assert [row.name for row in shown.context["rows"]] == ["规一"]
    text = get(client, cleaning.planner, to("campaign_entries_file", cleaning.campaign_id))
    assert "水一" not in text.content.decode("utf-8-sig")
    assert len(get(client, cleaning.author, address).context["rows"]) == 3


PAGES = ["campaign", "campaign_entries", "cleanup", "campaigns", "cleanups"]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_ask_the_same_however_many_rows(
    cleaning: Cleaning, client: Client, page: str
) -> None:
    few, many = announced(cleaning, 2), 0
    client.force_login(cleaning.author)

    def cost(one: int) -> int:
        args = [one] if page not in {"campaigns", "cleanups"} else []
        with CaptureQueriesContext(connection) as asked:
            assert client.get(to(page, *args)).status_code == 200
        return len(asked)

    before = cost(few)
    many = announced(cleaning, PAGE - 1)
    assert cost(many) == before
    assert before < 45


def test_a_stand_in_acts_for_the_office_and_is_marked(cleaning: Cleaning, client: Client) -> None:
    stand_in = cleaning.world.people.post("other", Role.SECTION_CONTACT, cleaning.world.planning)
    cleaning.world.people.substitution(cleaning.author, stand_in)
    cleaning.start()
    cleaning.report("甲")
    units = {"organisation_ids": [cleaning.world.water.id]}
    cleaning.on(services.accept_reports, **units)
    assert get(client, stand_in, to("campaign", cleaning.campaign_id)).context["leads"] is True


@pytest.mark.both
def test_what_became_of_an_item_stays_on_its_pages(cleaning: Cleaning, client: Client) -> None:
    old, heir = (cleaning.item(f"330881-016-00{n}", name) for n, name in ((1, "旧"), (2, "新")))
    cleaning.inventory("旧", "新")
    merged = {"number": "1", "decision": "合并", "merged_into": "2"}
    cleaning.decide(merged, {"number": "2", "decision": "保留"})
    cleaning.finish()
    cleaning.on(services.carry_out)
    page = get(client, None, to("item", old.code)).content.decode()
    assert to("item", heir.code) in page
    assert to("cleanup", cleaning.campaign_id) in page
    assert (
        to("cleanup", cleaning.campaign_id)
        not in get(client, None, to("item", heir.code)).content.decode()
    )
    history = get(client, cleaning.author, to("history", heir.code)).content.decode()
    assert to("item", old.code) in history
