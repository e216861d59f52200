"""Rules of requests: the public calculator of deadlines, which explains itself. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mingtang.base.errors import DomainError
from mingtang.requests.rules.law import LawEdition, ReceiptRule, law_on, receipt_rule, received_on
from mingtang.requests.rules.people import Channel
from mingtang.timing.rules import Pause, Unit, WorkingCalendar, due, explain


@dataclass(frozen=True)
class Asked:
    """What somebody wants to know: when the answer to a request is due.

    `consulted`: from when to when a third party or another organ was asked.
    """

    channel: Channel
    submitted: date
    arrived: date | None = None
    confirmed: date | None = None
    corrected: date | None = None
    is_extended: bool = False
    consulted: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class Reckoned:
    """The answer with everything it rests on."""

    received: date
    counted_from: date
    law: LawEdition
    rule: ReceiptRule
    amount: int
    due: date
    is_provisional: bool
    lines: tuple[str, ...]


def reckon(asked: Asked, calendar: WorkingCalendar) -> Reckoned:
    """When the organ has to answer, and why. Raises DomainError where the days do not fit."""
    arrived = asked.arrived or asked.submitted
    received = received_on(
        asked.channel, submitted=asked.submitted, arrived=arrived, confirmed=asked.confirmed
    )
    start = received if asked.corrected is None else asked.corrected
    if start < received:
        raise DomainError(f"补正日期 {start} 早于收到申请的日期 {received}，请核对。")
    law, rule = law_on(start), receipt_rule(asked.channel, arrived)
    amount = law.reply_days + (law.extension_days if asked.is_extended else 0)
    pauses = _pauses(asked, start)
    found = due(calendar, start, amount, Unit.WORKING_DAY, pauses)
    return Reckoned(
        received=received,
        counted_from=start,
        law=law,
        rule=rule,
        amount=amount,
        due=found.date,
        is_provisional=found.provisional,
        lines=(
            *_why(asked, received, start, law, rule, amount),
            *(str(line) for line in explain(calendar, start, amount, Unit.WORKING_DAY, pauses)),
        ),
    )


def _pauses(asked: Asked, start: date) -> Sequence[Pause]:
    for sent, answered in asked.consulted:
        if not start <= sent <= answered:
            raise DomainError(
                f"征求意见从 {sent} 到 {answered}：应在开始计算期限（{start}）以后，"
                "并且结束不早于开始。请核对。"
            )
    return [Pause(sent, answered) for sent, answered in asked.consulted]


def _why(
    asked: Asked, received: date, start: date, law: LawEdition, rule: ReceiptRule, amount: int
) -> list[str]:
    lines = [
        (
            f"{asked.channel.label}：以{rule.basis.label}为收到申请之日，"
            f"即 {received}（{rule.source}）。"
        )
    ]
    if start != received:
        lines.append(f"{start} 收到补正，答复期限自这一天重新起算（{law.article('correction')}）。")
    until = f"到 {law.until} 止" if law.until else "至今"
    lines.append(
        f"{start} 施行的是《{law.name}》（{law.since} 起，{until}）："
        f"{law.reply_days} 个工作日内答复。"
    )
    if asked.is_extended:
        lines.append(
            f"经工作机构负责人同意并告知，延长 {law.extension_days} 个工作日，"
            f"共 {amount} 个工作日（{law.article('extension')}）。"
        )
    lines += [
        f"{sent} 至 {answered} 征求意见，所需时间不计入期限（{law.article('tolling')}）。"
        for sent, answered in asked.consulted
    ]
    return lines
