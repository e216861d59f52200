"""Reads for everybody: townships, villages, sections, what is out, as plain values.

Television, screens and pages read the same. Nothing here knows a name of who objected, a receipt,
or anything that was not released.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from mingtang.base.errors import NotFound
from mingtang.base.paging import DateCursor
from mingtang.villages.models import CityNotice, Disclosure, Line, Objection, Section, Village
from mingtang.villages.rules.kinds import Area, Layout, LineKind, NoticeKind
from mingtang.villages.rules.money import yuan
from mingtang.villages.rules.moves import PUBLIC

PAGE = 20
NO_PLACE = "没有找到这个村（社区），请从乡镇（街道）进入。"


@dataclass(frozen=True)
class Township:
    """A township with villages that take part."""

    code: str  # twelve digits
    name: str
    village_count: int


@dataclass(frozen=True)
class VillageCard:
    id: int
    code: str  # twelve digits
    name: str
    township_code: str
    township_name: str


@dataclass(frozen=True)
class SectionCard:
    """A section of a village: how deep it lies (1: an area, 2, 3), how much of it is out."""

    code: str
    name: str
    area: Area
    level: int
    count: int  # of itself and what is below it


@dataclass(frozen=True)
class Table:
    """A table as texts: headings, rows, and the line that adds up."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[tuple[str, str], ...] = ()  # 期初、收入、支出、期末; or one for each kind

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row as (heading, cell); the first cell names the row."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Entry:
    """One disclosure that is out, as structured text."""

    id: int
    title: str
    date: dt.date
    section_code: str
    section_name: str
    area: Area
    paragraphs: tuple[str, ...]
    table: Table | None
    objections_until: dt.date | None
    receipt_count: int = 0
    is_archived: bool = False
    archive_number: str = ""
    village: VillageCard | None = None

    @property
    def subject(self) -> str:
        return f"village:{self.id}"


@dataclass(frozen=True)
class Archive:
    """A page of what is out, and where the next begins."""

    rows: list[Entry]
    next: DateCursor | None = None


# ── places ────────────────────────────────────────────────────────────────────────────────────


def pilot_townships() -> list[Township]:
    """The townships whose villages take part, by code."""
    rows = Village.objects.order_by().values("township_code", "township_name")
    found = rows.annotate(count=Count("id")).order_by("township_code", "township_name")
    return [Township(row["township_code"], row["township_name"], row["count"]) for row in found]


def township_by_code(code: str) -> Township:
    """Raises NotFound."""
    found = next((one for one in pilot_townships() if one.code == code), None)
    if found is None:
        raise NotFound("没有找到这个乡镇（街道），或者它还没有开展三务公开。")
    return found


def villages_of(township: str) -> list[VillageCard]:
    """The villages of a township (its code), by code."""
    rows = Village.objects.filter(township_code=township).order_by("code", "id")
    return [card_of(one) for one in rows]


def village_by_code(code: str) -> VillageCard:
    """Raises NotFound."""
    found = Village.objects.filter(code=code).first()
    if found is None:
        raise NotFound(NO_PLACE)
    return card_of(found)


def card_of(one: Village) -> VillageCard:
    return VillageCard(one.id, one.code, one.name, one.township_code, one.township_name)


# ── sections ──────────────────────────────────────────────────────────────────────────────────


def sections(village: VillageCard, on: dt.date) -> list[SectionCard]:
    """The areas, each followed by its sections in their order; those given up as far as anything
    stands in them. Feedback and notices come out of themselves."""
    rows = list(Section.objects.order_by("position", "id"))
    counts = _counts(village.id)
    found: list[SectionCard] = []
    for area in Area:
        own = [one for one in rows if one.area == area.value]
        below = [
            card for top in own if top.parent_id is None for card in _branch(top, own, counts, on)
        ]
        total = sum(card.count for card in below if card.level == 2)
        if area is Area.FEEDBACK:
            total = counts[area.value]
        found += [SectionCard(area.value, area.label, area, 1, total), *below]
    return found


