"""Rules: which facts of other apps become drafts, under which column, in which words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.disclosure.rules.items import LONGEST_BODY, Column, Content, Genre
from mingtang.disclosure.rules.text import table


class AutoKind(StrEnum):
    """What publishes itself, through review."""

    LICENCE = "licence"
    CATALOGUE = "catalogue"
    FEE = "fee"
    CLEANUP = "cleanup"

    @property
    def label(self) -> str:
        return LISTS[self].label


@dataclass(frozen=True)
class DayList:
    """A list of one organ and one day: its title, where it stands, its columns."""

    label: str
    title: str
    column: Column
    category: str
    head: tuple[str, ...]
    is_on: bool


LISTS: Mapping[AutoKind, DayList] = {
    AutoKind.LICENCE: DayList(
        "行政许可办理结果",
        "{organ}{day}行政许可决定公开信息（{count}件）",
        Column.POWER,
        "20-5",
        ("决定文号", "事项", "决定", "决定日期"),
        True,
    ),
    AutoKind.CATALOGUE: DayList(
        "办事指南变动",
        "{organ}{day}办事指南更新公告（{count}项）",
        Column.POWER,
        "20-5",
        ("事项编码", "事项", "变动", "公布日期"),
        False,
    ),
    AutoKind.FEE: DayList(
        "收费变动",
        "{organ}{day}收费项目和标准更新公告（{count}项）",
        Column.POWER,
        "20-8",
        ("事项编码", "事项", "收费", "公布日期"),
        False,
    ),
    AutoKind.CLEANUP: DayList(
        "事项清理结果",
        "{organ}{day}行政审批事项清理结果（{count}项）",
        Column.POWER,
        "20-5",
        ("文号", "清理", "清理结果", "日期"),
        False,
    ),
}


def shipped(kind: AutoKind) -> bool:
    return LISTS[kind].is_on


def fitting(kind: AutoKind, organ: str, day: date, rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows one text has room for: all, half of them, half of those."""
    count = len(rows)
    while count > 1 and len(list_of_day(kind, organ, day, rows[:count]).body) > LONGEST_BODY:
        count //= 2
    return count


def list_of_day(kind: AutoKind, organ: str, day: date, rows: Sequence[Sequence[str]]) -> Content:
    """The draft of a list. Names of people are not among the facts that it is made of."""
    about = LISTS[kind]
    named = f"{day.year}年{day.month}月{day.day}日"
    return Content(
        title=about.title.format(organ=organ, day=named, count=len(rows)),
        body=f"{organ}{named}{about.label}如下：\n\n"
        + table(list(about.head), [list(row) for row in rows]),
        column=about.column.value,
        category=about.category,
        genre=Genre.LIST.value,
        formed_date=day,
        theme="政务公开",
        source=organ,
    )
