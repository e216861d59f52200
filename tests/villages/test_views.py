"""The pages: who may open which, the phone's way to write, the table of a bookkeeper, no identity
anywhere."""

import io
from dataclasses import replace
from datetime import date

import pytest
import time_machine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from mingtang.accounts.rules import WRITING_PER_SOURCE, Role
from mingtang.ledger import queries as ledger
from mingtang.ledger.services import deliver_all
from mingtang.messages.models import Message
from mingtang.villages.models import Disclosure, Line, Member, Objection, ReleaseLimit
from mingtang.villages.queries import desk
from mingtang.villages.services import tracking_code
from mingtang.villages.views import objections
from tests.papers import png
from tests.villages.hamlet import FIRST, TOWN, Hamlet, income
from tests.world import morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _on_a_day():
    with time_machine.travel(morning(2013, 9, 10), tick=False):
        yield


def of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(client: Client, route: str, *args, **data):
    return client.post(reverse(route, args=args), {"command_id": new_command_id(), **data})


def table(*rows: tuple) -> SimpleUploadedFile:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("八月.xlsx", kept.getvalue())


def test_everybody_finds_the_way_from_the_township_to_the_account(hamlet: Hamlet):
    one = hamlet.account_out()
    client = Client()
    for route, args, found in (
        ("villages:index", (), "凤林镇"),
        ("villages:place", (TOWN,), "凤里村"),
        ("villages:place", (FIRST,), "凤里村2013年8月财务收支"),
        ("villages:section", (FIRST, "finance"), "凤里村2013年8月财务收支"),
        ("villages:section", (FIRST, "feedback"), "还没有答复过的异议"),
        ("villages:section", (FIRST, "notice"), "还没有公开的内容"),
        ("villages:archive", (FIRST,), "2013"),
        ("villages:entry", (one.id,), "公共厕所电费"),
    ):
        answer = client.get(reverse(route, args=args))
        assert answer.status_code == 200, route
        assert found in answer.content.decode(), (route, answer.content.decode())
    for route, args in (
        ("villages:place", ("330881999000",)),
        ("villages:place", ("330881999001",)),
        ("villages:section", (FIRST, "nothing")),
        ("villages:entry", (1,)),
    ):
        assert client.get(reverse(route, args=args)).status_code == 404


def test_a_draft_is_nobodys_but_the_villages_own(hamlet: Hamlet):
    hamlet.monthly()
    one = hamlet.owed()
    hamlet.write(one, income(900_00, "还没有审查的收入"))
    url = reverse("village_office:work", args=[one.id])
    assert "还没有审查的收入" in of(hamlet.writer).get(url).content.decode()
    for person in (hamlet.overseer, hamlet.officer, hamlet.inspector):
        assert of(person).get(url).status_code == 200
    for person in (hamlet.neighbour, hamlet.clerk, hamlet.citizen):
        assert of(person).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    assert Client().get(reverse("villages:entry", args=[one.id])).status_code == 404
    sent = post(of(hamlet.overseer), "village_office:work", one.id, title="改", body="改")
    assert sent.status_code == 403