def _branch(
    top: Section, own: Sequence[Section], counts: dict[str, int], on: dt.date
) -> list[SectionCard]:
    below = [one for one in own if one.parent_id == top.id]
    cards = [_section_card(one, 3, counts.get(one.code, 0)) for one in below if _holds(one, on)]
    cards += [
        _section_card(one, 3, counts[one.code])
        for one in below
        if not _holds(one, on) and counts.get(one.code)
    ]
    total = counts.get(top.code, 0) + sum(card.count for card in cards)
    return [_section_card(top, 2, total), *cards] if total or _holds(top, on) else []


def _section_card(one: Section, level: int, count: int) -> SectionCard:
    return SectionCard(one.code, one.name, Area(one.area), level, count)


def _holds(one: Section, on: dt.date) -> bool:
    return one.valid_from <= on and (one.valid_to is None or on <= one.valid_to)


def _counts(village_id: int) -> dict[str, int]:
    rows = _public().filter(village=village_id).order_by().values_list("section__code")
    found = dict(rows.annotate(count=Count("id")))
    answered = Objection.objects.filter(disclosure__in=_public().filter(village=village_id))
    return found | {Area.FEEDBACK.value: answered.exclude(replied_at=None).count()}


# ── what is out ───────────────────────────────────────────────────────────────────────────────


def _public() -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(state__in=[one.value for one in PUBLIC])


def released(
    village: VillageCard,
    section: str = "",
    *,
    year: int | None = None,
    after: DateCursor | None = None,
    size: int = PAGE,
) -> Archive:
    """What of a village is out, newest first; total order (released_date, id). `section`: the
    code of one, with what is below it, or of an area; "": all."""
    rows = _public().filter(village=village.id)
    if section in set(Area):
        rows = rows.filter(section__area=section)
    elif section:
        rows = rows.filter(Q(section__code=section) | Q(section__parent__code=section))
    if year is not None:
        rows = rows.filter(released_date__year=year)
    if after is not None:
        rows = rows.filter(
            Q(released_date__lt=after.day) | Q(id__lt=after.id), released_date__lte=after.day
        )
    found = list(_whole(rows)[: size + 1])
    last = found[size - 1] if len(found) > size else None
    cursor = DateCursor(last.released_date, last.id) if last and last.released_date else None
    return Archive(_entries(found[:size]), cursor)


def _whole(rows: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
    return rows.select_related("section", "village").order_by("-released_date", "-id")


def entry(disclosure_id: int) -> Entry:
    """One that is out. Raises NotFound."""
    found = list(_whole(_public().filter(id=disclosure_id)))
    if not found:
        raise NotFound("没有找到这条公开，可能已经撤下。")
    return _entries(found)[0]


def is_out(disclosure_id: int) -> bool:
    return _public().filter(id=disclosure_id).exists()


def released_among(ids: Iterable[int]) -> list[Disclosure]:
    """Those of these that are out, by id."""
    return list(_public().filter(id__in=list(ids)).select_related("village").order_by("id"))


def titles_of(ids: Iterable[int]) -> dict[int, str]:
    """What disclosures are called, out or not: for colleagues."""
    return dict(Disclosure.objects.filter(id__in=list(ids)).values_list("id", "title"))


def archive_years(village: VillageCard) -> list[int]:
    """The years in which anything went out, the latest first."""
    days = _public().filter(village=village.id).dates("released_date", "year", order="DESC")
    return [day.year for day in days]


def _entries(rows: Sequence[Disclosure]) -> list[Entry]:
    lines: dict[int, list[Line]] = {}
    for line in Line.objects.filter(disclosure__in=rows).order_by("disclosure", "position"):
        lines.setdefault(line.disclosure_id, []).append(line)
    return [entry_of(one, lines.get(one.id, [])) for one in rows]


def entry_of(one: Disclosure, lines: Sequence[Line]) -> Entry:
    """A disclosure as it is or would be read by everybody."""
    return Entry(
        id=one.id,
        title=one.title,
        date=one.released_date or one.opened_at.date(),
        section_code=one.section.code,
        section_name=one.section.name,
        area=Area(one.section.area),
        paragraphs=tuple(text.strip() for text in one.body.splitlines() if text.strip()),
        table=_table(one, lines) if lines or one.opening_cents is not None else None,
        objections_until=one.objections_until_date,
        receipt_count=len({line.receipt_id for line in lines if line.receipt_id}),
        is_archived=bool(one.archive_number),
        archive_number=one.archive_number,
        village=card_of(one.village),
    )


def _table(one: Disclosure, lines: Sequence[Line]) -> Table:
    layout = Layout(one.section.layout)
    if layout is Layout.BENEFITS:
        rows = tuple((line.text, yuan(line.cents)) for line in lines)
        return Table(("姓名", "金额（元）"), rows, _totals(lines))
    if layout is Layout.HOLDINGS:
        held = tuple((one.text, LineKind(one.kind).label, yuan(one.cents)) for one in lines)
        return Table(("名称", "类别", "金额（元）"), held, _totals(lines))
    return Table(
        ("摘要", "收支", "金额（元）", "日期", "凭证号"),
        tuple(
            (
                line.text,
                LineKind(line.kind).label,
                yuan(line.cents),
                f"{line.day.month}月{line.day.day}日" if line.day else "",
                line.voucher,
            )
            for line in lines
        ),
        _account(one, lines),
    )


def _totals(lines: Iterable[Line]) -> tuple[tuple[str, str], ...]:
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.kind] = sums.get(line.kind, 0) + line.cents
    return tuple((f"{LineKind(kind).label}合计", yuan(cents)) for kind, cents in sums.items())


