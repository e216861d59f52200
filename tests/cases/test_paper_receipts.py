"""A paper receipt of an outage: filed at once, counts from its true time only by two people."""

import random
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.queries import actor_of, scope_of
from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.base.paging import Cursor
from mingtang.cases import services
from mingtang.cases.models import Case
from mingtang.cases.rules import OwnCase
from mingtang.files.services import store
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM
from mingtang.outage import queries as reading
from mingtang.outage import services as outage
from mingtang.outage.models import PaperReceipt
from mingtang.outage.queries import confirmer
from mingtang.outage.rules import SamePerson, WrongNumber, WrongTime, code_of, serial_in
from mingtang.timing import queries as timing
from mingtang.timing.rules import fold
from tests import papers
from tests.world import NUMBERS, morning, new_command_id, plain

PRINTED, ENTERED = morning(2013, 9, 2), morning(2013, 9, 17)  # a Monday; a Tuesday
TRUE = morning(2013, 9, 11, 15)  # a Wednesday


def test_slips_of_the_hand_in_a_number_are_found():
    """Each wrong digit, each two that changed places."""
    dice = random.Random(12)
    for serial in [1, 999_999, *(dice.randrange(10**6) for _ in range(50))]:
        code = code_of(serial)
        assert serial_in(f" {code[:4].lower()} {code[4:]}") == serial
        digits = code[1:]
        wrong = {
            digits[:at] + other + digits[at + 1 :] for at in range(7) for other in "0123456789"
        }
        wrong |= {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(6)}
        for one in wrong - {digits}:
            with pytest.raises(WrongNumber):
                serial_in(f"T{one}")


class Hall:
    """A window after an outage, with a block of printed receipts."""

    def __init__(self, world):
        self.world = world
        self.lead = world.people.post("lead", Role.WINDOW_LEAD, world.water)
        self.item = world.item()
        outage.reserve_paper_receipts(
            count=10, actor=SYSTEM, at=PRINTED, command_id=new_command_id()
        )

    def claim(self, serial=1, received_at=TRUE):
        scan = SimpleUploadedFile("回执.png", papers.png())
        kept = store(scan, command_id=new_command_id())
        return outage.PaperClaim(code_of(serial), received_at, kept)

    def take_in(self, claim, at=ENTERED, **more):
        made = services.take_in(
            item_code=self.item,
            applicant=self.world.applicant(),
            answers=plain("在峡口镇取水灌溉。"),
            paper=claim,
            actor=self.world.actor(self.world.clerk),
            at=at,
            command_id=new_command_id(),
            **more,
        )
        return Case.objects.get(id=int(made["case_id"]))

    def decide(self, case, who=None, at=ENTERED, reason=""):
        receipt = PaperReceipt.objects.filter(subject_id=case.id).latest("id")
        actor = self.world.actor(who or self.lead)
        by = {"receipt_id": receipt.id, "actor": actor, "at": at, "command_id": new_command_id()}
        if reason:
            services.refuse_paper_receipt(reason=reason, **by)
        else:
            services.confirm_paper_receipt(**by)
        case.refresh_from_db()


@pytest.fixture
def hall(world):
    return Hall(world)


def _clock(case, kind):
    clock = timing.open_clock(case.stream, kind)
    return (clock.start_date, clock.due_date) if clock else None


def _by_id(clock):
    return clock.id


def _is_the_fold(case):
    """What the clocks say is what the case's history says."""
    ops = [op for event in ledger.history(case.stream) for op in event.facts.get("clocks", ())]
    folded = fold(ops, timing.current_calendar())
    last = {one.kind: one for one in sorted(timing.clocks_of(case.stream), key=_by_id)}
    return {kind: one.state for kind, one in last.items()} == folded


