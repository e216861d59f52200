"""Rules: what is asked of the public, for how long, what becomes of each word said. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from mingtang.accounts.rules import Limit, Role
from mingtang.base.errors import Conflict, DomainError
from mingtang.consultations.rules.survey import Question, check_questions
from mingtang.disclosure.rules import chain

LONGEST_TEXT, LONGEST_COMMENT, LONGEST_ANSWER = 50_000, 2000, 1000
LEAST_COMMENT, LEAST_ANSWER = 4, 4
MOST_DAYS = 365
KEEPERS = chain.DRAFTERS  # who prepares, reads what came and answers, for their own unit
READERS: frozenset[Role] = KEEPERS | chain.OVERSEERS


class Kind(StrEnum):
    OPINIONS = "opinions"
    INTERVIEW = "interview"
    SURVEY = "survey"

    @property
    def label(self) -> str:
        return {"opinions": "意见征集", "interview": "在线访谈", "survey": "调查问卷"}[self]

    @property
    def noun(self) -> str:
        """What people hand in."""
        return {"opinions": "意见", "interview": "提问", "survey": "答卷"}[self]


class State(StrEnum):
    """Where an activity stands on a day; only its moments are stored."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    MISSING = "missing"
    REPORTED = "reported"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS = {
    State.DRAFT: "准备中",
    State.OPEN: "正在进行",
    State.CLOSED: "已结束，整理中",
    State.MISSING: "逾期没有公布结果",
    State.REPORTED: "已公布结果",
}


def state_at(
    *,
    opened_at: datetime | None,
    closes_at: datetime | None,
    result_due: date | None,
    is_reported: bool,
    now: datetime,
    today: date,
) -> State:
    if opened_at is None or closes_at is None:
        return State.DRAFT
    if is_reported:
        return State.REPORTED
    if now < closes_at:
        return State.OPEN
    is_late = result_due is not None and today > result_due
    return State.MISSING if is_late else State.CLOSED


class CommentState(StrEnum):
    WAITING = "waiting"
    KEPT = "kept"
    SET_ASIDE = "set_aside"

    @property
    def label(self) -> str:
        return {"waiting": "等核看", "kept": "已核看", "set_aside": "不列入"}[self]


class Verdict(StrEnum):
    """What became of an opinion; a question is answered, no more."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT_ADOPTED = "not_adopted"
    ANSWERED = "answered"

    @property
    def label(self) -> str:
        return VERDICT_LABELS[self]


VERDICT_LABELS = {
    Verdict.ADOPTED: "采纳",
    Verdict.PARTLY: "部分采纳",
    Verdict.NOT_ADOPTED: "未采纳",
    Verdict.ANSWERED: "已回答",
}
VERDICTS_OF = {
    Kind.OPINIONS: (Verdict.ADOPTED, Verdict.PARTLY, Verdict.NOT_ADOPTED),
    Kind.INTERVIEW: (Verdict.ANSWERED,),
    Kind.SURVEY: (),
}
PER_SOURCE = Limit(most=20, window=timedelta(hours=1))  # a hall has one address for many people


class BadPlan(DomainError):
    """A plan that cannot be kept: the text names what is wrong."""


class BadComment(DomainError):
    pass


class NotOpen(Conflict):
    heading = "现在不能提交"

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"这次{kind.label}没有开始或者已经结束，没有收下。请看看正在进行的活动。")


class NotNow(Conflict):
    pass


@dataclass(frozen=True)
class Plan:
    """What is put before the public. Of an interview the day, of all others the term."""

    kind: Kind
    title: str
    text: str  # the draft; of an interview and of a survey what it is about
    explanation: str = ""
    days: int | None = None
    short_reason: str = ""
    held_at: datetime | None = None
    held_until: datetime | None = None
    guests: str = ""
    questions: tuple[Question, ...] = field(default=())


def in_force(values: Mapping[date, int], on: date) -> int | None:
    """What a dated setting says on a day; None before its first day."""
    since = max((day for day in values if day <= on), default=None)
    return values[since] if since is not None else None


def check_plan(plan: Plan, least_days: int | None, now: datetime) -> None:
    """Raises BadPlan. `least_days`: what the law wants of a draft's term on this day.

    《重大行政决策程序暂行条例》第十五条：公开征求意见的期限一般不少于 30 日；因情况紧急等
    原因需要缩短期限的，公开征求意见时应当予以说明。
    """
    if not 4 <= len(plan.title.strip()) <= 100:
        raise BadPlan("“标题”应为 4 到 100 个字。")
    if not 4 <= len(plan.text.strip()) <= LONGEST_TEXT:
        raise BadPlan(f"“正文”应为 4 到 {LONGEST_TEXT} 个字。")
    if plan.kind is Kind.INTERVIEW:
        _check_interview(plan, now)
    else:
        _check_term(plan, least_days)
    if plan.kind is Kind.OPINIONS and len(plan.explanation.strip()) < 4:
        raise BadPlan("请写“起草说明”：为什么要起草、主要规定了什么。")
    if plan.kind is Kind.SURVEY:
        check_questions(plan.questions)


def _check_interview(plan: Plan, now: datetime) -> None:
    if plan.held_at is None or plan.held_until is None or plan.held_until <= plan.held_at:
        raise BadPlan("请填访谈的开始和结束时间，结束要晚于开始。")
    if plan.held_until <= now:
        raise BadPlan("访谈的时间已经过去，请填将来的时间。")
    if not plan.guests.strip():
        raise BadPlan("请填访谈的嘉宾：单位、职务和姓名。")


def _check_term(plan: Plan, least_days: int | None) -> None:
    if plan.days is None or not 1 <= plan.days <= MOST_DAYS:
        raise BadPlan(f"“征集天数”应为 1 到 {MOST_DAYS} 天。")
    is_short = plan.kind is Kind.OPINIONS and least_days is not None and plan.days < least_days
    if is_short and len(plan.short_reason.strip()) < LEAST_ANSWER:
        raise BadPlan(
            f"征求意见一般不少于 {least_days} 天，这次只有 {plan.days} 天：请写明缩短的理由"
            "（《重大行政决策程序暂行条例》第十五条）。"
        )


def check_comment(kind: Kind, text: str) -> str:
    """What somebody said, trimmed. Raises BadComment."""
    said = text.replace("\r\n", "\n").strip()
    if not LEAST_COMMENT <= len(said) <= LONGEST_COMMENT:
        raise BadComment(f"{kind.noun}应为 {LEAST_COMMENT} 到 {LONGEST_COMMENT} 个字。")
    return said


def check_answer(kind: Kind, verdict: str, text: str) -> Verdict:
    """Every verdict has its reason. Raises BadComment."""
    if verdict not in {one.value for one in VERDICTS_OF[kind]}:
        raise BadComment("请选采纳、部分采纳或者未采纳。")
    if not LEAST_ANSWER <= len(text.strip()) <= LONGEST_ANSWER:
        name = "回答" if kind is Kind.INTERVIEW else "理由"
        raise BadComment(f"“{name}”应为 {LEAST_ANSWER} 到 {LONGEST_ANSWER} 个字。")
    return Verdict(verdict)
