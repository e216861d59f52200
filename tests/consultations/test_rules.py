"""Terms, states, verdicts, questions as typed, tallies, the texts for review. No database."""

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.consultations.rules import survey, texts
from mingtang.consultations.rules.life import (
    BadComment,
    BadPlan,
    Kind,
    Plan,
    State,
    Verdict,
    check_answer,
    check_comment,
    check_plan,
    in_force,
    state_at,
)
from mingtang.consultations.rules.survey import (
    BadSheet,
    BadSurvey,
    Question,
    QuestionKind,
    Said,
    check_said,
    cross,
    read_questions,
    tally,
)
from mingtang.disclosure.rules.text import Kind as BlockKind
from mingtang.disclosure.rules.text import blocks

NOW = datetime(2024, 3, 1, 2, tzinfo=UTC)
LAW = {date(2019, 9, 1): 30}
PLAN = Plan(
    kind=Kind.OPINIONS,
    title="农贸市场管理办法（征求意见稿）",
    text="第一条 为了加强管理，制定本办法。",
    explanation="规范市场秩序。",
    days=30,
)
INTERVIEW = Plan(
    kind=Kind.INTERVIEW,
    title="局长谈饮用水",
    text="农村饮用水怎么样了",
    held_at=NOW + timedelta(days=3),
    held_until=NOW + timedelta(days=3, hours=1),
    guests="水利局局长",
)


def test_a_dated_setting_says_nothing_before_its_first_day():
    assert in_force(LAW, date(2019, 8, 31)) is None
    assert in_force(LAW, date(2019, 9, 1)) == 30
    assert in_force({**LAW, date(2026, 1, 1): 45}, date(2026, 5, 1)) == 45


def test_a_shorter_term_wants_its_reason_where_the_law_of_the_day_has_a_least():
    short = replace(PLAN, days=7)
    check_plan(PLAN, 30, NOW)
    check_plan(short, None, NOW)
    check_plan(replace(short, short_reason="防汛抢险急需"), 30, NOW)
    with pytest.raises(BadPlan, match="第十五条"):
        check_plan(short, 30, NOW)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (replace(PLAN, title="办法"), "标题"),
        (replace(PLAN, text=" "), "正文"),
        (replace(PLAN, explanation=""), "起草说明"),
        (replace(PLAN, days=0), "征集天数"),
        (replace(INTERVIEW, held_until=INTERVIEW.held_at), "结束要晚于开始"),
        (replace(INTERVIEW, held_at=NOW - timedelta(2), held_until=NOW - timedelta(1)), "已经过去"),
        (replace(INTERVIEW, guests=" "), "嘉宾"),
        (replace(PLAN, kind=Kind.SURVEY), "1 到 30 道题"),
    ],
)
def test_a_plan_that_lacks_something_is_told_what(plan, said):
    with pytest.raises(BadPlan if plan.kind is not Kind.SURVEY else BadSurvey, match=said):
        check_plan(plan, 30, NOW)


@given(st.integers(-60, 120), st.integers(1, 40), st.integers(0, 30), st.booleans())
def test_a_state_follows_from_its_moments_alone(day, term, limit, is_reported):
    closes, now = NOW + timedelta(days=term), NOW + timedelta(days=day)
    due = (closes + timedelta(days=limit)).date()
    found = state_at(
        opened_at=NOW,
        closes_at=closes,
        result_due=due,
        is_reported=is_reported,
        now=now,
        today=now.date(),
    )
    if is_reported:
        assert found is State.REPORTED
    elif day < term:
        assert found is State.OPEN
    else:
        assert found is (State.MISSING if day > term + limit else State.CLOSED)


def test_every_verdict_has_its_reason_and_belongs_to_its_kind():
    assert check_answer(Kind.OPINIONS, "partly", "第三条已改") is Verdict.PARTLY
    assert check_answer(Kind.INTERVIEW, "answered", "明年完工") is Verdict.ANSWERED
    for kind, verdict, text in (
        (Kind.OPINIONS, "not_adopted", "不"),
        (Kind.OPINIONS, "answered", "明年完工"),
        (Kind.INTERVIEW, "adopted", "明年完工"),
    ):
        with pytest.raises(BadComment):
            check_answer(kind, verdict, text)
    with pytest.raises(BadComment, match="4 到 2000"):
        check_comment(Kind.OPINIONS, " 好 ")