@pytest.mark.django_db
@pytest.mark.slow
class TestTime:
    def test_it_is_filed_at_once_and_nothing_counts_from_it_yet(self, hall):
        case = hall.take_in(hall.claim())
        assert case.submitted_at == ENTERED
        assert _clock(case, "completeness") == (date(2013, 9, 17), date(2013, 9, 25))
        assert [kind for _, kind in ledger.kinds_of(case.stream)] == [
            "case.taken_in",
            "case.paper_receipt_entered",
        ]
        receipt = PaperReceipt.objects.get()
        assert (receipt.stage, receipt.scan.subject) == ("waiting", case.stream)

    def test_a_second_person_confirms_and_the_clock_counts_from_the_true_day(self, hall):
        case = hall.take_in(hall.claim())
        hall.decide(case)
        assert case.submitted_at == TRUE
        assert _clock(case, "completeness") == (date(2013, 9, 11), date(2013, 9, 18))
        assert case.next_due_date == date(2013, 9, 18)
        assert _is_the_fold(case)
        with pytest.raises(Conflict, match="已经核对过"):
            hall.decide(case)

    def test_who_entered_it_cannot_confirm_and_the_clock_does_not_move(self, hall):
        """Nor anybody who acts for them, nor for whom it was entered; the database says so too."""
        hall.world.people.post("clerk", Role.WINDOW_LEAD, hall.world.water)
        case = hall.take_in(hall.claim())
        before = _clock(case, "completeness")
        hall.world.people.substitution(hall.world.clerk, hall.lead)
        instead = hall.world.scope(hall.lead)
        assert any(grant.acting_for_id == hall.world.clerk.id for grant in instead.grants)
        for actor in (hall.world.actor(hall.world.clerk), _for(hall, hall.lead, hall.world.clerk)):
            with pytest.raises(SamePerson):
                services.confirm_paper_receipt(
                    receipt_id=PaperReceipt.objects.get().id,
                    actor=actor,
                    at=ENTERED,
                    command_id=new_command_id(),
                )
        case.refresh_from_db()
        assert (_clock(case, "completeness"), case.submitted_at) == (before, ENTERED)
        with pytest.raises(IntegrityError), transaction.atomic():
            PaperReceipt.objects.update(
                stage="confirmed", decided_at=ENTERED, decided_by=hall.world.clerk
            )

    def test_control_without_the_rule_one_who_stands_in_moves_the_clock(self, hall, monkeypatch):
        """And the one who entered it is stopped by the database alone."""
        case = hall.take_in(hall.claim())
        hall.world.people.substitution(hall.world.clerk, hall.lead)
        monkeypatch.setattr(outage, "check_second", lambda *_: None)
        with pytest.raises(IntegrityError), transaction.atomic():
            hall.decide(case, hall.world.clerk)
        services.confirm_paper_receipt(
            receipt_id=PaperReceipt.objects.get().id,
            actor=_for(hall, hall.lead, hall.world.clerk),
            at=ENTERED,
            command_id=new_command_id(),
        )
        assert _clock(case, "completeness")[0] == legal_date(TRUE)

    def test_refused_it_changes_nothing_and_may_be_entered_once_more(self, hall):
        case = hall.take_in(hall.claim())
        hall.decide(case, reason="扫描件上的时间是十二日")
        assert (case.submitted_at, _clock(case, "completeness")[0]) == (ENTERED, date(2013, 9, 17))
        claim = hall.claim(1, morning(2013, 9, 12))
        hall.world.act(hall.world.clerk, services.enter_paper_receipt, case, ENTERED, claim=claim)
        hall.decide(case)
        assert case.submitted_at == morning(2013, 9, 12)
        assert _is_the_fold(case)

    def test_what_ran_out_meanwhile_is_deemed_accepted_as_of_the_true_day(self, hall):
        case = hall.take_in(hall.claim())
        later = ENTERED + timedelta(days=3)
        assert services.sweep_deemed(later) == 0
        hall.decide(case, at=later)
        assert services.sweep_deemed(later) == 1
        case.refresh_from_db()
        assert (case.state, case.is_deemed_accepted) == ("accepted", True)
        assert _clock(case, "promised")[0] == legal_date(TRUE)
        assert _is_the_fold(case)

    def test_what_was_accepted_too_late_counts_from_the_true_day(self, hall):
        """Five working days from the true day were over when it was accepted."""
        case = hall.take_in(hall.claim())
        later = morning(2013, 9, 23)
        hall.world.act(hall.world.clerk, services.accept, case, later)
        assert _clock(case, "promised")[0] == date(2013, 9, 23)
        hall.decide(case, at=later)
        assert _clock(case, "promised")[0] == legal_date(TRUE)
        assert case.next_due_date == _clock(case, "promised")[1]
        assert _is_the_fold(case)

    def test_while_it_waits_nothing_is_asked_for_that_the_law_has_accepted(self, hall):
        """By the paper the five working days are over: first it is compared."""
        later = morning(2013, 9, 18)
        case = hall.take_in(hall.claim(received_at=morning(2013, 9, 9)))
        ask = {"note": "请补身份证复印件。"}
        with pytest.raises(DomainError, match="先核对纸质回执"):
            hall.world.act(hall.world.clerk, services.ask_correction, case, later, **ask)
        with pytest.raises(DomainError, match="先核对纸质回执"):
            hall.world.act(
                hall.world.clerk, services.not_require, case, later, reason="不需要办理。"
            )
        hall.decide(case, at=later, reason="扫描件与登记的时间不符。")
        hall.world.act(hall.world.clerk, services.not_require, case, later, reason="不需要办理。")

    def test_nobody_confirms_their_own(self, hall, client):
        case = hall.take_in(hall.claim())
        receipt = PaperReceipt.objects.get()
        assert confirmer(scope_of(hall.lead, legal_date(ENTERED)), receipt)
        Case.objects.filter(id=case.id).update(applicant_person=hall.lead)
        receipt = PaperReceipt.objects.get()
        with pytest.raises(OwnCase):
            confirmer(scope_of(hall.lead, legal_date(ENTERED)), receipt)

    def test_what_was_accepted_in_time_keeps_its_limits(self, hall):
        case = hall.take_in(hall.claim())
        hall.world.act(hall.world.clerk, services.accept, case, ENTERED)
        before = _clock(case, "promised")
        hall.decide(case)
        assert (_clock(case, "promised"), case.submitted_at) == (before, TRUE)
        assert _is_the_fold(case)


