"""Rules of television: what a page is called. Pure.

All pages of a size lie side by side, on the site and in the operator's files alike, so that a
link from one to another is a name and nothing more.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from mingtang.base.errors import NotFound


class NoSuchPage(NotFound):
    def __init__(self) -> None:
        super().__init__("电视上没有这一页，请按“返回”从乡镇目录重新进入。")


class Kind(StrEnum):
    """What a page shows. The values begin its name."""

    INDEX = "index"
    TOWNSHIP = "t"
    VILLAGE = "v"
    AREA = "a"
    ENTRY = "e"
    NOTICES = "n"
    NOTICE = "m"


_NAME = re.compile(
    r"(?P<kind>index|n|(?:t|v)-(?P<code>\d{12})|a-(?P<of>\d{12})-(?P<area>[a-z]{3,16})"
    r"|(?:e|m)-(?P<id>\d{1,19}))(?:-p(?P<page>[1-9]\d{0,3}))?"
)


@dataclass(frozen=True)
class Key:
    """A page: its kind, whose it is, which of several."""

    kind: Kind
    code: str = ""  # of a township or village, twelve digits; of an entry or notice, its id
    area: str = ""
    page: int = 1

    @property
    def name(self) -> str:
        parts = [self.kind.value, self.code, self.area, f"p{self.page}" if self.page > 1 else ""]
        return "-".join(part for part in parts if part)

    @property
    def file(self) -> str:
        return f"{self.name}.html"

    def at(self, page: int) -> "Key":
        return replace(self, page=page)


def parse(name: str) -> Key:
    """The page of a name. Raises NoSuchPage."""
    match = _NAME.fullmatch(name)
    if match is None or match["page"] == "1":
        raise NoSuchPage
    kind = Kind(match["kind"].split("-")[0])
    code = match["code"] or match["of"] or match["id"] or ""
    return Key(kind, code, match["area"] or "", int(match["page"] or 1))
