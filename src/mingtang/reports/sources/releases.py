"""Source: the ledger of releases, by line of the report; how well it is kept."""

from collections.abc import Iterator
from decimal import Decimal

from mingtang.channels import queries as channels
from mingtang.channels.models import Release
from mingtang.channels.queries import Sought, year_of
from mingtang.channels.rules import WEB, Line
from mingtang.reports.rules.figures import Figure, NoFigure, RowRef

_UNITS = {Line.PRINTED: "份", Line.SCREEN: "时", Line.TV: "次"}  # as data/channels.csv has them


def gather(organisation_id: int, year: int) -> Iterator[Figure]:
    found = channels.figures(organisation_id, year)
    for line in Line:
        if count := found.lines.get(line, 0):
            unit = _UNITS.get(line, "条")
            yield Figure(f"release.{line.value}", f"{line.label}公开", Decimal(count), unit)
    yield Figure(
        "release.mixed", "各类渠道合计（条、份混计）", Decimal(found.mixed_total), "条（份）"
    )
    yield Figure("release.web", "在政府网站上公开", Decimal(found.on_the_web), "条")
    automatic = sum(found.automatic.values())
    yield Figure("release.automatic", "系统自动发布", Decimal(automatic), "条（份）")
    distinct = Decimal(found.distinct)
    yield Figure("release.distinct", "分得清的不重复信息", distinct, "条", adds_up=False)
    undivided = Decimal(found.undivided_rows)
    yield Figure("release.undivided", "没有分清条数的批量登记", undivided, "笔")
    tv = Decimal(found.places_on_tv)
    yield Figure("release.tv_places", "通过数字电视公开的村", tv, "个", adds_up=False)
    yield Figure("record.rows", "发布台账记录", Decimal(found.rows), "笔")
    yield Figure("record.in_time", "一个工作日内登记", Decimal(found.in_time), "笔")
    yield Figure("record.lacking", "缺少凭证", Decimal(found.lacking_proof), "笔")


def _lines(sought: Sought, lines: tuple[Line, ...]) -> Iterator[RowRef]:
    wanted = sought.rows().filter(channel__line__in=[one.value for one in lines])
    for row in wanted.select_related("channel").order_by("released_date", "id"):
        yield _ref(row, row.quantity)


def _ref(row: Release, amount: int) -> RowRef:
    what = f"{row.channel.name}：{row.title}"
    return RowRef(what, row.released_date, Decimal(amount), f"release:{row.id}")


def rows(organisation_id: int, year: int, key: str) -> Iterator[RowRef]:
    sought, name = year_of(organisation_id, year), key.partition(".")[2]
    groups = {"mixed": channels.HEADLINE, "web": tuple(WEB), "distinct": tuple(Line)}
    if key.startswith("release.") and name in {*groups, *(one.value for one in Line)}:
        yield from _lines(sought, groups[name] if name in groups else (Line(name),))
    elif key == "release.automatic":
        found = sought.rows().filter(is_automatic=True).select_related("channel")
        yield from (_ref(row, row.quantity) for row in found.order_by("released_date", "id"))
    elif key == "release.undivided":
        found = sought.rows().filter(subject="", item_count=None).select_related("channel")
        yield from (_ref(row, 1) for row in found.order_by("released_date", "id"))
    elif key == "release.tv_places":
        yield from _lines(sought, (Line.TV,))
    else:
        yield from _records(organisation_id, year, key)


def _records(organisation_id: int, year: int, key: str) -> Iterator[RowRef]:
    whole = year_of(organisation_id, year)
    if key == "record.lacking":
        found = Sought(whole.organisation_ids, whole.since, whole.until, lacks_proof=True).rows()
    elif key == "record.in_time":
        found = whole.rows().filter(is_in_time=True)
    elif key == "record.rows":
        found = whole.rows()
    else:
        raise NoFigure
    for row in found.select_related("channel").order_by("released_date", "id"):
        yield _ref(row, 1)
