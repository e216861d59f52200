"""Commands: a life from the call to the public copy; limits; who may not; what is refused."""

from datetime import date

import pytest

from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.ledger import queries as ledger
from mingtang.ledger.services import deliver_all
from mingtang.letters import queries, services
from mingtang.letters.models import Letter, PublicCopy
from mingtang.letters.rules.kinds import (
    CallResult,
    NoSecondReturn,
    Order,
    OwnCase,
    Recused,
    Refusal,
    Source,
    Target,
)
from mingtang.letters.rules.masking import NoConsent, OnePersonTwice, StillPersonal
from mingtang.letters.rules.moves import IllegalMove
from mingtang.requests.models import Request
from mingtang.timing.queries import clocks_of
from mingtang.timing.rules import fold
from tests.letters.office import NAME, PHONE, TEXT, WRITER, moment
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
LATER = date(2024, 9, 4)


class TestLimits:
    def test_the_limit_is_that_of_the_kind_and_the_way_from_the_day_it_came(self, office):
        enquiry, complaint = office.file(), office.file(kind="complaint")
        leader = office.file(source=Source.LEADER.value)
        assert [one.limit_days for one in (enquiry, complaint, leader)] == [3, 13, 5]
        assert enquiry.next_due_date == date(2024, 9, 5)

    def test_to_accept_under_another_kind_changes_the_limit_but_not_the_day(self, office):
        letter = office.file()
        office.do("accept", letter, LATER, kind="complaint")
        assert letter.limit_days == 13
        assert letter.next_due_date == date(2024, 9, 20)  # the 14th, a Saturday, is worked

    def test_a_return_does_not_stop_the_clock_and_comes_once(self, office):
        letter = office.file(kind="complaint")
        due = letter.next_due_date
        office.do("accept", letter)
        office.do("dispatch", letter, lead_id=office.water.id)
        office.do("send_back", letter, LATER, office.handler, reason="不属于本局。")
        (clock,) = clocks_of(letter.stream)
        assert (clock.status, clock.due_date, letter.next_due_date) == ("running", due, due)
        office.do("designate", letter, LATER, office.head, lead_id=office.water.id)
        with pytest.raises(NoSecondReturn):
            office.do("send_back", letter, LATER, office.handler, reason="还是不属于本局。")

    def test_a_city_sets_its_own_days_from_a_day_on(self, office):
        before = office.file()
        by = {"actor": office.actor(office.head), "at": moment(office.start)}
        row = {"kind": "enquiry", "source": "", "days": 7, "extension_days": 2, "basis": "市府令"}
        services.set_limit(since=LATER, **row, **by, command_id=new_command_id())
        assert (before.limit_days, office.file(LATER).limit_days) == (3, 7)
        with pytest.raises(DomainError):
            services.set_limit(since=date(2024, 9, 1), **row, **by, command_id=new_command_id())

    def test_an_order_keeps_the_day_of_the_hotline(self, office):
        order = Order("12345-2024-0007", date(2024, 9, 30))
        letter = office.register(source=Source.HOTLINE.value, order=order)
        assert (letter.next_due_date, letter.reference) == (date(2024, 9, 30), "12345-2024-0007")
        with pytest.raises(Conflict):
            office.register(source=Source.HOTLINE.value, order=order)
        with pytest.raises(DomainError):
            office.register(source=Source.HOTLINE.value)

    def test_the_clock_is_what_its_events_add_up_to(self, office):
        letter = office.answered(kind="complaint")
        office.do("call_back", letter, result=CallResult.DISSATISFIED.value)
        office.do("redo", letter, LATER, words="重新核算。")
        office.do("extend", letter, LATER, office.head, days=2, reason="要换表。")
        facts = [event.facts for event in ledger.history(letter.stream)]
        ops = [op for one in facts for op in one.get("clocks", [])]
        folded = fold(ops, queries_calendar())
        clock = max(clocks_of(letter.stream), key=lambda one: one.id)
        assert folded["letter"].due == clock.due_date == letter.next_due_date


