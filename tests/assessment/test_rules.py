"""The engine: vectors of the reference, every fault of a scheme, and what holds for all of them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.assessment.rules.periods import (
    BadPeriod,
    check_is_over,
    period_before,
    period_of,
    period_with,
)
from mingtang.assessment.rules.ranking import Standing, band_label, band_of, places, ranking
from mingtang.assessment.rules.schemes import (
    BadScheme,
    Cycle,
    Indicator,
    Kind,
    Offer,
    RedFlag,
    Shape,
    Star,
    Step,
    TargetKind,
    check,
    faults,
    percent,
)
from mingtang.assessment.rules.scoring import (
    Found,
    Measured,
    Place,
    effective_weights,
    head_score,
    score_of,
)
from mingtang.assessment.rules.sources import SOURCES, Source, offers, register
from tests.assessment.schemes import OFFERS, D, deduct, linear, manual, scheme, steps


def count(number: int) -> Measured:
    return Measured(D(number))


def share(part: int, of: int) -> Measured:
    return Measured(D(part), of)


def total(made, **more):
    return score_of(made, Found(**more)).total


class TestVectors:
    """approval.md §9 “Scores”."""

    def test_the_monthly_department_score_of_2013(self):
        made = scheme(
            deduct("yellow", "1"), deduct("red", "1.5"), deduct("refusal", "0.5"), manual()
        )
        measures = {"yellow": count(2), "red": count(1), "refusal": count(1)}
        assert total(made, measures=measures, entered={"manual": D("-0.5")}) == D("95.5")
        assert total(made, measures=measures) == 96
        assert total(made) == 100

    def test_the_red_flag_rule_weighs_four_marks(self):
        parts = {"window": "30", "people": "30", "duty": "20", "votes": "20"}
        made = scheme(
            *(linear(key, weight, key, best=D(100)) for key, weight in parts.items()), base=D(0)
        )
        marks = dict(zip(parts, (96, 92, 88, 90), strict=True))
        got = score_of(made, Found({key: count(mark) for key, mark in marks.items()}))
        assert [line.points for line in got.lines] == [D("28.8"), D("27.6"), D("17.6"), D("18")]
        assert got.total == D("92.0")

    @pytest.mark.parametrize(("late", "points"), [(0, 15), (2, 5), (3, 0), (4, 0), (400, 0)])
    def test_a_line_ends_at_its_floor(self, late, points):
        made = scheme(deduct("late", "5", "15"))
        (line,) = score_of(made, Found({"late": count(late)})).lines
        assert line.points == points

    def test_a_floor_below_nothing_is_used_where_it_is_written(self):
        made = scheme(deduct("late", "5", "15", floor=D(-5)))
        assert score_of(made, Found({"late": count(9)})).lines[0].points == -5

    def test_the_rates_of_ratings(self):
        assert percent(share(90, 96).amount) == "93.75%"
        assert percent(share(96, 120).amount) == "80%"
        assert percent(share(114, 120).amount) == "95%"


class TestKinds:
    STEPS = (("0.95", "0.99", "1"), ("0.99", "1", "1.5"), ("1", None, "2"))

    @pytest.mark.parametrize(
        ("part", "of", "points"),
        [(94, 100, "0"), (95, 100, "1"), (989, 1000, "1"), (99, 100, "1.5"), (100, 100, "2")],
    )
    def test_steps(self, part, of, points):
        made = scheme(steps("on_time", "2", *self.STEPS))
        (line,) = score_of(made, Found({"on_time": share(part, of)})).lines
        assert line.points == D(points)

    def test_where_less_is_better_steps_look_at_the_rest(self):
        one = steps("on_time", "2", ("0.9", None, "2"), direction="down")
        assert score_of(scheme(one), Found({"on_time": share(5, 100)})).lines[0].points == 2
        assert score_of(scheme(one), Found({"on_time": share(50, 100)})).lines[0].points == 0

    @pytest.mark.parametrize(
        ("part", "points"), [(50, "0"), (80, "0"), (90, "5"), (100, "10"), (95, "7.5")]
    )
    def test_linear_runs_between_worst_and_best(self, part, points):
        made = scheme(linear("on_time", "10", "on_time", worst=D("0.8")))
        assert score_of(made, Found({"on_time": share(part, 100)})).lines[0].points == D(points)

    def test_linear_may_run_downward(self):
        one = linear("n", "10", "late", worst=D(10), best=D(0))
        assert score_of(scheme(one), Found({"late": count(4)})).lines[0].points == 6

    @pytest.mark.parametrize(
        ("place", "of", "points"),
        [(1, 5, "10"), (5, 5, "0"), (3, 5, "5"), (1, 1, "10"), (2, 3, "5")],
    )
    def test_rank(self, place, of, points):
        made = scheme(replace(linear("r", "10", "late"), kind="rank"))
        found = Found({"late": count(1)}, {"late": Place(place, of)})
        assert score_of(made, found).lines[0].points == D(points)

    def test_a_veto_bars_and_may_cost(self):
        one = Indicator(key="v", name="v", kind="veto", source="red", per=D(15))
        got = score_of(scheme(one), Found({"red": count(1)}))
        assert (got.total, got.is_vetoed) == (85, True)
        assert not score_of(scheme(one), Found({"red": count(0)})).is_vetoed

    def test_a_bonus_ends_at_its_cap_and_the_sum_at_that_of_the_scheme(self):
        one = Indicator(key="b", name="b", kind="bonus", source="late", per=D(2), cap=D(5))
        assert total(scheme(one, cap=D(110)), measures={"late": count(9)}) == 105
        assert total(scheme(one), measures={"late": count(9)}) == 100

    def test_a_bonus_by_steps(self):
        rows = (Step(D("0.1"), D("0.2"), D(1)), Step(D("0.2"), None, D(2)))
        one = Indicator(key="b", name="b", kind="bonus", source="on_time", steps=rows)
        made = scheme(one, cap=D(110))
        assert total(made, measures={"on_time": share(15, 100)}) == 101
        assert total(made, measures={"on_time": share(0, 0)}) == 100

    def test_what_is_entered_counts_from_full_marks_within_the_line(self):
        made = scheme(manual("tidy", "10"))
        for points, left in ((D(-3), 7), (D(-30), 0), (D(5), 10)):
            assert score_of(made, Found(entered={"tidy": points})).lines[0].points == left


class TestEmptyCases:
    def test_full_marks(self):
        one = steps("on_time", "10", ("1", None, "10"), empty="full_marks")
        assert score_of(scheme(one), Found({"on_time": share(0, 0)})).lines[0].points == 10

    def test_the_weight_goes_to_the_others_by_their_own(self):
        made = scheme(
            linear("a", "20", "on_time"), deduct("late", "5", "60"), deduct("red", "5", "20")
        )
        got = score_of(made, Found({"on_time": share(0, 0), "red": count(2)}))
        assert [(line.weight, line.points) for line in got.lines] == [
            (0, None),
            (75, 75),
            (25, D("12.5")),
        ]
        assert got.total == D("87.5")

    def test_where_nothing_applies_there_is_nothing_to_judge(self):
        made = scheme(linear("a", "100", "on_time"))
        assert total(made, measures={"on_time": share(0, 0)}) is None
        assert head_score(made, None) is None


class TestHead:
    @pytest.mark.parametrize(
        ("part", "unit", "head"), [("0.5", "98", "99"), ("1", "98", "98"), ("0.5", "104", "102")]
    )
    def test_what_a_window_loses_counts_by_the_share(self, part, unit, head):
        made = scheme(manual(), head_share=D(part), cap=D(110))
        assert head_score(made, D(unit)) == D(head)


GOOD = steps("on_time", "10", ("0.9", "0.95", "5"), ("0.95", None, "10"))
FAULTS = [
    (scheme(deduct("late", "5", "15"), base=D(80)), "应等于满分"),
    (scheme(), "没有一项指标"),
    (scheme(manual(), cycle="week"), "不认识的周期“week”"),
    (scheme(manual(), target="shop"), "不认识的考核对象“shop”"),
    (scheme(manual(), code=""), "代码和名称"),
    (scheme(manual(), cap=D(90)), "应由小到大"),
    (scheme(manual(), manual()), "指标代码“manual”出现了 2 次"),
    (scheme(manual(), bands=(50, 50)), "办件量分组"),
    (scheme(manual(), head_share=D("1.5")), "窗口负责人的比例"),
    (scheme(manual(), objection_days=4), "异议期 4 天"),
    (scheme(manual(), stars=(Star(3, D(90)), Star(4, D(80)))), "4 星的分数线低于 3 星"),
    (scheme(manual(), stars=(Star(3, D(90)), Star(3, D(80)))), "同一星级"),
    (scheme(manual(), stars=(Star(6, D(90)),)), "6 星的写法"),
    (scheme(manual(), red_flag=RedFlag(0, D(90))), "红旗的写法"),
    (scheme(manual(), red_flag=RedFlag(1, D(101))), "红旗的写法"),
    (scheme(replace(manual(), kind="guess")), "类型“guess”不认识"),
    (scheme(replace(manual(), kind="bonus", source="late", per=D(1), weight=D(5))), "不占权重"),
    (scheme(deduct("late", "5", "-1")), "权重 -1 不对"),
    (scheme(linear("a", "0", "on_time")), "没有权重"),
    (scheme(deduct("late", "5", empty="nothing")), "不认识"),
    (scheme(deduct("late", "5", "5", floor=D(6))), "最低分 6 高于权重"),
    (scheme(deduct("late", "5", "5", cap=D(4))), "封顶分 4 低于权重"),
    (scheme(replace(manual(), source="late")), "不能再写数据来源"),
    (scheme(deduct("weather", "5")), "数据来源“weather”不认识"),
    (scheme(deduct("on_time", "5")), "“on_time”不能用于按次扣分"),
    (scheme(deduct("late", "0")), "每次扣的分应大于 0"),
    (
        scheme(Indicator(key="v", name="v", kind="veto", source="red", per=D(-1))),
        "每次扣的分不能是负数",
    ),
    (scheme(linear("a", "5", "late", worst=D(1), best=D(1))), "零分点和满分点相同"),
    (scheme(Indicator(key="b", name="b", kind="bonus", source="late")), "每次加的分应大于 0"),
    (scheme(steps("on_time", "5")), "没有写分档"),
    (scheme(replace(deduct("late", "5"), steps=GOOD.steps)), "不能再写分档"),
    (scheme(steps("on_time", "5", ("0.9", None, "6"))), "得 6 分"),
    (scheme(steps("on_time", "5", ("0.9", "0.8", "5"))), "不成立"),
    (scheme(steps("on_time", "5", ("0.9", "0.96", "1"), ("0.95", None, "2"))), "重叠"),
    (scheme(steps("on_time", "5", ("0.9", None, "1"), ("0.95", None, "2"))), "重叠"),
    (scheme(steps("on_time", "5", ("0.8", "0.9", "1"), ("0.95", None, "2"))), "空档"),
]


class TestCheck:
    def test_a_good_one_has_no_fault(self):
        made = scheme(GOOD, deduct("late", "5", "15"), manual(), bands=(50, 200))
        assert check(made, OFFERS) is made

    @pytest.mark.parametrize(("made", "said"), FAULTS)
    def test_each_fault_is_named(self, made, said):
        assert any(said in one for one in faults(made, OFFERS)), faults(made, OFFERS)

    def test_all_faults_are_told_at_once(self):
        made = scheme(deduct("weather", "0", "5"), manual(), manual(), base=D(1), cycle="week")
        with pytest.raises(BadScheme) as refused:
            check(made, OFFERS)
        assert len(refused.value.faults) == 5
        assert all(one in str(refused.value) for one in refused.value.faults)

    def test_a_source_must_reach_the_target(self):
        narrow = {"late": Offer(Shape.COUNT, frozenset({TargetKind.WINDOW}))}
        made = scheme(deduct("late", "5"), target="person")
        assert any("分不到人员" in one for one in faults(made, narrow))
        assert any("分不到代办员" in one for one in faults(replace(
            made, target="agent", indicators=(deduct("late_cases", "5"),)), offers()))  # fmt: skip

    def test_another_source_may_register_once(self):
        register(SOURCES["late_cases"])
        with pytest.raises(ValueError, match="registered already"):
            register(Source("late_cases", "别的", Shape.COUNT, lambda told: Measured()))


# ── what holds for every scheme ───────────────────────────────────────────────────────────────

# A machine that is shared stops for a second now and then: that is no fault of the examples.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
POINTS = st.integers(0, 500).map(lambda tenths: D(tenths) / 10)
SIGNED = st.integers(-9900, 9900).map(lambda cents: D(cents) / 100)
COUNTS = st.builds(count, st.integers(0, 1000))
SHARES = st.integers(0, 50).flatmap(lambda of: st.integers(0, of).map(lambda part: share(part, of)))
EMPTY = st.sampled_from(["redistribute", "full_marks"])


@st.composite
def indicators(draw):
    key = f"i{draw(st.integers(0, 10**9))}"
    kind = draw(st.sampled_from(sorted(Kind)))
    weight = D(0) if kind in {"veto", "bonus"} else draw(POINTS)
    worst = draw(st.sampled_from([D(0), D("0.5"), D(1)]))
    floor = draw(st.none() | st.just(weight - draw(POINTS)))
    rows = (Step(D("0.5"), D("0.9"), draw(POINTS)), Step(D("0.9"), None, draw(POINTS)))
    return Indicator(
        key=key, name=key, kind=kind, source=key if kind != "manual" else "", weight=weight,
        per=draw(POINTS), steps=rows, worst=worst, floor=floor, empty=draw(EMPTY),
        direction=draw(st.sampled_from(["up", "down"])),
    )  # fmt: skip


@st.composite
def judged(draw):
    lines = draw(st.lists(indicators(), min_size=1, max_size=6, unique_by=lambda one: one.key))
    made = scheme(*lines, base=draw(st.sampled_from([D(0), D(50)])))
    measures = {one.source: draw(COUNTS | SHARES) for one in lines if one.source}
    if draw(st.booleans()):
        measures = {key: share(0, 0) for key in measures}
    placed = {key: Place(draw(st.integers(1, 3)), 3) for key in measures}
    entered = {one.key: draw(SIGNED) for one in lines}
    return made, Found(measures, placed, entered)


@PATIENT
@given(judged())
def test_a_score_lies_within_floor_and_cap_and_nothing_is_divided_by_zero(pair):
    made, found = pair
    got = score_of(made, found)
    assert got.total is None or made.floor <= got.total <= made.cap
    for one, line in zip(made.indicators, got.lines, strict=True):
        if line.points is None:
            assert line.measured.is_empty
            continue
        scale = line.weight / one.weight if one.weight else D(1)
        slack = D("0.01")
        assert one.lowest is None or line.points >= one.lowest * scale - slack
        assert one.highest is None or line.points <= one.highest * scale + slack


@PATIENT
@given(judged())
def test_redistribution_keeps_the_total_weight(pair):
    made, found = pair
    got = score_of(made, found)
    whole = sum((one.weight for one in made.indicators), D(0))
    kept = sum((line.weight for line in got.lines), D(0))
    applies = any(line.points is not None and line.weight for line in got.lines)
    assert kept == (whole if applies else 0) or (not applies and kept == 0)
    assert all(line.weight >= 0 for line in got.lines)


@PATIENT
@given(st.lists(POINTS, min_size=1, max_size=8), st.data())
def test_effective_weights_add_up_for_any_absent(weights, data):
    made = scheme(*(deduct(f"k{n}", "1", str(one)) for n, one in enumerate(weights)))
    keys = [one.key for one in made.indicators]
    absent = set(data.draw(st.lists(st.sampled_from(keys), unique=True)))
    got = effective_weights(made, absent)
    if any(one.weight > 0 and one.key not in absent for one in made.indicators):
        assert sum(got.values()) == sum(weights)
        assert all(got[key] == 0 for key in absent)


# ── ranking ───────────────────────────────────────────────────────────────────────────────────


class TestRanking:
    SCHEME = scheme(
        manual(), bands=(50, 200), stars=(Star(5, D(95), 1), Star(4, D(90)), Star(3, D(80)))
    )

    def test_places_are_given_among_comparable_volumes(self):
        rows = [
            Standing(1, D(96), 10), Standing(2, D(99), 60), Standing(3, D(97), 10),
            Standing(4, D(97), 199), Standing(5, None, 0), Standing(6, D(70), 500),
        ]  # fmt: skip
        found = [(one.target_id, one.band, one.place, one.stars)
                 for one in ranking(self.SCHEME, rows)]  # fmt: skip
        assert found == [
            (3, 0, 1, 5), (1, 0, 2, 4), (5, 0, None, 0), (2, 1, 1, 5), (4, 1, 2, 4), (6, 2, 1, 0),
        ]  # fmt: skip

    def test_equals_share_a_place_and_the_next_is_left_out(self):
        rows = [Standing(n, D(score), 1) for n, score in enumerate((90, 95, 90, 80), 1)]
        assert [(one.target_id, one.place) for one in ranking(self.SCHEME, rows)] == [
            (2, 1), (1, 2), (3, 2), (4, 4),
        ]  # fmt: skip

    def test_who_handled_nothing_earns_no_star_where_volumes_are_compared(self):
        (one,) = ranking(self.SCHEME, [Standing(1, D(100), 0)])
        assert (one.place, one.stars) == (1, 0)
        (one,) = ranking(replace(self.SCHEME, bands=()), [Standing(1, D(100), 0)])
        assert one.stars == 5

    def test_a_veto_bars_stars_but_not_the_place(self):
        (one,) = ranking(self.SCHEME, [Standing(1, D(99), 1, is_vetoed=True)])
        assert (one.place, one.stars) == (1, 0)

    def test_a_red_flag_is_for_the_first_of_a_group_above_the_threshold(self):
        made = replace(self.SCHEME, red_flag=RedFlag(2, D(95)))
        rows = [
            Standing(1, D(99), 10), Standing(2, D(98), 10), Standing(3, D(98), 10),
            Standing(4, D(97), 10), Standing(5, D(99), 60, is_vetoed=True), Standing(6, D(94), 60),
            Standing(7, D(95), 250), Standing(8, None, 0),
        ]  # fmt: skip
        found = {one.target_id for one in ranking(made, rows) if one.has_flag}
        assert found == {1, 2, 3, 7}  # equals share it; a veto bars; too few points are too few
        assert not any(one.has_flag for one in ranking(self.SCHEME, rows))
        (idle,) = ranking(made, [Standing(1, D(100), 0)])
        assert not idle.has_flag

    @pytest.mark.parametrize(("volume", "band"), [(0, 0), (49, 0), (50, 1), (199, 1), (200, 2)])
    def test_bands(self, volume, band):
        assert band_of((50, 200), volume) == band

    def test_bands_have_names(self):
        assert [band_label((50, 200), band) for band in range(3)] == [
            *("办件量 50 件以下", "办件量 50 至 199 件", "办件量 200 件以上")
        ]
        assert band_label((), 0) == "全部"
        assert band_label((1, 20), 0) == "没有办件"

    def test_places_by_a_measure_leave_out_who_has_none(self):
        measures = {1: share(1, 2), 2: share(0, 0), 3: share(2, 2), 4: share(1, 2)}
        assert places(measures, "up") == {3: Place(1, 3), 1: Place(2, 3), 4: Place(2, 3)}
        assert places(measures, "down")[3] == Place(3, 3)


class TestPeriods:
    @pytest.mark.parametrize(
        ("cycle", "code", "since", "until", "label"),
        [
            ("month", "2013-09", date(2013, 9, 1), date(2013, 9, 30), "2013年9月"),
            ("month", "2012-02", date(2012, 2, 1), date(2012, 2, 29), "2012年2月"),
            ("quarter", "2013-q3", date(2013, 7, 1), date(2013, 9, 30), "2013年第3季度"),
            ("year", "2013", date(2013, 1, 1), date(2013, 12, 31), "2013年"),
        ],
    )
    def test_a_period_by_its_code(self, cycle, code, since, until, label):
        found = period_of(Cycle(cycle), code)
        assert (found.since, found.until, found.label) == (since, until, label)
        assert period_with(Cycle(cycle), since) == period_with(Cycle(cycle), until) == found

    @pytest.mark.parametrize(
        ("cycle", "code"),
        [("month", "2013"), ("month", "2013-13"), ("month", "２０１３-09"), ("quarter", "2013-Q5"),
         ("year", "13"), ("year", "0000"), ("month", "")],
    )  # fmt: skip
    def test_what_is_no_period_is_refused(self, cycle, code):
        with pytest.raises(BadPeriod):
            period_of(Cycle(cycle), code)

    def test_the_one_before(self):
        assert period_before(Cycle.MONTH, date(2013, 1, 5)).code == "2012-12"
        assert period_before(Cycle.QUARTER, date(2013, 5, 5)).code == "2013-Q1"
        assert period_before(Cycle.YEAR, date(2013, 5, 5)).code == "2012"

    def test_what_goes_on_is_not_judged(self):
        month = period_of(Cycle.MONTH, "2013-09")
        check_is_over(month, date(2013, 10, 1))
        with pytest.raises(BadPeriod):
            check_is_over(month, date(2013, 9, 30))


def test_points_are_decimals_through_and_through():
    assert isinstance(total(scheme(manual()), entered={"manual": D("-0.1")}), Decimal)
