"""Rules: how content somebody was with a service. One scale for all that is rated. Pure."""

from enum import StrEnum


class Level(StrEnum):
    """How content somebody was, best first (GB/T 39046 附录 A.8). Stored."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    FAIRLY_SATISFIED = "fairly_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"

    @property
    def label(self) -> str:
        return _LEVELS[self][0]

    @property
    def tone(self) -> str:
        return _LEVELS[self][1]

    @property
    def is_bad(self) -> bool:
        return self in BAD


_LEVELS = {
    Level.VERY_SATISFIED: ("非常满意", "ok"),
    Level.SATISFIED: ("满意", "ok"),
    Level.FAIRLY_SATISFIED: ("基本满意", "ok"),
    Level.DISSATISFIED: ("不满意", "warn"),
    Level.VERY_DISSATISFIED: ("非常不满意", "bad"),
}
BAD = (Level.DISSATISFIED, Level.VERY_DISSATISFIED)
