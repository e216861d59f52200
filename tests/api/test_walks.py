"""Walks through the API alone: a publication, a letter, an information request, a joint matter, a
village's account, a number in the hall, a consultation, a card."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.accounts.rules import Role
from mingtang.channels import services as channels
from mingtang.consultations.models import Activity
from mingtang.files.queries import uploads_of
from mingtang.ledger.rules import SYSTEM
from mingtang.supervision.queries import for_subject as cards_about
from mingtang.villages.models import Objection
from tests.api.caller import Caller
from tests.consultations.conftest import SURVEY, TITLE
from tests.consultations.conftest import Desk as Post
from tests.disclosure.conftest import Office as Chain
from tests.joint.office import Office, route
from tests.papers import png
from tests.queues.hall import Hall
from tests.supervision.hall import Hall as Watch
from tests.supervision.making import moment
from tests.villages.hamlet import Hamlet
from tests.world import NUMBERS, new_command_id, plain

pytestmark = [pytest.mark.django_db]


def test_a_publication_from_the_draft_to_the_public(world, at):
    post = world.people.post
    contact = Caller(post("contact", Role.SECTION_CONTACT, world.water))
    head = Caller(post("head", Role.DISCLOSURE_HEAD, world.water))
    channels.load_shipped(actor=SYSTEM, at=at, command_id=new_command_id())
    said = {
        "title": "关于开展农村饮用水工程检查的通知",
        "body": "请于本月底前完成检查。",
        "column": "work",
        "formed_date": "2013-09-10",
        "category": "20-13",
        "genre": "notice",
        "attribute": "active",
        "target_group": "全社会",
        "validity": "valid",
    }
    key = contact.post("/desk/publications", **{**said, "title": "通知"})["id"]
    desk, bound = f"/desk/publications/{key}", {}
    first = contact.get(desk)["content_hash"]
    contact.post(f"{desk}/revise", **said, content_hash=first, note="标题写全")
    bound["content_hash"] = contact.get(desk)["content_hash"]
    contact.post(f"{desk}/acts/submit", **bound)
    contact.post(f"{desk}/acts/review", 404, **bound)
    for who, status in ((contact, 404), (head, 409)):  # nobody has reviewed it
        who.post(f"{desk}/acts/publish", status, **bound)
    assert [one["id"] for one in head.get("/desk/publications", basket="review")["rows"]] == [key]
    head.post(f"{desk}/acts/review", **bound)
    visitor = Caller()
    visitor.get(f"/publications/{key}", 404)
    assert "publish" in head.get(desk)["acts"]
    assert head.post(f"{desk}/acts/publish", **bound)["state"] == "published"
    seen = visitor.get(f"/publications/{key}")
    assert (seen["body"], seen["index_number"]) == (said["body"], "330881016/2013-00001")
    assert [one["id"] for one in visitor.get("/publications", column="work")["rows"]] == [key]


def test_a_letter_from_its_writer_to_the_answer_and_back(world):
    office = Caller(world.people.post("letters", Role.LETTER_OFFICE, world.centre))
    unit, colleague = Caller(world.handler), Caller(world.colleague)
    said = {
        "kind": "help",
        "title": "水费多收了",
        "text": "水费多收了三个月。",
        "writer_name": "祝阿根",
        "phone": "13857012345",
    }
    sent = Caller().post("/letters", **said)
    number, writer = sent["number"], Caller(code=sent["query_code"])
    assert sent["due_date"]

    (row,) = office.get("/desk/letters")["rows"]
    desk = f"/desk/letters/{row['id']}"
    colleague.get(desk, 404)
    office.post(f"{desk}/acts/accept", kind="help")
    office.post(f"{desk}/acts/dispatch", lead_id=str(world.water.id))
    unit.post(f"{desk}/acts/take")
    assert "answer" in [one["verb"] for one in unit.get(desk)["acts"]]
    unit.post(f"{desk}/acts/answer", text="多收的水费下月退还。")
    seen = writer.get(f"/letters/follow/{number}")
    assert (seen["state"], seen["answers"]) == ("answered", ["多收的水费下月退还。"])
    writer.post(f"/letters/follow/{number}/rate", rating="4", words="谢谢")
    Caller().get(f"/letters/follow/{number}", 404)
    month = Caller().get("/statistics/letters", month="2013-09")
    assert (month["by_kind"], month["city"]["answered"]) == ({"help": 1}, 1)


def test_an_information_request_is_filed_followed_and_received(world):
    worker = Caller(world.people.post("worker", Role.DISCLOSURE_OFFICE, world.water))
    said = {
        "organisation": str(world.water.id),
        "description": "峡口水库除险加固工程的验收报告",
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "identity_number": NUMBERS[0],
        "phone": "13800000001",
        "wanted_form": "electronic",
        "wanted_way": "online",
    }
    sent = Caller().post("/requests", **said)
    (row,) = worker.get("/desk/requests")["rows"]
    desk = f"/desk/requests/{row['id']}"
    worker.post(f"{desk}/acts/confirm_receipt", confirmed_date="2013-09-17")
    seen = Caller(code=sent["query_code"]).get(f"/requests/follow/{sent['number']}")
    assert (seen["number"], seen["due_date"]) == (sent["number"], "2013-10-14")
    Caller(world.colleague).get(desk, 404)
    assert Caller().get("/statistics/requests", year=2013)["received"] == 1


def test_published_projects_and_cards(world):
    assert Caller().get("/projects") == {"rows": [], "next": None}
    assert Caller(world.manager).get("/cards") == {"rows": [], "next": None}
    Caller().get("/cards", 401)
    assert Caller().get("/statistics/ratings") == {"rows": [], "next": None}


# ── what has a hall, a village, a watch ───────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_joint_matter_is_filed_taken_in_and_seen_by_who_filed_it(db, at):
    office = Office()
    office.publish(route())
    clerk, visitor = Caller(office.clerk), Caller()
    (offered,) = visitor.get("/joint/routes")["rows"]
    path = f"/joint/routes/{offered['code']}"
    asked = visitor.get(path, nodes="plan,water")
    said = {
        "title": "年产十万吨茶油加工项目",
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "identity_number": NUMBERS[0],
        "phone": "13800000001",
        "nodes": ["plan", "water"],
        "answers": {asked["sections"][0]["key"]: plain("新建厂房。")["matter"]},
        "materials": [{"id": one["id"], "way": "to_bring"} for one in asked["materials"]],
    }
    visitor.post(f"{path}/matters", 401, **said)
    wrong = clerk.post(f"{path}/matters", 422, **{**said, "answers": {}})
    assert wrong["errors"]
    made = clerk.post(f"{path}/matters", **said)
    owner = Caller(code=made["query_code"])
    assert [one["key"] for one in owner.get(f"/joint/{made['number']}")["parts"]] == [
        *("plan", "water")
    ]
    visitor.get(f"/joint/{made['number']}", 404)
    (row,) = clerk.get("/desk/joint")["rows"]
    desk = f"/desk/joint/{row['id']}"
    Caller(office.world.stranger).get(desk, 404)
    brought = [one["id"] for one in asked["materials"]]
    assert "accept" in [one["verb"] for one in clerk.get(desk)["acts"]]
    assert clerk.post(f"{desk}/acts/accept", brought=brought)["state"] == "accepted"
    office.settle(at)
    parts = clerk.get(desk)["parts"]
    assert all(one["case_number"] for one in parts)
    ended = clerk.post(f"{desk}/acts/withdraw_part", part="water", reason="先不取水。")
    assert ended["state"] == "accepted"
    assert (
        owner.post(f"/joint/{made['number']}/withdraw", reason="不办了。")["state"] == "withdrawn"
    )


@pytest.mark.slow
def test_a_village_writes_examines_releases_and_answers(db):
    hamlet = Hamlet()
    hamlet.monthly()
    writer, overseer, officer, neighbour = (
        Caller(one) for one in (hamlet.writer, hamlet.overseer, hamlet.officer, hamlet.neighbour)
    )
    key = str(hamlet.owed().id)
    desk, visitor = f"/desk/villages/{key}", Caller()
    assert key in [one["id"] for one in writer.get("/desk/villages")["rows"]]
    neighbour.get(desk, 404)
    rent = {"kind": "income", "text": "店面租金", "amount": "900", "day": "2013-08-05"}
    writer.post(f"{desk}/lines", **rent)
    (wrong,) = writer.get(desk)["lines"]
    neighbour.post(f"{desk}/lines/{wrong['id']}/drop", 404)
    writer.post(f"{desk}/lines/{wrong['id']}/drop")
    writer.post(f"{desk}/lines", **rent)
    writer.post(
        f"{desk}/acts/write",
        title="财务公开",
        body="票据在村委会。",
        opening_cents="100",
        closing_cents="1000",
    )
    neighbour.post(f"{desk}/acts/hand-in", 404)
    writer.post(f"{desk}/acts/hand-in")
    agreed = {"content_hash": writer.get(desk)["content_hash"], "verdict": "agree"}
    assert writer.post(f"{desk}/acts/examine", 403, **agreed)["detail"]
    overseer.post(f"{desk}/acts/examine", **agreed)
    officer.post(f"{desk}/acts/approve", **agreed)
    visitor.get(f"/villages/disclosures/{key}", 404)
    assert officer.post(f"{desk}/acts/release")["state"] == "released"
    (shown,) = visitor.get(f"/villages/{hamlet.village.code}/disclosures")["rows"]
    assert "店面租金" in str(shown["table"])
    raised = visitor.post(
        f"/villages/disclosures/{key}/objections", text="哪个店面？", name="毛大爷"
    )
    follow = f"/villages/objections/{raised['number']}"
    mine = Caller(code=raised["query_code"])
    assert mine.get(follow)["state"] == "open"
    (waiting,) = Objection.objects.all()
    officer.post(
        f"/desk/objections/{waiting.id}/reply",
        answer="村口第一间。",
        public_text="有村民问店面的位置。",
    )
    assert mine.get(follow)["answers"] == ["村口第一间。"]


@pytest.mark.slow
def test_a_number_is_taken_called_and_served(world, at):
    hall = Hall(world, at)
    visitor, clerk = Caller(), Caller(world.clerk)
    first = visitor.get("/queues")["rows"][0]
    taken = visitor.post(f"/queues/{first['id']}/tickets")
    assert (taken["state"], taken["ahead"]) == ("waiting", 0)
    assert clerk.get("/desk/window")["waiting"] == 1
    called = clerk.post("/desk/window/call")
    assert called["label"] == taken["label"]
    assert visitor.get(f"/tickets/{taken['code']}")["window"] == "1"
    Caller(world.stranger).post("/desk/window/call", 404)
    clerk.post("/desk/window/move", ticket_id=called["ticket_id"], verb="finish")
    assert visitor.get(f"/tickets/{taken['code']}")["state"] == "done"
    slot = visitor.get(f"/queues/{hall.a.id}/slots")["rows"][0]["at"]
    booked = visitor.post(f"/queues/{hall.a.id}/appointments", slot=slot, phone="13800000001")
    visitor.post("/appointments/cancel", 422, code="没有的")
    visitor.post("/appointments/check-in", 409, code=booked["code"])  # it is not yet time
    visitor.post("/appointments/cancel", code=booked["code"])
    visitor.post("/appointments/cancel", 422, code=booked["code"])


def test_a_booking_whose_answer_was_lost_is_the_same_when_it_comes_again(world, at, monkeypatch):
    hall, key = Hall(world, at), new_command_id()
    hall.a.capacity = 1
    hall.a.save(update_fields=["capacity"])
    visitor, path = Caller(), f"/queues/{hall.a.id}/appointments"
    slot = visitor.get(f"/queues/{hall.a.id}/slots")["rows"][0]["at"]
    said = {"slot": slot, "phone": "13800000001"}
    with monkeypatch.context() as patched:
        patched.setattr("mingtang.api.services.remember", lambda **_said: None)
        booked = visitor.post(path, key=key, **said)
    assert visitor.post(path, key=key, **said) == booked  # the half hour is full by now
    other = {"slot": slot, "phone": "13800000002"}
    assert "约满" in visitor.post(path, 409, **other)["detail"]
    assert visitor.post(path, 409, key=key, **other)


@pytest.mark.slow
def test_an_opinion_is_asked_for_said_and_answered(world, at):
    post = Post(Chain(world, at), at)
    activity = post.opened()
    worker, visitor = Caller(post.office.contact), Caller()
    (shown,) = visitor.get("/consultations")["rows"]
    assert shown["is_open"]
    path = f"/consultations/{activity.id}"
    assert "制定本办法" in visitor.get(path)["body"]
    visitor.post(f"{path}/opinions", 422, text="")
    said = visitor.post(f"{path}/opinions", text="第二条水费太贵了", may_publish=True)
    desk = f"/desk/consultations/{activity.id}"
    Caller(post.office.world.stranger).get(desk, 404)
    assert [str(one["number"]) for one in worker.get(desk)["comments"]] == [said["number"]]
    opinion = f"/desk/opinions/{activity.id}-{said['number']}"
    worker.post(f"{opinion}/acts/keep", public_text="第二条水费太贵了")
    worker.post(f"{opinion}/acts/answer", verdict="adopted", text="将降低水费。")
    survey = post.opened(SURVEY)
    asked = [one["id"] for one in visitor.get(f"/consultations/{survey.id}")["questions"]]
    codes = worker.post(f"/desk/consultations/{survey.id}/acts/tokens", count=2)["result"]["codes"]
    sheet = dict(zip(asked, ("0", ["1"], "水压低"), strict=True))
    visitor.post(f"/consultations/{survey.id}/sheets", **sheet, token=codes[0])


def test_a_draft_for_another_unit_than_that_of_the_address_is_refused(world, at):
    post = Post(Chain(world, at), at)
    unit, worker = str(post.office.organ.id), Caller(post.office.contact)
    words = {"title": TITLE, "text": "第一条 制定本办法。", "explanation": "很久没改。"}
    said = {"organisation": unit, "days": 30, **words}
    wrong = worker.post(f"/desk/consultations/new/{world.centre.id}/acts/opinions", 422, **said)
    assert [one["field"] for one in wrong["errors"]] == ["organisation"]
    assert Activity.objects.count() == 0
    made = worker.post(f"/desk/consultations/new/{unit}/acts/opinions", **said)
    assert made["state"] == "drafted"
    assert Activity.objects.get().organisation_id == int(unit)


@pytest.mark.slow
def test_a_card_is_explained_appealed_with_evidence_and_upheld(db):
    hall = Watch()
    hall.overdue()
    with time_machine.travel(moment(date(2013, 9, 18)), tick=False):
        red = next(one for one in cards_about(hall.case.stream) if one.colour == "red")
        office, inspector = Caller(hall.handler), Caller(hall.inspector)
        desk = f"/cards/{red.id}"
        assert str(red.id) in [one["id"] for one in inspector.get("/cards")["rows"]]
        Caller(hall.stranger).get(desk, 404)
        assert "explain" in [one["verb"] for one in office.get(desk)["acts"]]
        inspector.post(f"{desk}/acts/explain", 403, text="不是我的")
        office.post(f"{desk}/acts/explain", text="系统故障，已连夜处理。")
        proof = SimpleUploadedFile("通知.png", png())
        office.send(f"{desk}/acts/appeal", {"uploads": [proof]}, text="当天停电。")
        assert [one.original_name for one in uploads_of(red.stream)] == ["通知.png"]
        inspector.post(f"{desk}/acts/uphold", finding="停电不足半小时。")
        kinds = [one["title"] for one in inspector.get(desk)["history"]]
        assert len(kinds) >= 4
