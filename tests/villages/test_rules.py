"""Sums, periods, the table of moves, what of a person stays out, tables read row by row."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.errors import DomainError
from mingtang.villages.rules import moves, privacy
from mingtang.villages.rules.kinds import Layout, LineKind, short_name
from mingtang.villages.rules.money import (
    NotASum,
    NotBalanced,
    balance_of,
    cents_of,
    check_opening,
    yuan,
)
from mingtang.villages.rules.moves import Deed, State, WrongState
from mingtang.villages.rules.periods import Period, ended_since, in_force, last_ended
from mingtang.villages.rules.sheets import NewLine, check_days, day_of, read_rows

CENTS = st.integers(-(10**11), 10**11)
DAYS = st.dates(date(2010, 1, 1), date(2035, 12, 31))


@given(CENTS)
def test_a_sum_is_read_back_as_it_was_written(cents):
    assert cents_of(yuan(cents)) == cents


@pytest.mark.parametrize(("typed", "cents"), [("86.5", 8650), ("¥1,200元", 120000), ("-3", -300)])
def test_sums_as_people_type_them(typed, cents):
    assert cents_of(typed) == cents


@pytest.mark.parametrize("typed", ["", "1.234", "一百", "1e3", "99999999999", "1.2.3", "NaN"])
def test_what_is_no_sum_is_refused(typed):
    with pytest.raises(NotASum, match="元数"):
        cents_of(typed)


@given(st.integers(-(10**9), 10**9), st.lists(st.tuples(st.booleans(), CENTS), max_size=20))
def test_opening_and_income_less_spending_is_closing(opening, drawn):
    lines = [("income" if is_income else "spending", cents) for is_income, cents in drawn]
    balance = balance_of(opening, lines)
    exact = opening + sum(cents if kind == "income" else -cents for kind, cents in lines)
    balance.check(exact)
    for wrong in (exact - 1, exact + 1):
        with pytest.raises(NotBalanced, match=r"0\.01 元"):
            balance.check(wrong)


def test_an_account_goes_on_where_the_last_ended():
    check_opening(500, 500, "7月")
    with pytest.raises(NotBalanced, match=r"期初余额 5\.00 元与“7月”的期末余额 4\.00 元"):
        check_opening(500, 400, "7月")


@given(DAYS, st.sampled_from([1, 3]))
def test_the_last_period_is_over_and_the_next_is_not(on, months):
    period = last_ended(on, months)
    assert period.last < on <= period.next().last
    assert period.first.day == 1


@given(DAYS, st.integers(0, 900), st.sampled_from([1, 3]))
def test_ended_periods_follow_one_another_and_none_is_left_out(on, before, months):
    since = on - timedelta(days=before)
    found = ended_since(since, on, months)
    assert all(one.next() == other for one, other in pairwise(found))
    assert all(one.first >= since and one.last < on for one in found)
    if found:
        assert found[-1] == last_ended(on, months)


def test_a_period_is_due_in_the_month_after_it():
    quarter = Period(date(2013, 7, 1), 3)
    assert (quarter.label, quarter.due(20)) == ("2013年第三季度", date(2013, 10, 20))
    assert Period(date(2013, 1, 1), 1).due(31) == date(2013, 2, 28)
    assert Period(date(2013, 12, 1), 1).due(20) == date(2014, 1, 20)


@dataclass
class Limit:
    village_id: int | None
    valid_from: date
    name: str


def test_a_village_has_its_own_limit_before_everybodys():
    rows = [
        Limit(None, date(2013, 1, 1), "all"),
        Limit(7, date(2013, 3, 1), "own"),
        Limit(None, date(2013, 6, 1), "later"),
    ]
    names = {
        (village, month): getattr(in_force(rows, village, date(2013, month, 2)), "name", None)
        for village in (7, 8)
        for month in (2, 4, 7)
    }
    assert names == {
        (7, 2): "all",
        (7, 4): "own",
        (7, 7): "own",
        (8, 2): "all",
        (8, 4): "all",
        (8, 7): "later",
    }
    assert in_force(rows, 7, date(2012, 1, 1)) is None


def test_the_table_of_moves_leads_out_only_through_both_examinations():
    allowed = {(deed, state) for deed in Deed for state in State if not _refuses(deed, state)}
    assert {state for deed, state in allowed if deed is Deed.RELEASE} == {State.CHECKED}
    assert {state for deed, state in allowed if deed is Deed.APPROVE} == {State.TOWNSHIP}
    assert {state for deed, state in allowed if deed is Deed.EXAMINE} == {State.COMMITTEE}
    assert {state for deed, state in allowed if deed is Deed.WRITE} == moves.WRITABLE
    assert not {deed for deed, state in allowed if state is State.TAKEN_DOWN}


def _refuses(deed: Deed, state: State) -> bool:
    try:
        moves.check(deed, state)
    except WrongState:
        return True
    return False


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("低保 毛小明 330881190001010015", "identity"),
        ("联系 13800000001", "mobile"),
        ("打到 6222021202000000001 账上", "card"),
        ("患尿毒症，救助", privacy.ILLNESS),
    ],
)
def test_what_leads_to_a_person_or_their_body_is_found(text, code):
    found = privacy.look([("第 1 行", text)])
    assert code in {one.code for one in found}
    with pytest.raises(privacy.Private, match="第 1 行"):
        privacy.check([("第 1 行", text)])


def test_plain_lines_are_let_through():
    privacy.check([("第 1 行", "公共厕所电费 8 月 500 度"), ("标题", "凤里村2013年8月财务收支")])


def test_columns_of_the_sort_that_no_village_opens():
    private = ["身份证号", "联系电话", "一卡通账号", "开户银行", "病 种", "家庭住址"]
    assert all(map(privacy.is_private_column, private))
    assert not any(map(privacy.is_private_column, ["姓名", "金额（元）", "摘要", "凭证号"]))


def row(number: int, **cells: str) -> dict[str, str]:
    return {"row": str(number), **cells}


def test_a_table_is_read_row_by_row_and_each_fault_says_where():
    read = read_rows(
        [
            row(2, day="2013-08-05", text="店面租金", income="900", spending=""),
            row(3, day="2013年8月9日", text="电费", income="0", spending="500.50"),
            row(4, day="8月9日", text="路灯", income="", spending="12"),
            row(5, day="", text="", income="3", spending=""),
            row(6, day="", text="无金额", income="", spending=""),
            row(7, text="补记", kind="支", amount="十元"),
        ],
        Layout.ACCOUNTS,
    )
    assert read.lines == (
        NewLine(LineKind.INCOME, "店面租金", 90000, date(2013, 8, 5)),
        NewLine(LineKind.SPENDING, "电费", 50050, date(2013, 8, 9)),
    )
    assert [fault.partition("：")[0] for fault in read.faults] == [
        *("第 4 行", "第 5 行", "第 6 行", "第 7 行"),
    ]
    assert "2013-09-17" in read.faults[0]


def test_of_a_list_of_relief_only_name_and_sum_are_read():
    read = read_rows([row(2, text="周根土", amount="360")], Layout.BENEFITS)
    assert read.lines == (NewLine(LineKind.BENEFIT, "周根土", 36000),)
    refused = read_rows([row(3, text="周根土 330881190001010015", amount="360")], Layout.BENEFITS)
    assert not refused.lines
    assert "公民身份号码" in refused.faults[0]


def test_days_are_checked_against_the_period():
    lines = [NewLine(LineKind.INCOME, "租金", 1, date(2013, 7, 31))]
    assert check_days(lines, date(2013, 8, 1), date(2013, 8, 31)) == [
        "“租金”的日期 2013-07-31 不在 2013-08-01 至 2013-08-31 之内，请核对。"
    ]
    with pytest.raises(DomainError, match="看不懂"):
        day_of("2013-02-30")


@pytest.mark.parametrize(
    ("listed", "called"),
    [
        *(("中岗村民委员会", "中岗村"), ("贺村村民委员会", "贺村"), ("城北居委会", "城北社区")),
        *(("凤鸣社区", "凤鸣社区"), ("清湖社区居委会", "清湖社区"), ("村委会", "村委会")),
    ],
)
def test_a_place_is_called_as_people_call_it(listed, called):
    assert short_name(listed) == called
