"""Rules of supervision: what the notice of a card and a directive say to an office. Pure.

Official Chinese texts, whatever the language of the interface.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mingtang.files.rules.documents import Paper, chinese_date
from mingtang.supervision.rules.codes import Colour

TITLES = {
    Colour.REMIND: "效能监察提醒单",
    Colour.YELLOW: "效能监察黄牌通知书",
    Colour.RED: "效能监察红牌通知书",
}
# The words of their numbers: 警示卡〔2013〕12号. A reminder warns nobody, and bears no such number.
CARD_MARK, DIRECTIVE_MARK = "警示卡", "督办单"
CARD_KIND, DIRECTIVE_KIND = "card_notice", "card_directive"
DIRECTIVE_TITLE = "效能监察督办单"


@dataclass(frozen=True)
class Limit:
    """The limit by which a card was issued, and how it was reckoned, in words."""

    label: str
    due: date
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class CardWords:
    """What a notice knows of a card."""

    number: str
    colour: Colour
    rule: str
    version: int
    raised: date
    score: str
    what: str
    person: str = ""
    limit: Limit | None = None


def card_text(told: CardWords) -> list[str]:
    """What happened, by which rule, and how the limit was reckoned."""
    person = f"，经办人 {told.person}" if told.person else ""
    reason = f"因“{told.rule}”（规则第 {told.version} 版），"
    about = f"你单位办理的 {told.what}{person}，{reason}"
    said = [f"{about}于{chinese_date(told.raised)}发出{told.colour.label}，计 {told.score} 分。"]
    if told.limit:
        due = chinese_date(told.limit.due)
        said.append(f"{told.limit.label}的到期日为{due}。计时经过如下：")
        said += told.limit.lines
    return said


def card_asks(colour: Colour, explain_days: int, appeal_days: int) -> str:
    """What the office is to do."""
    if colour is Colour.REMIND:
        return "请抓紧办理，避免超期。"
    return (
        f"请自接到通知起 {explain_days} 个工作日内说明情况；认为有误的，"
        f"{appeal_days} 个工作日内申诉，并附证据。"
    )


def card_paper(told: CardWords, addressee: str, asks: str) -> Paper:
    """The notice as a numbered paper. It names the card by the number under which lists show it."""
    return Paper(
        kind=CARD_KIND,
        title=TITLES[told.colour],
        mark=CARD_MARK,
        addressee=addressee,
        paragraphs=(*card_text(told), asks, f"监察编号：{told.number}"),
        needs_seal=False,
    )


@dataclass(frozen=True)
class DirectiveWords:
    """What a directive knows of itself and its card."""

    number: str
    card_number: str
    colour: Colour
    rule: str
    detail: str
    suggestion: str
    due: date


def directive_text(told: DirectiveWords) -> list[str]:
    suggestion = [f"监察建议：{told.suggestion}"] if told.suggestion else []
    return [
        f"关于{told.colour.label} {told.card_number}（{told.rule}）：",
        told.detail,
        *suggestion,
        f"请于{chinese_date(told.due)}前办理并反馈。到期没有反馈的，依规则发出红牌。",
    ]


def directive_paper(told: DirectiveWords, addressee: str) -> Paper:
    return Paper(
        kind=DIRECTIVE_KIND,
        title=DIRECTIVE_TITLE,
        mark=DIRECTIVE_MARK,
        addressee=addressee,
        paragraphs=(*directive_text(told), f"监察编号：{told.number}"),
        needs_seal=False,
    )


def standing(*, is_cancelled: bool, is_superseded: bool, is_closed: bool) -> str:
    """Why a paper about a card no longer counts; "" where it does."""
    if is_cancelled:
        return "所涉的牌已经核销，不再计分。"
    if is_superseded:
        return "所涉的牌已被更高的牌取代，不再计分。"
    return "所涉的牌已经了结。" if is_closed else ""
