"""The walks of tests/walks whose life crosses several offices, through the API alone."""

from datetime import date

import pytest
import time_machine

from mingtang.accounts.models import Person
from mingtang.letters.models import Letter
from mingtang.letters.services import tracking_code
from tests.api.caller import Caller
from tests.cases.town import FIRST, Town
from tests.letters.office import ADDRESS, NAME, PHONE, TEXT, TITLE, Office
from tests.supervision.making import moment
from tests.world import NUMBERS, plain

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.slow]


def on(day: date, who: Person, path: str, status: int = 200, **said):
    """Somebody's system asks on a day: a token lasts an hour."""
    with time_machine.travel(moment(day, 14), tick=False):
        return Caller(who).post(path, status, **said)


def test_a_complaint_from_the_call_to_the_public_copy(db):
    office = Office()
    called, returned, answered = date(2024, 9, 2), date(2024, 9, 4), date(2024, 9, 20)
    words = {
        "kind": "complaint",
        "title": TITLE,
        "text": TEXT,
        "writer_name": NAME,
    }
    about = {"phone": PHONE, "address": ADDRESS, "may_publish": True}
    on(called, office.worker, "/desk/calls", **words, **about)
    letter = Letter.objects.get()
    acts, water = f"/desk/letters/{letter.id}/acts", str(office.water.id)
    on(called, office.worker, f"{acts}/accept", kind="complaint", about_id=water)
    on(called, office.worker, f"{acts}/dispatch", lead_id=water)
    on(returned, office.handler, f"{acts}/return", reason="水表归自来水公司管。")
    on(returned, office.worker, f"{acts}/designate", 403, lead_id=water)
    on(returned, office.head, f"{acts}/designate", lead_id=water)
    on(returned, office.handler, f"{acts}/take")
    on(answered, office.handler, f"{acts}/answer", text="会处理的。")
    on(answered, office.worker, f"{acts}/call_back", result="dissatisfied", words="没说哪天")
    redone = on(answered, office.worker, f"{acts}/redo", words="写明哪天退还。")
    assert redone["state"] == "handling"
    last = date(2024, 9, 27)
    on(last, office.handler, f"{acts}/answer", text=f"{NAME}您好，十月退还。")
    on(last, office.worker, f"{acts}/call_back", result="satisfied")
    with time_machine.travel(moment(last, 15), tick=False):
        writer = Caller(code=tracking_code(letter))
        writer.post(f"/letters/follow/{letter.number}/rate", rating="4")
    on(last, office.worker, f"{acts}/close")
    copy = f"/desk/letters/{letter.id}/copy"
    public = {"title": "水费多收", "question": "水费多收了三个月。", "text": "您好，十月退还。"}
    on(last, office.worker, copy, **public)
    on(last, office.second, f"{copy}/acts/confirm")
    with time_machine.travel(moment(last, 16), tick=False):
        visitor = Caller()
        (row,) = visitor.get("/letters/answered")["rows"]
        told = visitor.get(f"/letters/answered/{row['id']}")
        assert told["answer"] == "您好，十月退还。"
        assert not any(secret in str(told) for secret in (NAME, PHONE, ADDRESS))


def test_village_township_county_and_one_case(world):
    town = Town(world)
    code = town.item()
    taken, up, decided = date(2013, 9, 2), date(2013, 9, 25), date(2013, 10, 11)
    who = {"applicant_kind": "natural", "applicant_name": "毛小明", "phone": "13800000001"}
    said = {"identity_number": NUMBERS[0], "answers": plain("建村文化礼堂。")}
    filed = on(taken, town.villager, f"/items/{code}/intake", **who, **said)
    number = filed["number"]
    acts = f"/cases/{number}/acts"
    on(taken, town.villager, f"{acts}/accept")
    on(up, town.handler, f"{acts}/claim", **FIRST)
    opinion = {"opinion": "选址靠近河道，请市局把关。", "finding": "unfit"}
    on(up, world.handler, f"{acts}/refer_up", 403, **FIRST, **opinion)
    on(up, town.handler, f"{acts}/refer_up", **FIRST, **opinion)
    on(decided, world.handler, f"{acts}/claim", step_key="review")
    fit = {"step_key": "review", "opinion": "符合防洪要求。", "finding": "fit"}
    on(decided, world.handler, f"{acts}/examine", **fit)
    on(decided, world.approver, f"{acts}/grant", reason="符合条件。")
    with time_machine.travel(moment(decided, 15), tick=False):
        clerk = Caller(world.clerk)
        for paper in clerk.get(f"/cases/{number}")["documents"]:
            if paper["is_draft"]:
                seal = {"document_id": paper["id"], "seal_name": "审批专用章"}
                clerk.post(f"/cases/{number}/deeds/seal", **seal)
        counter = Caller(town.villager)  # where it came in
        assert counter.post(f"{acts}/hand_over", way="window")["state"] == "delivered"
        citizen = Caller(code=filed["query_code"])
        stations = citizen.get(f"/progress/{number}")["stations"]
        assert "初审" in str(stations)
        citizen.post(f"/progress/{number}/rating", level="satisfied")
