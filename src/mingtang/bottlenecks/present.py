"""What pages show of where the time goes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.base.subjects import titles_of, urls_of
from mingtang.bottlenecks.queries.times import Selection, StepTime
from mingtang.bottlenecks.rules.board import Board, By, Figures, Key, stage_label
from mingtang.bottlenecks.rules.whatif import Outcome
from mingtang.regions import queries as regions

Row = dict[str, Any]
BARS = 12
LATE_SHOWN = 30


def days(value: Fraction | float) -> str:
    """3, 3.5, 0.1: to the tenth of a day, a whole number without its nought."""
    return f"{float(value):.1f}".removesuffix(".0")


def percent(part: Fraction | None) -> str:
    return "—" if part is None else f"{float(part * 100):.1f}%"


def unit_names(ids: Iterable[int], on: date) -> dict[int, str]:
    return regions.short_names_of(set(ids), on)


def unit_choices(ids: Iterable[int], on: date) -> list[tuple[str, str]]:
    names = unit_names(ids, on)
    return sorted(((str(one), name) for one, name in names.items()), key=lambda pair: pair[1])


# ── the board ─────────────────────────────────────────────────────────────────────────────────


def labels(
    by: By, keys: Sequence[Key], last: Mapping[Key, StepTime], on: date
) -> dict[Key, tuple[str, str]]:
    """What a group is called, and a second line under it."""
    if by is By.STAGE:
        return {key: (stage_label(key[0]), "") for key in keys}
    units = unit_names((row.organisation_id for row in last.values()), on)
    return {key: _label(by, last[key], units) for key in keys if key in last}


def _label(by: By, row: StepTime, units: Mapping[int, str]) -> tuple[str, str]:
    unit = units.get(row.organisation_id, "")
    if by is By.DEPARTMENT:
        return unit, ""
    if by is By.EDITION:
        number = _("第 %(number)s 版") % {"number": row.edition} if row.edition else ""
        return row.item_name, number
    return row.name, f"{row.item_name} · {unit}"


def rows(
    by: By,
    found: Board,
    groups: Sequence[Figures],
    called: Mapping[Key, tuple[str, str]],
    open_now: Mapping[Key, int],
    chosen: Selection,
) -> list[Row]:
    """A line for each of these groups of the board."""
    return [
        {
            "name": called.get(one.key, ("", ""))[0],
            "place": called.get(one.key, ("", ""))[1],
            "url": node_url(one.key, chosen) if by is By.NODE else "",
            "open": open_now.get(one.key, 0),
            **_figures(one, found),
        }
        for one in groups
    ]


def _figures(one: Figures, found: Board) -> Row:
    return {
        "key": one.key,
        "count": one.count,
        "median": days(one.days.median),
        "p90": days(one.days.p90),
        "waiting": days(one.waiting.median),
        "handling": days(one.handling.median),
        "share": percent(found.share(one)),
        "redone": one.redone,
        "overdue": one.overdue if one.limited else None,
    }


def compare(lines: Sequence[Row], other: Board) -> None:
    """Beside each line, what the other selection shows for the same group."""
    for line in lines:
        one = other.find(line["key"])
        line["other"] = _figures(one, other) if one else None


def bars(lines: Sequence[Row], groups: Sequence[Figures]) -> list[Row]:
    """Of the first groups: days that were waited and days in hand."""
    return [
        {
            "label": f"{line['name']} {line['place'].partition(' · ')[0]}",
            "parts": [(one.waiting_total, "bad"), (one.handling_total, "ok")],
            "text": _("等 %(waiting)s 天，办 %(handling)s 天")
            % {"waiting": one.waiting_total, "handling": one.handling_total},
        }
        for line, one in zip(lines[:BARS], groups, strict=False)
    ]


def node_url(key: Key, chosen: Selection) -> str:
    asked = {"item": key[0], "step": key[1], **_asked(chosen)}
    return f"{reverse('bottlenecks:node')}?{urlencode(asked)}"


def _asked(chosen: Selection) -> dict[str, str]:
    unit = {"unit": str(chosen.unit_id)} if chosen.unit_id else {}
    return {"since": chosen.since.isoformat(), "until": chosen.until.isoformat(), **unit}


def selection_label(chosen: Selection, on: date) -> str:
    """From when to when, where."""
    where = unit_names([chosen.unit_id], on).get(chosen.unit_id, "") if chosen.unit_id else ""
    span = f"{chosen.since} – {chosen.until}"
    return f"{span} · {where or _('全部部门')}"


def worst(lines: Sequence[Row], slowest: Mapping[Key, Sequence[StepTime]]) -> list[Row]:
    """The nodes that took the most, each with its slowest cases."""
    passages = [row for found in slowest.values() for row in found]
    told = {row.id: case for row, case in zip(passages, cases(passages), strict=True)}
    return [
        line | {"cases": [told[row.id] for row in slowest.get(line["key"], ())]} for line in lines
    ]


def cases(found: Sequence[StepTime]) -> list[Row]:
    """Passages with the cases they are of, each with its page."""
    titles = titles_of(row.stream for row in found)
    pages = urls_of((row.stream for row in found), for_staff=True)
    return [
        {"what": titles[row.stream], "url": pages[row.stream], **_passage(row)} for row in found
    ]


def _passage(row: StepTime) -> Row:
    return {
        "days": row.days,
        "waiting": row.waiting_days,
        "handling": row.handling_days,
        "paused": row.paused_days,
        "over": row.over_date,
        "attempt": row.attempt,
        "limit": row.limit_days,
        "is_overdue": row.is_overdue,
    }


# ── what if ───────────────────────────────────────────────────────────────────────────────────


def item_choices(found: Iterable[tuple[str, str, int]]) -> list[tuple[str, str]]:
    """The items with the most cases first."""
    return [
        (code, _("%(name)s（%(count)s 件）") % {"name": name, "count": count})
        for code, name, count in sorted(found, key=lambda one: (-one[2], one[0]))
    ]


def outcome(found: Outcome) -> Row:
    late = found.late_streams[:LATE_SHOWN]
    titles, pages = titles_of(late), urls_of(late, for_staff=True)
    return {
        "cases": found.cases,
        "untouched": found.untouched,
        "faster": found.faster,
        "saved": found.saved_days,
        "per_case": days(Fraction(found.saved_days, found.cases)),
        "lines": [
            (_("中位"), days(found.before.median), days(found.after.median)),
            (_("九成以内"), days(found.before.p90), days(found.after.p90)),
            (_("平均"), days(found.before.mean), days(found.after.mean)),
            (_("合计"), days(found.before.total), days(found.after.total)),
        ],
        "late_before": found.late_before,
        "late_after": found.late_after,
        "late": [{"what": titles[one], "url": pages[one]} for one in late],
        "late_more": len(found.late_streams) - len(late),
    }
