"""Rules: what is put before the public, as the texts that go through the review chain. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mingtang.consultations.rules.life import Kind, Plan, Verdict
from mingtang.consultations.rules.survey import Question, QuestionKind, Tally
from mingtang.disclosure.rules.items import Column, Content, Genre
from mingtang.disclosure.rules.text import table

WHERE = "网站“政民互动 → 征集调查”"


def notice_of(plan: Plan, on: date, source: str) -> Content:
    """The notice that opens an activity."""
    said = {Kind.OPINIONS: _opinions, Kind.INTERVIEW: _interview, Kind.SURVEY: _survey}
    return _content(plan.kind, plan.title.strip(), said[plan.kind](plan), on, source)


def _content(kind: Kind, title: str, parts: Sequence[str], on: date, source: str) -> Content:
    return Content(
        title=title,
        body="\n\n".join(part for part in parts if part),
        column=Column.WORK.value,
        genre=Genre.ANNOUNCEMENT.value,
        category="20-15",
        theme=f"政民互动\\{kind.label}",
        formed_date=on,
        source=source[:60],
    )


def _opinions(plan: Plan) -> list[str]:
    short = f"缩短期限的理由：{plan.short_reason.strip()}" if plan.short_reason.strip() else ""
    return [
        f"## 征求意见的时间\n\n自公开的次日起 {plan.days} 日。",
        short,
        f"## 怎么提意见\n\n在{WHERE}栏目里提出，可以不登录、不留姓名。",
        f"## 起草说明\n\n{plan.explanation.strip()}",
        f"## 征求意见稿\n\n{plan.text.strip()}",
    ]


def _interview(plan: Plan) -> list[str]:
    assert plan.held_at is not None
    assert plan.held_until is not None
    return [
        f"## 时间\n\n{_moment(plan.held_at)} 至 {_moment(plan.held_until)}。",
        f"## 嘉宾\n\n{plan.guests.strip()}",
        f"## 主题\n\n{plan.text.strip()}",
        f"## 怎么提问\n\n从现在到访谈结束，都可以在{WHERE}栏目里提问。",
    ]


def _moment(at: datetime) -> str:
    return f"{at:%Y年%m月%d日 %H:%M}"


def _survey(plan: Plan) -> list[str]:
    asked = [
        f"{number}. {one.text}（{one.kind.label}）" + "".join(f"\n- {o}" for o in one.options)
        for number, one in enumerate(plan.questions, 1)
    ]
    return [
        plan.text.strip(),
        f"## 时间\n\n自公开的次日起 {plan.days} 日。",
        f"## 怎么作答\n\n在{WHERE}栏目里作答，登录或凭答题码，每人一次。不记名。",
        "## 题目",
        *asked,
    ]


@dataclass(frozen=True)
class Row:
    """A line of the table of adoption, or a question with its answer."""

    number: int
    text: str
    verdict: Verdict
    answer: str


def result_of(
    kind: Kind,
    title: str,
    words: str,
    rows: Sequence[Row],
    set_aside: int,
    on: date,
    source: str,
) -> Content:
    """The result of a consultation, or the transcript of an interview."""
    what = "采纳情况" if kind is Kind.OPINIONS else "访谈实录"
    made = _adoption(rows, set_aside) if kind is Kind.OPINIONS else _transcript(rows, set_aside)
    return _content(kind, f"{title}：{what}", [words.strip(), *made], on, source)


def _adoption(rows: Sequence[Row], set_aside: int) -> list[str]:
    counted = "，".join(
        f"{one.label} {sum(row.verdict is one for row in rows)} 条"
        for one in (Verdict.ADOPTED, Verdict.PARTLY, Verdict.NOT_ADOPTED)
    )
    said = f"共收到意见 {len(rows) + set_aside} 条：{counted}，与本次征集无关 {set_aside} 条。"
    if not rows:
        return [f"## 意见和采纳情况\n\n{said}"]
    lines = [[str(one.number), one.text, one.verdict.label, one.answer] for one in rows]
    return [
        f"## 意见和采纳情况\n\n{said}",
        table(["编号", "意见", "采纳情况", "理由"], lines),
    ]


def _transcript(rows: Sequence[Row], set_aside: int) -> list[str]:
    count = f"共收到提问 {len(rows) + set_aside} 个，回答 {len(rows)} 个。"
    said = [f"问（{one.number}）：{_line(one.text)}\n答：{_line(one.answer)}" for one in rows]
    return [f"## 问答实录\n\n{count}", *said]


def _line(text: str) -> str:
    return " ".join(text.split())


def survey_result_of(
    title: str,
    words: str,
    count: int,
    counted: Sequence[tuple[Question, Tally]],
    on: date,
    source: str,
) -> Content:
    """What a survey brought; words that people wrote are not in it: they may name somebody."""
    parts = [words.strip(), f"## 调查结果\n\n共收到答卷 {count} 份。"]
    for number, (question, found) in enumerate(counted, 1):
        head = f"{number}. {question.text}"
        if question.kind is QuestionKind.TEXT:
            parts.append(f"{head}\n文字题，答案供改进工作参考。")
        else:
            lines = [
                [option, str(found.counts[at]), f"{found.share(at)}%"]
                for at, option in enumerate(question.options)
            ]
            parts += [head, table(["选项", "人数", "占比"], lines)]
    return _content(Kind.SURVEY, f"{title}：调查结果", parts, on, source)
