"""Cards and directives as numbered papers: their numbers, verified by anybody, what has ended."""

import io
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from mingtang.files.codes import code_of
from mingtang.files.models import Document
from mingtang.files.services import faults_of
from mingtang.supervision import queries
from mingtang.supervision.models import Directive
from mingtang.supervision.papers import of_card
from mingtang.supervision.rules import CancelReason
from tests.supervision.making import moment

pytestmark = pytest.mark.django_db
ON = date(2013, 9, 18)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(moment(ON), tick=False):
        yield


def verified(client, document):
    code = code_of(document.id, document.salt)
    client.logout()
    return client.get(reverse("files:verified", args=[code])).content.decode()


def test_yellow_and_red_cards_are_numbered_papers_and_reminders_are_not(hall):
    found = {card.colour: card for card in hall.overdue()}
    assert found["remind"].document is None
    papers = Document.objects.order_by("id").filter(kind="card_notice")
    assert [one.number for one in papers] == [
        f"警示卡〔2013〕{number}号" for number in range(1, len(papers) + 1)
    ]
    assert {one.subject for one in papers} <= {card.stream for card in found.values()}
    red = found["red"]
    assert red.document is not None
    assert red.document.organisation_id == hall.centre.id
    said = "".join(red.document.paper().paragraphs)
    for told in (red.number, hall.case.number, "发出红牌，计 1.50 分", "到期日为2013年9月9日"):
        assert told in said, said


def test_anybody_verifies_a_notice_and_learns_no_case(client, hall, red):
    page = verified(client, red.document)
    assert faults_of(red.document) == []
    assert red.document.number in page
    assert hall.case.number not in page


def test_a_cancelled_card_s_notice_is_said_to_count_no_more(client, hall, red):
    assert "已经核销" not in verified(client, red.document)
    reason = {"reason": CancelReason.OUTAGE, "note": "核对属实，有通知为证。"}
    hall.supervise("propose_cancel", hall.inspector, card_id=red.id, **reason)
    hall.supervise("approve_cancel", hall.second, card_id=red.id)
    assert "已经核销，不再计分" in verified(client, red.document)


def test_a_directive_is_a_numbered_paper_in_the_name_of_who_ordered_it(client, hall, red):
    hall.supervise(
        "order", hall.inspector, card_id=red.id, detail="请尽快办结。", due_date=date(2013, 9, 24)
    )
    made = Directive.objects.get()
    assert made.document.number == "督办单〔2013〕1号"
    assert made.document.organisation_id == hall.centre.id
    assert faults_of(made.document) == []
    assert "督办单〔2013〕1号" in verified(client, made.document)
    client.force_login(hall.clerk)
    page = client.get(reverse("supervision:card", args=[red.id])).content.decode()
    assert "督办单〔2013〕1号" in page
    assert red.document.number in page


@pytest.mark.slow
def test_the_printed_notice_bears_number_and_code(client, hall, red, pdf_machine):
    client.force_login(hall.handler)
    page = client.get(reverse("supervision:card_paper", args=[red.id])).content.decode()
    code = code_of(red.document.id, red.document.salt)
    assert red.document.number in page
    assert reverse("files:verify_qr", args=[code]) in page
    answer = client.get(reverse("supervision:card_pdf", args=[red.id]))
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages)
    assert "警示卡〔2013〕" in text
    assert "扫码核验真伪" in text


def test_a_card_of_before_there_were_papers_still_prints(client, hall, red):
    red.document = None
    red.save(update_fields=["document"])
    client.force_login(hall.handler)
    page = client.get(reverse("supervision:card_paper", args=[red.id])).content.decode()
    assert "效能监察红牌通知书" in page
    assert red.number in page
    assert of_card(queries.card_of(red.id, hall.scope(hall.handler)))["number"] == red.number
