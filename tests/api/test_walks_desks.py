"""Walks through the API alone, of the desks behind: a project with its agent, an instruction, what
is set for villages, an applicant's answer, a joint matter with files."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.accounts.rules import Role
from mingtang.joint.models import JointCase
from mingtang.projects.models import NodePlan, Project
from mingtang.villages.models import ReleaseLimit
from tests.api.caller import Caller
from tests.joint.office import Office as Joint
from tests.joint.office import route
from tests.papers import png
from tests.projects.bureau import OWNER_CODE, Bureau, moment
from tests.projects.office import Office as Projects
from tests.requests.office import WANTED
from tests.villages.hamlet import FIRST, Hamlet
from tests.world import NUMBERS, plain

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
START = "2013-09-17"


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(moment(date(2013, 9, 17)), tick=False):
        yield


def test_a_project_is_written_down_planned_and_changed(db):
    office = Projects()
    writer, outsider = Caller(office.office), Caller(office.stranger)
    said = {
        **{name: value for name, value in office.content().items() if value and name != "code"},
        "place_id": str(office.region.id),
        "responsible_id": str(office.water.id),
        "investment_cents": "12000",
    }
    outsider.post("/desk/projects", 404, **said)
    wrong = writer.post("/desk/projects", 422, **{**said, "name": ""})
    assert [one["field"] for one in wrong["errors"]] == ["name"]
    made = writer.post("/desk/projects", **said)["result"]["project_id"]
    desk = f"/desk/projects/{made}"
    assert writer.get(desk)["state"] == "draft"
    writer.post(f"{desk}/change", **{**said, "scale": "新建厂房 6 万平方米"}, reason="设计变更")
    assert Project.objects.get(id=made).scale == "新建厂房 6 万平方米"
    paper = SimpleUploadedFile("同意.png", png())
    approval = {"approval_number": "江政办〔2013〕8号", "approval_date": "2013-09-16"}
    assert writer.send(f"{desk}/acts/admit", {"file": [paper]}, **approval)["state"] == "in_library"
    edition = office.route()
    writer.post(f"{desk}/acts/choose-route", route_edition_id=str(edition.id))
    node = writer.get(desk)["nodes"][0]
    days = {"planned_start_date": START, "planned_end_date": "2013-09-30"}
    outsider.post(f"{desk}/nodes/{node['id']}", 404, **days)
    writer.post(f"{desk}/nodes/{node['id']}", **days)
    assert writer.get(desk)["nodes"][0]["planned_end_date"] == "2013-09-30"
    writer.post(f"{desk}/nodes/1", 404, **days)


def test_an_agent_is_named_works_files_hands_over_and_is_rated(db):
    joint = Joint()
    bureau = Bureau(joint.world)
    bureau.project.route_edition = joint.publish(route())
    bureau.project.save()
    NodePlan.objects.filter(project=bureau.project).delete()
    NodePlan.objects.bulk_create(
        NodePlan(project=bureau.project, key=key, stage="审批", name=key, position=at, kind="case")
        for at, key in enumerate(("plan", "land"))
    )
    agent = bureau.agent
    agent.identity_number, agent.identity_index = NUMBERS[2], "x" * 64
    agent.save()
    office, mine, second, owner = (
        Caller(one) for one in (bureau.office, agent, bureau.second, bureau.owner)
    )
    project = f"/desk/projects/{bureau.project.id}/agency"
    terms = {"agent_id": str(agent.id), "services": ["approval"], "reach": "whole"}
    terms |= {"valid_from": START, "valid_to": "2013-12-31"}
    mine.post(f"{project}/draw", 403, **terms)
    letter = office.post(f"{project}/draw", **terms)["result"]["letter_id"]
    desk = f"/desk/agency/{letter}"
    Caller(bureau.stranger).get(desk, 404)
    signed = {"owner_signer": "姜大成", "owner_signed_date": START, "agent_signed_date": START}
    office.post(f"{desk}/acts/sign", **signed)
    assert [one["id"] for one in mine.get("/desk/agency")["rows"]] == [letter]
    mine.post(f"{desk}/acts/note", action="到国土局催办", kind="chase", acted_date=START)
    _file(mine, desk)
    assert len(mine.get(desk)["ledger"]) == 2
    mine.post(f"{desk}/acts/hand-over", to_agent_id=str(bureau.second.id))
    second.post(f"{desk}/acts/take-over")
    waiting = next(one for one in second.get(desk)["ledger"] if one["is_open"])
    second.post(f"{desk}/acts/settle", act_id=waiting["id"], result="已收件")
    assert second.post(f"{desk}/acts/conclude")["state_label"]
    Caller(bureau.stranger).post(f"/agency/letter/{letter}/rate", 404, level="satisfied")
    assert [one["id"] for one in owner.get("/agency")["rows"]] == [letter]
    owner.post(f"/agency/letter/{letter}/rate", level="satisfied")
    assert [one["id"] for one in office.get("/desk/agency/all")["rows"]] == []


def _file(mine: Caller, desk: str) -> None:
    """The agent files one node for the owner, a material of it with its file."""
    asked = mine.get("/joint/routes/factory", nodes="plan")
    wanted = [one["id"] for one in asked["materials"]]
    materials = [{"id": one, "way": "to_bring"} for one in wanted]
    matter = {"nodes": ["plan"], "materials": materials}
    matter["answers"] = {asked["sections"][0]["key"]: plain("新建厂房。")["matter"]}
    wrong = [{**materials[0], "papers": ["1"]}, *materials[1:]]
    assert mine.post(f"{desk}/file", 422, **{**matter, "materials": wrong})["errors"]
    materials[0]["way"] = "uploaded"
    assert mine.post(f"{desk}/file", 422, **matter)["errors"]  # says uploaded, and nothing is there
    files = {f"files-{wanted[0]}": [SimpleUploadedFile("执照.png", png())]}
    made = mine.send(f"{desk}/file", files, **matter)["result"]
    kept = JointCase.objects.get(id=int(made["joint_id"])).materials.get(key=wanted[0])
    assert kept.way == "uploaded"


def test_an_intermediary_is_registered_engaged_and_done(db):
    bureau = Bureau()
    office, visitor = Caller(bureau.office), Caller()
    firm = {"name": "江山某勘察院", "credit_code": OWNER_CODE, "trade": "survey"}
    Caller(bureau.clerk).post("/desk/intermediaries", 404, **firm)
    made = office.post("/desk/intermediaries", **firm)["result"]["intermediary_id"]
    assert [one["id"] for one in visitor.get("/intermediaries")["rows"]] == [made]
    terms = {
        "intermediary_id": made,
        "name": "勘察测绘",
        "commissioner": "owner",
        "organisation_id": str(bureau.planning.id),
        "started_date": START,
        "promised_date": "2013-09-25",
        "price": "30000",
    }
    engaged = office.post(f"/desk/projects/{bureau.project.id}/agency/engage", **terms)
    one = f"/desk/engagements/{engaged['result']['engagement_id']}"
    office.post(f"{one}/complete", ended_date=START, result="测绘报告")
    planner = Caller(bureau.people.post("planner", Role.HANDLER, bureau.planning))
    planner.post(f"{one}/rate", level="satisfied")
    Caller(bureau.owner).post(
        f"/agency/engagement/{one.rpartition('/')[2]}/rate", level="fairly_satisfied"
    )
    path = f"/desk/intermediaries/{made}"
    office.post(f"{path}/renew", valid_to="2014-12-31")
    office.post(f"{path}/strike-off", reason="自行申请退出")
    assert visitor.get("/intermediaries")["rows"] == []


def test_an_instruction_is_given_reported_and_closed(world):
    inspector = Caller(world.people.post("inspector", Role.INSPECTOR, world.centre))
    unit = Caller(world.people.post("chief", Role.CHIEF_REPRESENTATIVE, world.water))
    words = {
        "source": "instruction",
        "title": "窗口授权是否到位",
        "detail": "查有无窗口受理、后台再受理。",
        "unit": str(world.water.id),
        "due_date": "2013-09-30",
    }
    unit.post("/desk/tasks", 404, **words)
    made = inspector.post("/desk/tasks", **words)["result"]["task_id"]
    desk = f"/desk/tasks/{made}"
    Caller(world.stranger).get(desk, 404)
    assert [one["verb"] for one in unit.get(desk)["acts"]] == ["report"]
    assert unit.post(f"{desk}/acts/report", report="三个窗口已授权。")["state"] == "reported"
    assert [one["id"] for one in inspector.get("/desk/tasks")["rows"]] == [made]
    inspector.post(f"{desk}/acts/close", conclusion="三个窗口都已到位。")
    assert inspector.get(desk)["conclusion"] == "三个窗口都已到位。"
    assert inspector.get("/desk/tasks")["rows"] == []


def test_what_holds_for_villages_is_set_and_loosened_only_by_two(db):
    hamlet = Hamlet()
    third = hamlet.people.post("third", Role.VILLAGE_SUPERVISOR, hamlet.town)
    other = hamlet.people.post("other", Role.VILLAGE_OFFICE, hamlet.town)
    town, second, city = (Caller(one) for one in (hamlet.officer, other, hamlet.manager))
    notice = {"kind": "policy", "title": "村务公开", "body": "按时公开。", "valid_from": START}
    town.post("/desk/villages/settings/notice", 404, **notice)
    city.post("/desk/villages/settings/notice", **notice)
    section = {"name": "修路", "code": "road-works", "area": "village", "layout": "text"}
    city.post("/desk/villages/settings/section", **section, valid_from=START)
    of = f"/desk/villages/of/{FIRST}"
    Caller(hamlet.writer).get(f"{of}/people", 404)
    seat = {"seat": f"supervisor/{third.id}", "valid_from": "2013-09-01"}
    assert seat["seat"] in [one["seat"] for one in town.get(f"{of}/people")["seatable"]]
    town.post(f"{of}/seat", **seat)
    kin = {"person_id": str(third.id), "relative_name": "毛主任", "relation": "兄弟"}
    town.post(f"{of}/kinship", **kin)
    found = town.get(f"{of}/people")
    (declared,) = found["kinships"]
    town.post(f"{of}/kinship/{declared['id']}/end")
    member = next(one for one in found["members"] if one["name"] == third.name)
    town.post(f"{of}/members/{member['id']}/end", valid_to="2013-09-30")
    looser = {
        "valid_from": "2013-10-01",
        "finance_months": "3",
        "due_day": 30,
        "basis": "村小",
        "major_cents": "90000",
        "major_days": 20,
        "objection_days": 10,
        "reply_days": 30,
    }
    assert town.post(f"{of}/limits", **looser)["result"]["looser"]
    (waits,) = [one for one in town.get(f"{of}/people")["limits"] if one["waits"]]
    town.post(f"{of}/limits/{waits['id']}/agree", 403)  # who set it does not agree to it
    second.post(f"{of}/limits/{waits['id']}/agree")
    assert ReleaseLimit.objects.get(id=int(waits["id"])).confirmed_by == other


def test_an_applicant_corrects_and_withdraws_a_request(world):
    worker = Caller(world.people.post("worker", Role.DISCLOSURE_OFFICE, world.water))
    said = {
        "organisation": str(world.water.id),
        "description": WANTED,
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "identity_number": NUMBERS[0],
        "phone": "13800000001",
        "wanted_form": "electronic",
        "wanted_way": "online",
    }
    sent = Caller().post("/requests", **said)
    follow, mine = f"/requests/follow/{sent['number']}", Caller(code=sent["query_code"])
    desk = f"/desk/requests/{worker.get('/desk/requests')['rows'][0]['id']}"
    worker.post(f"{desk}/acts/confirm_receipt", confirmed_date=START)
    mine.post(f"{follow}/correct", 409, text="峡口水库")  # nobody has asked
    worker.post(f"{desk}/acts/ask_correction", wanted="请写明工程名称。", days=10)
    Caller().post(f"{follow}/correct", 404, text="峡口水库")
    paper = {"uploads": [SimpleUploadedFile("说明.png", png())]}
    assert mine.send(f"{follow}/correct", paper, text="峡口水库")["state"] == "handling"
    assert mine.post(f"{follow}/withdraw", reason="不要了")["state"] == "withdrawn"


def test_a_joint_matter_comes_with_its_files(db):
    office = Joint()
    office.publish(route())
    owner = Caller(office.world.citizen)
    asked = owner.get("/joint/routes/factory", nodes="plan")
    wanted = [one["id"] for one in asked["materials"]]
    said = {
        "title": "年产十万吨茶油加工项目",
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "identity_number": NUMBERS[0],
        "phone": "13800000001",
        "nodes": ["plan"],
        "answers": {asked["sections"][0]["key"]: plain("新建厂房。")["matter"]},
        "materials": [{"id": one, "way": "uploaded"} for one in wanted],
    }
    files = {f"files-{one}": [SimpleUploadedFile("照片.png", png())] for one in wanted}
    path = "/joint/routes/factory/matters"
    wrong = owner.send(path, {f"files-{wanted[0]}": files[f"files-{wanted[0]}"]}, 422, **said)
    assert len(wrong["errors"]) == len(wanted) - 1
    files = {f"files-{one}": [SimpleUploadedFile("照片.png", png())] for one in wanted}
    made = owner.send(path, files, **said)
    kept = JointCase.objects.get(number=made["number"]).materials
    assert [one.way for one in kept.order_by("id")] == ["uploaded"] * len(wanted)


def test_what_comes_on_paper_and_by_telephone_is_entered(world):
    worker = Caller(world.people.post("worker", Role.DISCLOSURE_OFFICE, world.water))
    office = Caller(world.people.post("letters", Role.LETTER_OFFICE, world.centre))
    asked = {
        "organisation": str(world.water.id),
        "description": WANTED,
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "phone": "13800000001",
        "wanted_form": "paper",
        "wanted_way": "pick_up",
        "channel": "counter",
        "submitted_date": START,
        "arrived_date": START,
    }
    office.post("/desk/requests", 404, **asked)
    made = worker.post("/desk/requests", **asked)["result"]
    assert [one["number"] for one in worker.get("/desk/requests")["rows"]] == [made["number"]]
    letter = {
        "kind": "help",
        "title": "水费多收了",
        "text": "多收了三个月。",
        "phone": "13857012345",
    }
    worker.post("/desk/calls", 404, **letter, writer_name="祝阿根")
    told = office.post("/desk/calls", **letter, writer_name="祝阿根")["result"]
    boxed = {**letter, "title": "路灯不亮", "source": "box", "writer_name": "祝阿根"}
    typed = office.post("/desk/letters", **boxed)["result"]
    numbers = {one["number"] for one in office.get("/desk/letters")["rows"]}
    assert numbers == {told["number"], typed["number"]}


def test_a_meeting_is_called_spoken_at_written_down(db, at):
    office = Joint()
    matter = office.open(at)
    lead = Caller(office.handlers["plan"])
    unit = office.units["land"]
    said = {
        "kind": "review",
        "units": [str(unit.id)],
        "day": "2013-09-20",
        "hour": "09:00",
        "place": "三楼会议室",
        "agenda": "用地是否合规",
        "answer_by_date": "2013-09-19",
    }
    Caller(office.world.stranger).post(f"/desk/joint/{matter.id}/meetings", 404, **said)
    made = lead.post(f"/desk/joint/{matter.id}/meetings", **said)["result"]["meeting_id"]
    desk = f"/desk/meetings/{made}"
    speaker = Caller(office.handlers["land"])
    assert [one["id"] for one in speaker.get("/desk/meetings")["rows"]] == [made]
    assert speaker.get(desk)["acts"][0]["about"] == {"unit": str(unit.id)}
    speaker.post(f"{desk}/units/1/opine", 404, opinion="agree")
    speaker.post(f"{desk}/units/{unit.id}/opine", opinion="agree")
    assert lead.post(f"{desk}/cancel", reason="都同意，不开了。")["result"] is not None
    assert speaker.get("/desk/meetings")["rows"] == []
