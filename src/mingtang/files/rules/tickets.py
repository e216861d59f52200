"""Rules of resumable uploads: what a ticket says, how long it holds, how far a file came. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mingtang.base.errors import Conflict, NotAllowed
from mingtang.files.rules.uploads import MEGABYTE

TICKET_AGE = timedelta(hours=12)
HALF_AGE = timedelta(days=1)
LARGEST_CHUNK = MEGABYTE
MOST_OPEN = 20  # begun and not finished on one ticket
MOST_BEGUN = 200  # in all


class BadTicket(NotAllowed):
    """The page is too old, or the ticket is none of ours."""

    def __init__(self) -> None:
        super().__init__("上传凭证已过期，请刷新页面后重新选择文件。")


class TooManyOpen(Conflict):
    def __init__(self) -> None:
        super().__init__(f"同时上传的文件太多（最多 {MOST_OPEN} 个），请等前面的传完再继续。")


class WrongOffset(Conflict):
    """A chunk that does not begin where the file ends. `offset` says where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__("上传的位置不对，将从断开的地方继续。")
        self.offset = offset


@dataclass(frozen=True)
class Ticket:
    """What a page that has checked access says: files for this subject may come."""

    subject: str
    command_id: str
    issued_at: datetime

    def check(self, at: datetime) -> None:
        if not timedelta(minutes=-5) <= at - self.issued_at <= TICKET_AGE:
            raise BadTicket
