"""Walks through the API alone, further parts of lives: a part of a joint matter that is examined
before its time, the months and the end of a project, a village's account laid in the archive, a
request decided."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.accounts.rules import Role
from mingtang.base.clock import now, today
from mingtang.cases.models import Case
from mingtang.disclosure.queries import checks as found_checks
from mingtang.disclosure.queries import standard as catalogue
from mingtang.interaction.models import Rating
from mingtang.interaction.queries import written
from mingtang.interaction.services import issue_token
from mingtang.ledger.services import deliver_all
from mingtang.projects.models import Project
from mingtang.regions.models import Centre, Window
from mingtang.supervision.queries import for_subject as cards_about
from mingtang.villages.models import Disclosure
from tests.api.caller import Caller
from tests.api.test_walk import WHO
from tests.disclosure.conftest import Office as Chain
from tests.disclosure.test_keeping import BAD, ONE, TWO, table
from tests.joint.office import KEYS, Office, route
from tests.papers import png
from tests.projects.bureau import moment
from tests.projects.office import Office as Projects
from tests.requests.office import Office as Requests
from tests.requests.office import moment as asked_on
from tests.screens.making import paired
from tests.supervision.hall import Hall as Watch
from tests.supervision.making import moment as seen_on
from tests.villages.hamlet import Hamlet
from tests.world import NUMBERS, morning, plain

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]


def test_a_part_is_examined_before_its_time_and_made_a_case(at):
    office = Office()
    matter = office.open(at, route(), KEYS)
    desk = f"/desk/joint/{matter.id}"
    clerk, water, plan = (
        Caller(one) for one in (office.clerk, office.handlers["water"], office.handlers["plan"])
    )
    brought = [one.key for one in matter.materials.all()]
    clerk.post(f"{desk}/acts/accept", brought=brought)
    office.settle(at)
    said = {"is_favourable": "yes", "opinion": "水量够，取水口合理。"}
    plan.post(f"{desk}/acts/simulate", 403, part="water")
    water.post(f"{desk}/acts/simulate", part="water")
    water.post(f"{desk}/acts/give_opinion", part="water", **said)
    same: dict[str, str] = {f"same-{number}": "yes" for number in range(5)}
    water.post(f"{desk}/acts/convert", 409, whole={"part": "water", **same})
    _decided(office, matter, "land")
    office.settle(at)
    water.post(f"{desk}/acts/convert", whole={"part": "water", **same})
    office.settle(at)
    water_part = office.part(matter, "water")
    assert water_part.case_id
    _delivered(office, Case.objects.get(id=office.part(matter, "land").case_id))


def _decided(office: Office, matter, key: str) -> None:
    """The department of a part examines its case and grants it."""
    case = Case.objects.get(id=office.part(matter, key).case_id)
    path = f"/cases/{case.number}/acts"
    handler, approver = Caller(office.handlers[key]), Caller(office.approvers[key])
    handler.post(f"{path}/claim", step_key="review")
    handler.post(f"{path}/examine", step_key="review", opinion="已审查", finding="fit")
    approver.post(f"{path}/grant", reason="符合条件")


def _delivered(office: Office, case: Case) -> None:
    """Its paper is sealed and handed over at the window."""
    clerk = Caller(office.world.people.post("window", Role.CLERK, case.organisation))
    for paper in clerk.get(f"/cases/{case.number}")["documents"]:
        if paper["is_draft"]:
            said = {"document_id": paper["id"], "seal_name": "审批专用章"}
            clerk.post(f"/cases/{case.number}/deeds/seal", **said)
    handed = clerk.post(f"/cases/{case.number}/acts/hand_over", way="window")
    assert handed["state"] == "delivered"


def test_a_project_reports_its_months_and_is_completed(db):
    office = Projects()
    with time_machine.travel(moment(date(2013, 9, 17)), tick=False):
        writer, outsider = Caller(office.office), Caller(office.stranger)
        content = office.content().items()
        said = {
            **{name: value for name, value in content if value and name != "code"},
            "place_id": str(office.region.id),
            "responsible_id": str(office.water.id),
            "investment_cents": "12000",
        }
        made = writer.post("/desk/projects", **said)["result"]["project_id"]
        desk = f"/desk/projects/{made}"
        paper = SimpleUploadedFile("同意.png", png())
        approval = {"approval_number": "江政办〔2013〕8号", "approval_date": "2013-09-16"}
        writer.send(f"{desk}/acts/admit", {"file": [paper]}, **approval)
        edition = office.route()
        writer.post(f"{desk}/acts/choose-route", route_edition_id=str(edition.id))
        month = {"done_cents": "100", "year_cents": "100", "progress": "办理审批"}
        month |= {"year": "2013", "month": "9"}
        outsider.post(f"{desk}/acts/report", 404, **month)
        writer.post(f"{desk}/acts/report", 422, **{**month, "month": "12"})
        writer.post(f"{desk}/acts/report", **month)
        writer.post(f"{desk}/acts/complete", completed_date="2013-09-17")
    assert Project.objects.get(id=made).state == "completed"


def test_an_account_is_laid_in_the_archive(db):
    hamlet = Hamlet()
    one = hamlet.account_out()
    path = f"/desk/villages/{one.id}/acts/archive"
    with time_machine.travel(morning(2013, 9, 10), tick=False):
        Caller(hamlet.officer).post(path, 422)  # its days of objection are not over
    with time_machine.travel(morning(2013, 10, 8), tick=False):
        Caller(hamlet.neighbour).post(path, 404)
        assert Caller(hamlet.officer).post(path)["state"] == "archived"


def test_what_no_schedule_asks_for_is_begun_and_its_list_released(db):
    hamlet = Hamlet()
    writer, overseer, officer, neighbour = (
        Caller(one) for one in (hamlet.writer, hamlet.overseer, hamlet.officer, hamlet.neighbour)
    )
    begun = {"section_code": "relief-list", "title": "低保金发放"}
    neighbour.post(f"/desk/villages/of/{hamlet.village.code}", 404, **begun)
    writer.post(f"/desk/villages/of/{hamlet.village.code}", **begun)
    one = Disclosure.objects.get()
    desk = f"/desk/villages/{one.id}"
    number = NUMBERS[0]
    writer.post(f"{desk}/lines", kind="person", text="毛小明", amount="360", identity_number=number)
    writer.post(f"{desk}/acts/write", title="低保金发放", body="九月发放。")
    writer.post(f"{desk}/acts/hand-in")
    agreed = {"content_hash": writer.get(desk)["content_hash"], "verdict": "agree"}
    overseer.post(f"{desk}/acts/examine", **agreed)
    officer.post(f"{desk}/acts/approve", **agreed)
    officer.post(f"{desk}/acts/release")
    (shown,) = Caller().get(f"/villages/{hamlet.village.code}/disclosures")["rows"]
    assert "毛小明" in str(shown["table"])
    assert number not in str(shown)


def test_a_request_is_searched_consulted_about_decided_and_contested(db):
    """From the search to the reconsideration (《政府信息公开条例》第三十二、三十三、三十六条)."""
    office = Requests()
    with time_machine.travel(asked_on(office.start), tick=False):
        about = office.received()
        worker, head, other = (Caller(one) for one in (office.worker, office.head, office.other))
        path, day = f"/desk/requests/{about.id}/acts", office.start.isoformat()
        other.post(f"{path}/search", 404, place="档案室", words="峡口水库", found="一份")
        worker.post(f"{path}/search", place="档案室", words="峡口水库", found="一份")
        party = {"role": "third", "party_name": "峡口建设公司", "question": "报价明细"}
        worker.post(f"{path}/consult", **party, reached_date=day)
        head.post(f"{path}/extend", reason="招标资料存放在外地，需要调取")
        said = {"opinion": "object", "text": "报价明细属于商业秘密。"}
        worker.post(f"{path}/answer_consultation", number="1", **said)
        parts = {"scope_1": "招标文件", "kind_1": "a", "reason_1": "随本答复书提供。"}
        parts |= {"scope_2": "报价明细", "kind_2": "c4", "reason_2": "第三方不同意，理由成立。"}
        worker.post(f"{path}/draft", **parts, override="招标文件不涉及商业秘密，有利于监督。")
        worker.post(f"{path}/decide", 403)  # who drafts does not approve
        head.post(f"{path}/decide")
        head.post(f"{path}/deliver", way="online")
        contested = {"kind": "reconsideration", "body": "江山市人民政府", "raised_date": day}
        head.post(f"{path}/register_remedy", **contested)
        about.refresh_from_db()
    assert about.state == "delivered"


def test_a_card_is_cancelled_by_two():
    hall = Watch()
    hall.overdue()
    with time_machine.travel(seen_on(date(2013, 9, 18)), tick=False):
        red = next(one for one in cards_about(hall.case.stream) if one.colour == "red")
        desk = f"/cards/{red.id}"
        office, one, other = (Caller(who) for who in (hall.clerk, hall.inspector, hall.second))
        office.post(f"{desk}/acts/explain", text="停电半天，有通知为证。")
        office.post(f"{desk}/acts/propose", 403, reason="outage", note="有通知。")
        one.post(f"{desk}/acts/propose", reason="outage", note="核对属实，有通知为证。")
        one.post(f"{desk}/acts/approve", 409)
        other.post(f"{desk}/acts/approve")
        assert one.get(desk)["state"] == "cancelled"


def test_the_columns_are_looked_at_again(world, at):
    chain = Chain(world, at)
    Caller(chain.contact).post("/desk/checks", 404)
    Caller(chain.head).post("/desk/checks")
    assert found_checks.last_day() == today()


def test_a_units_catalogue_of_what_is_public_is_taken_in(world, at):
    chain = Chain(world, at)
    worker = Caller(chain.worker)

    def sheet(*lines: str) -> SimpleUploadedFile:
        return SimpleUploadedFile("目录.csv", table(*lines).encode(), content_type="text/csv")

    worker.send("/desk/standard/table", {"file": [sheet(ONE, BAD)]}, 422)
    assert catalogue.entries_of(chain.organ.id) == []
    worker.send("/desk/standard/table", {"file": [sheet(ONE, TWO)]})
    assert len(catalogue.entries_of(chain.organ.id)) == 2
    Caller(chain.other_head).send("/desk/standard/table", {"file": [sheet(ONE)]})
    assert len(catalogue.entries_of(chain.organ.id)) == 2


def test_a_case_stands_still_gets_more_time_and_is_sent_home(world):
    item = world.item(statutory=20, promised=10, special="专家评审|20个工作日")
    filed = Caller().post(f"/items/{item}/cases", **WHO, answers=plain("取水。"), materials=[])
    case = Case.objects.get(number=filed["number"])
    world.bring(case, "claimed", now())
    acts = f"/cases/{case.number}/acts"
    handler, approver = Caller(world.handler), Caller(world.approver)
    handler.post(f"{acts}/ask_pause", why="expert_review", days=10, note="请专家看现场。")
    handler.post(f"{acts}/pause", 403)
    approver.post(f"{acts}/pause")
    assert handler.get(f"/cases/{case.number}")["state"] == "paused"
    handler.post(f"{acts}/resume", result="专家认为可行。")
    handler.post(f"{acts}/ask_extension", days=5, note="现场较多。")
    approver.post(f"{acts}/extend")
    assert handler.get(f"/cases/{case.number}")["state"] == "reviewing"
    citizen = Caller(code=filed["query_code"])
    citizen.post(f"/progress/{case.number}/delivery", way="post", address="峡口镇三卿口 12 号")


def test_a_board_is_made_loud_and_whoever_holds_a_token_rates(world, at):
    board, manager = paired(world, at), Caller(world.manager)
    Caller(world.clerk).post(f"/desk/devices/{board.id}/volume", 404, volume="60")
    manager.post(f"/desk/devices/{board.id}/volume", volume="60")
    board.refresh_from_db()
    assert board.volume == 60
    case = world.bring(world.file(world.item(), now()), "delivered", now())
    deliver_all(now())
    hall = Centre.objects.create(
        region=world.region, organisation=world.centre, name="大厅", level="county"
    )
    window = Window.objects.create(centre=hall, number="5", name="水利", organisation=world.water)
    who = {"window_id": window.id, "issued_by_id": world.clerk.id, "at": now()}
    token = written(issue_token(subject=case.stream, channel="receipt", **who))
    Caller().post(f"/rate/{token}", level="satisfied", text="很好")
    Caller().post(f"/rate/{token}", 409, level="satisfied", text="很好")
    assert Rating.objects.get().text == "很好"
