"""Rules of the pad: five faces, how late a press may arrive. Pure."""

from datetime import UTC, datetime, timedelta

from mingtang.base.errors import DomainError
from mingtang.cases.rules.satisfaction import Level

LATEST = timedelta(days=7)  # a pad that had no network sends what was pressed so late
AHEAD = timedelta(minutes=2)
UNDO_SECONDS = 5
# Eyes are the same; the mouth is a curve that bends by so much, and the colour says the same.
MOUTHS = {
    Level.VERY_SATISFIED: (14, "#7fdc9a"),
    Level.SATISFIED: (8, "#a5d6ff"),
    Level.FAIRLY_SATISFIED: (0, "#ffe08a"),
    Level.DISSATISFIED: (-8, "#ffbe85"),
    Level.VERY_DISSATISFIED: (-14, "#ff9c9c"),
}


class WrongPress(DomainError):
    def __init__(self) -> None:
        super().__init__("这次评价的时间不对，没有收下。请校准评价器的时钟。")


class OtherWindow(DomainError):
    def __init__(self) -> None:
        super().__init__("这次评价是问别的窗口的，没有收下。请核对评价器放在哪个窗口。")


def pressed(milliseconds: object, at: datetime) -> datetime:
    """When somebody pressed, as the pad tells it. Raises WrongPress."""
    if not isinstance(milliseconds, int) or not 0 < milliseconds < 1 << 48:
        raise WrongPress
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    if not at - LATEST <= moment <= at + AHEAD:
        raise WrongPress
    return min(moment, at)
