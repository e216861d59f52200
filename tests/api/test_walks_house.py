"""What an office sets and notes, through the API alone."""

import pytest

from mingtang.accounts.models import Substitution
from mingtang.accounts.rules import Role
from mingtang.messages.queries import wording_for
from mingtang.regions.models import Centre
from tests.api.caller import Caller

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
