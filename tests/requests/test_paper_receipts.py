"""The paper receipt of a request for information: its day of receipt, by two people alone."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.outage import services as outage
from mingtang.outage.models import PaperReceipt
from mingtang.outage.queries import confirmer
from mingtang.outage.rules import SamePerson
from mingtang.requests import services
from mingtang.requests.models import Request
from tests.outage.papers import claim, decide, in_place_of, limits, printed, typed
from tests.requests.office import Office, moment
from tests.world import new_command_id

PRINTED, TRUE, ENTERED = date(2024, 8, 1), date(2024, 8, 28), date(2024, 9, 2)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def desk(office: Office) -> Office:
    printed(moment(PRINTED))
    return office


def entered(office: Office, **more) -> Request:
    """Registered on the day after, with the receipt."""
    request = office.register(ENTERED, **more)
    office.do("enter_paper_receipt", request, ENTERED, claim=claim(moment(TRUE, 15)))
    return request


def confirm(office: Office, request: Request, actor=None, on=ENTERED) -> None:
    by = actor or office.actor(office.head)
    decide(services.confirm_paper_receipt, by, moment(on, 12))
    request.refresh_from_db()


def test_nothing_counts_until_a_second_person_confirms_then_the_true_day_does(desk):
    request = entered(desk)
    assert request.received_date == ENTERED
    assert limits(request.stream) == {"reply": ("2024-09-02", "2024-09-30")}
    confirm(desk, request)
    assert (request.received_date, request.arrived_date) == (TRUE, TRUE)
    assert request.counted_from_date == TRUE
    assert request.submitted_at == moment(TRUE, 15)
    assert limits(request.stream) == {"reply": ("2024-08-28", "2024-09-26")}
    assert request.next_due_date == date(2024, 9, 26)
    with pytest.raises(Conflict, match="已经核对过"):
        confirm(desk, request)


def test_who_entered_cannot_confirm_nor_who_stands_in_for_them(desk):
    desk.people.post("worker", Role.DISCLOSURE_HEAD, desk.water)
    request = entered(desk)
    before = limits(request.stream)
    instead = in_place_of(desk, desk.head, desk.worker, moment(ENTERED))
    for actor in (desk.actor(desk.worker), instead):
        with pytest.raises(SamePerson):
            confirm(desk, request, actor)
    request.refresh_from_db()
    assert (limits(request.stream), request.received_date) == (before, ENTERED)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperReceipt.objects.update(
            stage="confirmed", decided_at=moment(ENTERED), decided_by=desk.worker
        )


def test_control_without_the_rule_one_person_moves_the_day(desk, monkeypatch):
    """And the one who entered it is stopped by the database alone."""
    request = entered(desk)
    instead = in_place_of(desk, desk.head, desk.worker, moment(ENTERED))
    monkeypatch.setattr(outage, "check_second", lambda *_: None)
    with pytest.raises(IntegrityError), transaction.atomic():
        confirm(desk, request, desk.actor(desk.worker))
    confirm(desk, request, instead)
    assert request.received_date == TRUE


def test_refused_it_changes_nothing_and_may_be_entered_once_more(desk):
    request = entered(desk)
    by = desk.actor(desk.head)
    decide(services.refuse_paper_receipt, by, moment(ENTERED, 12), reason="扫描件上是二十九日")
    request.refresh_from_db()
    assert request.received_date == ENTERED
    desk.do("enter_paper_receipt", request, ENTERED, claim=claim(moment(date(2024, 8, 29))))
    confirm(desk, request)
    assert limits(request.stream)["reply"][0] == "2024-08-29"


def test_a_correction_that_was_asked_and_given_stays(desk):
    request = entered(desk)
    desk.do("ask_correction", request, ENTERED, wanted="请写明年份。", days=10)
    confirm(desk, request)
    assert set(limits(request.stream)) == {"correction"}
    desk.do("correct", request, date(2024, 9, 4), text="2023年。")
    assert limits(request.stream)["reply"][0] == "2024-09-04"


def test_an_extension_goes_along(desk):
    request = entered(desk)
    desk.do("extend", request, ENTERED, desk.head, reason="要查旧档案", days=20)
    confirm(desk, request)
    assert limits(request.stream)["reply"] == ("2024-08-28", "2024-10-29")


def test_what_is_answered_keeps_its_answer(desk):
    request = entered(desk)
    desk.decide(request, ENTERED)
    confirm(desk, request)
    assert (limits(request.stream), request.received_date) == ({}, TRUE)


def test_the_law_of_the_true_day_says_how_many_days(office):
    """Fifteen before 15 May 2019, twenty since."""
    printed(moment(date(2019, 4, 1)))
    day = date(2019, 5, 16)
    request = office.register(day)
    office.do("enter_paper_receipt", request, day, claim=claim(moment(date(2019, 5, 14))))
    by = office.actor(office.head)
    decide(services.confirm_paper_receipt, by, moment(day, 12))
    assert limits(request.stream)["reply"] == ("2019-05-14", "2019-06-04")


def test_what_came_by_post_or_has_an_earlier_day_already_is_refused(desk):
    posted = desk.register(ENTERED, "registered")
    with pytest.raises(DomainError, match="当面"):
        desk.do("enter_paper_receipt", posted, ENTERED, claim=claim(moment(TRUE)))
    earlier = desk.register(date(2024, 8, 26))
    with pytest.raises(DomainError, match="早于纸质回执"):
        desk.do("enter_paper_receipt", earlier, ENTERED, claim=claim(moment(TRUE)))


def test_nobody_confirms_their_own(desk):
    request = entered(desk)
    reader = desk.scope(desk.head)
    assert confirmer(reader, PaperReceipt.objects.get())
    Request.objects.filter(id=request.id).update(applicant_person=desk.head)
    with pytest.raises(NotFound):
        confirmer(reader, PaperReceipt.objects.get())


@pytest.mark.once
def test_from_the_counter_to_the_head_and_nobody_else(client, desk):
    """Typed by the clerk who registered it; a clerk of another counter has no such page."""
    clerk = desk.people.post("window", Role.CLERK, desk.water)
    with time_machine.travel(moment(ENTERED), tick=False):
        request = desk.register(ENTERED, actor=desk.actor(clerk))
        url = reverse("requests:enter_paper_receipt", args=[request.id])
        client.force_login(desk.people.post("stranger", Role.CLERK, desk.planning))
        assert client.post(url, typed(moment(TRUE))).status_code == 404
        client.force_login(clerk)
        assert request.number in client.get(url).content.decode()
        late = client.post(url, typed(moment(ENTERED) + timedelta(hours=1)))
        assert (late.status_code, "晚于录入" in late.content.decode()) == (422, True)
        assert client.post(url, typed(moment(TRUE, 15))).status_code == 302
        one = reverse("outage:receipt", args=[PaperReceipt.objects.get().id])
        assert client.get(one).status_code == 404, "a clerk confirms nothing"
        client.force_login(desk.head)
        assert one in client.get(reverse("outage:receipts")).content.decode()
        assert request.number in client.get(one).content.decode()
        assert b"".join(client.get(f"{one}scan/").streaming_content)[1:4] == b"PNG"
        page = reverse("requests:detail", args=[request.id])
        assert "待核对" in client.get(page).content.decode()
        client.post(f"{one}confirm/", {"command_id": new_command_id()})
        assert "核定收到时间" in client.get(page).content.decode()
    request.refresh_from_db()
    assert request.received_date == TRUE
