"""The walk of a village's month: silence is seen, the account is written on the phone, examined
twice, read on the page and on television, objected to, answered, archived. And two hundred people
of a relief list, of whom the public learns the name and the sum."""

import io
from datetime import date

import pytest
import time_machine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all
from mingtang.supervision import services as watching
from mingtang.supervision.models import Card
from mingtang.villages import services
from mingtang.villages.models import Disclosure, Line, Objection
from tests.villages.hamlet import FIRST, Hamlet
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def hamlet(db) -> Hamlet:
    return Hamlet()


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Phone(Client):
    """Somebody's browser, which sends commands."""

    def send(self, route: str, *args, **data):
        answer = self.post(reverse(route, args=args), {"command_id": new_command_id(), **data})
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        return answer


def phone_of(person) -> Phone:
    phone = Phone()
    phone.force_login(person)
    return phone


def identity(number: int) -> str:
    body = f"33088119{50 + number % 45:02}{1 + number % 12:02}{1 + number % 28:02}{number:03}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def read(*pages: str) -> str:
    told = []
    for page in pages:
        answer = Client().get(page)
        assert answer.status_code == 200, page
        told.append(answer.content.decode())
    return "\n".join(told)


@pytest.mark.slow
def test_a_month_of_a_village(hamlet: Hamlet):
    hamlet.monthly()
    by = {"actor": SYSTEM, "command_id": new_command_id()}
    watching.load_shipped_rules(since=date(2013, 1, 1), at=morning(2013, 7, 1), **by)
    services.sweep(morning(2013, 9, 2))
    for moment in (morning(2013, 9, 20), morning(2013, 9, 23)):
        deliver_all(moment)
        watching.sweep(moment)
    july, august = Disclosure.objects.order_by("period_first_date")
    cards = set(Card.objects.values_list("subject", "rule_code"))
    assert cards == {
        (july.stream, "VILLAGE_DISCLOSURE_LATE"),
        (july.stream, "VILLAGE_DISCLOSURE_FAR_LATE"),
        (august.stream, "VILLAGE_DISCLOSURE_LATE"),
    }
    with time_machine.travel(morning(2013, 9, 24), tick=False):
        _through(hamlet, august)
    page, screen = reverse("villages:entry", args=[august.id]), f"/tv/hd/e-{august.id}.html"
    assert read(page, screen).count("公共厕所电费") == 2
    with time_machine.travel(morning(2013, 9, 25), tick=False):
        _objected(hamlet, august, page)
    with time_machine.travel(morning(2013, 10, 8), tick=False):
        phone_of(hamlet.officer).send("village_office:act", august.id, "archive")
        assert f"{FIRST}-2013-001" in read(page)


def _through(hamlet: Hamlet, one: Disclosure) -> None:
    clerk, committee = phone_of(hamlet.writer), phone_of(hamlet.overseer)
    said = {"title": one.title, "body": "票据在村里。"}
    sums = {"opening_cents": "1000", "closing_cents": "1400"}
    clerk.send("village_office:work", one.id, **said, **sums)
    for kind, text, amount in (("income", "店面租金", "900"), ("spending", "公共厕所电费", "500")):
        line = {"kind": kind, "text": text, "amount": amount, "day": "2013-08-09"}
        clerk.send("village_office:line", one.id, **line)
    clerk.send("village_office:act", one.id, "hand-in")
    one.refresh_from_db()
    agreed = {"content_hash": one.content_hash, "verdict": "agree"}
    committee.send("village_office:act", one.id, "examine", **agreed)
    town = phone_of(hamlet.officer)
    town.send("village_office:act", one.id, "approve", **agreed)
    town.send("village_office:act", one.id, "release")


def _objected(hamlet: Hamlet, one: Disclosure, page: str) -> None:
    said = {"text": "厕所电费太多，周大明问", "name": "周大明"}
    Phone().send("villages:object", one.id, **said)
    reply = {"public_text": "厕所电费偏高", "answer": "户号有误，已退回多付的电费。"}
    objection = Objection.objects.get()
    phone_of(hamlet.writer).send("village_office:objection", objection.id, **reply)
    told = read(page, reverse("villages:section", args=[FIRST, "feedback"]))
    assert told.count("户号有误，已退回多付的电费。") == 2
    assert "周大明" not in told


def test_of_two_hundred_on_a_list_the_public_learns_name_and_sum(hamlet: Hamlet):
    people = [(f"村民{number:03}", identity(number), f"138{number:08}") for number in range(200)]
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("姓名", "身份证号", "联系电话", "一卡通账号", "病种", "金额"))
        for row, (name, number, phone) in enumerate(people, start=1):
            sheet.write_row(row, 0, (name, number, phone, f"6222{row:015}", "尿毒症", 360))
    with time_machine.travel(morning(2013, 9, 10), tick=False):
        clerk = phone_of(hamlet.writer)
        clerk.send("village_office:new", FIRST, section_code="relief-list", title="低保金发放")
        one = Disclosure.objects.get()
        table = SimpleUploadedFile("低保.xlsx", kept.getvalue())
        clerk.send("village_office:import", one.id, table=table)
        assert Line.objects.count() == 200
        hamlet.bring(one, day=10)
        told = read(
            reverse("villages:entry", args=[one.id]),
            reverse("villages:place", args=[FIRST]),
            *(reverse("villages:section", args=[FIRST, area]) for area in ("village", "feedback")),
            reverse("villages:archive", args=[FIRST]),
        )
    for name, number, phone in people:
        assert name in told
        assert number not in told
        assert phone not in told
    for private in ("6222", "尿毒症", "身份证号"):
        assert private not in told
