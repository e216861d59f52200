"""The one place that reads the time. Everyone else is told it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mingtang.base.noting import DAY, NEVER, note, noting

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, in UTC."""
    note(NEVER)
    return datetime.now(UTC)


FIRST_DAY, LAST_DAY = date.min + timedelta(days=1), date.max - timedelta(days=1)


def legal_date(at: datetime) -> date:
    """The calendar day on which an instant falls where the law counts: in China."""
    return at.astimezone(LEGAL_ZONE).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The instants between which a legal day lies, the second one no longer in it. Days at either
    end of the calendar, which only a slip names, are those beside them: instants end there."""
    day = min(max(day, FIRST_DAY), LAST_DAY)
    begin = datetime.combine(day, time.min, LEGAL_ZONE)
    return begin.astimezone(UTC), (begin + timedelta(days=1)).astimezone(UTC)


def today() -> date:
    note(DAY)
    with noting():  # the moment is not told
        return legal_date(now())
