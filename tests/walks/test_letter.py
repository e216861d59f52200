"""Walk: a complaint by telephone against a unit is returned once, designated, answered, called
back, done again, published without who called; supervision reminded the unit meanwhile."""

from datetime import date

import pytest
from django.urls import reverse

from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all
from mingtang.letters import queries
from mingtang.messages.models import Message
from mingtang.supervision import services as supervision
from mingtang.supervision.models import Card
from tests.letters.office import ADDRESS, NAME, PHONE, WRITER, Office, moment
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
CALLED, RETURNED, DUE = date(2024, 9, 2), date(2024, 9, 4), date(2024, 9, 20)
REDONE, DUE_AGAIN = date(2024, 9, 24), date(2024, 10, 16)  # National Day; the 29th and 12th work


def swept(on):
    deliver_all(moment(on, 23), 10_000)
    supervision.sweep(moment(on, 23))
    deliver_all(moment(on, 23), 10_000)


def test_a_complaint_from_the_call_to_the_public_copy(client, db):
    office = Office()
    supervision.load_shipped_rules(
        since=date(2013, 1, 1),
        profile="overdue",
        actor=SYSTEM,
        at=moment(CALLED),
        command_id=new_command_id(),
    )
    letter = office.register(about_id=office.water.id)
    office.do("accept", letter)
    office.do("dispatch", letter, lead_id=office.water.id)
    office.do("send_back", letter, RETURNED, office.handler, reason="水表归自来水公司管。")
    office.do("designate", letter, RETURNED, office.head, lead_id=office.water.id)
    office.do("take", letter, RETURNED, office.handler)
    assert letter.next_due_date == DUE

    swept(date(2024, 9, 19))
    soon = Card.objects.get(subject=letter.stream)
    assert (soon.rule_code, soon.person_id) == ("LETTER_DUE_SOON", office.handler.id)
    assert soon.organisation_id == office.water.id

    office.do("reply", letter, DUE, office.handler, text="会处理的。")
    office.do("call_back", letter, date(2024, 9, 23), result="dissatisfied", words="没说哪天")
    office.do("redo", letter, REDONE, words="写明哪天退还。")
    assert (letter.state, letter.next_due_date) == ("handling", DUE_AGAIN)
    office.do("reply", letter, date(2024, 9, 26), office.handler, text=f"{NAME}您好，十月退还。")
    office.do("call_back", letter, date(2024, 9, 27), result="satisfied")
    office.do("rate", letter, date(2024, 9, 27), rating=4, actor=WRITER)
    office.do("close", letter, date(2024, 9, 27))
    said = {"title": "水费多收", "question": "水费多收了三个月。", "text": "您好，十月退还。"}
    office.do("draft_copy", letter, date(2024, 9, 27), **said)
    office.do("confirm_copy", letter, date(2024, 9, 28), office.second)
    swept(date(2024, 9, 28))

    (copy,) = queries.found_copies("水费")
    page = client.get(reverse("letters:copy_public", args=[copy.id])).content.decode()
    found = client.get(reverse("catalogue:items"), {"q": "水费"}).content.decode()
    assert "十月退还" in page
    assert reverse("letters:answered") in found
    for secret in (NAME, PHONE, ADDRESS):
        assert secret not in page
        assert secret not in str([one.facts for one in ledger.history(letter.stream)])
    assert Card.objects.filter(subject=letter.stream).count() == 1
    told = Message.objects.filter(subject=letter.stream, audience="applicant")
    assert {one.event for one in told} >= {"letter.accepted", "letter.answered", "letter.redone"}
    assert ledger.is_whole(letter.stream)
