"""Rules of reports: a report as the checks see it: head, chapters, sentences, tables. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mingtang.reports.rules import flattened, tables
from mingtang.reports.rules.numerals import NUMERAL, chinese_number, normalise
from mingtang.reports.rules.tables import (
    ActiveTable,
    Grid,
    RemedyTable,
    RequestTable,
    Table,
    row_of,
)

HEADING = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]{1,3}(?:[、.]|部分|章)|\([一二三四五六七八九十]{1,3}\)[、.]?)"
)
CHAPTER = re.compile(r"^\s*第?([一二三四五六七八九十]{1,3})(?:[、.]|部分[、:]?|章)\s*(\S.*)$")
BULLET = re.compile(r"^\s*(?:\d{1,2}[.、)](?!\d)|\(\d{1,2}\)|[①-⑳]|[-·●■◆])")
ENDS = "。!?;:"
CLOSERS = '"”’)》」』'
_WRAP_FROM = 15
_CUT_NUMBER = re.compile(
    r"[\d-](?:-\d.?|\d(?![.、)\d])..?|\d\d(?![.、)]).|\d\d?)"
)  # a date cut in two


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text with the line on which each piece of it stands. `text` is `raw` in half width."""

    raw: str
    marks: tuple[tuple[int, int], ...]  # (offset, line), ascending
    text: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", normalise(self.raw))

    @property
    def line(self) -> int:
        return self.marks[0][1]

    def line_at(self, offset: int) -> int:
        return self.marks[bisect_right(self.marks, (offset, 10**9)) - 1][1]

    def joined(self, other: "Paragraph") -> "Paragraph":
        shift = len(self.raw)
        marks = tuple((offset + shift, line) for offset, line in other.marks)
        return Paragraph(self.raw + other.raw, self.marks + marks)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of a paragraph up to its full stop."""

    paragraph: Paragraph
    start: int
    end: int
    chapter: int
    before: "Sentence | None" = None  # the one before it in the same chapter

    @property
    def text(self) -> str:
        return self.paragraph.text[self.start : self.end]

    @property
    def raw(self) -> str:
        return self.paragraph.raw[self.start : self.end]

    def line(self, offset: int = 0) -> int:
        return self.paragraph.line_at(self.start + offset)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part under a heading of the first level; number 0 is what stands before the first."""

    number: int
    title: str
    line: int
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.paragraphs)


@dataclass(frozen=True, slots=True)
class HeadField:
    value: str
    line: int
    quote: str


HEAD_NAMES = {
    "索引号": ("索引号", "索 引 号", "信息索引号"),
    "文号": ("文号", "文  号", "发文字号", "文件编号"),
    "主题分类": ("主题分类", "信息分类", "分类"),
    "发文机关": ("发文机关", "发布机构", "发布机关", "公开主体", "发文单位", "发布单位"),
    "信息来源": ("信息来源", "来源"),
    "成文日期": ("成文日期", "生成日期", "成文时间"),
    "发布日期": ("发布日期", "发布时间", "公开日期", "公开时间"),
    "浏览次数": ("浏览次数", "访问次数", "点击数", "阅读次数"),
    "公开方式": ("公开方式",),
    "有效性": ("有效性",),
    "体裁": ("体裁", "体裁分类"),
    "名称": ("名称", "信息名称", "标题"),
}
_FIELD_OF = {name: key for key, names in HEAD_NAMES.items() for name in names}
_NAMES = "|".join(sorted(map(re.escape, _FIELD_OF), key=len, reverse=True))
_DATE_NAMES = "成文日期|生成日期|成文时间|发布日期|发布时间|公开日期"
_DAY_SHAPE = r"(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}日?"
_BARE_DATE = re.compile(rf"(?:^|[\s|])({_DATE_NAMES})[\s|]+({_DAY_SHAPE})")
_FIELD = re.compile(rf"(?:^|(?<=[\s,;|【\[]))[【\[]?({_NAMES})[】\]]?\s*:[】\]]?\s*")
TITLE = re.compile(r"(?:政府)?信息公开.{0,12}(?:报告|年报)|政务公开.{0,8}年度报告")
_WHOLE_TITLE = re.compile(
    r"^(?!.*(?:上一?[篇条]|下一?[篇条]|相关|链接|根据|按照))"
    r"[^,。;]*(?:政府信息公开|政务公开)(?:工作)?(?:年度)?(?:工作)?(?:报告|年报)\s*$"
)
_YEAR = re.compile(rf"(?<!\d)((?:19|20)\d\d)\s*年|([一二][{NUMERAL[:12]}]{{3}})\s*年")


