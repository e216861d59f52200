"""Rules: what has to be so before an old system is switched off (停用旧系统). Pure.

What the database knows is counted; what no machine can know a named person ticks. Two seal it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mingtang.base.errors import Conflict, DomainError, NotAllowed

LONGEST_NOTE = 200


class Point(StrEnum):
    """An item of the check list. Stored where a person ticks it."""

    ACCOUNT = "account"
    REFUSED = "refused"
    OPEN = "open"
    SEARCH = "search"
    NUMBERS = "numbers"
    TRAINED = "trained"
    BACKUP = "backup"
    ADDRESSES = "addresses"
    READ_ONLY = "read_only"

    @property
    def label(self) -> str:
        return {
            "account": "导入的账对得上",
            "refused": "退回的行逐条看过",
            "open": "旧系统在办的件都有着落",
            "search": "旧编号查得到",
            "numbers": "新编号与旧编号不重",
            "trained": "窗口人员都培训过",
            "backup": "导入以后做过备份",
            "addresses": "旧网站的地址已转到新网站",
            "read_only": "旧系统已改为只读",
        }[self.value]

    @property
    def todo(self) -> str:
        return {
            "account": "把没有导完的文件再导入一次；对不上的保留文件，联系维护人员。",
            "refused": "看导入时写出的退回清单，能补的在旧系统补好再导入，看完由一人登记。",
            "open": "在下面逐件写明：转到新系统的写新编号，在旧系统办结的写怎样办结。",
            "search": "联系维护人员：导入的编号应当查得到。",
            "numbers": "换一个新编号的式样，再开始收件。",
            "trained": "在“系统使用培训”里登记，逐人写明参加和考核。",
            "backup": "运行 mingtang backup。",
            "addresses": "请网站维护人员设好转向，试过以后登记。",
            "read_only": "请旧系统的维护人员收回写入权限，登记从哪天起。",
        }[self.value]


# What only a person can know; of refused rows, where there are any.
BY_HAND = frozenset({Point.REFUSED, Point.ADDRESSES, Point.READ_ONLY})


@dataclass(frozen=True)
class Counted:
    """What the database knows of one old system. Counts are rows, or people."""

    files: int
    unfinished: int  # files that were never read to their end
    amiss: int  # imports of which the database holds another number of rows than was noted
    old: int
    new: int
    known: int
    refused: int
    imported_at: datetime | None
    open: int
    settled: int
    tried: int
    found: int
    twice: int
    staff: int
    trained: int
    backup_at: datetime | None


@dataclass(frozen=True)
class Line:
    """A point as it stands: `figure` says the count, `todo` how it is mended."""

    point: Point
    is_done: bool
    figure: str
    by_hand: bool = False

    @property
    def todo(self) -> str:
        return "" if self.is_done else self.point.todo


def lines(counted: Counted, ticked: Collection[Point]) -> list[Line]:
    """The check list in its order. `ticked`: what people have noted."""
    one = counted
    has_backup = (
        one.backup_at is not None
        and one.imported_at is not None
        and one.backup_at >= one.imported_at
    )
    adds_up = one.old == one.new + one.known + one.refused
    account = f"{one.old} 行 = 新增 {one.new} + 已有 {one.known} + 退回 {one.refused}"
    account += f"；{one.unfinished} 个文件没有导完" if one.unfinished else ""
    account += f"；{one.amiss} 次导入与库中行数不符" if one.amiss else ""
    is_whole = one.files > 0 and adds_up and not one.unfinished and not one.amiss
    is_looked_at = one.refused == 0 or Point.REFUSED in ticked
    return [
        Line(Point.ACCOUNT, is_whole, account),
        Line(Point.REFUSED, is_looked_at, f"{one.refused} 行", one.refused > 0),
        Line(Point.OPEN, one.settled >= one.open, f"{one.settled} / {one.open} 件"),
        Line(Point.SEARCH, 0 < one.tried == one.found, f"试 {one.tried} 个，查到 {one.found} 个"),
        Line(Point.NUMBERS, one.twice == 0, f"重复 {one.twice} 个"),
        Line(Point.TRAINED, 0 < one.staff <= one.trained, f"{one.trained} / {one.staff} 人"),
        Line(Point.BACKUP, has_backup, _moment(one.backup_at)),
        *(
            Line(point, point in ticked, "由一人登记", by_hand=True)
            for point in (Point.ADDRESSES, Point.READ_ONLY)
        ),
    ]


def _moment(at: datetime | None) -> str:
    return f"最近一次 {at:%Y-%m-%d %H:%M}" if at else "没有备份"


def check_fit_to_seal(found: Collection[Line]) -> None:
    """Raises NotReady where a point is not done."""
    if missing := [one.point.label for one in found if not one.is_done]:
        raise NotReady(missing)


class NotReady(DomainError):
    def __init__(self, missing: Collection[str]) -> None:
        super().__init__(
            f"还有 {len(missing)} 项没有做完：{'、'.join(missing)}。做完以后再确认停用。"
        )


class AlreadySealed(Conflict):
    def __init__(self) -> None:
        super().__init__("这个旧系统已经由两人确认停用，清单不能再改，也不能再导入。")


class SecondPerson(NotAllowed):
    def __init__(self) -> None:
        super().__init__("停用要由两个人确认：您已经确认过，请另一位管理人员来确认。")


class NotByHand(DomainError):
    def __init__(self, point: Point) -> None:
        super().__init__(f"“{point.label}”由系统按数据判断，不能手工登记：{point.todo}")


class SaysHow(DomainError):
    def __init__(self) -> None:
        super().__init__("请二选一：转到新系统的填新编号；在旧系统办结的写明怎样办结。")


class NoSuchNewCase(DomainError):
    def __init__(self, number: str) -> None:
        super().__init__(f"新系统里没有编号 {number} 的办件，请核对编号。")
