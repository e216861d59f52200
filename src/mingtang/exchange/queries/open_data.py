"""Reads: open data, each set a table of plain texts, of what anybody may read on the pages anyway.

Of finished cases nobody's name goes out, not even masked, and no number by which one is found.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import F

from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor, DateCursor
from mingtang.cases import queries as cases
from mingtang.cases.rules import Outcome
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.models import Edition
from mingtang.disclosure import queries as disclosure
from mingtang.interaction import queries as ratings
from mingtang.regions.queries import names_of

MOST = 10_000  # rows of a set, in its order: results and publications begin with the latest
TOGETHER = 200

Rows = Iterator[tuple[str, ...]]


@dataclass(frozen=True)
class DataSet:
    name: str
    title: str
    about: str
    columns: tuple[str, ...]
    rows: Callable[[date], Rows]


def _items(on: date) -> Rows:
    for one in catalogue.all_items(on, MOST):
        yield (
            *(one.code, one.name, one.department, one.kind_label),
            *(one.promised_label, one.fee_label),
        )


def _guides(on: date) -> Rows:
    """What each item asks for, a line a material. One statement for 200 items."""
    codes = [row[0] for row in _items(on)]
    for start in range(0, len(codes), TOGETHER):
        found = Edition.objects.filter(
            item__code__in=codes[start : start + TOGETHER], item__current_edition=F("id")
        )
        for edition in found.select_related("item").order_by("item__code"):
            for line in edition.materials:
                cells = (line["name"], line["form"], str(line.get("copies") or ""), line["need"])
                yield (edition.item.code, edition.name, *cells)


def _publications(on: date) -> Rows:
    after: DateCursor | None = None
    while True:
        page = disclosure.public_items(disclosure.PublicSought(), after)
        names = names_of({one.organisation_id for one in page.rows}, on)
        for one in page.rows:
            version = one.published_version
            assert version is not None
            yield (
                *(one.index_number or "", version.title, names.get(one.organisation_id, "")),
                *(str(version.formed_date), str(one.public_date), version.document_number),
            )
        after = page.next
        if after is None:
            return


FEW = 5  # of so many alike none is told from the others


def _results(on: date) -> Rows:
    """Of fewer than five results alike (item, unit, result) in a month only the year is told, of
    fewer than five in the year not even what the result was: it would be somebody's, whom those who
    know of the application would know again."""
    rows = list(islice(_told_results(on), MOST))
    months = Counter((*row[:4], row[4][:7]) for row in rows)
    years = Counter((*row[:4], row[4][:4]) for row in rows)
    for row in rows:
        month, year = (*row[:4], row[4][:7]), (*row[:4], row[4][:4])
        if months[month] >= FEW:
            yield row
        elif years[year] >= FEW:
            yield (*row[:4], year[4])
        else:
            yield (*row[:3], "", year[4])


def _told_results(on: date) -> Rows:
    after: Cursor | None = None
    while True:
        page = cases.result_notices(after, limit=500)
        names = names_of({one.organisation_id for one in page.rows}, on)
        for one in page.rows:
            unit, decided = names.get(one.organisation_id, ""), Outcome(str(one.outcome))
            assert one.decided_at is not None
            day = legal_date(one.decided_at).isoformat()
            yield one.item.code, one.edition.name, unit, str(decided.label), day
        after = page.next
        if after is None:
            return


def _ratings(on: date) -> Rows:
    since = date(on.year, 1, 1)
    units = ratings.by_unit(since, on)
    names = names_of({one.organisation_id for one in units}, on)
    for one in units:
        yield names.get(one.organisation_id, ""), since.isoformat(), str(one.tally.all)


SETS = {
    one.name: one
    for one in (
        DataSet(
            *("items", "政务服务事项", "在办的事项和承诺时限、收费"),
            ("事项编码", "事项名称", "实施部门", "类型", "承诺时限", "收费"),
            _items,
        ),
        DataSet(
            *("guides", "办事指南材料", "每个事项要的材料"),
            ("事项编码", "事项名称", "材料名称", "形式", "份数", "必要性"),
            _guides,
        ),
        DataSet(
            *("publications", "主动公开信息", "公开的信息目录"),
            ("索引号", "标题", "发布单位", "成文日期", "公开日期", "文号"),
            _publications,
        ),
        DataSet(
            *(
                "results",
                "办结公示",
                "办结的事项和结果，不含申请人；同类不足五件的，只写年份，或不写结果",
            ),
            ("事项编码", "事项名称", "办理单位", "结果", "办结日期"),
            _results,
        ),
        DataSet(
            *("ratings", "好差评", "今年各单位收到的评价数"),
            ("单位", "从哪天起", "评价数"),
            _ratings,
        ),
    )
}


def data_set(name: str) -> DataSet:
    """Raises NotFound."""
    if name not in SETS:
        raise NotFound("没有这个数据集，请从数据目录进入。")
    return SETS[name]