# ── surveys ───────────────────────────────────────────────────────────────────────────────────

TYPED = """
您来过几次大厅？
- 没有来过
- 1 到 3 次
多选：哪些要改进？
- 等候
- 停车
- 指引
文字：还想说什么？
"""


def test_questions_are_read_as_they_are_typed():
    first, second, third = read_questions(TYPED)
    assert (first.kind, first.options) == (QuestionKind.SINGLE, ("没有来过", "1 到 3 次"))
    assert (second.kind, second.text) == (QuestionKind.MULTIPLE, "哪些要改进？")
    assert (third.kind, third.options) == (QuestionKind.TEXT, ())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "1 到 30"),
        ("- 一\n- 二", "第 1 行"),
        ("题目一\n- 只有一项", "2 到 20 个选项"),
        ("题目一\n- 同\n- 同", "各不相同"),
        ("文字：题目\n- 一\n- 二", "不要写选项"),
        ("题\n- 一\n- 二", "2 到 200"),
    ],
)
def test_a_mistake_in_the_questions_is_told_by_its_place(typed, said):
    with pytest.raises(BadSurvey, match=said):
        read_questions(typed)


@pytest.mark.slow
@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_refused(typed):
    with contextlib.suppress(BadSurvey):
        assert 1 <= len(read_questions(typed)) <= survey.MOST_QUESTIONS


ONE = Question("几次", QuestionKind.SINGLE, ("没有", "有"))
SOME = Question("哪些", QuestionKind.MULTIPLE, ("等候", "停车", "指引"))
WORDS = Question("还有", QuestionKind.TEXT)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (ONE, Said()),
        (ONE, Said((0, 1))),
        (ONE, Said((2,))),
        (ONE, Said((0,), "多话")),
        (SOME, Said((1, 1))),
        (SOME, Said((-1,))),
        (WORDS, Said((0,))),
        (WORDS, Said(text="话" * 501)),
    ],
)
def test_a_sheet_that_does_not_fit_is_refused(question, said):
    with pytest.raises(BadSheet):
        check_said(1, question, said)


chosen = st.lists(st.lists(st.sampled_from([0, 1, 2]), unique=True), max_size=30)


@given(chosen)
def test_a_tally_counts_every_choice_once(sheets):
    found = tally(SOME, sheets)
    assert found.base == sum(bool(one) for one in sheets)
    assert sum(found.counts) == sum(len(one) for one in sheets)
    assert all(0 <= found.share(at) <= 100 for at in range(3))


@given(st.lists(st.tuples(st.sampled_from([[], [0], [1]]), st.sampled_from([[], [0], [2]]))))
def test_no_share_is_shown_of_too_few(pairs):
    for number, row in enumerate(cross(ONE, SOME, pairs, least=5)):
        those = [second for first, second in pairs if number in first and second]
        assert (row.tally is None) == (len(those) < 5)


# ── texts ─────────────────────────────────────────────────────────────────────────────────────


def test_the_table_of_adoption_is_a_table_of_the_reviewed_text():
    rows = [
        texts.Row(1, "第三条|太严", Verdict.ADOPTED, "已放宽"),
        texts.Row(4, "取消收费\n马上", Verdict.NOT_ADOPTED, "法律有规定"),
    ]
    made = texts.result_of(Kind.OPINIONS, "办法", "感谢参与。", rows, 2, date(2024, 5, 1), "水利局")
    (table,) = [one for one in blocks(made.body) if one.kind is BlockKind.TABLE]
    assert table.head == ["编号", "意见", "采纳情况", "理由"]
    assert table.rows[1:] == [
        ["1", "第三条｜太严", "采纳", "已放宽"],
        ["4", "取消收费 马上", "未采纳", "法律有规定"],
    ]
    assert (
        "共收到意见 4 条：采纳 1 条，部分采纳 0 条，未采纳 1 条，与本次征集无关 2 条" in made.body
    )


def test_a_notice_says_the_term_and_why_it_is_short():
    made = texts.notice_of(replace(PLAN, days=7, short_reason="防汛急需"), NOW.date(), "水利局")
    assert "自公开的次日起 7 日" in made.body
    assert "缩短期限的理由：防汛急需" in made.body
    assert PLAN.text in made.body
