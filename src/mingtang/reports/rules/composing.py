"""Rules of reports: an annual report put into words, in both forms. Pure.

A report is blocks of pieces; a piece that is a number knows its figure, so that a page can make
each number a link to its rows. Numbers are only ever written through `Piece`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mingtang.reports.rules.figures import Facts, Problem, ProblemState, Style, amount
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.tables import (
    COLUMNS,
    GROUPS,
    REMEDIES,
    RESULTS,
    ROWS,
    Active,
    Row,
)


class BlockKind(StrEnum):
    TITLE = "title"
    CHAPTER = "chapter"
    TEXT = "text"
    TABLE = "table"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a number with the key of its figure."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class TableCell:
    piece: Piece
    columns: int = 1
    rows: int = 1
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    kind: BlockKind
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[TableCell, ...], ...] = ()

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.pieces)


Part = str | Piece
ORDINALS = "一二三四五六七八九十"
RELEASE_LINES = (
    ("portal", "政府门户网站", True),
    ("own_site", "本单位网站", True),
    ("other_site", "其他网站", True),
    ("media", "报刊、广播、电视、网络、手机等媒体", False),
    ("printed", "外宣刊物、手册、宣传单", False),
    ("board", "公示栏、宣传窗", False),
)
WE = "本单位"


def _block(kind: BlockKind, parts: Iterable[Part]) -> Block:
    return Block(kind, tuple(Piece(one) if isinstance(one, str) else one for one in parts))


def _text(*parts: Part) -> Block:
    return _block(BlockKind.TEXT, parts)


def _chapter(text: str) -> Block:
    return _block(BlockKind.CHAPTER, [text])


def _joined(items: Sequence[Sequence[Part]], mark: str = "，") -> list[Part]:
    """Lists of parts with a mark between them."""
    found: list[Part] = []
    for at, item in enumerate(items):
        found += [mark, *item] if at else [*item]
    return found


class Writer:
    """Puts the facts of one report into words."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.year = facts.year

    def n(self, key: str) -> Piece:
        return Piece(spell(amount(self.facts.figures, key)), key)

    def value(self, key: str) -> Decimal:
        return amount(self.facts.figures, key)

    def has(self, key: str) -> bool:
        return self.value(key) > 0

    def words(self, key: str, otherwise: str = "") -> list[Block]:
        """What the office wrote; where it wrote nothing, nothing is claimed."""
        text = self.facts.texts.get(key) or otherwise
        return [_text(line) for line in text.splitlines()]

    # ── what both forms say

    def title(self) -> Iterator[Block]:
        text = f"{self.facts.organ}{self.year}年政府信息公开工作年度报告"
        yield _block(BlockKind.TITLE, [text])
        span = f"统计期限自{self.year}年1月1日起至{self.year}年12月31日止。"
        law = "根据《中华人民共和国政府信息公开条例》要求编制本报告，所列数据的"
        yield _text(law + span)
        yield from self.words("contact")

    def signed(self) -> Iterator[Block]:
        day = self.facts.issued
        if day is not None:
            yield _block(BlockKind.SIGNED, [self.facts.organ])
            yield _block(BlockKind.SIGNED, [f"{day.year}年{day.month}月{day.day}日"])

    def releases(self) -> Iterator[Block]:
        """The channels, the mixed headline of that time, and the honest numbers beside it."""
        lines: list[list[Part]] = [
            [f"{name}", self.n(f"release.{line}"), "份" if line == "printed" else "条"]
            for line, name, _ in RELEASE_LINES
            if self.has(f"release.{line}")
        ]
        if not lines:
            yield _text(f"{self.year}年，{WE}没有主动公开信息的发布记录。")
            return
        head: list[Part] = [f"{self.year}年，{WE}通过各类渠道公开信息"]
        if len(lines) > 1:
            yield _text(
                *head, "共", self.n("release.mixed"), "条（份），其中", *_joined(lines), "。"
            )
        else:
            yield _text(*head, "的情况：", *lines[0], "。")
        yield _text(*self._apart())

    def _apart(self) -> list[Part]:
        items: list[list[Part]] = [["在政府网站上公开", self.n("release.web"), "条"]]
        if self.has("release.printed"):
            items.append(["印发宣传资料", self.n("release.printed"), "份"])
        if self.has("release.distinct"):
            items.append(["分得清的不重复信息", self.n("release.distinct"), "条"])
        if self.has("release.undivided"):
            items.append(["没有分清条数的批量登记", self.n("release.undivided"), "笔"])
        if self.has("release.tv_places"):
            items.append([self.n("release.tv_places"), "个村通过数字电视公开"])
        return ["不同计量单位分开统计：", *_joined(items, "；"), "。"]

    def quality(self) -> Iterator[Block]:
        """记录质量, a figure like the others."""
        if self.has("record.rows"):
            yield _text(
                *("发布台账有", self.n("record.rows"), "笔记录，"),
                *("一个工作日内登记的有", self.n("record.in_time"), "笔，"),
                *("缺少凭证的有", self.n("record.lacking"), "笔。"),
            )

    def staff(self) -> list[Part]:
        if not (self.has("staff.full") or self.has("staff.part")):
            return [f"{WE}没有登记从事信息公开工作的人数。"]
        return [
            *(f"{WE}从事信息公开工作的专职人员", self.n("staff.full"), "人，"),
            *("兼职人员", self.n("staff.part"), "人。"),
        ]

    def charges(self) -> list[Part]:
        if self.has("fee.income"):
            return [f"{self.year}年，{WE}收取信息处理费", self.n("fee.income"), "元。"]
        return [f"{self.year}年，{WE}没有收取信息处理费。"]

    def problems(self) -> Iterator[Block]:
        told = list(self.facts.problems)
        mended = [one for one in told if one.since and one.since < self.year]
        if mended:
            yield _text("上一年提出的问题：" + "；".join(map(_mended, mended)) + "。")
        fresh = [one for one in told if one.state is not ProblemState.DONE]
        if not fresh:
            yield _text("没有登记新的问题。")
            return
        yield _text("存在的主要问题：" + _counted(one.text for one in fresh))
        yield _text(f"{self.year + 1}年，{WE}将继续改进：" + _counted(map(_measure, fresh)))

    def cleanups(self) -> Iterator[Block]:
        for one in self.facts.cleanups:
            kept: list[list[Part]] = [
                [label, self.n(f"{one.key}.{code}"), "项"]
                for code, label in one.decisions
                if self.has(f"{one.key}.{code}")
            ]
            whole: list[Part] = [f"{one.title}：共", self.n(f"{one.key}.inventory"), "项"]
            if len(kept) > 1:
                yield _text(*whole, "，其中", *_joined(kept), "。")
            else:
                yield _text(*whole, "。")

    def items(self) -> Iterator[Block]:
        if self.has("item.all"):
            departments: list[Part] = []
            if self.value("item.departments") > 1:
                departments = ["，涉及", self.n("item.departments"), "个部门"]
            yield _text("公布服务事项", self.n("item.all"), "项", *departments, "。")

    # ── the form of 2008

    def old(self) -> Iterator[Block]:
        yield from self.title()
        yield _chapter("一、概述")
        yield from self.words(
            "general", f"{self.year}年，{WE}按照《条例》的规定开展政府信息公开工作。"
        )
        yield _text(*self.staff())
        yield from self.cleanups()
        yield from self.items()
        yield _chapter("二、主动公开政府信息情况")
        yield from self.releases()
        yield from self.quality()
        yield _chapter("三、依申请公开政府信息情况")
        yield from self.requests()
        yield _chapter("四、复议、诉讼和申诉情况")
        yield _text(*self.remedies())
        yield _chapter("五、支出和收费情况")
        if self.has("spend.total"):
            yield _text("政府信息公开工作支出", self.n("spend.total"), "万元。")
        yield _text(*self.charges())
        yield _chapter("六、存在的主要问题和改进措施")
        yield from self.problems()
        yield from self.signed()

    def requests(self) -> Iterator[Block]:
        new, into = self.value("t3.NEW.6"), self.value("t3.CARRIED_IN.6")
        if not new and not into:
            yield _text(f"{self.year}年，{WE}没有收到政府信息公开申请，也没有作出不予公开的决定。")
            return
        yield _text(
            *(f"{self.year}年，{WE}新收政府信息公开申请", self.n("t3.NEW.6"), "件，"),
            *("上年结转", self.n("t3.CARRIED_IN.6"), "件；"),
            *("办结申请", self.n("t3.TOTAL.6"), "件，"),
            *("结转下年度继续办理", self.n("t3.CARRIED_OUT.6"), "件。"),
        )
        if self.has("t3.TOTAL.6"):
            results: list[list[Part]] = [
                [name, self.n(f"t3.group.{name}"), "件"] for name in GROUPS
            ]
            yield _text("办理结果：", *_joined(results), "。")

    def remedies(self) -> list[Part]:
        if not any(self.has(f"t4.{one.name}.4") for one in REMEDIES):
            return [f"{self.year}年，{WE}未发生因政府信息公开引起的行政复议、行政诉讼。"]
        return [
            *("因政府信息公开引起的行政复议", self.n("t4.RECONSIDERATION.4"), "件，"),
            *("未经复议直接起诉的", self.n("t4.SUIT.4"), "件，"),
            *("复议后起诉的", self.n("t4.SUIT_AFTER.4"), "件。"),
        ]

    # ── the form of 2021

    def new(self) -> Iterator[Block]:
        yield from self.title()
        yield _chapter("一、总体情况")
        yield from self.words(
            "general", f"{self.year}年，{WE}按照《条例》的规定开展政府信息公开工作。"
        )
        yield from self.releases()
        yield from self.requests()
        yield from self.words("management")
        yield from self.quality()
        yield from self.items()
        yield from self.cleanups()
        yield from self.words("platform")
        yield _text(*self.staff())
        yield from self.words("supervision")
        yield _chapter("二、主动公开政府信息情况")
        yield self.table_two()
        yield _chapter("三、收到和处理政府信息公开申请情况")
        yield self.table_three()
        yield _chapter("四、政府信息公开行政复议、行政诉讼情况")
        yield self.table_four()
        yield _chapter("五、存在的主要问题及改进情况")
        yield from self.problems()
        yield _chapter("六、其他需要报告的事项")
        yield _text(*self.charges())
        yield from self.words("other")
        yield from self.signed()

    def table_two(self) -> Block:
        heads = ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
        rows = [(_head("第二十条第（一）项", columns=4),), tuple(map(_head, heads))]
        for name, key in ((Active.RULES, "t2.rules"), (Active.NORMATIVE, "t2.normative")):
            cells = (self._cell(f"{key}.{one}") for one in ("made", "ended", "valid"))
            rows.append((_head(name), *cells))
        decided = "本年处理决定数量"
        for item, told, what in (
            ("五", decided, ((Active.PERMITS, "t2.permits"),)),
            ("六", decided, ((Active.PENALTIES, "t2.penalties"), (Active.COERCION, "t2.coercion"))),
            ("八", "本年收费金额（单位：万元）", ((Active.FEES, "t2.fees"),)),
        ):
            rows.append((_head(f"第二十条第（{item}）项", columns=4),))
            rows.append((_head("信息内容"), _head(told, columns=3)))
            rows += [(_head(name), self._cell(key, columns=3)) for name, key in what]
        return Block(BlockKind.TABLE, rows=tuple(rows))

    def table_three(self) -> Block:
        note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
        rows = [
            (_head(note, columns=3, rows=3), _head("申请人情况", columns=7)),
            (
                _head("自然人", rows=2),
                _head("法人或其他组织", columns=5),
                _head("总计", rows=2),
            ),
            tuple(_head(one.value) for one in COLUMNS[1:6]),
        ]
        for row in ROWS:
            cells = (self._cell(f"t3.{row.name}.{at}") for at in range(len(COLUMNS)))
            rows.append((*_labels(row), *cells))
        return Block(BlockKind.TABLE, rows=tuple(rows))

    def table_four(self) -> Block:
        five = [one.value for one in RESULTS]
        rows = (
            (_head("行政复议", columns=5), _head("行政诉讼", columns=10)),
            (
                *(_head(one, rows=2) for one in five),
                _head("未经复议直接起诉", columns=5),
                _head("复议后起诉", columns=5),
            ),
            tuple(map(_head, five * 2)),
            tuple(
                self._cell(f"t4.{one.name}.{at}") for one in REMEDIES for at in range(len(RESULTS))
            ),
        )
        return Block(BlockKind.TABLE, rows=rows)

    def _cell(self, key: str, *, columns: int = 1) -> TableCell:
        return TableCell(self.n(key), columns=columns)