def _for(hall, who, absent):
    reader = hall.world.scope(who)
    return actor_of(reader, next(g for g in reader.grants if g.acting_for_id == absent.id))


@pytest.mark.django_db
@pytest.mark.slow
class TestNumbers:
    def test_a_number_is_used_once_and_a_case_has_one(self, hall):
        case = hall.take_in(hall.claim())
        with pytest.raises(Conflict, match="已经用过"):
            hall.take_in(hall.claim())
        assert Case.objects.count() == 1, "nothing is left of what was refused"
        with pytest.raises(Conflict, match="已经登记过"):
            hall.world.act(
                hall.world.clerk, services.enter_paper_receipt, case, ENTERED, claim=hall.claim(2)
            )

    def test_a_number_that_was_never_printed_is_refused(self, hall):
        with pytest.raises(DomainError, match="没有印过"):
            hall.take_in(hall.claim(11))

    @pytest.mark.parametrize(
        ("received_at", "told"),
        [
            (ENTERED + timedelta(minutes=1), "晚于录入的时间"),
            (PRINTED - timedelta(minutes=1), "早于这批回执印制的时间"),
        ],
    )
    def test_a_time_at_which_nobody_had_it_is_refused(self, hall, received_at, told):
        with pytest.raises(WrongTime, match=told):
            hall.take_in(hall.claim(1, received_at))
        assert not Case.objects.exists()

    def test_what_is_too_old_is_refused(self, hall, settings):
        settings.MINGTANG_PAPER_RECEIPT_DAYS = 5
        with pytest.raises(WrongTime, match="5 天以前"):
            hall.take_in(hall.claim())

    def test_blocks_follow_each_other(self, hall):
        again = {"count": 5, "actor": SYSTEM, "at": ENTERED, "command_id": new_command_id()}
        assert outage.reserve_paper_receipts(**again) == {"first": 11, "last": 15}
        assert outage.reserve_paper_receipts(**again) == {"first": 11, "last": 15}


def _scan():
    return SimpleUploadedFile("回执.png", papers.png(), "image/png")


def _typed(**more):
    return {
        "command_id": new_command_id(),
        "paper_code": code_of(1),
        "paper_received_at": "2013-09-11T15:00",
        "paper_scan": _scan(),
        **more,
    }


