"""Rules of queues (取号叫号): states of a ticket, who is next, opening hours, slots. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from mingtang.accounts.rules import COUNTER_ROLES, Limit, Role
from mingtang.base.errors import Conflict, DomainError, NotAllowed

CALLERS = COUNTER_ROLES | {Role.CHIEF_REPRESENTATIVE}
KEEPERS = frozenset({Role.CENTRE_MANAGER})
TAKINGS = Limit(most=6, window=timedelta(minutes=15))  # of one source that is no kiosk
BOOKINGS = Limit(most=6, window=timedelta(hours=1))
SLOT = timedelta(minutes=30)
DAYS_AHEAD = 7  # appointments are for working days of the coming week
EARLY, LATE = timedelta(minutes=20), timedelta(minutes=30)  # an appointment is kept within
MOST_OPEN_BOOKINGS = 2  # of one telephone: nobody holds places for others
USUAL_MINUTES = 10  # of one service, while a day has too few to tell
ENOUGH_SERVED = 3


class TicketState(StrEnum):
    """Stored."""

    WAITING = "waiting"
    CALLED = "called"
    SKIPPED = "skipped"
    DONE = "done"

    @property
    def label(self) -> str:
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        return _STATES[self][1]


_STATES = {
    TicketState.WAITING: ("等候", "info"),
    TicketState.CALLED: ("正在办理", "ok"),
    TicketState.SKIPPED: ("过号", "warn"),
    TicketState.DONE: ("已办完", "info"),
}


class Source(StrEnum):
    """Where a ticket was taken. Stored."""

    KIOSK = "kiosk"
    PHONE = "phone"
    COUNTER = "counter"
    APPOINTMENT = "appointment"

    @property
    def label(self) -> str:
        return {"kiosk": "取号机", "phone": "手机", "counter": "窗口", "appointment": "预约"}[
            self.value
        ]


class Why(StrEnum):
    """Why no number is given now."""

    SHUT = "shut"
    DAY_OFF = "day_off"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return _WHYS[self]


_WHYS = {
    Why.SHUT: "这一类现在不取号。",
    Why.DAY_OFF: "今天不是工作日，大厅不开。",
    Why.CLOSED: "现在不是开放时间。",
}


class Rank(StrEnum):
    """Who goes before whom. Stored, in the order of the alphabet."""

    MOVED = "a"  # was called before and sent to another window
    BOOKED = "b"
    WALKED_IN = "c"


class TicketVerb(StrEnum):
    RECALL = "recall"
    SKIP = "skip"
    FINISH = "finish"
    TRANSFER = "transfer"


MOVES = {
    TicketVerb.RECALL: ({TicketState.CALLED, TicketState.SKIPPED}, TicketState.CALLED),
    TicketVerb.SKIP: ({TicketState.CALLED}, TicketState.SKIPPED),
    TicketVerb.FINISH: ({TicketState.CALLED}, TicketState.DONE),
    TicketVerb.TRANSFER: (
        {TicketState.CALLED, TicketState.SKIPPED},
        TicketState.WAITING,
    ),
}


def moved(verb: TicketVerb, state: TicketState) -> TicketState:
    """Where a verb leads. Raises TicketMoved."""
    sources, target = MOVES[verb]
    if state not in sources:
        raise TicketMoved(state)
    return target


class TicketMoved(Conflict):
    def __init__(self, state: TicketState) -> None:
        super().__init__(f"这个号现在是“{state.label}”，不能这样办。请刷新页面再看。")


class NobodyWaits(Conflict):
    def __init__(self) -> None:
        super().__init__("现在没有人在等这个窗口。有人取号后，按“叫下一位”。")


class StillServing(Conflict):
    def __init__(self, label: str) -> None:
        super().__init__(f"{label} 号还在办理。请先按“办完”“过号”或者“转窗口”，再叫下一位。")


class NoWindow(NotAllowed):
    def __init__(self) -> None:
        super().__init__("您今天没有坐在窗口，不能叫号。请中心管理人员核对岗位的窗口。")


class QueueClosed(Conflict):
    def __init__(self, why: Why) -> None:
        super().__init__(f"{why.label}请看开放时间，或者问导办台。")


class NotServedThere(DomainError):
    def __init__(self) -> None:
        super().__init__("那个窗口不办这一类，请选办这一类的窗口，或者换一类。")


class SlotGone(Conflict):
    def __init__(self) -> None:
        super().__init__("这个时段刚刚约满，或者已经开始，请另选一个时段。")


class TooManyBooked(Conflict):
    def __init__(self) -> None:
        super().__init__(
            f"这个手机号已有 {MOST_OPEN_BOOKINGS} 个没用的预约，请先取消一个，再约新的。"
        )


class BookingNotDue(Conflict):
    def __init__(self, slot: str) -> None:
        super().__init__(
            f"您约的是 {slot}。请在开始前 20 分钟到开始后 30 分钟之间取号；错过了请现场取普通号。"
        )


class WrongBookingCode(DomainError):
    def __init__(self) -> None:
        super().__init__("预约码不正确，或者已经用过、取消了。请核对短信或预约页上的十位码。")


# ── numbers and waiting ───────────────────────────────────────────────────────────────────────


def label(letter: str, number: int) -> str:
    """A012: what is called out."""
    return f"{letter}{number:03d}"


def minutes_to_wait(ahead: int, windows: int, served_minutes: Sequence[float]) -> int:
    """About how long whoever has so many before them waits, rounded up to five minutes."""
    if ahead == 0:
        return 0
    is_told = len(served_minutes) >= ENOUGH_SERVED
    each = sum(served_minutes) / len(served_minutes) if is_told else USUAL_MINUTES
    exact = ahead * each / max(windows, 1)
    return max(5, 5 * -(-int(exact) // 5))


# ── opening hours ─────────────────────────────────────────────────────────────────────────────

_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[–—\-~～至到]+\s*(\d{1,2})[:：](\d{2})")


@dataclass(frozen=True)
class Span:
    """Open from, until."""

    first: time
    last: time


def spans(hours: str) -> list[Span]:
    """The spans that the hours of a place tell, as it writes them itself; none: it says nothing
    that can be read. 工作日 8:30–11:30，13:30–17:00."""
    found = []
    for first_hour, first_minute, last_hour, last_minute in _SPAN.findall(hours):
        first, last = _time(first_hour, first_minute), _time(last_hour, last_minute)
        if first and last and first < last:
            found.append(Span(first, last))
    return found


def _time(hour: str, minute: str) -> time | None:
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None


def slots(day: date, hours: Iterable[Span], zone: tzinfo) -> list[datetime]:
    """The half hours of a day that begin and end within opening hours."""
    found = []
    for span in hours:
        start = datetime.combine(day, span.first, zone)
        while start + SLOT <= datetime.combine(day, span.last, zone):
            found.append(start.astimezone(UTC))
            start += SLOT
    return sorted(set(found))


def is_open(at: datetime, hours: Sequence[Span], zone: tzinfo) -> bool:
    """Whether numbers are given now; a place that says no hours gives them on its working days."""
    day = at.astimezone(zone).date()
    return not hours or any(
        datetime.combine(day, one.first, zone) - EARLY <= at < datetime.combine(day, one.last, zone)
        for one in hours
    )


def is_due(slot: datetime, at: datetime) -> bool:
    """Whether an appointment may be turned into a ticket."""
    return slot - EARLY <= at <= slot + LATE
