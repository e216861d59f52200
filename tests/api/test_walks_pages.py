"""Walks through the API alone, of the desks whose operations go through their pages: an item and a
route written and published, a clean-up, an assessment, the annual report, a bad rating set right,
somebody's own data, a trouble, what is made of a letter, a release, a line of the catalogue."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.accounts import proof
from mingtang.accounts.rules import Role
from mingtang.assessment.models import PeriodSheet
from mingtang.base.clock import now
from mingtang.channels import services as channels
from mingtang.interaction.models import BadRating
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all
from tests.api.caller import Caller
from tests.assessment.conftest import MONTH, OPENED
from tests.assessment.conftest import Office as Judging
from tests.assessment.schemes import deduct, manual, scheme
from tests.catalogue.campaigning import Cleaning
from tests.catalogue.test_editor import furnished
from tests.letters.office import Office as Letters
from tests.letters.office import moment
from tests.requests.office import Office as Requests
from tests.world import NUMBERS, morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.slow]


def saved(who: Caller, path: str, **changes):
    """The draft as it is written, with changes, sent back."""
    content = who.get(path)["content"]
    said = {name: value for name, value in content.items() if value not in (None, "")}
    return who.post(path, **{**said, **changes})


def test_an_item_is_written_and_published_by_another(world):
    furnished(world)
    author, reviewer = Caller(world.author), Caller(world.reviewer)
    one = f"/desk/items/{world.code}"
    Caller(world.colleague).get(one, 404)
    assert [row["code"] for row in author.get("/desk/items")["rows"]] == [world.code]
    author.post(f"{one}/acts/open")
    before = author.get(f"{one}/draft")["content"]
    saved(author, f"{one}/draft")
    assert author.get(one)["lines"] == []  # sent back as it is, it changes nothing
    saved(author, f"{one}/draft", conditions="有合法的取水事由和水源。")
    assert [line["field"] for line in author.get(one)["lines"]] == ["conditions"]
    stale = {"name": "取水许可", "revision": before["revision"]}
    assert author.post(f"{one}/draft", 422, **stale)["errors"]
    assert author.get(one)["lines"], "nothing was lost by what was refused"
    author.post(f"{one}/acts/submit")
    assert author.post(f"{one}/acts/publish", 403)["detail"]  # by another
    reviewer.post(f"{one}/acts/return", reason="写上依据。")
    more = [*author.get(f"{one}/draft")["content"]["materials"], {"name": "取水口照片"}]
    saved(author, f"{one}/draft", materials=more)
    author.post(f"{one}/acts/submit")
    assert "publish" in [act["verb"] for act in reviewer.get(one)["acts"]]
    reviewer.post(f"{one}/acts/publish")
    names = [row["name"] for row in Caller().get(f"/items/{world.code}")["materials"]]
    assert names == ["申请表", "取水口照片"]


def test_an_item_is_begun_suspended_and_retired(world):
    furnished(world)
    author, reviewer = Caller(world.author), Caller(world.reviewer)
    new = {"department": str(world.water.id), "name": "凿井许可", "kind": "permit"}
    made = author.post("/desk/items", **new)["result"]
    assert author.get(f"/desk/items/{made['code']}")["edition_number"] == 0
    form = '{"type": "object", "properties": {}}'
    stands = author.get(f"/desk/items/{made['code']}/draft")["content"]
    bound = {name: stands[name] for name in ("revision", "base_number")}
    refused = author.post(f"/desk/items/{made['code']}/questions", 422, source=form, **bound)
    assert refused["detail"]
    author.post(f"/desk/items/{made['code']}/acts/discard", 422)
    author.post(f"/desk/items/{made['code']}/acts/discard", confirmed=True)
    one = f"/desk/items/{world.code}"
    for verb in ("suspend", "resume", "retire"):
        reviewer.post(f"{one}/acts/{verb}", reason="机构调整")
    assert Caller().get(f"/items/{world.code}")["status"] == "abolished"


def test_a_route_is_written_in_rows_and_published_by_another(world):
    furnished(world)
    author, reviewer = Caller(world.author), Caller(world.reviewer)
    author.post("/desk/routes", code="plant", name="厂房项目")
    one = "/desk/routes/plant"
    stages = [{"name": "审批", "lead": "slj"}]
    nodes = [{"name": "取水", "stage": "审批", "organisation": "slj", "days": "5"}]
    saved(author, f"{one}/draft", stages=stages, nodes=nodes)
    kept = author.get(f"{one}/draft")["content"]
    assert [row["name"] for row in kept["nodes"]] == ["取水"]
    author.post(f"{one}/acts/submit")
    author.post(f"{one}/acts/publish", 403)
    reviewer.post(f"{one}/acts/publish")
    assert [row["code"] for row in Caller().get("/joint/routes")["rows"]] == ["plant"]
    assert Caller(world.author).get("/desk/routes")["rows"][0]["draft_state"] == ""


def test_a_list_of_powers_is_made_and_frozen_by_another(world):
    furnished(world)
    author, second = Caller(world.author), Caller(world.reviewer)
    author.post("/desk/lists", kind="powers", as_of_date="2013-09-17")
    (made,) = [row for row in author.get("/desk/lists")["rows"] if row["row_count"]]
    assert author.post("/desk/lists/freeze", 409, lists=[made["id"]])["detail"]
    second.post("/desk/lists/freeze", lists=[made["id"]])
    assert all(
        row["is_frozen"] for row in second.get("/desk/lists")["rows"] if row["id"] == made["id"]
    )


def test_a_clean_up_from_the_notice_to_the_results(world):
    cleaning = Cleaning(world)
    cleaning.item("330881-016-001", "取水口登记")
    author, second, contact, planner = (
        Caller(one)
        for one in (cleaning.author, cleaning.second, cleaning.contact, cleaning.planner)
    )
    words = {
        "title": "非行政许可审批事项清理",
        "scope_kind": "non_permit_approval",
        "report_due_date": "2013-09-30",
        "units": [str(world.water.id), str(world.planning.id)],
    }
    contact.post("/desk/campaigns", 404, **words)
    made = author.post("/desk/campaigns", **words)["result"]["campaign_id"]
    one = f"/desk/campaigns/{made}"
    assert [row["id"] for row in contact.get("/desk/campaigns")["rows"]] == [made]
    wrong = contact.post(f"{one}/report", 422, lines="|取消|没有名称")
    assert wrong["errors"]
    contact.post(f"{one}/report", lines="取水口登记|取消|没有依据\n水井登记|保留|")
    planner.post(f"{one}/nothing")
    back = f"{one}/units/{world.water.id}/return"
    author.post(back, reason="依据写全。")
    states = {row["name"]: row["state"] for row in contact.get(one)["coverage"]}
    assert set(states.values()) == {"returned", "reported"}
    paper = "部门,事项名称,清理建议\n江山市水利局,取水口登记,取消\n江山市水利局,水井登记,保留\n"
    table = SimpleUploadedFile("上报.csv", paper.encode(), content_type="text/csv")
    contact.send(f"{one}/take", {"file": [table]}, 404)
    author.send(f"{one}/take", {"file": [SimpleUploadedFile("上报.csv", paper.encode())]})
    author.post(f"{one}/accept", units=[str(world.water.id), str(world.planning.id)])
    author.post(f"{one}/acts/close")
    rows = author.get(f"{one}/entries")["rows"]
    numbers = [str(row["number"]) for row in rows]
    said = {"basis": "国发〔2012〕52号第一条", "effective_date": "2013-09-17"}
    assert author.post(f"{one}/decide", 422, decision="retain", numbers=[], **said)["errors"]
    author.post(f"{one}/decide", decision="retain", numbers=numbers, **said)
    assert author.post(f"{one}/acts/freeze", 409)["detail"]  # by another
    second.post(f"{one}/acts/freeze")
    author.post(f"{one}/acts/announce")
    visitor = Caller()
    assert [row["id"] for row in visitor.get("/cleanups")["rows"]] == [made]
    assert {row["decision"] for row in visitor.get(f"/cleanups/{made}")["rows"]} == {"retain"}
    contact.post(f"{one}/acts/carry", 404)
    author.post(f"{one}/acts/carry")


def test_an_assessment_from_the_scheme_to_the_lock(world):
    office = Judging(world)
    office.card(1, "red", date(2013, 9, 11))
    written = scheme(deduct("yellow_cards", "1"), deduct("red_cards", "1.5"), manual(), code="s2")
    office.use(written)
    with time_machine.travel(OPENED, tick=False):
        manager, reform, lead = (Caller(one) for one in (world.manager, office.reform, office.lead))
        lead.post("/desk/assessment", 404, code="s2", period=MONTH)
        manager.post("/desk/assessment", code="s2", period=MONTH)
        (line,) = manager.get("/desk/assessment")["rows"]
        one = f"/desk/assessment/rounds/{line['code']}/{line['period']}"
        sheet_id = PeriodSheet.objects.get(target_id=world.water.id).id
        assert str(sheet_id) in [row["id"] for row in manager.get(one)["sheets"]]
        sheet = f"/desk/assessment/sheets/{sheet_id}"
        lead.get(sheet, 404)
        points = {
            "key": manual().key,
            "points": "2",
            "reason": "表扬信",
            "evidence": "江信〔2013〕1号",
        }
        manager.post(f"{sheet}/entries", whole=points)
        (entry,) = manager.get(sheet)["entries"]
        confirm = f"{sheet}/entries/{entry['id']}/confirm"
        assert manager.post(confirm, 409)["detail"]  # by another
        reform.post(confirm)
        manager.post(f"{one}/acts/refresh")
        manager.post(f"{one}/acts/publish")
        assert lead.get(sheet)["may_object"]
        lead.post(f"{sheet}/objections", text="红牌已经撤销。")
        (objection,) = manager.get(sheet)["objections"]
        answer = f"{sheet}/objections/{objection['id']}/answer"
        manager.post(answer, is_upheld="no", answer="没有撤销。")
        assert manager.post(f"{one}/acts/lock", 409)["detail"]  # objections still may come
    with time_machine.travel(morning(2013, 10, 30), tick=False):
        Caller(world.manager).post(f"{one}/acts/lock")


def test_a_scheme_is_read_changed_and_switched(world):
    office = Judging(world)
    manager = Caller(world.manager)
    manager.post("/desk/schemes/examples")
    row = manager.get("/desk/schemes")["rows"][0]
    one = f"/desk/schemes/{row['code']}/{row['version']}"
    made = saved(manager, one, name="改了名的办法")["result"]
    assert int(made["version"]) == row["version"] + 1
    manager.post(f"/desk/schemes/{row['code']}/{made['version']}/acts/on")
    assert manager.get(f"/desk/schemes/{row['code']}/{made['version']}")["is_on"]
    for verb in ("on", "off"):  # a name that no page takes
        manager.post(f"/desk/schemes/1.5/1/acts/{verb}", 404)
    Caller(office.lead).get("/desk/schemes", 404)
    inspector, seen = Caller(office.inspector), "/desk/observations"
    inspector.post(seen, kind="lateness", on="2013-09-16", who=world.clerk.username, place="一楼")
    (row,) = manager.get(seen)["rows"]
    inspector.post(f"{seen}/{row['id']}/confirm", 409)  # by another
    manager.post(f"{seen}/{row['id']}/confirm")
    assert manager.get(seen, state="confirmed")["rows"][0]["id"] == row["id"]


def test_the_annual_report_is_written_frozen_and_reopened(db):
    office = Requests()
    worker, head = Caller(office.worker), Caller(office.head)
    begun = {"organisation": str(office.water.id), "year": "2012", "style": "2021"}
    made = worker.post("/desk/reports", **begun)["result"]["edition_id"]
    one = f"/desk/reports/{made}"
    assert [row["id"] for row in worker.get("/desk/reports")["rows"]] == [made]
    worker.post(f"{one}/acts/write", whole={"key": "general", "text": "全年主动公开。"})
    worker.post(f"{one}/acts/note", text="更新不及时", measure="每月检查")
    (problem,) = worker.get(one)["problems"]
    worker.post(f"{one}/acts/settle", problem=problem["id"], outcome="已改")
    worker.post(f"{one}/acts/freeze", 409)
    assert worker.get(one)["report"]["texts"]["general"] == "全年主动公开。"
    head.post(f"{one}/acts/freeze")
    assert head.get(one)["state"] == "frozen"
    head.post(f"{one}/acts/reopen", 422)
    head.post(f"{one}/acts/reopen", reason="有一个数字错了。")
    Caller(office.stranger).get(one, 404)


def test_a_bad_rating_is_set_right_and_rated_again(world, at):
    lead = world.people.post("lead", Role.CHIEF_REPRESENTATIVE, world.water)
    case = world.file(world.item(statutory=20, promised=5), at, world.citizen)
    world.bring(case, "delivered", at)
    rater = Caller(world.citizen)
    mine = f"/progress/{case.number}/rating"
    rater.post(mine, level="satisfied")
    rater.post(f"{mine}/correct", level="dissatisfied", text="等了太久")
    assert [one["is_correction"] for one in rater.get(mine)["ratings"]] == [False, True]
    deliver_all(at)
    desk = f"/desk/bad-ratings/{BadRating.objects.get().id}"
    centre, unit = Caller(world.manager), Caller(lead)
    assert centre.get("/desk/bad-ratings")["rows"][0]["id"] == desk.rpartition("/")[2]
    Caller(world.clerk).get(desk, 404)
    centre.post(f"{desk}/acts/contact", note="已电话回访。")
    verbs = {one["verb"] for one in unit.get(desk)["acts"]}
    assert "confirm" in verbs
    unit.post(f"{desk}/acts/confirm", note="属实。", kind="simple")
    unit.post(f"{desk}/acts/answer", note="以后加开窗口。")
    seen = rater.get(mine)
    assert (seen["answer"], seen["may_rate_again"]) == ("以后加开窗口。", True)
    rater.post(f"{mine}/again", level="satisfied")
    rater.post(f"{mine}/again", 409, level="satisfied")
    words = centre.get("/desk/ratings/words", since="2013-09-01", until="2013-09-30")["words"]
    centre.post(f"/desk/ratings/{words[0]['id']}/publish")
    assert centre.get("/desk/ratings/words")["words"][0]["is_published"]


def test_ones_own_data_is_copied_held_and_erased(world):
    mine = Caller(world.citizen)
    assert {part["label"] for part in mine.get("/own-data")["parts"]} >= {"账户"}
    said = {"command_id": "zzz"}  # what the page would not take, and the key of the request is
    assert "parts" not in str(mine.post("/own-data/copy", 422, **said))
    copy = mine.post("/own-data/copy")["result"]["parts"]
    assert NUMBERS[0] in str(copy)
    clerk, manager = Caller(world.general), Caller(world.manager)
    Caller(world.handler).get("/desk/own-data", 404)
    asking = {"found_by": "citizen", "kind": "copy"}
    clerk.post("/desk/own-data", **asking)
    (row,) = clerk.get("/desk/own-data")["rows"]
    one = f"/desk/own-data/{row['id']}"
    assert not clerk.get(one)["may_hand_out"]
    clerk.post(f"{one}/decide", 404, is_agreed="yes", answer="同意。")
    clerk.post(f"{one}/copy", 404)
    manager.post(f"{one}/decide", is_agreed="yes", answer="同意。")
    assert NUMBERS[0] in str(clerk.post(f"{one}/copy")["result"]["parts"])
    mine.post("/own-data/erase")
    manager.post("/desk/holds", found_by="citizen", reason="行政复议")
    asked = next(one for one in manager.get("/desk/own-data")["rows"] if one["id"] != row["id"])
    erase = f"/desk/own-data/{asked['id']}/decide"
    assert manager.post(erase, 409, is_agreed="yes", answer="同意。")["detail"]
    (hold,) = manager.get("/desk/own-data")["holds"]
    manager.post("/desk/holds/lift", hold_id=hold["id"])
    manager.post(erase, is_agreed="yes", answer="已经删除。")
    mine.get("/own-data", 401)


def test_who_comes_by_a_session_proves_who_it_is_first(world, settings):
    """A token is a key; a session that has not been shown lately is refused, and hands out
    nothing."""
    settings.MINGTANG_PROOF_MINUTES = 15
    caller = Caller()
    caller.client.force_login(world.citizen)
    session = caller.client.session
    session[proof.PROVED] = 0
    session.save()
    assert "本人" in caller.post("/own-data/copy", 403)["title"]


@pytest.mark.parametrize(("proved_at", "status"), [(0, 403), (None, 404)])
def test_nor_does_a_session_publish(world, settings, proved_at, status):
    """With the control: who has just shown who they are comes to where nothing is found."""
    settings.MINGTANG_PROOF_MINUTES = 15
    caller = Caller()
    caller.client.force_login(world.people.post("head", Role.DISCLOSURE_HEAD, world.water))
    session = caller.client.session
    session[proof.PROVED] = now().timestamp() if proved_at is None else proved_at
    session.save()
    caller.post("/desk/publications/1/acts/publish", status, content_hash="0" * 64)


def test_a_session_is_not_taken_for_a_system(world, client, settings):
    """Positive control: a header that looks like a token opens no page for a session."""
    settings.MINGTANG_PROOF_MINUTES = 15
    client.force_login(world.citizen)
    session = client.session
    session[proof.PROVED] = 0
    session.save()
    sent = {"command_id": new_command_id()}
    answer = client.post("/account/data/copy/", sent, headers={"Authorization": "Bearer x"})
    assert answer.status_code == 403


def test_a_trouble_is_reported_taken_and_settled(world):
    clerk = Caller(world.clerk)
    keeper = Caller(world.people.post("admin", Role.SYSTEM_ADMIN, world.centre))
    key = new_command_id()
    said = {"page": "/desk/", "text": "清单打不开"}
    first = clerk.post("/desk/troubles", key=key, **said)
    assert clerk.post("/desk/troubles", key=key, **said) == first
    (row,) = clerk.get("/desk/troubles")["rows"]
    one = f"/desk/troubles/{row['id']}"
    Caller(world.colleague).get(one, 404)
    clerk.post(f"{one}/acts/take", 404)
    keeper.post(f"{one}/acts/take")
    wrong = keeper.post(f"{one}/acts/settle", 422)
    assert [fault["field"] for fault in wrong["errors"]] == ["answer"]
    keeper.post(f"{one}/acts/settle", answer="已改。", fixed_in="1.2")
    seen = clerk.get(one)
    assert (seen["answer"], seen["fixed_in"]) == ("已改。", "1.2")


def test_a_letter_becomes_a_copy_and_an_answer_for_all(db):
    office = Letters()
    letter = office.answered()
    with time_machine.travel(moment(office.start, 12), tick=False):
        worker, second = Caller(office.worker), Caller(office.second)
        one = f"/desk/letters/{letter.id}"
        copy = f"{one}/copy"
        Caller(office.handler).get(copy, 404)
        content = worker.get(copy)["content"]
        worker.post(copy, **content)
        assert worker.get(copy)["is_own"]
        assert worker.post(f"{copy}/acts/confirm", 409)["detail"]  # by another
        second.post(f"{copy}/acts/confirm")
        assert worker.get(copy)["state"] == "public"
        second.post(f"{copy}/acts/take-down")
        worker.post(f"{one}/promote", question="水费多收了怎么办？", text="下月退还。")
        worker.post(f"{copy}/acts/retire")


def test_a_release_is_entered_proved_and_taken_back(world, at):
    channels.load_shipped(actor=SYSTEM, at=at, command_id=new_command_id())
    contact = Caller(world.people.post("contact", Role.SECTION_CONTACT, world.water))
    said = {
        "organisation": str(world.water.id),
        "channel": "board",
        "title": "取水办事指南",
        "released_date": "2013-09-16",
        "quantity": "1",
        "item_count": "1",
    }
    made = contact.post("/desk/releases", **said)["result"]["release_id"]
    one = f"/desk/releases/{made}"
    assert [row["id"] for row in contact.get("/desk/releases")["rows"]] == [made]
    contact.post(f"{one}/prove", text="照片在档案柜。")
    contact.post(f"{one}/withdraw", reason="张贴错了。")
    assert contact.get(one)["withdrawn_reason"] == "张贴错了。"
    Caller(world.stranger).get(one, 404)
