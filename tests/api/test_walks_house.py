"""What an office sets and notes, through the API alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.accounts.models import Substitution
from mingtang.accounts.rules import Role
from mingtang.cases.models import Case
from mingtang.ledger.rules import SYSTEM
from mingtang.messages.queries import wording_for
from mingtang.outage import services as outage
from mingtang.outage.rules import code_of
from mingtang.regions.models import Centre
from tests.api.caller import Caller
from tests.papers import png
from tests.world import NUMBERS, new_command_id, plain

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.slow]


def test_a_substitution_is_arranged_and_ended(world):
    lead = Caller(world.clerk)
    second = world.people.post("second", Role.CLERK, world.water)
    said = {"absent_id": str(world.clerk.id), "substitute_id": str(second.id), "reason": "休假"}
    days = {"from_date": "2013-09-18", "to_date": "2013-09-20"}
    Caller(world.citizen).post("/desk/substitutions", 404, **said, **days)
    lead.post("/desk/substitutions", **said, **days)
    (row,) = lead.get("/desk/substitutions")["rows"]
    lead.post(f"/desk/substitutions/{row['id']}/end")
    assert lead.get("/desk/substitutions")["rows"] == []
    assert Substitution.objects.count() == 1


def test_a_wording_is_changed_and_given_back(world):
    manager = Caller(world.manager)
    one = "/desk/wordings/case.accepted/applicant"
    content = manager.get(one)["content"]
    Caller(world.clerk).get(one, 404)
    assert manager.post(one, 422, **{**content, "body": "{nothing}"})["errors"]
    manager.post(one, **{**content, "subject": "已经受理"})
    assert manager.get(one)["content"]["subject"] == "已经受理"
    manager.post(f"{one}/reset")
    assert wording_for("case.accepted", "applicant").changed_at is None


def test_a_word_on_the_boards_is_shown_and_ended(world):
    Centre.objects.create(
        name="江山市行政服务中心", region=world.region, level="county", organisation=world.centre
    )
    manager = Caller(world.manager)
    manager.post("/desk/inserts/urgent", text="请从东门离开。", minutes="30")
    (row,) = manager.get("/desk/inserts")["rows"]
    manager.post(f"/desk/inserts/{row['id']}/end")
    assert manager.get("/desk/inserts")["rows"] == []


def test_a_guide_lies_on_the_shelf_and_is_taken_down(world):
    code = world.item()
    manager = Caller(world.manager)
    manager.post(f"/desk/shelf/of/{code}", place="一楼服务台", copies="40", least="10")
    (row,) = manager.get("/desk/shelf")["rows"]
    one = f"/desk/shelf/{row['id']}/acts"
    assert manager.post(f"{one}/count", 422)["errors"][0]["field"] == "copies"
    for verb, count in (("count", "30"), ("print", "50"), ("least", "20")):
        manager.post(f"{one}/{verb}", copies=count)
    manager.post(f"{one}/remove")
    assert manager.get("/desk/shelf")["rows"] == []


def test_a_paper_receipt_is_entered_by_one_and_confirmed_by_another(world, at):
    outage.reserve_paper_receipts(count=1, actor=SYSTEM, at=at, command_id=new_command_id())
    lead = Caller(world.people.post("lead", Role.WINDOW_LEAD, world.water))
    clerk = Caller(world.clerk)
    who = {"applicant_name": "毛小明", "identity_number": NUMBERS[0], "phone": "13800000001"}
    who |= {"applicant_kind": "natural", "answers": plain("取水。")}
    number = clerk.post(f"/items/{world.item()}/intake", **who)["number"]
    said = {"paper_code": code_of(1), "paper_received_at": "2013-09-17T10:00"}
    scan = {"paper_scan": [SimpleUploadedFile("回执.png", png())]}
    clerk.send(f"/desk/cases/{number}/paper-receipt", scan, **said)
    clerk.get("/desk/paper-receipts", 404)
    (row,) = lead.get("/desk/paper-receipts")["rows"]
    assert (row["code"], row["stage"]) == (code_of(1), "waiting")
    assert number in row["title"]
    assert lead.post(f"/desk/paper-receipts/{row['id']}/refuse", 422)["errors"]
    lead.post(f"/desk/paper-receipts/{row['id']}/confirm")
    assert lead.get("/desk/paper-receipts")["rows"] == []
    assert Case.objects.get().submitted_at == at