@pytest.mark.slow
def test_the_clerk_books_hands_in_and_what_is_refused_keeps_its_words(hamlet: Hamlet):
    hamlet.monthly()
    one, client = hamlet.owed(), of(hamlet.writer)
    sums = {"opening_cents": "1000", "closing_cents": "1,400.00"}
    said = {"title": one.title, "body": "票据在村里。"}
    assert post(client, "village_office:work", one.id, **said, **sums).status_code == 302
    line = {"kind": "income", "text": "店面租金", "amount": "900", "day": "2013-08-05"}
    photo = SimpleUploadedFile("票.png", png(), "image/png")
    answer = post(client, "village_office:line", one.id, **line, receipt=photo)
    assert "?taken=" in answer["Location"]
    wrong = {"kind": "spending", "text": "厕所电费", "amount": "五百", "day": "2013-08-09"}
    answer = post(client, "village_office:line", one.id, **wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不是金额" in page
    assert 'value="厕所电费"' in page
    answer = post(client, "village_office:act", one.id, "hand-in")
    assert answer.status_code == 422
    assert "账不平" in answer.content.decode()
    post(client, "village_office:line", one.id, **{**wrong, "amount": "500"})
    assert post(client, "village_office:act", one.id, "hand-in").status_code == 302
    one.refresh_from_db()
    assert (one.state, one.closing_cents) == ("committee", 1_400_00)
    receipt = Line.objects.get(text="店面租金").receipt_id
    url = reverse("village_office:receipt", args=[one.id, receipt])
    shown = of(hamlet.overseer).get(url)
    assert (shown.status_code, shown.getvalue()[1:4]) == (200, b"PNG")
    assert of(hamlet.neighbour).get(url).status_code == 404
    preview = of(hamlet.overseer).get(reverse("village_office:preview", args=[one.id]))
    assert "预览" in preview.content.decode()


def test_committee_and_township_see_it_through(hamlet: Hamlet):
    hamlet.monthly()
    one = hamlet.owed()
    hamlet.write(one, income(900_00))
    content_hash = hamlet.hand_in(one)[str(one.id)]
    assert one.title in of(hamlet.overseer).get(reverse("village_office:desk")).content.decode()
    said = {"content_hash": content_hash, "verdict": "return", "opinion": ""}
    committee = of(hamlet.overseer)
    assert post(committee, "village_office:act", one.id, "examine", **said).status_code == 422
    said["verdict"] = "agree"
    assert post(committee, "village_office:act", one.id, "approve", **said).status_code == 403
    assert post(committee, "village_office:act", one.id, "examine", **said).status_code == 302
    town = of(hamlet.officer)
    several = {"tab": "approve", "ids": [one.id], f"hash_{one.id}": content_hash}
    assert post(town, "village_office:together", **several).status_code == 302
    post(town, "village_office:together", tab="release", ids=[one.id])
    one.refresh_from_db()
    assert one.state == "released"
    assert post(town, "village_office:act", one.id, "archive").status_code == 422


def test_a_table_is_imported_whole_or_not_at_all(hamlet: Hamlet):
    hamlet.monthly()
    one, client = hamlet.owed(), of(hamlet.writer)
    heads = ("日期", "摘要", "收入", "支出", "凭证号", "联系电话")
    good = ("2013-08-05", "店面租金", 900.5, "", "收1", "13800000001")
    bad = ("2013-08-09", "厕所电费", "", "五百", "付1", "")
    sent = {"table": table(("凤里村八月",), heads, good, bad)}
    answer = post(client, "village_office:import", one.id, **sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 4 行：“五百”不是金额" in page
    assert not Line.objects.exists()
    answer = client.post(
        reverse("village_office:import", args=[one.id]),
        {"command_id": new_command_id(), "table": table(heads, good)},
        follow=True,
    )
    assert "这些列不公开，没有读入：联系电话" in answer.content.decode()
    line = Line.objects.get()
    assert (line.text, line.cents, line.voucher) == ("店面租金", 900_50, "收1")
    answer = post(client, "village_office:import", one.id, table=table(("随便", "写的")))
    assert answer.status_code == 422


def test_a_villager_objects_by_phone_and_is_answered(hamlet: Hamlet, monkeypatch):
    one, client = hamlet.account_out(), Client()
    assert "提出异议" in client.get(reverse("villages:entry", args=[one.id])).content.decode()
    assert client.get(reverse("villages:object", args=[one.id])).status_code == 200
    empty = post(client, "villages:object", one.id)
    assert empty.status_code == 422
    said = {"text": "厕所电费太多", "name": "周大明", "phone": "13800000009"}
    with monkeypatch.context() as crowd:
        crowd.setattr(objections, "WRITING_PER_SOURCE", replace(WRITING_PER_SOURCE, most=0))
        late = post(client, "villages:object", one.id, **said)
        assert (late.status_code, "厕所电费太多" in late.content.decode()) == (429, True)
    answer = post(client, "villages:object", one.id, **said)
    page = client.get(answer["Location"]).content.decode()
    found = Objection.objects.get()
    assert found.number in page
    assert "查询码" in page
    assert Client().get(answer["Location"]).status_code == 404
    deliver_all(morning(2013, 9, 10))
    assert Message.objects.filter(person=hamlet.writer, event="village.objected").exists()
    office = of(hamlet.writer)
    inside = office.get(reverse("village_office:objection", args=[found.id])).content.decode()
    assert "周大明" in inside
    closed = reverse("village_office:objection", args=[found.id])
    assert of(hamlet.neighbour).get(closed).status_code == 404
    reply = {"public_text": "厕所电费偏高", "answer": "已核对，退回多付的。"}
    assert post(office, "village_office:objection", found.id, **reply).status_code == 302
    public = Client().get(reverse("villages:entry", args=[one.id])).content.decode()
    assert "厕所电费偏高" in public
    assert "周大明" not in public
    deliver_all(morning(2013, 9, 10))
    assert Message.objects.filter(event="village.replied", way="sms").count() == 1
    looked = Client()
    pair = {"number": found.number, "code": tracking_code(found)}
    shown = looked.post(reverse("villages:lookup"), pair, follow=True).content.decode()
    assert "已核对，退回多付的。" in shown
    assert looked.post(reverse("villages:lookup"), {**pair, "code": "x"}).status_code in {404, 422}
    paper = {"name": "郑大有", "phone": "", "text": "租金少了"}
    assert post(office, "village_office:paper", one.id, **paper).status_code == 302
    assert Objection.objects.filter(is_on_paper=True, raised_by=hamlet.writer).count() == 1


def test_the_overview_says_who_is_missing_and_how_late(hamlet: Hamlet):
    hamlet.monthly()
    hamlet.owed()
    for person in (hamlet.inspector, hamlet.manager, hamlet.officer):
        page = of(person).get(reverse("village_office:overview")).content.decode()
        assert "2013年7月财务收支" in page
        assert "晚 21 天" in page
    today = of(hamlet.writer).get(reverse("site:today")).content.decode()
    assert "超过公开期限的三务公开" in today


def test_the_overview_asks_as_often_whatever_there_is(
    hamlet: Hamlet, django_assert_max_num_queries
):
    scope = hamlet.scope(hamlet.inspector)
    hamlet.monthly()
    hamlet.owed()
    span = {"since": date(2013, 1, 1), "until": date(2013, 12, 31)}
    with django_assert_max_num_queries(7):
        few = desk.overview(scope, date(2013, 9, 10), **span)
    hamlet.owed(morning(2013, 12, 2))
    with django_assert_max_num_queries(7):
        many = desk.overview(scope, date(2013, 12, 3), **span)
    assert sum(len(one.cells) for one in few) < sum(len(one.cells) for one in many)


def test_lists_of_the_desk_follow_on(hamlet: Hamlet):
    scope = hamlet.scope(hamlet.writer)
    hamlet.monthly()
    hamlet.owed(morning(2013, 12, 2))
    whole = [one.id for one in desk.waiting(scope, "write").rows]
    first = desk.waiting(scope, "write", size=3)
    rest = desk.waiting(scope, "write", first.next)
    assert [one.id for one in first.rows + rest.rows] == whole
    assert len(whole) == desk.tabs_of(scope)["write"] == 7


def test_the_city_sets_and_the_township_declares(hamlet: Hamlet):
    city = of(hamlet.manager)
    assert city.get(reverse("village_office:settings")).status_code == 200
    assert of(hamlet.officer).get(reverse("village_office:settings")).status_code == 404
    notice = {
        "kind": "policy",
        "title": "医保缴费",
        "body": "到村里缴。",
        "valid_from": "2013-09-01",
    }
    assert post(city, "village_office:settings_act", "notice", **notice).status_code == 302
    for code in (FIRST, "330881118202"):
        page = Client().get(reverse("villages:place", args=[code])).content.decode()
        assert "医保缴费" in page
    section = {"name": "路灯", "code": "lamps", "area": "service", "layout": "text"}
    wrong = post(city, "village_office:settings_act", "section", **section)
    assert wrong.status_code == 422
    section["valid_from"] = "2013-09-01"
    assert post(city, "village_office:settings_act", "section", **section).status_code == 302
    limit = {
        "valid_from": "2013-10-01",
        "finance_months": "3",
        "due_day": "15",
        "major_cents": "30000",
        "major_days": "3",
        "objection_days": "7",
        "reply_days": "7",
    }
    assert post(city, "village_office:settings_act", "limit", **limit).status_code == 302
    assert post(city, "village_office:settings_act", "limit", **limit).status_code == 422
    town = of(hamlet.officer)
    kin = {"person_id": hamlet.overseer.id, "relative_name": "村主任", "relation": "兄弟"}
    assert post(town, "village_office:kinship", FIRST, **kin).status_code == 302
    page = town.get(reverse("village_office:people", args=[FIRST])).content.decode()
    assert "不审查本村的公开" in page
    kinship = hamlet.village.kinships.get()
    post(town, "village_office:end_kinship", FIRST, kinship.id)
    kinship.refresh_from_db()
    assert kinship.ended_at


def test_the_township_seats_and_ends_members_of_its_villages(hamlet: Hamlet):
    third = hamlet.people.post("third", Role.VILLAGE_SUPERVISOR, hamlet.town)
    town, page = of(hamlet.officer), reverse("village_office:people", args=[FIRST])
    assert "third先生 · 村务监督委员会成员" in town.get(page).content.decode()
    assert "third先生" not in of(hamlet.inspector).get(page).content.decode()
    seat = {"seat": f"supervisor/{third.id}", "valid_from": "2013-09-01"}
    assert post(of(hamlet.inspector), "village_office:seat", FIRST, **seat).status_code == 404
    assert post(of(hamlet.writer), "village_office:seat", FIRST, **seat).status_code == 404
    assert post(town, "village_office:seat", FIRST, **seat).status_code == 302
    again = post(town, "village_office:seat", FIRST, **seat)  # no longer on the list
    assert again.status_code == 422
    member = Member.objects.get(person=third)
    end = ("village_office:unseat", FIRST, member.id)
    assert post(town, *end, valid_to="2013-08-31").status_code == 422
    assert post(of(hamlet.writer), *end, valid_to="2013-09-30").status_code == 404
    assert post(town, *end, valid_to="2013-09-30").status_code == 302
    member.refresh_from_db()
    assert member.valid_to == date(2013, 9, 30)
    assert post(town, *end, valid_to="2013-09-30").status_code == 422  # ended before
    elsewhere = Member.objects.get(person=hamlet.neighbour)
    wrong = ("village_office:unseat", FIRST, elsewhere.id)
    assert post(town, *wrong, valid_to="2013-09-30").status_code == 404


def test_what_asks_less_of_a_village_waits_for_a_second_person(hamlet: Hamlet):
    colleague = hamlet.people.post("colleague2", Role.VILLAGE_OFFICE, hamlet.town)
    town, other, page = of(hamlet.officer), of(colleague), ("village_office:own_limits", FIRST)
    own = {
        "valid_from": "2013-09-18",
        "finance_months": "1",
        "due_day": "20",
        "major_cents": "50000",
        "major_days": "5",
        "objection_days": "10",
        "reply_days": "10",
    }
    later = own | {"valid_from": "2013-10-01", "due_day": "25", "objection_days": "5"}

    def due_day() -> int:
        return desk.limit_on(hamlet.village.id, date(2013, 10, 2)).due_day

    assert post(of(hamlet.writer), *page, **own).status_code == 404
    assert post(of(hamlet.inspector), *page, **own).status_code == 403
    assert of(hamlet.inspector).get(reverse(page[0], args=[FIRST])).status_code == 200
    assert post(town, *page, **own).status_code == 302  # asks more: holds
    assert post(town, *page, **later).status_code == 302
    loosened = ReleaseLimit.objects.get(is_looser=True)
    assert due_day() == 20
    assert desk.limits_to_agree(hamlet.scope(colleague)) == [FIRST]
    assert desk.limits_to_agree(hamlet.scope(hamlet.officer)) == []
    for client, told in ((town, "收回"), (other, "不同意，退回")):
        assert told in client.get(reverse(page[0], args=[FIRST])).content.decode()
    agree = ("village_office:limit_act", FIRST, loosened.id, "agree")
    assert post(town, *agree).status_code == 302
    assert due_day() == 20  # not by oneself
    assert "不能是设定的人自己" in town.get(reverse(page[0], args=[FIRST])).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseLimit.objects.filter(id=loosened.id).update(
            confirmed_at=loosened.set_at, confirmed_by=loosened.set_by
        )
    assert post(other, *agree).status_code == 302
    assert due_day() == 25
    facts = ledger.history(f"villages:{FIRST}")[-2].facts
    assert facts["looser"] == ["公开日", "异议期"]
    post(town, *page, **later | {"valid_from": "2013-11-01", "due_day": "28"})
    waiting = ReleaseLimit.objects.get(confirmed_at=None, is_looser=True)
    post(other, "village_office:limit_act", FIRST, waiting.id, "decline")
    assert not ReleaseLimit.objects.filter(id=waiting.id).exists()
    assert post(other, *agree).status_code == 302  # nothing waits: a sentence, no error
    assert desk.limits_to_agree(hamlet.scope(colleague)) == []


def test_something_new_is_begun_for_ones_own_village_alone(hamlet: Hamlet):
    client = of(hamlet.writer)
    assert client.get(reverse("village_office:new", args=[FIRST])).status_code == 200
    assert client.get(reverse("village_office:new", args=["330881118202"])).status_code == 404
    said = {"section_code": "works", "title": "村道合同", "happened_date": "2013-09-09"}
    answer = post(client, "village_office:new", FIRST, **said)
    assert answer.status_code == 302
    assert Disclosure.objects.get().occasion == "major"
    later = post(client, "village_office:new", FIRST, **said | {"happened_date": "2013-09-30"})
    assert later.status_code == 422