def years_in(text: str) -> Iterator[tuple[int, int]]:
    """Each calendar year that a text names, with its offset."""
    for match in _YEAR.finditer(text):
        year = int(match[1]) if match[1] else chinese_number(match[2])
        if year and 1949 <= year <= 2100:
            yield year, match.start()


@dataclass(frozen=True, eq=False)
class Document:
    """What a reader makes of a file."""

    kind: str
    paragraphs: tuple[Paragraph, ...]
    requests: RequestTable | None = None
    remedies: RemedyTable | None = None
    active: ActiveTable | None = None
    grids: tuple[Grid, ...] = ()

    @cached_property
    def head(self) -> Mapping[str, HeadField]:
        """The fields above the text: 索引号, 成文日期 and the like."""
        found: dict[str, HeadField] = {}
        for paragraph in self.paragraphs[: self._body]:
            matches = list(_FIELD.finditer(paragraph.text))
            for at, match in enumerate(matches):
                end = matches[at + 1].start() if at + 1 < len(matches) else len(paragraph.raw)
                value = paragraph.raw[match.end() : end].strip().rstrip("|;；").rstrip()
                line = paragraph.line_at(match.start())
                quote = paragraph.raw[match.start() : end].strip()
                found.setdefault(_FIELD_OF[match[1]], HeadField(value, line, quote))
        for name, field_ in self._dates_without_colon():
            found.setdefault(name, field_)
        return found

    def _dates_without_colon(self) -> Iterator[tuple[str, HeadField]]:
        """成文日期 | 2014年2月11日, as a table's cells stand: in one line or in two."""
        top = self.paragraphs[: self._body]
        for one, below in zip(top, (*top[1:], None), strict=True):
            for match in _BARE_DATE.finditer(one.text):
                yield _FIELD_OF[match[1]], HeadField(match[2], one.line, one.raw.strip())
            name = re.fullmatch(rf"[\s|]*({_DATE_NAMES})[\s|:]*", one.text)
            day = re.match(rf"[\s|]*({_DAY_SHAPE})[\s|]*$", below.text) if below else None
            if name and day and below:
                yield _FIELD_OF[name[1]], HeadField(day[1], below.line, below.raw.strip())

    @cached_property
    def _body(self) -> int:
        """Where the text proper begins: at the first long paragraph or the first chapter."""
        for at, one in enumerate(self.paragraphs):
            is_long = len(one.text) > 60 and not _FIELD.search(one.text)
            if at and (is_long or (CHAPTER.match(one.text) and not row_of(one.text))):
                return at
        return min(len(self.paragraphs), 12)

    @cached_property
    def _title_at(self) -> tuple[int, ...]:
        """Which paragraphs are the title: one, or the organ's name and the rest below it."""
        for at, one in enumerate(self.paragraphs[: self._body + 1]):
            if len(one.text) > 80 or not TITLE.search(one.text) or _FIELD.match(one.text):
                continue
            above = self.paragraphs[at - 1].text if at else ""
            is_split = not list(years_in(one.text)) or not re.match(r".{2,}(?=\d{4}年)", one.text)
            if above and is_split and len(above) < 40 and not _FIELD.search(above):
                return (at - 1, at)
            return (at,)
        return ()

    @cached_property
    def title(self) -> Paragraph | None:
        pieces = [self.paragraphs[at] for at in self._title_at]
        return pieces[0].joined(pieces[1]) if len(pieces) == 2 else next(iter(pieces), None)

    @cached_property
    def titles(self) -> tuple[Paragraph, ...]:
        """The title, and what stands as one again above the text."""
        others = [
            one
            for at, one in enumerate(self.paragraphs[: self._body])
            if at not in self._title_at and len(one.text) <= 60 and _WHOLE_TITLE.search(one.text)
        ]
        return (self.title, *others) if self.title else ()

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        found: list[tuple[int, str, int, list[Paragraph]]] = [(0, "", 1, [])]
        for at, one in enumerate(self.paragraphs):
            match = CHAPTER.match(one.text)
            if match and len(one.text) <= 50 and one.text.strip()[-1] not in ENDS:
                number = chinese_number(match[1]) or 0
                found.append((number, match[2].strip(), one.line, []))
            elif at not in self._title_at:
                found[-1][3].append(one)
        return tuple(
            Chapter(number, title, line, tuple(inside)) for number, title, line, inside in found
        )

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        found: list[Sentence] = []
        for at, chapter in enumerate(self.chapters):
            before: Sentence | None = None
            for paragraph in _run_on(chapter.paragraphs):
                for start, end in _cut(paragraph.text):
                    before = Sentence(paragraph, start, end, at, before)
                    found.append(before)
        return tuple(found)

    @cached_property
    def text(self) -> str:
        return "\n".join(one.text for one in self.paragraphs)

    @property
    def is_2021(self) -> bool:
        """Whether it is in the present form: with tables, or with its six headings."""
        titles = "".join(chapter.title for chapter in self.chapters)
        return bool(self.requests or self.remedies) or "收到和处理" in titles

    def chapter_with(self, *words: str) -> Chapter | None:
        """The last chapter whose heading has one of the words."""
        for chapter in reversed(self.chapters):
            if any(word in chapter.title for word in words):
                return chapter
        return None


