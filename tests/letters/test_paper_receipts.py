"""The paper receipt of a letter: its limit counts from the true day, by two people alone, and
whoever must not know the writer never sees the scan."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.errors import DomainError, NotFound
from mingtang.ledger import queries as ledger
from mingtang.letters import services
from mingtang.letters.models import Letter
from mingtang.outage import services as outage
from mingtang.outage.models import PaperReceipt
from mingtang.outage.queries import receipt_for, waiting
from mingtang.outage.rules import SamePerson
from tests.letters.office import Office, moment
from tests.outage.papers import claim, decide, in_place_of, limits, printed, typed
from tests.world import new_command_id

PRINTED, TRUE, ENTERED = date(2024, 8, 1), date(2024, 8, 28), date(2024, 9, 2)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def desk(office: Office) -> Office:
    printed(moment(PRINTED))
    return office


def entered(office: Office, **more) -> Letter:
    letter = office.register(ENTERED, **{"source": "box", **more})
    office.do("enter_paper_receipt", letter, ENTERED, claim=claim(moment(TRUE, 15)))
    return letter


def confirm(office: Office, letter: Letter, actor=None) -> None:
    decide(services.confirm_paper_receipt, actor or office.actor(office.head), moment(ENTERED, 12))
    letter.refresh_from_db()


def test_nothing_counts_until_a_second_person_confirms_then_the_true_day_does(desk):
    letter = entered(desk)
    assert limits(letter.stream) == {"letter": ("2024-09-02", "2024-09-20")}
    confirm(desk, letter)
    assert letter.submitted_at == moment(TRUE, 15)
    assert limits(letter.stream) == {"letter": ("2024-08-28", "2024-09-14")}
    assert letter.next_due_date == date(2024, 9, 14)


def test_control_without_the_rule_one_person_moves_the_limit(desk, monkeypatch):
    """With it nobody does; the one who entered it is stopped by the database as well."""
    letter = entered(desk)
    before = limits(letter.stream)
    instead = in_place_of(desk, desk.head, desk.worker, moment(ENTERED))
    for actor in (desk.actor(desk.worker), instead):
        with pytest.raises(SamePerson):
            confirm(desk, letter, actor)
    assert limits(letter.stream) == before
    monkeypatch.setattr(outage, "check_second", lambda *_: None)
    with pytest.raises(IntegrityError), transaction.atomic():
        confirm(desk, letter, desk.actor(desk.worker))
    confirm(desk, letter, instead)
    assert limits(letter.stream) != before


def test_what_was_declined_or_answered_stays(desk):
    letter = entered(desk)
    desk.do("decline", letter, ENTERED, desk.head, refusal="litigation")
    confirm(desk, letter)
    assert (letter.state, limits(letter.stream), letter.next_due_date) == ("not_accepted", {}, None)


def test_a_letter_by_another_way_has_none(desk):
    phoned, hotline = desk.register(ENTERED), desk.file(ENTERED)
    for letter in (phoned, hotline):
        with pytest.raises(DomainError, match="窗口收下"):
            desk.do("enter_paper_receipt", letter, ENTERED, claim=claim(moment(TRUE)))


def test_the_ledger_has_no_word_of_a_refusal(desk):
    letter = entered(desk)
    by = desk.actor(desk.head)
    decide(services.refuse_paper_receipt, by, moment(ENTERED, 12), reason="祝阿根写的是二十九日")
    told = [event.facts for event in ledger.history(letter.stream)]
    assert not any("reason" in facts for facts in told)
    assert PaperReceipt.objects.get().reason


def test_a_tip_off_is_there_for_nobody_but_who_is_named(desk):
    """Nor a complaint for who belongs to the accused unit."""
    letter = entered(desk, kind="tip_off")
    receipt = PaperReceipt.objects.get()
    assert waiting(desk.scope(desk.head)).rows == []
    with pytest.raises(NotFound):
        receipt_for(desk.scope(desk.head), receipt.id)
    desk.keep(desk.head)
    assert waiting(desk.scope(desk.head)).rows == [receipt]
    Letter.objects.filter(id=letter.id).update(kind="complaint", about=desk.centre)
    assert waiting(desk.scope(desk.head)).rows == []


def test_who_leads_a_window_has_none_of_them(desk):
    entered(desk)
    lead = desk.people.post("lead", Role.WINDOW_LEAD, desk.centre)
    assert waiting(desk.scope(lead)).rows == []


@pytest.mark.once
def test_from_the_counter_to_the_head_and_nobody_else(client, desk):
    """Typed by who typed the letter in; what it says is on no page of theirs."""
    with time_machine.travel(moment(ENTERED), tick=False):
        letter = desk.register(ENTERED, source="box")
        url = reverse("letters:enter_paper_receipt", args=[letter.id])
        client.force_login(desk.stranger)
        assert client.post(url, typed(moment(TRUE))).status_code == 404
        client.force_login(desk.worker)
        page = client.get(url).content.decode()
        assert (letter.number in page, letter.text in page) == (True, False)
        late = client.post(url, typed(moment(ENTERED) + timedelta(hours=1)))
        assert (late.status_code, "晚于录入" in late.content.decode()) == (422, True)
        assert client.post(url, typed(moment(TRUE, 15))).status_code == 302
        one = reverse("outage:receipt", args=[PaperReceipt.objects.get().id])
        client.post(f"{one}confirm/", {"command_id": new_command_id()})
        assert PaperReceipt.objects.get().stage == "waiting", "not by who entered it"
        client.force_login(desk.head)
        assert letter.number in client.get(one).content.decode()
        client.post(f"{one}confirm/", {"command_id": new_command_id()})
        assert (
            "核定收到时间"
            in client.get(reverse("letters:detail", args=[letter.id])).content.decode()
        )
    letter.refresh_from_db()
    assert letter.submitted_at == moment(TRUE, 15)
