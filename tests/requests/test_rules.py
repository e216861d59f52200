"""The dated law, receipt, fees, decisions, silence, the calculator: pure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.errors import DomainError
from mingtang.requests.rules.calculator import Asked, reckon
from mingtang.requests.rules.consulting import (
    Answer,
    Meaning,
    PartyRole,
    TooEarly,
    check_silence,
    meaning_of,
    term_of,
)
from mingtang.requests.rules.deciding import (
    BadDecision,
    Bodies,
    Part,
    Record,
    check_parts,
    is_reconsideration_first,
    remedy_text,
)
from mingtang.requests.rules.fees import BadQuantity, FeeBasis, fee, slices
from mingtang.requests.rules.kinds import (
    DRAFTED_KINDS,
    KIND_ROWS,
    PART_KINDS,
    WITHHOLDING,
    Group,
    Kind,
    outcome_of,
)
from mingtang.requests.rules.law import (
    LAWS,
    RECEIPT_RULES,
    Basis,
    NoFee,
    NoLawYet,
    NotConfirmed,
    law_on,
    receipt_rule,
    received_on,
)
from mingtang.requests.rules.moves import MOVES, Verb, target_of
from mingtang.requests.rules.papers import FORMS, PLACE, PaperKind, flow_rows, mark_of
from mingtang.requests.rules.people import Channel
from mingtang.requests.rules.states import ENDED, State
from mingtang.requests.rules.tables import ROWS
from mingtang.timing.rules import due, shipped_calendar

CALENDAR = shipped_calendar()
DAYS = st.dates(date(2008, 5, 1), date(2026, 6, 30))
BODIES = Bodies("江山市人民政府", "江山市人民法院")


class TestLaw:
    def test_the_edition_is_chosen_by_the_day(self):
        assert (law_on(date(2019, 5, 14)).code, law_on(date(2019, 5, 15)).code) == ("492", "711")
        assert (law_on(date(2013, 9, 10)).reply_days, law_on(date(2024, 1, 2)).reply_days) == (
            *(15, 20),
        )
        with pytest.raises(NoLawYet, match="2008-05-01"):
            law_on(date(2008, 4, 30))

    @given(DAYS)
    def test_one_edition_holds_on_every_day(self, day):
        holding = [law for law in LAWS if law.since <= day <= (law.until or date.max)]
        assert holding == [law_on(day)]

    @given(DAYS, st.sampled_from(Channel))
    def test_every_channel_has_a_rule_of_receipt_on_every_day(self, day, channel):
        assert channel in receipt_rule(channel, day).channels

    def test_no_two_rules_of_receipt_begin_together(self):
        begun = [(channel, rule.since) for rule in RECEIPT_RULES for channel in rule.channels]
        assert len(begun) == len(set(begun))

    @pytest.mark.parametrize(
        ("channel", "day", "basis"),
        [
            (Channel.COUNTER, date(2013, 9, 10), Basis.SUBMITTED),
            (Channel.EMAIL, date(2013, 9, 10), Basis.ARRIVED),
            (Channel.EMAIL, date(2016, 3, 1), Basis.ARRIVED),
            (Channel.FAX, date(2016, 3, 1), Basis.CONFIRMED),
            (Channel.LETTER, date(2016, 3, 1), Basis.CONFIRMED),
            (Channel.EMAIL, date(2019, 5, 15), Basis.CONFIRMED),
            (Channel.REGISTERED, date(2024, 9, 2), Basis.ARRIVED),
            (Channel.INTERNET, date(2024, 9, 2), Basis.CONFIRMED),
            (Channel.PHONE, date(2024, 9, 2), Basis.SUBMITTED),
        ],
    )
    def test_receipt_by_channel_and_day(self, channel, day, basis):
        assert receipt_rule(channel, day).basis is basis

    def test_what_is_confirmed_is_received_on_that_day_and_not_before(self):
        days = {"submitted": date(2024, 9, 2), "arrived": date(2024, 9, 3)}
        confirmed = date(2024, 9, 5)
        assert received_on(Channel.LETTER, **days, confirmed=confirmed) == confirmed
        assert received_on(Channel.REGISTERED, **days, confirmed=None) == date(2024, 9, 3)
        with pytest.raises(NotConfirmed):
            received_on(Channel.LETTER, **days, confirmed=None)
        with pytest.raises(DomainError, match="先后不对"):
            received_on(Channel.LETTER, **days, confirmed=date(2024, 9, 1))


class TestFees:
    ON = date(2024, 9, 2)

    @pytest.mark.parametrize(
        ("basis", "quantity", "yuan"),
        [
            (FeeBasis.COUNT, 10, 0),
            (FeeBasis.COUNT, 11, 100),
            (FeeBasis.COUNT, 30, 2000),
            (FeeBasis.COUNT, 35, 3000),
            (FeeBasis.COUNT, 41, 2000 + 10 * 200 + 300),
            (FeeBasis.VOLUME, 30, 0),
            (FeeBasis.VOLUME, 100, 700),
            (FeeBasis.VOLUME, 250, 4700),
        ],
    )
    def test_the_vectors_of_the_method(self, basis, quantity, yuan):
        assert fee(basis, quantity, self.ON) == yuan

    @given(st.integers(0, 60), st.integers(1, 60))
    def test_by_count_a_month_costs_the_same_in_one_request_or_several(self, before, quantity):
        asked_at_once = fee(FeeBasis.COUNT, before + quantity, self.ON)
        earlier = fee(FeeBasis.COUNT, before, self.ON) if before else 0
        assert fee(FeeBasis.COUNT, quantity, self.ON, before) == asked_at_once - earlier

    @given(st.sampled_from(FeeBasis), st.integers(1, 400))
    def test_prices_rise_and_the_lines_add_up(self, basis, quantity):
        lines = slices(basis, quantity, self.ON)
        assert sum(line.count for line in lines) == quantity
        assert [line.yuan for line in lines] == sorted({line.yuan for line in lines})

    def test_one_basis_only_and_never_before_the_method(self):
        with pytest.raises(DomainError, match="不与其他申请累计"):
            fee(FeeBasis.VOLUME, 50, self.ON, before=3)
        for day in (date(2013, 9, 2), date(2020, 12, 31)):
            with pytest.raises(NoFee):
                fee(FeeBasis.VOLUME, 50, day)
        with pytest.raises(BadQuantity):
            fee(FeeBasis.COUNT, 0, self.ON)


class TestKinds:
    def test_there_are_twenty_one_in_the_order_of_the_table(self):
        assert len(Kind) == 21
        assert list(KIND_ROWS) == list(Kind)
        sizes = [sum(kind.group is group for kind in Kind) for group in Group]
        assert sizes == [1, 1, 8, 3, 5, 3]
        assert len(ROWS) == 25

    def test_partial_disclosure_is_never_a_part_and_lapses_are_not_drafted(self):
        assert Kind.B not in PART_KINDS
        assert set(PART_KINDS) - set(DRAFTED_KINDS) == {Kind.F1, Kind.F2}

    @given(st.lists(st.sampled_from(PART_KINDS), min_size=1, max_size=5))
    def test_a_decision_is_counted_in_one_row(self, kinds):
        found = outcome_of(kinds)
        gives = Kind.A in kinds
        assert (found is Kind.B) == (gives and set(kinds) != {Kind.A})
        assert (found is Kind.A) == (set(kinds) == {Kind.A})
        assert found in {*kinds, Kind.B}

    @given(st.sampled_from(PART_KINDS), DAYS)
    def test_every_kind_has_a_basis_on_every_day(self, kind, day):
        assert "《" in kind.row.legal_basis(day)


class TestDecisions:
    def part(self, kind, **more):
        return Part(**{"scope": "验收报告", "kind": kind, "reason": "理由如下所述。", **more})

    @pytest.mark.parametrize(
        ("kind", "carries"),
        [
            (Kind.C4, Record(consulted=((PartyRole.THIRD, Answer.OBJECT),))),
            (Kind.D1, Record(search_count=1)),
            (Kind.D3, Record(correction_count=1)),
            (Kind.E2, Record(has_earlier=True)),
            (Kind.E4, Record(are_reasons_asked=True)),
        ],
    )
    def test_what_a_kind_leans_on_must_be_on_record(self, kind, carries):
        assert check_parts([self.part(kind)], carries) is kind
        with pytest.raises(BadDecision):
            check_parts([self.part(kind)], Record())

    @pytest.mark.parametrize("kind", [Kind.B, Kind.F1, Kind.F2])
    def test_what_follows_by_itself_is_not_drafted(self, kind):
        everything = Record(((PartyRole.THIRD, Answer.AGREE),), False, 1, 1, True, True)
        with pytest.raises(BadDecision):
            check_parts([self.part(kind)], everything)

    def test_a_refusal_has_a_reason_and_another_law_is_named(self):
        with pytest.raises(BadDecision, match="理由"):
            check_parts([self.part(Kind.C1, reason="")], Record())
        with pytest.raises(BadDecision, match="法律、行政法规名称"):
            check_parts([self.part(Kind.C2)], Record())
        assert check_parts([self.part(Kind.C2, basis="《统计法》第二十五条")], Record()) is Kind.C2

    def test_against_a_third_party_only_for_the_public_interest(self):
        record = Record(consulted=((PartyRole.THIRD, Answer.OBJECT),))
        with pytest.raises(BadDecision, match="公共利益"):
            check_parts([self.part(Kind.A)], record)
        assert check_parts([self.part(Kind.A)], record, "关系下游群众安全") is Kind.A

    def test_nothing_is_decided_while_somebody_is_asked(self):
        with pytest.raises(BadDecision, match="征求意见"):
            check_parts([self.part(Kind.A)], Record(has_open_consultation=True))

    @pytest.mark.parametrize(
        ("day", "first"), [(date(2023, 12, 31), False), (date(2024, 1, 1), True)]
    )
    @pytest.mark.parametrize("kind", sorted(WITHHOLDING))
    def test_what_is_withheld_goes_to_reconsideration_first_from_2024(self, kind, day, first):
        assert is_reconsideration_first([kind], day) is first
        text = remedy_text([kind], day, BODIES)
        assert ("应当" in text and "先向江山市人民政府申请行政复议" in text) is first
        assert ("也可以" in text) is not first

    @pytest.mark.parametrize("kind", [kind for kind in PART_KINDS if kind not in WITHHOLDING])
    def test_other_kinds_do_not_unless_the_place_says_so(self, kind):
        on = date(2024, 6, 1)
        assert not is_reconsideration_first([kind], on)
        assert is_reconsideration_first([kind], on, {kind})

    def test_the_months_to_sue_are_those_of_the_day(self):
        assert "3 个月" in remedy_text([Kind.A], date(2013, 6, 1), BODIES)
        assert "6 个月" in remedy_text([Kind.A], date(2016, 6, 1), BODIES)

    def test_a_partial_disclosure_speaks_of_its_withheld_part(self):
        assert "不予公开的部分" in remedy_text([Kind.A, Kind.C4], date(2024, 6, 1), BODIES)


class TestSilence:
    def test_the_two_silences_are_opposite(self):
        assert meaning_of(PartyRole.THIRD, Answer.SILENT) is Meaning.ORGAN_DECIDES
        assert meaning_of(PartyRole.JOINT, Answer.SILENT) is Meaning.FREE

    def test_nobody_is_silent_before_their_time_is_over(self):
        with pytest.raises(TooEarly):
            check_silence(date(2024, 9, 20), date(2024, 9, 20))
        with pytest.raises(TooEarly):
            check_silence(None, date(2024, 9, 20))
        check_silence(date(2024, 9, 20), date(2024, 9, 21))

    def test_the_term_is_the_laws_or_the_letters(self):
        old, new = LAWS
        assert term_of(new, PartyRole.THIRD, None).days == 15
        assert term_of(old, PartyRole.THIRD, 10).is_statutory is False
        for law, role, days in (
            (new, PartyRole.THIRD, 10),
            (old, PartyRole.THIRD, None),
            (old, PartyRole.JOINT, 10),
        ):
            with pytest.raises(DomainError):
                term_of(law, role, days)


class TestMoves:
    def test_every_verb_has_one_row_and_every_state_is_reached(self):
        assert [move.verb for move in MOVES] == list(Verb)
        assert {move.target for move in MOVES} >= set(State) - {State.FILED}

    @pytest.mark.parametrize("state", [state for state in State if state.is_open])
    def test_what_is_open_can_be_withdrawn(self, state):
        assert target_of(Verb.WITHDRAW, state) is State.WITHDRAWN

    @pytest.mark.parametrize("state", ENDED)
    def test_what_is_over_is_not_handled(self, state):
        for verb in (Verb.DRAFT, Verb.EXTEND, Verb.CONSULT, Verb.WITHDRAW):
            with pytest.raises(DomainError, match="刷新"):
                target_of(verb, state)


class TestPapers:
    def test_all_forms_of_the_list_are_there(self):
        titles = {form.title for form in FORMS.values()}
        assert len(PaperKind) == 17  # the consultation has one title and two texts
        assert titles >= {
            *("政府信息公开申请表", "政府信息公开申请登记表", "政府信息公开申请接收回执"),
            *("政府信息公开申请补正告知书", "政府信息公开申请说明理由告知书"),
            *("政府信息公开延期答复告知书", "政府信息公开征求意见书", "依申请公开告知书"),
            *("政府信息公开征求意见确认函", "政府信息公开征求意见告知书", "政府信息公开协办函"),
            *("政府信息公开信息处理费收费通知书", "政府信息公开申请答复书", "主动公开移送明细表"),
            *("政府信息公开审查呈批单", "依申请公开办理流程图"),
        }

    def test_what_goes_out_has_a_number_and_what_stays_has_none(self):
        inner = {PaperKind.REGISTER, PaperKind.APPROVAL, PaperKind.MOVED, PaperKind.FLOW}
        for kind, form in FORMS.items():
            assert form.is_numbered is form.needs_seal, kind
            assert kind not in inner or not form.is_numbered
        assert mark_of("水利局") == "水利局公复"

    def test_places_are_words(self):
        for form in FORMS.values():
            for text in (*form.paragraphs, form.basis, form.addressee):
                assert "{" not in PLACE.sub("", text), text

    def test_the_flow_chart_has_a_row_for_each_move(self):
        assert len(flow_rows()) == len(MOVES)


class TestCalculator:
    def test_make_up_days_count(self):
        assert reckon(Asked(Channel.COUNTER, date(2024, 9, 2)), CALENDAR).due == date(2024, 9, 30)
        assert due(CALENDAR, date(2013, 9, 10), 20).date == date(2013, 10, 14)
        assert reckon(Asked(Channel.COUNTER, date(2013, 9, 10)), CALENDAR).amount == 15

    def test_all_that_moves_the_day_is_told(self):
        asked = Asked(
            Channel.LETTER,
            submitted=date(2024, 8, 28),
            arrived=date(2024, 9, 1),
            confirmed=date(2024, 9, 2),
            is_extended=True,
            consulted=((date(2024, 9, 5), date(2024, 9, 20)),),
        )
        found = reckon(asked, CALENDAR)
        text = "".join(found.lines)
        assert found.received == date(2024, 9, 2)
        assert found.amount == 40
        for told in ("双方确认之日", "第三十一条第二项", "711", "征求意见", "延长 20", "国庆节"):
            assert told in text, told

    def test_a_correction_begins_anew_under_the_law_of_its_day(self):
        asked = Asked(Channel.COUNTER, date(2019, 5, 10), corrected=date(2019, 5, 20))
        found = reckon(asked, CALENDAR)
        assert (found.law.code, found.counted_from) == ("711", date(2019, 5, 20))

    def test_days_that_do_not_fit_are_refused(self):
        for asked in (
            Asked(Channel.LETTER, date(2024, 9, 2)),
            Asked(Channel.COUNTER, date(2024, 9, 2), corrected=date(2024, 9, 1)),
            Asked(
                *(Channel.COUNTER, date(2024, 9, 2)),
                consulted=((date(2024, 9, 20), date(2024, 9, 10)),),
            ),
        ):
            with pytest.raises(DomainError):
                reckon(asked, CALENDAR)

    @given(
        DAYS,
        st.booleans(),
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20)), max_size=2),
    )
    def test_every_due_date_is_explained_and_reached_by_counting(self, day, extended, spans):
        consulted = tuple(
            (day + timedelta(first), day + timedelta(first + length)) for first, length in spans
        )
        asked = Asked(Channel.COUNTER, day, is_extended=extended, consulted=consulted)
        found = reckon(asked, CALENDAR)
        counted, on = 0, day
        while counted < found.amount:
            on += timedelta(1)
            paused = any(first < on <= last for first, last in consulted)
            counted += CALENDAR.is_working_day(on) and not paused
        assert on == found.due
        assert any(str(found.due) in line and "到期" in line for line in found.lines)
