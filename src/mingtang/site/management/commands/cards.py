"""`mingtang cards`: the cards of supervision as they stood at the end of a day."""

import csv
import unicodedata
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.management.base import CommandError

from mingtang.base.clock import today
from mingtang.base.subjects import titles_of
from mingtang.regions import queries as regions
from mingtang.site.command import HouseCommand
from mingtang.supervision import queries
from mingtang.supervision.rules import NEVER_COUNTS, Colour, state_on

COLUMNS = (
    *("编号", "发出日期", "颜色", "规则", "规则名称", "对象", "办件", "到期日"),
    *("责任单位", "责任人", "状态", "扣分"),
)


class Command(HouseCommand):
    help = "列出截至某日的提醒、黄牌、红牌和当日的状态。例：mingtang cards --as-of 2013-09-30"

    forms = ("table", "csv")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", default="", metavar="DATE", help="截至哪一天，默认今天")

    def handle(self, *args: Any, **options: Any) -> None:
        on = self._day(options["as_of"])
        found = list(queries.as_of(on))
        rows = _rows(found, on)
        if self.is_json:
            self.note(
                on=on.isoformat(), cards=[dict(zip(COLUMNS, row, strict=True)) for row in rows]
            )
        elif options["format"] == "csv":
            csv.writer(self.stdout, lineterminator="\n").writerows([COLUMNS, *rows])
        else:
            self.stdout.write("\n".join(_table([COLUMNS, *rows])))
            self.stdout.write(f"{on} 共 {len(found)} 张。")

    def _day(self, text: str) -> date:
        try:
            return date.fromisoformat(text) if text else today()
        except ValueError:
            raise CommandError(f"“{text}”不是日期，请写成 2013-09-30。") from None


def _rows(cards: Sequence[queries.Card], on: date) -> list[tuple[str, ...]]:
    units = {card.organisation_id for card in cards if card.organisation_id}
    names, titles = regions.names_of(units, on), _titles({card.subject for card in cards})
    return [_row(card, names, titles, on) for card in cards]


def _titles(subjects: Iterable[str]) -> dict[str, str]:
    listed = sorted(subjects)
    found: dict[str, str] = {}
    for start in range(0, len(listed), 500):
        found |= titles_of(listed[start : start + 500])
    return found


def _row(
    card: queries.Card, names: dict[int, str], titles: dict[str, str], on: date
) -> tuple[str, ...]:
    state = state_on(card, on)
    return (
        card.number,
        card.raised_date.isoformat(),
        Colour(card.colour).label,
        card.rule_code,
        card.rule.name,
        card.subject,
        titles[card.subject],
        str(card.facts.get("due") or ""),
        names.get(card.organisation_id or 0, ""),
        card.person.name if card.person else "",
        state.label,
        "0" if state in NEVER_COUNTS else f"{card.score.normalize():f}",
    )


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns under one another; a Chinese character is as wide as two letters."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