def _account(one: Disclosure, lines: Iterable[Line]) -> tuple[tuple[str, str], ...]:
    """期初 + 收入 − 支出 = 期末, as the lines add up; the closing sum as it was declared."""
    totals = dict(_totals(lines))
    named = (
        ("期初余额", None if one.opening_cents is None else yuan(one.opening_cents)),
        ("收入合计", totals.get("收入合计", yuan(0))),
        ("支出合计", totals.get("支出合计", yuan(0))),
        ("期末余额", None if one.closing_cents is None else yuan(one.closing_cents)),
    )
    return tuple((name, value) for name, value in named if value is not None)


# ── what the city says, what villagers said ───────────────────────────────────────────────────


@dataclass(frozen=True)
class Notice:
    """A policy or notice of the city."""

    id: int
    kind: NoticeKind
    title: str
    date: dt.date
    paragraphs: tuple[str, ...]


def notices(on: dt.date) -> list[Notice]:
    """What the city has put on every village's page today, the latest first."""
    rows = CityNotice.objects.filter(valid_from__lte=on).filter(
        Q(valid_to=None) | Q(valid_to__gte=on)
    )
    return [
        Notice(
            one.id,
            NoticeKind(one.kind),
            one.title,
            one.valid_from,
            tuple(text.strip() for text in one.body.splitlines() if text.strip()),
        )
        for one in rows.order_by("-valid_from", "-id")
    ]


@dataclass(frozen=True)
class PublicObjection:
    """An objection that was answered, in the copy for everybody."""

    number: str
    text: str
    reply: str
    replied: dt.date
    about: str = field(default="")
    disclosure_id: int = 0


def objections_of(
    village: VillageCard, disclosure_id: int | None = None, most: int = PAGE
) -> list[PublicObjection]:
    """Those that were answered, the latest first: of one disclosure, or of all that are out."""
    of = {"id": disclosure_id} if disclosure_id else {}
    rows = Objection.objects.filter(
        disclosure__in=_public().filter(village=village.id, **of), replied_at__isnull=False
    )
    columns = ("number", "public_text", "reply", "replied_date", "disclosure__title")
    found = rows.order_by("-replied_date", "-id").values_list(*columns, "disclosure_id")
    return [PublicObjection(*row) for row in found[:most]]


def objection_shown(number: str) -> Objection:
    """The objection of who raised it, for a browser that has shown the right to. Raises
    NotFound."""
    rows = Objection.objects.select_related("disclosure__village").filter(number=number)
    found = rows.first()
    if found is None:
        raise NotFound("没有找到这条异议，请核对编号。")
    return found