@pytest.fixture
def at_ten():
    with time_machine.travel(ENTERED, tick=False):
        yield


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.slow
@pytest.mark.usefixtures("at_ten")
class TestPages:
    def test_from_the_counter_to_the_citizen(self, client, hall):
        """Taken in with number, time and scan; looked through by another; shown to the citizen."""
        world = hall.world
        client.force_login(world.clerk)
        said = {
            "applicant_kind": "natural",
            "applicant_name": "毛小明",
            "identity_number": NUMBERS[0],
            "phone": "13800000001",
            "address": "峡口镇",
            "matter-summary": "在峡口镇取水灌溉。",
        }
        url = reverse("cases:take_in", args=[hall.item])
        wrong = client.post(url, _typed(**said, paper_code=code_of(1)[:-1] + "0"))
        assert "纸质回执号不对" in wrong.content.decode()
        assert "2013-09-11T15:00" in wrong.content.decode()
        lacking = _typed(**said)
        del lacking["paper_scan"]
        assert "没有扫描件不能核定时间" in client.post(url, lacking).content.decode()
        assert not Case.objects.exists()
        assert client.post(url, _typed(**said)).status_code == 302
        case, receipt = Case.objects.get(), PaperReceipt.objects.get()
        assert "待核对" in client.get(reverse("cases:detail", args=[case.number])).content.decode()
        client.force_login(hall.lead)
        page = client.get(reverse("outage:receipts")).content.decode()
        one = reverse("outage:receipt", args=[receipt.id])
        assert one in page
        shown = client.get(one).content.decode()
        scan = reverse("outage:scan", args=[receipt.id])
        assert (code_of(1) in shown, scan in shown) == (True, True)
        assert b"".join(client.get(scan).streaming_content)[1:4] == b"PNG"
        client.post(f"{one}confirm/", {"command_id": new_command_id()})
        assert code_of(1) not in client.get(reverse("outage:receipts")).content.decode()
        client.logout()
        keys = {"number": case.number, "code": services.tracking_code(case)}
        page = client.post(reverse("cases:progress"), keys, follow=True).content.decode()
        assert "2013年9月11日 15:00" in page
        assert "核定收到时间" in page

    def test_each_page_is_for_three_people(self, client, hall):
        """The lead of the window; a colleague elsewhere; a stranger."""
        world = hall.world
        case = hall.take_in(hall.claim())
        other = world.people.post("other", Role.WINDOW_LEAD, world.planning)
        one = reverse("outage:receipt", args=[PaperReceipt.objects.get().id])
        enter = reverse("cases:enter_paper_receipt", args=[case.number])
        seen = (
            (hall.lead, 200, 200),
            (world.manager, 200, 404),
            (other, 404, 404),
            (world.clerk, 404, 200),
            (world.colleague, 404, 404),
            (world.citizen, 404, 404),
        )
        for person, of_receipt, of_entering in seen:
            client.force_login(person)
            assert client.get(one).status_code == of_receipt, person
            assert client.get(enter).status_code == of_entering, person
            sent = client.post(f"{one}confirm/", {"command_id": new_command_id()})
            assert (sent.status_code == 302) == (person == hall.lead)

    def test_refusing_needs_a_reason_and_the_page_keeps_it(self, client, hall):
        hall.take_in(hall.claim())
        client.force_login(hall.lead)
        one = reverse("outage:receipt", args=[PaperReceipt.objects.get().id])
        sent = client.post(f"{one}refuse/", {"command_id": new_command_id(), "reason": ""})
        assert (sent.status_code, "请写明理由" in sent.content.decode()) == (422, True)
        said = {"command_id": new_command_id(), "reason": "扫描件看不清"}
        assert client.post(f"{one}refuse/", said).status_code == 302
        assert "扫描件看不清" in client.get(one).content.decode()

    def test_one_that_was_forgotten_is_entered_later(self, client, hall):
        case = hall.take_in(None)
        client.force_login(hall.world.clerk)
        url = reverse("cases:enter_paper_receipt", args=[case.number])
        early = client.post(url, _typed(paper_received_at="2013-09-01T15:00"))
        assert "早于这批回执印制的时间" in early.content.decode()
        assert client.post(url, _typed()).status_code == 302
        assert PaperReceipt.objects.get().subject_id == case.id

    def test_nobody_enters_one_for_their_own_case(self, client, hall):
        case = hall.take_in(None)
        client.force_login(hall.world.clerk)
        url = reverse("cases:enter_paper_receipt", args=[case.number])
        assert client.get(url).status_code == 200
        Case.objects.filter(id=case.id).update(applicant_person=hall.world.clerk)
        assert 400 <= client.get(url).status_code < 500
        assert 400 <= client.post(url, _typed()).status_code < 500
        assert not PaperReceipt.objects.exists()

    def test_the_list_costs_the_same_with_more_rows(self, client, hall):
        client.force_login(hall.lead)
        costs = []
        for serial in (1, 2):
            hall.take_in(hall.claim(serial))
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse("outage:receipts"))
            costs.append(len(asked))
        assert costs[0] == costs[1]


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.slow
def test_the_list_goes_on_where_a_page_ended(hall, monkeypatch):
    monkeypatch.setattr(reading, "PAGE", 2)
    for serial in (1, 2, 3):
        hall.take_in(hall.claim(serial))
    reader = hall.world.scope(hall.lead)
    first = reading.waiting(reader)
    assert [one.number for one in first.rows] == [1, 2]
    second = reading.waiting(reader, after=Cursor.read(str(first.next)))
    assert ([one.number for one in second.rows], second.next) == ([3], None)


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.slow
def test_the_sheets_hold_each_number_twice_four_to_a_page(tmp_path, capsys):
    out = tmp_path / "receipts.pdf"
    call_command("paper_receipts", "--count", "2", "--out", str(out))
    assert f"{code_of(1)} 至 {code_of(2)}" in capsys.readouterr().out
    assert out.read_bytes().startswith(b"%PDF")
    [printed] = ledger.events_within(["paper_receipt.printed"], date.min, date.max)
    assert (printed.facts["first"], printed.facts["count"]) == (code_of(1), 2)
    with pytest.raises(CommandError, match="1 至 1000"):
        call_command("paper_receipts", "--count", "0", "--out", str(out))
