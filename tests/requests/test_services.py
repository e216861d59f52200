"""Lives of requests through the real commands: receipt, clocks, papers, decisions, remedies."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.files.queries import documents_of
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import CommandConflict
from mingtang.messages.models import Message
from mingtang.requests import queries, services
from mingtang.requests.models import Decision, Request
from mingtang.requests.rules.deciding import BadDecision, Part, SamePerson
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.moves import IllegalMove
from mingtang.requests.rules.papers import PaperKind
from mingtang.requests.rules.remedies import NeedsReconsideration
from mingtang.timing import queries as timing
from mingtang.timing.rules import OutsideCalendar
from tests.requests.office import APPLICANT, WANTED, moment
from tests.world import NUMBERS, new_command_id

pytestmark = pytest.mark.django_db
START = date(2024, 9, 2)
WHY = "涉及第三方的商业秘密，第三方不同意公开。"


def papers(request):
    return [one.kind for one in documents_of(request.stream)]


def letter(request):
    (found,) = [one for one in documents_of(request.stream) if one.kind == PaperKind.REPLY]
    return found.paper()


def due(request):
    return timing.open_clock(request.stream, "reply").due_date


class TestReceipt:
    def test_online_counts_from_the_day_both_sides_confirm(self, office):
        request = office.file()
        assert (request.state, request.received_date, request.next_due_date) == (
            *("filed", None, START),
        )
        assert timing.clocks_of(request.stream) == []
        office.do("confirm_receipt", request, date(2024, 9, 3), confirmed_date=date(2024, 9, 3))
        assert (request.state, request.received_date) == ("handling", date(2024, 9, 3))
        assert request.next_due_date == due(request) == date(2024, 10, 8)
        assert papers(request) == [
            *("request_application", "request_receipt", "request_flow", "request_register"),
        ]

    def test_across_the_counter_it_is_received_at_once(self, office):
        request = office.register()
        assert (request.state, request.received_date) == ("handling", START)
        assert due(request) == date(2024, 9, 30)

    def test_a_letter_waits_for_its_confirmation_and_a_late_one_is_noted(self, office):
        request = office.register(channel="letter")
        assert request.state == "filed"
        office.do("confirm_receipt", request, date(2024, 9, 4), confirmed_date=date(2024, 9, 4))
        (event,) = [one for one in ledger.history(request.stream) if one.kind.endswith("received")]
        assert event.facts["is_late_confirmation"] is True
        assert (event.facts["basis"], event.facts["law"]) == ("confirmed", "711")

    def test_in_2013_a_mail_counts_from_its_arrival_and_fifteen_days(self, office):
        day = date(2013, 9, 10)
        request = office.register(day, "email")
        assert (request.received_date, due(request)) == (day, date(2013, 10, 8))

    def test_what_did_not_happen_yet_is_not_registered(self, office):
        with pytest.raises(DomainError, match="晚于今天"):
            office.register(arrived_date=date(2024, 9, 9))
        request = office.file()
        with pytest.raises(DomainError, match="晚于今天"):
            office.do("confirm_receipt", request, confirmed_date=date(2024, 9, 9))

    def test_numbers_are_drawn_per_organ_and_day_and_the_code_opens_only_its_own(self, office):
        first, second = office.file(), office.file()
        assert first.number[:-4] == second.number[:-4] == "Y330881016240902"
        code = services.tracking_code(first)
        asked = {"code": code, "source": "127.0.0.1", "at": moment(START)}
        assert services.request_by_code(number=first.number, **asked).id == first.id
        for number in (second.number, "Y1"):
            with pytest.raises(NotFound, match="查询码不正确"):
                services.request_by_code(number=number, **asked)

    def test_what_is_personal_is_sealed_and_stays_out_of_the_ledger(self, office):
        request = office.received()
        told = str([event.facts for event in ledger.history(request.stream)])
        for secret in ("毛小明", NUMBERS[0], "13800000001", WANTED):
            assert secret not in told
        raw = Request.objects.filter(id=request.id).extra(select={"raw": "hex(identity_number)"})
        if raw.query.get_compiler("default").connection.vendor == "sqlite":
            assert NUMBERS[0].encode().hex().upper() not in raw.values_list("raw", flat=True)[0]

    def test_the_same_command_twice_is_one_and_other_content_is_refused(self, office):
        key = new_command_id()
        first = office.file(command_id=key)
        assert office.file(command_id=key).id == first.id
        with pytest.raises(CommandConflict):
            office.file(command_id=key, description="别的内容")


class TestCorrection:
    def test_it_is_asked_once_and_the_limit_begins_anew(self, office):
        request = office.received()
        on, back = date(2024, 9, 5), date(2024, 9, 12)
        office.do("ask_correction", request, on, wanted="请写明工程名称。", days=10)
        assert (request.state, request.next_due_date) == ("correcting", date(2024, 9, 20))
        assert timing.open_clock(request.stream, "reply") is None
        office.do("correct", request, back, text="峡口水库", actor=APPLICANT)
        assert (request.state, request.counted_from_date) == ("handling", back)
        assert request.received_date == START  # the tables count the first
        assert due(request) == timing.working_days_later(back, 20)
        with pytest.raises(Conflict, match="一次性"):
            office.do("ask_correction", request, back, wanted="再说明", days=5)

    def test_a_notice_after_seven_working_days_is_kept_as_late(self, office):
        in_time, late = office.received(), office.received()
        office.do("ask_correction", in_time, date(2024, 9, 11), wanted="写明名称", days=5)
        office.do("ask_correction", late, date(2024, 9, 12), wanted="写明名称", days=5)
        assert [one.corrections.get().is_late for one in (in_time, late)] == [False, True]

    def test_silence_is_proposed_by_the_system_and_confirmed_by_a_person(self, office):
        request = office.received()
        office.do("ask_correction", request, wanted="写明名称", days=5)
        due_day = request.next_due_date
        assert services.sweep(moment(due_day, 20)) == 0
        with pytest.raises(Conflict, match="还没有过"):
            office.do("confirm_lapse", request, due_day, reason="没有补正")
        after = date(2024, 9, 10)
        assert services.sweep(moment(after)) == 1
        assert services.sweep(moment(after, 12)) == 0
        request.refresh_from_db()
        assert (request.state, request.result) == ("correcting", None)
        office.do("confirm_lapse", request, after, reason="电话联系两次，没有补正。")
        assert (request.state, request.result, request.result_date) == ("decided", "f1", after)
        assert "视为放弃申请" in letter(request).paragraphs[2]
        assert timing.open_clocks([request.stream]) == {}

    def test_a_correction_after_its_day_still_counts_until_the_lapse_is_confirmed(self, office):
        request = office.received()
        office.do("ask_correction", request, wanted="写明名称", days=5)
        services.sweep(moment(date(2024, 9, 12)))
        office.do("correct", request, date(2024, 9, 13), text="峡口水库")
        assert (request.state, request.lapse_proposed_at) == ("handling", None)


class TestConsultation:
    def ask(self, office, request, on=START, role="third", **more):
        office.do(
            *("consult", request, on),
            role=role,
            party_name="江山市某水利工程公司",
            question="验收报告中的造价明细",
            **more,
        )

    def test_the_limit_stands_still_and_their_time_counts_from_their_receipt(self, office):
        request = office.received()
        self.ask(office, request, date(2024, 9, 4))
        assert request.state == "consulting"
        reached = date(2024, 9, 6)
        office.do("note_consulted", request, reached, number=1, reached_date=reached)
        made = request.consultations.get()
        assert made.due_date == timing.working_days_later(reached, 15)
        answered = date(2024, 9, 20)
        office.do(
            "answer_consultation", request, answered, number=1, opinion="object", text="商业秘密"
        )
        assert request.state == "handling"
        assert due(request) == date(2024, 10, 21)
        told = "".join(
            timing.explain_history(
                timing.open_clock(request.stream, "reply"), ledger.history(request.stream)
            )
        )
        assert "暂停计时" in told

    def test_the_limit_runs_on_only_after_the_last_answer(self, office):
        request = office.received()
        self.ask(office, request)
        self.ask(office, request, role="joint")
        day = date(2024, 9, 5)
        office.do("answer_consultation", request, day, number=1, opinion="agree")
        assert request.state == "consulting"
        with pytest.raises(IllegalMove):
            office.do("draft", request, day, parts=[Part("全部", Kind.A)])
        office.do("answer_consultation", request, day, number=2, opinion="agree")
        assert request.state == "handling"
        with pytest.raises(Conflict, match="已经登记过"):
            office.do("answer_consultation", request, day, number=2, opinion="object", text="不")

    @pytest.mark.parametrize("role", ["third", "joint"])
    def test_silence_ends_with_their_last_day(self, office, role):
        request = office.received()
        self.ask(office, request, role=role, reached_date=START)
        last = request.consultations.get().due_date
        with pytest.raises(Conflict, match="还没有过"):
            office.do("answer_consultation", request, last, number=1, opinion="silent")
        office.do("answer_consultation", request, date(2024, 10, 8), number=1, opinion="silent")
        made = request.consultations.get()
        assert (made.answer, made.answered_date) == ("silent", last)
        pause = timing.open_clock(request.stream, "reply").state.pauses[0]
        assert tuple(pause) == (START, last)

    def test_before_2019_a_joint_organ_stops_no_clock_and_the_letter_sets_the_time(self, office):
        day = date(2013, 9, 10)
        request = office.register(day)
        with pytest.raises(DomainError, match="期限照计"):
            self.ask(office, request, day, role="joint")
        with pytest.raises(DomainError, match="没有规定"):
            self.ask(office, request, day)
        self.ask(office, request, day, days=10)
        assert request.state == "consulting"

    def test_each_gets_its_paper(self, office):
        request = office.received()
        self.ask(office, request)
        self.ask(office, request, role="joint")
        assert papers(request)[4:] == [
            *("request_third_party", "request_third_party_reply", "request_consult_notice"),
            *("request_joint", "request_consult_notice"),
        ]


class TestLonger:
    def test_the_head_extends_once_before_the_end(self, office):
        request = office.received()
        office.do("extend", request, date(2024, 9, 27), office.head, reason="档案在外地")
        assert due(request) == date(2024, 11, 1)
        assert request.extensions.get().days == 20
        with pytest.raises(Conflict, match="已经延长过"):
            office.do("extend", request, date(2024, 9, 27), office.head, reason="再延")

    def test_not_after_the_end_and_not_beyond_the_law(self, office):
        request = office.received()
        with pytest.raises(DomainError, match="最长 20"):
            office.do("extend", request, START, office.head, reason="档案在外地", days=21)
        with pytest.raises(Conflict, match="届满"):
            office.do("extend", request, date(2024, 10, 8), office.head, reason="档案在外地")

    def test_reasons_are_asked_and_good_ones_get_a_later_day(self, office):
        request = office.received()
        office.do("ask_reasons", request, wanted="本月第 26 件", days=5)
        with pytest.raises(Conflict, match="还没有说明"):
            office.do("delay", request, START, office.head, days=30, reason="材料多")
        office.do("give_reasons", request, text="课题研究需要", actor=APPLICANT)
        office.do("delay", request, START, office.head, days=30, reason="材料多")
        assert due(request) == timing.working_days_later(START, 50)

    def test_in_2013_nobody_asked_for_reasons(self, office):
        request = office.register(date(2013, 9, 10))
        with pytest.raises(DomainError, match="没有要求说明理由"):
            office.do("ask_reasons", request, date(2013, 9, 10), wanted="太多", days=5)


class TestFees:
    def test_by_volume_the_limit_begins_anew_after_payment(self, office):
        request = office.received()
        told = office.do("charge", request, basis="volume", quantity=250)
        assert told["amount_cents"] == 470_000
        assert (request.state, request.next_due_date) == ("awaiting_fee", date(2024, 9, 30))
        paid = date(2024, 9, 10)
        office.do("pay", request, paid)
        assert request.counted_from_date == paid
        assert due(request) == timing.working_days_later(paid, 20)
        assert queries.fee_income_cents(office.water.id, 2024) == 470_000
        with pytest.raises(Conflict, match="只收一次"):
            office.do("charge", request, paid, basis="count", quantity=40)

    def test_by_count_the_earlier_ones_of_the_month_come_first(self, office):
        for _ in range(10):
            office.received()
        request = office.received()
        told = office.do("charge", request, basis="count", quantity=1)
        assert told["amount_cents"] == 10_000
        assert request.fee_notice.before_count == 10

    def test_by_count_an_earlier_one_is_as_many_as_it_was_charged_for(self, office):
        first = office.received()
        office.do("charge", first, basis="count", quantity=12)
        by_volume = office.received()
        office.do("charge", by_volume, basis="volume", quantity=250)
        request = office.received()
        told = office.do("charge", request, basis="count", quantity=1)
        assert told["amount_cents"] == 10_000
        assert request.fee_notice.before_count == 13

    def test_by_count_the_day_of_receipt_says_which_came_before(self, office):
        later = office.received(date(2024, 9, 10))
        earlier = office.register(START, at=moment(date(2024, 9, 11)))
        assert (queries.asked_before_in_month(later), queries.asked_before_in_month(earlier)) == (
            *(1, 0),
        )

    def test_what_is_free_is_not_charged_and_2013_has_no_such_fee(self, office):
        request = office.received()
        with pytest.raises(DomainError, match="不收费"):
            office.do("charge", request, basis="volume", quantity=30)
        old = office.register(date(2013, 9, 10))
        with pytest.raises(DomainError, match="成本费"):
            office.do("charge", old, date(2013, 9, 10), basis="volume", quantity=300)

    def test_who_does_not_pay_gives_up(self, office):
        request = office.received()
        office.do("charge", request, basis="volume", quantity=250)
        after = date(2024, 10, 8)
        assert services.sweep(moment(after)) == 1
        office.do("confirm_lapse", request, after, reason="没有缴费。")
        assert request.result == "f2"


class TestDecision:
    def test_two_persons_and_the_letter_says_how_to_contest_it(self, office):
        request = office.received()
        office.do("draft", request, parts=[Part("验收报告", Kind.C1, reason="标注机密。")])
        with pytest.raises(SamePerson):
            office.do("decide", request, who=office.worker)
        office.do("decide", request, who=office.head)
        assert (request.state, request.result, request.result_date) == ("decided", "c1", START)
        said = letter(request)
        assert said.mark == "市水利局公复"
        assert "应当自收到之日起 60 日内先向江山市人民政府申请行政复议" in said.remedies
        assert "国家秘密" in said.paragraphs[2]

    def test_the_database_keeps_the_two_apart(self, office):
        request = office.received()
        office.do("draft", request, parts=[Part("验收报告", Kind.A)])
        standing = Decision.objects.filter(request=request)
        with pytest.raises(IntegrityError), transaction.atomic():
            standing.update(approved_at=moment(START), approved_by=office.worker.id, document=1)

    def test_what_is_sent_back_is_written_again(self, office):
        request = office.received()
        office.do("draft", request, parts=[Part("验收报告", Kind.A)])
        office.do("send_back", request, who=office.head, reason="请写明公开的方式。")
        assert request.state == "handling"
        office.decide(request, START)
        assert (request.result, request.decisions.count()) == ("a", 2)

    def test_partial_disclosure_with_a_third_party(self, office):
        request = office.received()
        office.do(*("consult", request), role="third", party_name="某公司", question="造价明细")
        day = date(2024, 9, 6)
        office.do("answer_consultation", request, day, number=1, opinion="object", text="商业秘密")
        with pytest.raises(BadDecision, match="公共利益"):
            office.decide(request, day, Part("报告正文", Kind.A), Part("造价", Kind.C4, reason=WHY))
        office.decide(
            *(request, day, Part("报告正文", Kind.A), Part("造价", Kind.C4, reason=WHY)),
            override="报告正文不涉及第三方，公开有利于下游群众监督。",
        )
        assert request.result == "b"
        assert queries.kinds_of(request) == [Kind.A, Kind.C4]
        assert "不予公开的部分" in letter(request).remedies
        assert "request_third_party_told" in papers(request)

    def test_not_held_needs_a_search_on_record(self, office):
        request = office.received()
        part = Part("验收报告", Kind.D1, reason="由省水利厅保存。")
        with pytest.raises(BadDecision, match="检索记录"):
            office.do("draft", request, parts=[part])
        office.do("log_search", request, place="档案室", words="峡口水库 验收", found="无")
        office.decide(request, START, part)
        assert request.result == "d1"

    def test_another_unit_is_asked_to_help_and_the_limit_runs_on(self, office):
        request = office.received()
        before = due(request)
        office.do("ask_assistance", request, party_name="档案馆", question="调取原件")
        assert papers(request)[-1] == "request_assist"
        assert due(request) == before

    def test_a_repeated_request_is_linked_to_its_answer(self, office):
        first = office.received()
        second = office.received()
        with pytest.raises(DomainError, match="还没有答复"):
            office.do("link", second, earlier_number=first.number)
        office.decide(first, START)
        other = office.received(applicant=office.applicant(identity_number=NUMBERS[1]))
        with pytest.raises(DomainError, match="不是同一申请人"):
            office.do("link", other, earlier_number=first.number)
        office.do("link", second, earlier_number=first.number)
        office.decide(second, START, Part("全部", Kind.E2, reason="已于今日答复。"))
        assert second.result == "e2"

    def test_delivery_and_no_day_before_the_letter(self, office):
        request = office.received()
        office.decide(request, date(2024, 9, 5))
        with pytest.raises(DomainError, match="早于答复书"):
            office.do("deliver", request, date(2024, 9, 6), way="post", delivered_date=START)
        office.do("deliver", request, date(2024, 9, 6), way="post")
        assert request.state == "delivered"

    def test_numbers_of_letters_have_no_gaps_and_one_series(self, office):
        requests = [office.received() for _ in range(3)]
        for request in requests:
            office.decide(request, START)
        numbers = [one.number for one in documents_of(requests[-1].stream) if one.number]
        assert numbers == ["市水利局公复〔2024〕3号", "市水利局公复〔2024〕6号"]


class TestEnds:
    def test_what_is_withdrawn_before_receipt_counts_nowhere(self, office):
        request = office.file()
        office.do("withdraw", request, actor=APPLICANT)
        assert (request.state, request.result, request.received_date) == ("withdrawn", None, None)
        assert queries.table3(office.water.id, 2024).number("new", "total") == 0

    @pytest.mark.parametrize("verb", ["ask_correction", "consult", "charge", "draft"])
    def test_what_is_withdrawn_after_it_counts_as_other(self, office, verb):
        request = office.received()
        more = {
            "ask_correction": {"wanted": "写明名称", "days": 5},
            "consult": {"role": "third", "party_name": "某公司", "question": "造价"},
            "charge": {"basis": "volume", "quantity": 99},
            "draft": {"parts": [Part("验收报告", Kind.A)]},
        }[verb]
        office.do(verb, request, **more)
        office.do("withdraw", request, reason="已从别处取得", actor=APPLICANT)
        assert (request.state, request.result) == ("withdrawn", "f3")
        assert timing.open_clocks([request.stream]) == {}

    def test_a_petition_goes_on_as_a_letter_once(self, office):
        request = office.received()
        office.decide(request, START, Part("全部", Kind.E1, reason="属于投诉请求。"))
        office.do("transfer_to_letter", request)
        assert ledger.history(request.stream)[-1].kind == "request.transferred_to_letter"
        with pytest.raises(Conflict):
            office.do("transfer_to_letter", request)
        other = office.received()
        office.decide(other, START)
        with pytest.raises(DomainError):
            office.do("transfer_to_letter", other)

    def test_what_many_ask_for_goes_over_to_active_disclosure(self, office):
        request = office.received()
        office.decide(request, START)
        office.do("move_to_active", request, title="验收报告", reason="三人申请")
        event = ledger.history(request.stream)[-1]
        assert (event.kind, event.facts["title"]) == ("request.moved_to_active", "验收报告")
        drafted = ledger.history(f"publication:{event.facts['publication_id']}")
        assert [one.kind for one in drafted] == ["disclosure.drafted"]


class TestRemedies:
    def withheld(self, office, on=START):
        request = office.received(on) if on.year > 2019 else office.register(on)
        office.decide(request, on, Part("验收报告", Kind.C1, reason="标注机密。"))
        return request

    def raise_one(self, office, request, kind, on, **more):
        return office.do(
            *("register_remedy", request, on), kind=kind, body="某机关", raised_date=on, **more
        )["remedy_id"]

    def test_from_2024_a_suit_comes_after_reconsideration(self, office):
        request, on = self.withheld(office), date(2024, 10, 8)
        with pytest.raises(NeedsReconsideration):
            self.raise_one(office, request, "suit_direct", on)
        with pytest.raises(DomainError, match="不能登记为复议后起诉"):
            self.raise_one(office, request, "suit_after", on)
        first = self.raise_one(office, request, "reconsideration", on)
        office.do(
            *("close_remedy", request, date(2024, 11, 8)), remedy_id=int(first), result="upheld"
        )
        self.raise_one(office, request, "suit_after", date(2024, 11, 11))
        four = queries.table4(office.water.id, 2024)
        assert four.numbers == [[1, 0, 0, 0, 1], [0, 0, 0, 0, 0], [0, 0, 0, 1, 1]]

    def test_a_court_that_took_it_all_the_same_is_kept(self, office):
        request = self.withheld(office)
        self.raise_one(office, request, "suit_direct", START, is_admitted=True)

    @pytest.mark.parametrize("kind", ["complaint", "reconsideration", "suit_direct"])
    def test_what_was_raised_against_silence_may_be_entered_after_a_late_answer(self, office, kind):
        request = office.received()
        office.decide(request, date(2024, 11, 8), Part("验收报告", Kind.C1, reason="标注机密。"))
        on = date(2024, 11, 11)
        told = {"kind": kind, "body": "某机关"}
        with pytest.raises(DomainError, match="早于收到申请的日期"):
            office.do("register_remedy", request, on, raised_date=date(2024, 9, 1), **told)
        office.do("register_remedy", request, on, raised_date=date(2024, 10, 21), **told)
        assert request.remedies.get().raised_date == date(2024, 10, 21)

    def test_before_2024_one_could_go_to_court_at_once(self, office):
        request = self.withheld(office, date(2013, 9, 10))
        self.raise_one(office, request, "suit_direct", date(2013, 9, 12))

    def test_a_complaint_stands_in_no_table(self, office):
        request = self.withheld(office)
        self.raise_one(office, request, "complaint", START)
        assert queries.table4(office.water.id, 2024).numbers == [[0] * 5] * 3
        assert queries.complaint_count(office.water.id, 2024) == 1


def test_a_later_calendar_moves_the_worklist_with_the_clock(office):
    from mingtang.requests.followers import DUE_DATES

    request = office.received()
    timing.Clock.objects.filter(stream=request.stream).update(due_date=date(2024, 10, 10))
    event = ledger.history(request.stream)[-1]
    DUE_DATES.handle(event)
    request.refresh_from_db()
    assert request.next_due_date == date(2024, 10, 10)


def test_applicant_and_office_are_told_once(office):
    from mingtang.ledger.services import deliver_all, replay

    request = office.received()
    office.do("draft", request, parts=[Part("验收报告", Kind.A)])
    office.do("decide", request, who=office.head)
    deliver_all(moment(START, 12))
    told = sorted(Message.objects.values_list("event", "way"))
    assert told == [
        *(("request.decided", "sms"), ("request.drafted", "inbox")),
        *(("request.filed", "inbox"), ("request.filed", "inbox"), ("request.received", "sms")),
    ]
    replay("request_notes", moment(START, 13))
    deliver_all(moment(START, 14))
    assert Message.objects.count() == len(told)


def test_there_was_no_regulation_before_2008(office):
    with pytest.raises((DomainError, OutsideCalendar)):
        office.register(date(2008, 3, 3))
