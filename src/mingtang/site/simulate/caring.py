"""What becomes of a bad rating in a simulated city: called back, looked into, set right, answered.

Most of it in time; a few are forgotten for days, which is what yellow cards are for.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

from mingtang.base.clock import legal_date
from mingtang.interaction import queries
from mingtang.interaction import services as interaction
from mingtang.ledger.rules import Actor
from mingtang.site.simulate.offices import Office
from mingtang.timing.queries import open_clock

# Who calls back, and who does where the first had a hand in the case or is to be checked.
CALLERS = ("zhongxin", "jiancha")
FORGOTTEN = 0.12  # of each limit
UNFOUNDED, COMPLEX = 0.08, 0.3
RATED_AGAIN = 0.4  # of the answers


class Life(Protocol):
    """What is asked of the life of a case."""

    office: Office
    rng: random.Random
    at: datetime

    @property
    def stream(self) -> str: ...
    def later(self, least: int, most: int) -> datetime: ...
    def at_home(self, least: int, most: int) -> datetime: ...
    def by(self, command: Callable[..., Any], actor: Actor, **content: Any) -> Any: ...
    def rate_again(self, level: str) -> None: ...


def care(life: Life) -> Iterator[datetime]:
    """From the bad rating to the end of its ticket."""
    life.office.catch_up()
    service = queries.service_of(life.stream)
    ticket = queries.ticket_of(life.stream, service) if service is not None else None
    if ticket is None:
        return
    acted = interaction.people_who_acted(life.stream)
    first, second = sorted(CALLERS, key=lambda one: _id(life, one) in acted)
    ticket_id, stream = str(ticket.id), ticket.stream
    yield _within(life, stream, "call_back")
    _do(life, interaction.contact, first, ticket_id, "已电话联系，请评价人说明了情况。")
    yield life.later(0, 1)
    if life.rng.random() < UNFOUNDED and _id(life, second) not in acted:
        _do(life, interaction.dispute, first, ticket_id, "监控和叫号记录与所说不符。")
        yield life.later(0, 2)
        _do(life, interaction.approve, second, ticket_id, "记录属实，认定不实。")
        return
    is_complex = life.rng.random() < COMPLEX
    words = "属实：等候过久。安排增加窗口人手。"
    _do(life, interaction.confirm, first, ticket_id, words, is_complex=is_complex)
    yield _within(life, stream, "rectify")
    _do(life, interaction.answer, first, ticket_id, "已经增加窗口人手，向您致歉。")
    yield from _end(life, first, ticket_id)


def _end(life: Life, who: str, ticket_id: str) -> Iterator[datetime]:
    """The rater's word after the answer; else the office closes it some days later."""
    if life.rng.random() < RATED_AGAIN:
        yield life.at_home(0, 5)
        life.rate_again("satisfied")
        return
    yield life.later(5, 10)
    _do(life, interaction.close, who, ticket_id, "评价人没有再提意见。")


def _id(life: Life, username: str) -> int:
    return int(life.office.actor(username, life.at).id or 0)


def _do(
    life: Life, command: Callable[..., Any], who: str, ticket_id: str, note: str, **more: Any
) -> None:
    actor = life.office.actor(who, life.at)
    life.by(command, actor, ticket_id=ticket_id, note=note, **more)


def _within(life: Life, stream: str, kind: str) -> datetime:
    """A moment within a limit; or, forgotten, some days after it."""
    clock = open_clock(stream, kind)
    if clock is None:
        return life.later(0, 1)
    calendar = life.office.calendar
    begins = calendar.first_working_day_on_or_after(legal_date(life.at))
    left = max(calendar.count(begins, clock.due_date), 0)
    if life.rng.random() < FORGOTTEN:
        return life.later(left + 2, left + 5)
    return life.later(0, max(left - 1, 0)) if kind == "rectify" else life.later(0, left)
