"""What each page of television shows, from what villages have laid open: on the site, in files."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.tv.rules import (
    Key,
    Kind,
    Line,
    NoSuchPage,
    Size,
    corners,
    middle,
    most,
    pages_of,
    places,
    row_lines,
    wrapped,
)
from mingtang.villages import queries
from mingtang.villages.queries import Entry, Notice, VillageCard
from mingtang.villages.rules.kinds import Area

LATEST = 3
INDEX = Key(Kind.INDEX)


@dataclass(frozen=True)
class Link:
    label: str
    key: Key
    id: str = ""  # "k07": a remote control's digits lead there; "back": its key for that

    @property
    def file(self) -> str:
        return self.key.file


@dataclass(frozen=True)
class Cell:
    row: int
    column: int
    link: Link
    is_first: bool = False  # where the focus begins


@dataclass(frozen=True)
class Page:
    """One screen: cells, or things to choose, or lines, and where its foot leads."""

    title: str
    at: str = ""
    cells: Sequence[Cell] = ()
    choices: Sequence[Link] = ()
    lines: Sequence[Line] = ()
    foot: Sequence[Link] = field(default=())

    @property
    def is_text(self) -> bool:
        return not self.cells and not self.choices

    @property
    def links(self) -> list[Link]:
        return [*(cell.link for cell in self.cells), *self.choices, *self.foot]


@dataclass(frozen=True)
class Set:
    """A set of pages: the picture, the day, and where "home" is (all villages, or a township)."""

    size: Size
    on: date
    home: Key = INDEX

    def page(self, key: Key) -> Page:
        """Raises NoSuchPage, or NotFound where a village or an entry is not there."""
        return {
            Kind.INDEX: self._index,
            Kind.TOWNSHIP: self._township,
            Kind.VILLAGE: self._village,
            Kind.AREA: self._area,
            Kind.ENTRY: self._entry,
            Kind.NOTICES: self._notices,
            Kind.NOTICE: self._notice,
        }[key.kind](key)

    # ── townships and villages ────────────────────────────────────────────────────────────────

    def _index(self, key: Key) -> Page:
        links = [
            (f"{one.name}（{one.village_count} 个村）", Key(Kind.TOWNSHIP, one.code))
            for one in queries.pilot_townships()
        ]
        links.append(("通知公告", Key(Kind.NOTICES)))
        return self._chosen("三务公开：选择乡镇", links, key, back=None)

    def _township(self, key: Key) -> Page:
        town, villages = queries.township_by_code(key.code), queries.villages_of(key.code)
        side, room = self.size.side, most(self.size.side)
        first = (key.page - 1) * room
        shown = villages[first : first + room]
        if not shown:
            raise NoSuchPage
        cells = [
            Cell(*place, Link(f"{at:02} {short(one.name)}", village_key(one), f"k{at:02}"))
            for place, (at, one) in zip(
                places(len(shown), side), enumerate(shown, first + 1), strict=True
            )
        ]
        has_more = first + room < len(villages)
        ways = (
            Link("返回", INDEX, "back") if self.home == INDEX else None,
            Link("通知公告", Key(Kind.NOTICES), "k00"),
            Link("上一页", key.at(key.page - 1)) if key.page > 1 else None,
            Link("下一页", key.at(key.page + 1)) if has_more else None,
        )
        cells += [
            Cell(*corner, way)
            for corner, way in zip(corners(side), ways, strict=True)
            if way is not None
        ]
        cells = [
            replace(cell, is_first=(cell.row, cell.column) == middle(side))
            for cell in sorted(cells, key=lambda cell: (cell.row, cell.column))
        ]
        return Page(f"{town.name}：选择村（社区）", "按方向键，或按两位村号", cells)

    def _village(self, key: Key) -> Page:
        village = queries.village_by_code(key.code)
        counts = {
            card.area: card.count for card in queries.sections(village, self.on) if card.level == 1
        }
        links = [
            (f"{area.label}（{counts.get(area, 0)}）", area_key(village, area)) for area in Area
        ]
        latest = queries.released(village, size=LATEST).rows
        links += [(f"最新：{dated(one)}", entry_key(one)) for one in latest]
        back = Key(Kind.TOWNSHIP, village.township_code)
        return self._chosen(village.name, links, key, back=back, at=village.township_name)

    # ── what is out ───────────────────────────────────────────────────────────────────────────

    def _area(self, key: Key) -> Page:
        village = queries.village_by_code(key.code)
        if key.area not in set(Area):
            raise NoSuchPage
        area, back = Area(key.area), village_key(village)
        title = f"{village.name}：{area.label}"
        if area is Area.FEEDBACK:
            return self._text(title, self._answers(village), key, back)
        links = [(dated(one), entry_key(one)) for one in everything(village, area)]
        if area is Area.NOTICE:
            links += [notice_link(one) for one in queries.notices(self.on)]
        if not links:
            return self._text(title, [[Line("还没有公开的内容。")]], key, back)
        return self._chosen(title, links, key, back=back, at=village.township_name)

    def _entry(self, key: Key) -> Page:
        entry = queries.entry(parse_id(key.code) or 0)
        assert entry.village is not None
        back = area_key(entry.village, entry.area)
        return self.entry_page(entry, key, back)

    def entry_page(self, entry: Entry, key: Key, back: Key) -> Page:
        """A disclosure, out or about to be."""
        village = entry.village
        blocks = [self._paragraph(text) for text in entry.paragraphs]
        if entry.table:
            blocks += [row_lines(row, self.size.columns) for row in entry.table.labelled]
            blocks += [[Line(name, value, is_sum=True)] for name, value in entry.table.sums]
        if entry.receipt_count:
            blocks.append(self._paragraph(f"附票据 {entry.receipt_count} 张，可到村委会查看。"))
        if entry.objections_until:
            until = f"有不同意见，请在 {entry.objections_until} 前向村委会或乡镇提出。"
            blocks.append(self._paragraph(until))
        name = village.name if village else ""
        return self._text(entry.title, blocks, key, back, at=f"{name} {entry.date}")

    def _answers(self, village: VillageCard) -> list[list[Line]]:
        found = queries.objections_of(village)
        if not found:
            return [[Line("还没有异议和答复。")]]
        return [
            [
                *self._paragraph(f"关于“{one.about}”：{one.text}"),
                *self._paragraph(f"答复（{one.replied}）：{one.reply}"),
                Line(""),
            ]
            for one in found
        ]

    def _notices(self, key: Key) -> Page:
        links = [notice_link(one) for one in queries.notices(self.on)]
        if not links:
            return self._text("通知公告", [[Line("现在没有通知公告。")]], key, self.home)
        return self._chosen("通知公告", links, key, back=self.home)

    def _notice(self, key: Key) -> Page:
        found = {str(one.id): one for one in queries.notices(self.on)}
        if key.code not in found:
            raise NoSuchPage
        one = found[key.code]
        blocks = [self._paragraph(text) for text in one.paragraphs]
        return self._text(one.title, blocks, key, Key(Kind.NOTICES), at=f"{one.date}")

    # ── shapes ────────────────────────────────────────────────────────────────────────────────

    def _paragraph(self, text: str) -> list[Line]:
        return [Line(line) for line in wrapped(f"　　{text}", self.size.columns)]

    def _text(
        self, title: str, blocks: Sequence[Sequence[Line]], key: Key, back: Key, at: str = ""
    ) -> Page:
        screens = pages_of(blocks, self.size.lines)
        if key.page > len(screens):
            raise NoSuchPage
        foot = self._foot(key, len(screens), back)
        return Page(title, at, lines=screens[key.page - 1], foot=foot)

    def _chosen(
        self,
        title: str,
        links: Sequence[tuple[str, Key]],
        key: Key,
        *,
        back: Key | None,
        at: str = "",
    ) -> Page:
        size = self.size.choices
        pages = max(-(-len(links) // size), 1)
        if key.page > pages:
            raise NoSuchPage
        shown = links[(key.page - 1) * size : key.page * size]
        choices = [Link(f"{n} {label}", to, f"k{n}") for n, (label, to) in enumerate(shown, 1)]
        return Page(title, at, choices=choices, foot=self._foot(key, pages, back))

    def _foot(self, key: Key, pages: int, back: Key | None) -> list[Link]:
        """Onward first: whoever reads presses OK again and again."""
        links = []
        if key.page < pages:
            links.append(Link(f"下一页（{key.page}/{pages}）", key.at(key.page + 1), "next"))
        if key.page > 1:
            links.append(Link("上一页", key.at(key.page - 1), "previous"))
        if back is not None:
            links.append(Link("返回", back, "back"))
        if self.home not in {key, back}:
            links.append(Link("首页", self.home, "home"))
        return links

    def written(self, page: Page, script: str, icon: str = "") -> str:
        """The page as HTML; `script`: where the keys of the remote control lie."""
        context: dict[str, Any] = {"page": page, "size": self.size, "script": script, "icon": icon}
        return render_to_string("tv/page.html", context)


def everything(village: VillageCard, area: Area) -> list[Entry]:
    """All of an area, newest first."""
    found: list[Entry] = []
    after: DateCursor | None = None
    while True:
        part = queries.released(village, area.value, after=after, size=100)
        found += part.rows
        if part.next is None:
            return found
        after = part.next


def short(name: str) -> str:
    """As it fits into a cell: 礼贤村, 市心社区."""
    return name.removesuffix("村民委员会").removesuffix("居民委员会") or name


def dated(one: Entry) -> str:
    return f"{one.date:%m-%d} {one.title}"


def village_key(one: VillageCard) -> Key:
    return Key(Kind.VILLAGE, one.code)


def area_key(one: VillageCard, area: Area) -> Key:
    return Key(Kind.AREA, one.code, area.value)


def entry_key(one: Entry) -> Key:
    return Key(Kind.ENTRY, str(one.id))


def notice_link(one: Notice) -> tuple[str, Key]:
    return f"{one.date:%m-%d} {one.title}", Key(Kind.NOTICE, str(one.id))