def _head(text: str, columns: int = 1, rows: int = 1) -> TableCell:
    return TableCell(Piece(str(text)), columns, rows, is_head=True)


_GROUP_HEADS = {
    Row.C1: ("（三）不予公开", 8),
    Row.D1: ("（四）无法提供", 3),
    Row.E1: ("（五）不予处理", 5),
    Row.F1: ("（六）其他处理", 3),
}


def _labels(row: Row) -> list[TableCell]:
    """The cells before the numbers of a row of table three, spans as in the form."""
    if row in {Row.NEW, Row.CARRIED_IN, Row.CARRIED_OUT}:
        return [_head(row, columns=3)]
    if row is Row.A:
        return [_head("三、本年度办理结果", rows=22), _head(row, columns=2)]
    if row in {Row.B, Row.TOTAL}:
        return [_head(row, columns=2)]
    if row in _GROUP_HEADS:
        text, depth = _GROUP_HEADS[row]
        return [_head(text, rows=depth), _head(row)]
    return [_head(row)]


def _counted(texts: Iterable[str]) -> str:
    """一是…；二是…。"""
    said = [text.strip().rstrip("。；") for text in texts]
    if len(said) == 1:
        return said[0] + "。"
    return "；".join(f"{ORDINALS[at % 10]}是{text}" for at, text in enumerate(said)) + "。"


def _measure(one: Problem) -> str:
    owner = f"（{one.owner}）" if one.owner else ""
    return f"{one.measure.strip().rstrip('。；')}{owner}"


def _mended(one: Problem) -> str:
    state = "已改进" if one.state is ProblemState.DONE else "仍在改进"
    outcome = f"，{one.outcome.strip().rstrip('。；')}" if one.outcome else ""
    return f"{one.text.strip().rstrip('。；')}（{state}{outcome}）"


def compose(facts: Facts) -> list[Block]:
    """The whole report in its form."""
    writer = Writer(facts)
    forms: dict[Style, Callable[[], Iterator[Block]]] = {
        Style.OLD: writer.old,
        Style.NEW: writer.new,
    }
    return list(forms[facts.style]())


def printed_keys(blocks: Sequence[Block]) -> list[str]:
    """The figures that a report prints, in their order."""
    cells = [cell.piece for block in blocks for row in block.rows for cell in row]
    pieces = [one for block in blocks for one in block.pieces]
    return list(dict.fromkeys(one.key for one in [*pieces, *cells] if one.key))