def queries_calendar():
    from mingtang.timing.queries import current_calendar

    return current_calendar()


class TestOffice:
    def test_what_is_not_accepted_says_why_and_ends(self, office):
        letter = office.file()
        office.do("decline", letter, refusal=Refusal.LITIGATION.value, note="已经起诉。")
        assert (letter.state, letter.refusal, letter.next_due_date) == (
            *("not_accepted", "litigation", None),
        )
        with pytest.raises(IllegalMove):
            office.do("accept", letter)

    def test_a_letter_that_asks_for_information_becomes_a_request(self, office):
        letter = office.file(text="请公开2023年水费标准文件")
        office.do("transfer", letter, target=Target.REQUEST.value, organisation_id=office.water.id)
        request = Request.objects.get()
        assert letter.target_reference == request.number
        assert (request.state, request.organisation_id) == ("filed", office.water.id)
        (clock,) = clocks_of(letter.stream)
        assert clock.status == "stopped"

    def test_a_petition_filed_as_a_request_becomes_a_letter_once(self, office):
        services.take_over_request(_request(office).number, moment(office.start))
        services.take_over_request(Request.objects.get().number, moment(office.start, 12))
        letter = Letter.objects.get()
        assert (letter.source, letter.reference) == ("request", Request.objects.get().number)

    def test_help_and_complaints_close_after_a_word_with_the_writer(self, office):
        letter = office.answered(kind="help")
        with pytest.raises(DomainError):
            office.do("close", letter)
        office.do("call_back", letter, result=CallResult.SATISFIED.value)
        office.do("close", letter)
        assert letter.state == "closed"

    def test_only_the_dissatisfied_are_done_again(self, office):
        letter = office.answered()
        with pytest.raises(DomainError):
            office.do("redo", letter, words="重办")
        office.do("rate", letter, rating=1, actor=WRITER)
        office.do("redo", letter, words="重办")
        assert (letter.state, letter.rating, letter.redone_count) == ("handling", None, 1)

    def test_an_extension_keeps_to_its_row_and_comes_once(self, office):
        letter = office.handled(kind="complaint")
        with pytest.raises(DomainError):
            office.do("extend", letter, who=office.head, days=30, reason="难")
        office.do("extend", letter, who=office.head, days=7, reason="难")
        with pytest.raises(Conflict):
            office.do("extend", letter, who=office.head, days=1, reason="难")


def _request(office):
    from mingtang.requests import services as requests
    from mingtang.requests.rules.people import Applicant, ApplicantKind

    made = requests.file(
        organisation_id=office.water.id,
        applicant=Applicant(ApplicantKind.NATURAL, NAME, "330881190001010015", PHONE),
        description="我要举报乱收费",
        actor=WRITER,
        at=moment(office.start),
        command_id=new_command_id(),
    )
    return Request.objects.get(id=int(made["request_id"]))


