"""Walks through the API alone: a publication, a letter, an information request."""

import pytest

from mingtang.accounts.rules import Role
from mingtang.channels import services as channels
from mingtang.ledger.rules import SYSTEM
from tests.api.caller import Caller
from tests.world import NUMBERS, new_command_id

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
    key = contact.post("/desk/publications", **said)["id"]
    desk, bound = f"/desk/publications/{key}", {}
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
