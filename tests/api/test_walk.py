"""Walk: the life of a case through the API alone, with two departments side by side."""

import pytest

from mingtang.accounts.rules import Role
from tests.api.caller import Caller
from tests.world import NUMBERS, new_command_id, plain

pytestmark = [pytest.mark.django_db]
ROUTE = "水利审查|审查|审查\n规划意见|联合审查|审查||||单位=江山市规划局"
WHO = {
    "applicant_kind": "natural",
    "applicant_name": "毛小明",
    "identity_number": NUMBERS[0],
    "phone": "13800000001",
}


@pytest.mark.slow
def test_a_case_from_filing_to_rating(world):
    planner = world.people.post("planner", Role.HANDLER, world.planning)
    code = world.item(
        route=ROUTE, materials="身份证\n取水申请书", result_type="证照", promised=10, statutory=20
    )
    clerk, handler, approver = (Caller(one) for one in (world.clerk, world.handler, world.approver))
    visitor = Caller()

    assert [one["code"] for one in visitor.get("/items", q="取水")["rows"]] == [code]
    materials = visitor.get(f"/items/{code}")["materials"]
    wrong = visitor.post(f"/items/{code}/cases", 422, **WHO, answers={}, materials=[])
    assert {one["field"] for one in wrong["errors"]} == {"answers.matter", "materials"}
    given = [{"id": one["id"], "way": "to_bring"} for one in materials]
    filed = visitor.post(
        f"/items/{code}/cases", **WHO, answers=plain("在峡口镇取水。"), materials=given
    )
    number, citizen = filed["number"], Caller(code=filed["query_code"])

    clerk.post(f"/cases/{number}/acts/receive")
    lacks = {"missing": [materials[0]["id"]], "note": "要复印件"}
    clerk.post(f"/cases/{number}/acts/ask_correction", **lacks)
    asked = citizen.get(f"/progress/{number}")
    assert (asked["state"], asked["corrections"][0]["note"]) == ("correcting", "要复印件")
    citizen.post(f"/progress/{number}/correct", note="已带到窗口")
    brought = [one["id"] for one in materials]
    accept, key = f"/cases/{number}/acts/accept", new_command_id()
    first = clerk.post(accept, key=key, brought=brought)
    assert clerk.post(accept, key=key, brought=brought) == first
    assert "没有执行" in clerk.post(accept, 409, key=key, brought=[])["detail"]

    steps = handler.get(f"/cases/{number}")["steps"]
    assert [one["status"] for one in steps] == ["ready", "ready"]
    for who, step in zip((handler, Caller(planner)), steps, strict=True):
        who.post(f"/cases/{number}/acts/claim", step_key=step["key"])
        who.post(
            f"/cases/{number}/acts/examine", step_key=step["key"], opinion="符合", finding="fit"
        )
    assert [one["number"] for one in approver.get("/cases", tab="decide")["rows"]] == [number]
    approver.post(f"/cases/{number}/acts/grant", reason="符合条件")
    for paper in clerk.get(f"/cases/{number}")["documents"]:
        if paper["is_draft"]:
            clerk.post(
                f"/cases/{number}/deeds/seal", document_id=paper["id"], seal_name="审批专用章"
            )
    clerk.post(f"/cases/{number}/acts/issue", licence_number="取水〔2013〕1号")
    done = clerk.post(f"/cases/{number}/acts/hand_over", way="window")
    assert done["state"] == "delivered"

    citizen.post(f"/progress/{number}/rating", level="satisfied", text="很快")
    seen = citizen.get(f"/progress/{number}")
    assert (seen["state"], seen["outcome"]["label"]) == ("delivered", "准予")
    assert Caller().get(f"/progress/{number}", 404)["detail"].startswith("没有找到")
