"""Rules: numbered paper receipts, given at a window while the system stands still (停机). Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError

# Who compares what was entered with the scan: who leads the window, or the centre's managers; of
# requests for information and of letters, who heads the office.
WINDOW_LEADS, MANAGERS = frozenset({Role.WINDOW_LEAD}), frozenset({Role.CENTRE_MANAGER})
REQUEST_HEADS = frozenset({Role.DISCLOSURE_HEAD})
LETTER_HEADS = frozenset({Role.LETTER_HEAD})
CONFIRMERS = WINDOW_LEADS | MANAGERS | REQUEST_HEADS | LETTER_HEADS
SHORTEST_REASON = 2
MOST_AT_ONCE = 1000
LETTER, DIGITS = "T", 6
LAST = 10**DIGITS - 1


class Stage(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {"waiting": "待核对", "confirmed": "已核定", "refused": "未予核定"}[self.value]

    @property
    def tone(self) -> str:
        return {"waiting": "warn", "confirmed": "ok", "refused": "bad"}[self.value]


class WrongNumber(DomainError):
    """No number of ours, or a slip of the hand in it."""


class WrongTime(DomainError):
    """A time at which nobody can have had this receipt."""


class SamePerson(Conflict):
    def __init__(self) -> None:
        super().__init__("录入的人不能自己核定收到时间。请由另一位负责人核对。")


def code_of(serial: int) -> str:
    """How a number is printed: T, six digits, a check digit (Damm)."""
    digits = f"{serial:0{DIGITS}d}"
    return f"{LETTER}{digits}{_check_digit(digits)}"


def serial_in(code: str) -> int:
    """The number behind what somebody typed. Raises WrongNumber."""
    text = "".join(code.upper().split()).replace("-", "")
    digits = text.removeprefix(LETTER)
    is_whole = digits.isascii() and digits.isdecimal() and len(digits) == DIGITS + 1
    if not is_whole or code_of(int(digits[:-1]))[-1] != digits[-1]:
        raise WrongNumber(
            "纸质回执号不对：应是 T 和七位数字，例如 " + code_of(1) + "。请对照回执再输一遍。"
        )
    return int(digits[:-1])


# Damm's table: no number of a row comes twice, nor does a pair and the pair turned round.
_TABLE = (
    *("0317598642", "7092154863", "4206871359", "1750983426", "6123045978"),
    *("3674209581", "5869720134", "8945362017", "9438617205", "2581436790"),
)


def _check_digit(digits: str) -> str:
    """Each wrong digit and each two neighbours that changed places are found."""
    found = "0"
    for digit in digits:
        found = _TABLE[int(found)][int(digit)]
    return found


def check_time(
    received_at: datetime,
    *,
    printed_at: datetime,
    entered_at: datetime,
    at: datetime,
    most_days: int,
) -> None:
    """Whether somebody can have been given the receipt then: after it was printed, before the
    application was entered, and not longer ago than the setting allows. Raises WrongTime."""
    if received_at > entered_at:
        raise WrongTime("纸质回执上的时间晚于录入的时间，请对照回执核对日期和钟点。")
    if received_at < printed_at:
        raise WrongTime("纸质回执上的时间早于这批回执印制的时间，请对照回执核对号码和日期。")
    if at - received_at > timedelta(days=most_days):
        raise WrongTime(
            f"纸质回执是 {most_days} 天以前的，不能再补录时间。请报中心管理人员查明原因。"
        )


def check_second(people: set[int], entered: set[int | None]) -> None:
    """Who confirms is nobody who entered, nor for whom that was done. Raises SamePerson."""
    if people & entered:
        raise SamePerson


def check_reason(text: str) -> str:
    """Why it is refused, trimmed. Raises DomainError for one that says nothing."""
    text = text.strip()
    if len(text) < SHORTEST_REASON:
        raise DomainError("请写明理由（至少两个字）。")
    return text
