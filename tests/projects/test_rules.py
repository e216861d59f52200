"""Money, months, plans, moves of projects."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.errors import DomainError
from mingtang.projects.rules.months import Month, check_owed, check_year_sum, first_owed
from mingtang.projects.rules.moves import DEEDS, Deed, WrongState, check, deeds_in
from mingtang.projects.rules.plan import Days, NodeStatus, StageNode, check_days, own_key, stage_of
from mingtang.projects.rules.plan import status_of as node_status
from mingtang.projects.rules.progress import CENTS_OF_WAN, Progress, cents_of_wan, tenths, wan
from mingtang.projects.rules.states import ProjectState

YI = 10_000 * CENTS_OF_WAN


class TestProgress:
    def test_the_published_figures_of_october(self):
        """Plan 647.4, done 629.0 by the end of October: 97.2 %, 13.8 points ahead of 10/12."""
        progress = Progress(int(Decimal("647.4") * YI), int(Decimal("629.0") * YI), month=10)
        assert progress.share_text == "97.2%"
        assert tenths(progress.lead) == Decimal("13.8")
        assert progress.lead_text == "超前时间进度 13.8 个百分点"

    def test_behind_and_level(self):
        assert Progress(1200, 500, 6).lead_text == "落后时间进度 8.3 个百分点"
        assert Progress(1200, 600, 6).lead_text == "与时间进度持平"

    def test_nothing_planned_has_no_share(self):
        progress = Progress(0, 5, 3)
        assert (progress.share, progress.lead, progress.share_text) == (None, None, "—")
        assert "没有年度计划" in progress.lead_text

    @given(st.integers(1, 10**15), st.integers(0, 10**15), st.integers(1, 12))
    def test_share_less_lead_is_the_time_gone_by(self, plan, done, month):
        progress = Progress(plan, done, month)
        assert progress.share - progress.lead == Fraction(month * 100, 12)

    @given(st.fractions(-1000, 1000))
    def test_one_place_is_never_off_by_more_than_half_a_tenth(self, value):
        assert abs(Fraction(tenths(value)) - value) <= Fraction(1, 20)

    def test_half_goes_up(self):
        assert tenths(Fraction(1, 20)) == Decimal("0.1")
        assert tenths(Fraction(-1, 20)) == Decimal("-0.1")


class TestWan:
    @pytest.mark.parametrize(
        ("typed", "cents"),
        [
            ("6474", 6474 * CENTS_OF_WAN),
            ("1,250.5万元", 1250_500_000),
            ("0.000001", 1),
            ("-3", None),
            ("", None),
            ("1.1234567", None),
        ],
    )
    def test_what_is_typed_in_wan(self, typed, cents):
        if cents is None:
            with pytest.raises(DomainError, match="总投资"):
                cents_of_wan(typed, "总投资")
        else:
            assert cents_of_wan(typed, "总投资") == cents

    @given(st.integers(0, 10**15))
    def test_what_is_shown_reads_back(self, cents):
        assert cents_of_wan(wan(cents), "x") == cents

    def test_no_zeros_that_say_nothing(self):
        assert (wan(0), wan(100 * CENTS_OF_WAN), wan(1250_500_000)) == ("0", "100", "1,250.5")


class TestMonths:
    @given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
    def test_next_and_before_undo_each_other(self, day):
        month = Month.of(day)
        assert month.next().before() == month == month.before().next()
        assert month < month.next()

    def test_the_day_of_a_short_month(self):
        assert Month(2013, 2).due(30) == date(2013, 2, 28)
        assert Month(2013, 10).due(25) == date(2013, 10, 25)

    def test_who_enters_after_the_day_owes_the_next_month(self):
        assert first_owed(date(2013, 12, 25), 25) == Month(2013, 12)
        assert first_owed(date(2013, 12, 26), 25) == Month(2014, 1)

    def test_reports_come_in_their_order(self):
        check_owed(Month(2013, 9), Month(2013, 9))
        with pytest.raises(DomainError, match="请先报2013年9月"):
            check_owed(Month(2013, 10), Month(2013, 9))
        with pytest.raises(DomainError, match="已经报过"):
            check_owed(Month(2013, 8), Month(2013, 9))
        with pytest.raises(DomainError, match="不报月报"):
            check_owed(Month(2013, 8), None)

    def test_sums_of_the_year_continue(self):
        check_year_sum(Month(2013, 10), 5, 25, 20)
        check_year_sum(Month(2013, 10), 5, 25, None)
        check_year_sum(Month(2014, 1), 5, 5, 25)
        with pytest.raises(DomainError, match="对不上"):
            check_year_sum(Month(2013, 10), 5, 26, 20)
        with pytest.raises(DomainError, match="对不上"):
            check_year_sum(Month(2014, 1), 5, 30, 25)
        with pytest.raises(DomainError, match="还少"):
            check_year_sum(Month(2013, 10), 5, 4, None)


class TestNodes:
    PLAN = Days(planned_start=date(2013, 5, 6), planned_end=date(2013, 5, 31))

    @pytest.mark.parametrize(
        ("days", "on", "left", "expected"),
        [
            (PLAN, date(2013, 5, 7), 18, NodeStatus.WAITING),
            (PLAN, date(2013, 5, 27), 4, NodeStatus.SOON),
            (PLAN, date(2013, 6, 1), -1, NodeStatus.OVERDUE),
            (Days(started=date(2013, 5, 6)), date(2013, 5, 7), None, NodeStatus.RUNNING),
            (Days(), date(2013, 5, 7), None, NodeStatus.WAITING),
        ],
    )
    def test_what_a_node_is_on_a_day(self, days, on, left, expected):
        assert node_status(days, on, left) is expected

    def test_a_finished_node_is_late_or_not_for_good(self):
        done = Days(planned_end=date(2013, 5, 31), started=date(2013, 5, 6))
        in_time = Days(done.planned_start, done.planned_end, done.started, date(2013, 5, 31))
        late = Days(done.planned_start, done.planned_end, done.started, date(2013, 6, 1))
        assert node_status(in_time, date(2014, 1, 1), None) is NodeStatus.DONE
        assert node_status(late, date(2014, 1, 1), None) is NodeStatus.LATE_DONE

    @pytest.mark.parametrize(
        "days",
        [
            Days(planned_start=date(2013, 5, 6), planned_end=date(2013, 5, 5)),
            Days(started=date(2013, 7, 1)),
            Days(ended=date(2013, 5, 1)),
            Days(started=date(2013, 5, 2), ended=date(2013, 5, 1)),
        ],
    )
    def test_days_that_cannot_be_are_refused_by_name(self, days):
        with pytest.raises(DomainError, match="环评批复"):
            check_days(days, "环评批复", date(2013, 6, 1))

    def test_the_stage_is_the_first_with_something_required_to_do(self):
        nodes = [
            StageNode("立项", True, True),
            StageNode("立项", False, False),
            StageNode("施工", True, False),
        ]
        assert stage_of(nodes) == "施工"
        assert stage_of([StageNode("立项", True, True)]) == "立项"
        assert stage_of([]) == ""

    def test_keys_of_own_milestones_never_return(self):
        assert own_key(["a"]) == "own:1"
        assert own_key(["own:1", "own:7", "b"]) == "own:8"


class TestMoves:
    def test_every_deed_stands_in_the_table(self):
        assert set(DEEDS) == set(Deed)

    @pytest.mark.parametrize("state", ProjectState)
    @pytest.mark.parametrize("deed", Deed)
    def test_all_states_by_all_deeds(self, state, deed):
        if deed in deeds_in(state):
            assert check(deed, state) in set(ProjectState)
        else:
            with pytest.raises(WrongState, match=state.label):
                check(deed, state)

    def test_every_state_but_the_first_is_reached(self):
        targets = {row.target for row in DEEDS.values() if row.target}
        assert targets == set(ProjectState) - {ProjectState.DRAFT}
