"""Rules of devices: kinds, pairing codes, signed messages. Pure.

A message carries the device's number, a counter, a time and a message code over these, the address
and the body. Only the holder of the key can write the code; a counter that does not grow is a
replay; a time that is far off is an old message.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError, NotAllowed

KEEPERS = frozenset({Role.CENTRE_MANAGER})
CODE_LIFE = timedelta(minutes=15)
KEY_BYTES = 32
TOLERANCE = timedelta(minutes=2)  # a clock may be so far off, and no message older
BEAT = timedelta(seconds=60)
SILENT_AFTER = timedelta(minutes=5)
LONGEST_SHOWN = 120
MOST_COUNTER = 1 << 53  # a browser counts no further


class Kind(StrEnum):
    """What hangs or stands there. Stored."""

    BOARD = "board"
    PAD = "pad"
    KIOSK = "kiosk"
    READING = "reading"

    @property
    def label(self) -> str:
        return _KINDS[self][0]

    @property
    def route(self) -> str:
        """Where it goes once it is paired."""
        return f"screens:{_KINDS[self][1]}"


_KINDS = {
    Kind.BOARD: ("LED 大屏", "board"),
    Kind.PAD: ("窗口评价器", "pad"),
    Kind.KIOSK: ("取号机", "kiosk"),
    Kind.READING: ("查阅点终端", "reading"),
}
AT_A_WINDOW = frozenset({Kind.PAD})
LOUDEST = 100


class Volume(IntEnum):
    """How loud a board calls numbers. Stored."""

    OFF = 0
    SOFT = 30
    MIDDLE = 60
    LOUD = LOUDEST

    @property
    def label(self) -> str:
        return {0: "不出声", 30: "轻", 60: "中", LOUDEST: "响"}[self.value]


class NoCalls(Conflict):
    def __init__(self) -> None:
        super().__init__("只有大屏叫号出声，这块屏幕不是大屏。")


class Reason(StrEnum):
    """Why a message was refused."""

    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    WRONG_CODE = "wrong_code"
    REVOKED = "revoked"
    OLD = "old"
    REPLAYED = "replayed"

    @property
    def sentence(self) -> str:
        return _REASONS[self]


_REASONS = {
    Reason.UNREADABLE: "请求缺少编号、计数、时间或者校验码，没有处理。请用本系统的设备程序发送。",
    Reason.UNKNOWN: "没有这台设备，没有处理。请在“大厅屏幕”里登记后重新配对。",
    Reason.WRONG_CODE: "校验码不对，没有处理。请核对设备的钥匙，必要时重新配对。",
    Reason.REVOKED: "这台设备的钥匙已经停用，没有处理。需要再用的，请管理人员重新发配对码。",
    Reason.OLD: "请求的时间与服务器相差超过两分钟，没有处理。请校准设备的时钟后重发。",
    Reason.REPLAYED: "这个计数已经用过，没有处理。同一请求不能发两次；反复出现的请重新配对。",
}
_STATUS = {Reason.UNREADABLE: 400, Reason.REPLAYED: 409}


class Refused(DomainError):
    """A message that counts for nothing, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.sentence)
        self.reason = reason
        self.status = _STATUS.get(reason, 403)


class WrongPairingCode(DomainError):
    def __init__(self) -> None:
        super().__init__("配对码不正确，或者已经用过、过期。请管理人员在“大厅屏幕”里重新发码。")


class AlreadyRevoked(Conflict):
    def __init__(self) -> None:
        super().__init__("这台设备已经停用，请刷新页面。")


class NotYourHall(NotAllowed):
    def __init__(self) -> None:
        super().__init__("这个大厅不归您管，不能登记它的屏幕。请找那里的管理人员。")


class NeedsWindow(DomainError):
    def __init__(self) -> None:
        super().__init__("窗口评价器要放在一个窗口，请选窗口。其他屏幕不用选窗口。")


# ── messages ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Message:
    """What came: who says to be speaking, the how-manieth message, when, and what it says."""

    device_id: int
    counter: int
    milliseconds: int
    mac: str
    method: str
    path: str
    body: bytes

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.milliseconds / 1000, UTC)


@dataclass(frozen=True)
class Known:
    """What we hold of a device."""

    key: str
    counter: int
    is_revoked: bool


def read(headers: tuple[str, str, str, str], *, method: str, path: str, body: bytes) -> Message:
    """A message from its headers: device, counter, time, code. Raises Refused."""
    device, counter, moment, mac = headers
    numbers = [_number(text) for text in (device, counter, moment)]
    if None in numbers or len(mac) != 64 or not mac.isascii():
        raise Refused(Reason.UNREADABLE)
    device_id, count, milliseconds = (number or 0 for number in numbers)
    if count >= MOST_COUNTER or milliseconds >= MOST_COUNTER // 40:
        raise Refused(Reason.UNREADABLE)
    return Message(device_id, count, milliseconds, mac, method, path, body)


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= 19
    return int(text) if is_number and int(text) < 1 << 63 else None


def signature(key: str, message: Message) -> str:
    """The code over all that a message says, 64 hexadecimal digits."""
    told = (
        *(str(message.device_id), str(message.counter), str(message.milliseconds)),
        *(message.method, message.path, hashlib.sha256(message.body).hexdigest()),
    )
    return hmac.new(bytes.fromhex(key), "\n".join(told).encode(), hashlib.sha256).hexdigest()


def check(message: Message, known: Known | None, at: datetime) -> None:
    """Whether a message counts. Who has no key learns nothing of counter and standing.

    Raises Refused.
    """
    if known is None or not known.key:
        raise Refused(Reason.UNKNOWN)
    if not hmac.compare_digest(signature(known.key, message), message.mac):
        raise Refused(Reason.WRONG_CODE)
    if known.is_revoked:
        raise Refused(Reason.REVOKED)
    if abs(message.at - at) > TOLERANCE:
        raise Refused(Reason.OLD)
    if message.counter <= known.counter:
        raise Refused(Reason.REPLAYED)


# ── how they stand ────────────────────────────────────────────────────────────────────────────


class Standing(StrEnum):
    """How a device is today: never stored."""

    UNPAIRED = "unpaired"
    ALIVE = "alive"
    SILENT = "silent"
    DOUBTED = "doubted"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        return _STANDINGS[self][0]

    @property
    def tone(self) -> str:
        return _STANDINGS[self][1]


_STANDINGS = {
    Standing.UNPAIRED: ("等待配对", "info"),
    Standing.ALIVE: ("正常", "ok"),
    Standing.SILENT: ("没有心跳", "warn"),
    Standing.DOUBTED: ("可能有人冒用，请重新配对", "bad"),
    Standing.REVOKED: ("已停用", "info"),
}


def standing(
    *,
    is_paired: bool,
    is_revoked: bool,
    is_doubted: bool,
    seen_at: datetime | None,
    at: datetime,
) -> Standing:
    if is_revoked:
        return Standing.REVOKED
    if not is_paired:
        return Standing.UNPAIRED
    if is_doubted:
        return Standing.DOUBTED
    is_heard = seen_at is not None and at - seen_at <= SILENT_AFTER
    return Standing.ALIVE if is_heard else Standing.SILENT


def shown_seconds(before: datetime | None, at: datetime) -> int:
    """How long something hung there since the last beat: nothing where beats were missing."""
    if before is None or at <= before or at - before > 3 * BEAT:
        return 0
    return round((at - before).total_seconds())


def hours(seconds: Iterable[int]) -> int:
    """Whole hours of a day's showing; half an hour and more is one."""
    return (sum(seconds) + 1800) // 3600