@dataclass(frozen=True, slots=True)
class Context:
    """What a check may know beside the document."""

    year: int | None = None
    previous: Document | None = None


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """Sentences by their full stops, closing marks included."""
    start = 0
    for match in re.finditer(rf"[。!?]+[{re.escape(CLOSERS)}]*", text):
        yield start, match.end()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _is_open(text: str) -> bool:
    """Whether a paragraph ends where its sentence does not: 其中：, or an item of a list."""
    return text.rstrip()[-1:] in {":", ";", ","}


def _run_on(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Paragraphs, with those joined that make one sentence over several."""
    current: Paragraph | None = None
    for one in paragraphs:
        if current and _is_open(current.text) and not CHAPTER.match(one.text):
            current = current.joined(one)
            continue
        if current:
            yield current
        current = one
    if current:
        yield current


def _continues(above: str, below: str, is_gap: bool) -> bool:
    """Whether a line goes on with what stands above it: a text wrapped by its writer."""
    if not is_gap and len(above) >= _WRAP_FROM and _CUT_NUMBER.fullmatch(above[-1] + below[:3]):
        return True
    if is_gap or not above.strip() or HEADING.match(below) or BULLET.match(below):
        return False
    if HEADING.match(above) and len(above) < 30 and above.rstrip()[-1] not in ",、":
        return False
    plain = above.rstrip()
    is_ended = plain[-1] in ENDS + CLOSERS or _FIELD.search(above) or _FIELD.search(below)
    return len(plain) >= _WRAP_FROM and not is_ended and not TITLE.search(above[-12:])


def wrapped(lines: Sequence[tuple[int, str]]) -> list[Paragraph]:
    """Paragraphs of a plain text: lines that its writer wrapped are one."""
    found: list[Paragraph] = []
    last = -1
    for number, text in lines:
        if not text.strip():
            continue
        one = Paragraph(text.strip("\r\n"), ((0, number),))
        if found and _continues(found[-1].text, one.text, number != last + 1):
            tail, top = Paragraph(text.strip(), ((0, number),)), found.pop()
            found.append(Paragraph(top.raw.rstrip(), top.marks).joined(tail))
        else:
            found.append(one)
        last = number
    return found


def _table_lines(
    found: Sequence[Table[tables.Row] | Table[tables.Remedy] | Table[tables.Active] | None],
) -> set[int]:
    lines: set[int] = set()
    for table in found:
        if table and table.rows:
            used = [cell.line for row in table.rows.values() for cell in row]
            lines |= set(range(min(used) - 1, max(used) + 1))
    return lines


def document_of(
    kind: str, lines: Sequence[tuple[int, str]], grids: Sequence[Grid] = (), *, wraps: bool = False
) -> Document:
    """The document of a reader's lines and drawn tables; tables in the lines are found too."""
    requests = next(filter(None, map(tables.requests_in_grid, grids)), None)
    remedies = next(filter(None, map(tables.remedies_in_grid, grids)), None)
    active = next(filter(None, map(tables.active_in_grid, grids)), None)
    flat = (
        None if requests else tables.requests_in_lines(lines),
        None if remedies else tables.remedies_in_lines(lines),
        None if active else tables.active_in_lines(lines),
    )
    used = _table_lines(flat)
    drawn = {cell.line for grid in grids for row in grid for cell in row}
    loose = [(number, text) for number, text in lines if number not in drawn | used]
    kept = [(number, text) for number, text in lines if number not in used]
    paragraphs = (
        wrapped(kept)
        if wraps
        else [Paragraph(text, ((0, number),)) for number, text in kept if text.strip()]
    )
    return Document(
        kind,
        tuple(paragraphs),
        requests or flat[0],
        remedies or flat[1],
        active or flat[2],
        (*grids, *tables.grids_in_lines(lines), *flattened.grids_in_plain(loose)),
    )