class TestWhoSees:
    def test_the_accused_unit_reads_it_without_its_writer(self, office):
        letter = office.handled(kind="complaint", about_id=office.water.id)
        office.do("add", letter, text=f"{NAME}补充：打我电话{PHONE}", actor=WRITER)
        seen = queries.seen_by(office.scope(office.handler), letter)
        office.do("direct", letter, who=office.head, words=f"请给{NAME}退还")
        (directive,) = queries.file_for(office.scope(office.handler), letter).directives
        told = f"{seen.title}{seen.text}{seen.additions[0][1]}{directive.words}"
        assert seen.writer is None
        assert not [one for one in (NAME, PHONE, "枫石村十二组7号") if one in told]
        assert queries.seen_by(office.scope(office.worker), letter).writer.name == NAME

    def test_a_unit_that_only_helps_is_not_told_who_wrote(self, office):
        letter = office.file()
        office.do("accept", letter)
        office.do("dispatch", letter, lead_id=office.water.id, assisting_ids=[office.planning.id])
        assert queries.seen_by(office.scope(office.planner), letter).writer is None
        assert queries.seen_by(office.scope(office.handler), letter).writer is not None
        with pytest.raises(NotFound):
            queries.letter_for(office.scope(office.colleague), letter.id)

    def test_a_tip_off_is_there_for_those_who_are_named_and_no_one_else(self, office):
        letter = office.file(kind="tip_off", about_id=office.water.id)
        for one in (office.worker, office.head, office.handler):
            with pytest.raises(NotFound):
                queries.letter_for(office.scope(one), letter.id)
        office.keep(office.worker)
        assert queries.letter_for(office.scope(office.worker), letter.id) == letter
        office.do("accept", letter)
        with pytest.raises(OwnCase):
            office.do("dispatch", letter, lead_id=office.water.id)
        office.do("dispatch", letter, lead_id=office.planning.id)
        with pytest.raises(NotFound):
            queries.letter_for(office.scope(office.planner), letter.id)
        office.do("name_reader", letter, who=office.head, person_id=office.planner.id)
        assert queries.letter_for(office.scope(office.planner), letter.id) == letter

    def test_who_stands_aside_neither_sees_nor_acts(self, office):
        letter = office.file()
        office.do("recuse", letter, reason="来信人是亲戚。")
        with pytest.raises(NotFound):
            queries.letter_for(office.scope(office.worker), letter.id)
        with pytest.raises(Recused):
            office.do("accept", letter)
        office.do("accept", letter, who=office.second)

    def test_nobody_handles_their_own_letter(self, office):
        letter = office.file(writer=office.writer(person_id=office.worker.id))
        with pytest.raises(NotFound):
            queries.letter_for(office.scope(office.worker), letter.id)


class TestPublic:
    def test_two_people_make_a_copy_public_and_it_is_found(self, office):
        letter = office.published()
        deliver_all(moment(office.start, 23))
        (found,) = queries.found_copies("水费")
        assert found.letter_id == letter.id
        office.do("take_down_copy", letter)
        deliver_all(moment(office.start, 23))
        assert queries.found_copies("水费") == []

    def test_one_person_does_not_do_both(self, office):
        letter = office.answered()
        office.do("draft_copy", letter, title="水费", question="多收", text="退还")
        with pytest.raises(OnePersonTwice):
            office.do("confirm_copy", letter)

    @pytest.mark.parametrize(
        "left", [NAME, PHONE, "agen@example.cn", "峡口镇枫石村 十二组7号", "330881190001010015"]
    )
    def test_what_leads_to_somebody_stays_out(self, office, left):
        letter = office.answered()
        with pytest.raises(StillPersonal) as refused:
            office.do("draft_copy", letter, title="水费", question=f"有{left}", text="退还")
        assert left not in refused.value.message

    def test_without_consent_there_is_no_copy_but_an_answer_for_all(self, office):
        letter = office.answered(may_publish=False)
        with pytest.raises(NoConsent):
            office.do("draft_copy", letter, title="水费", question="多收", text="退还")
        office.do("promote", letter, question="水费多收了怎么退？", text="下月抵扣。")
        deliver_all(moment(office.start, 23))
        assert [one.question for one in queries.known_answers("水费")] == ["水费多收了怎么退？"]

    def test_tip_offs_are_never_public(self, office):
        office.keep(office.worker)
        letter = office.answered(kind="tip_off")
        with pytest.raises(DomainError):
            office.do("draft_copy", letter, title="水费", question="多收", text="退还")
        assert not PublicCopy.objects.exists()


def test_the_ledger_holds_no_word_of_a_letter(office):
    letter = office.published(kind="complaint")
    office.do("call_back", letter, result="satisfied", words=f"{NAME}说满意")
    office.do("rate", letter, rating=5, words=f"{NAME}谢谢", actor=WRITER)
    told = str([(one.facts, one.actor_label) for one in ledger.history(letter.stream)])
    for one in (NAME, PHONE, TEXT[:6], "枫石村"):
        assert one not in told
