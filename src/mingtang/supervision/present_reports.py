"""What pages show of habits that stand out, and of how fast offices decide."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from mingtang.accounts.queries import Letter, first_posts, person_names
from mingtang.accounts.rules import EVERY_ITEM
from mingtang.base.subjects import titles_of, url_of
from mingtang.supervision import queries
from mingtang.supervision.present import unit_names
from mingtang.supervision.rules.authority import Finding
from mingtang.supervision.rules.outliers import Habit, Person
from mingtang.supervision.rules.pace import UnitPace

Row = dict[str, Any]


def percent(part: Fraction | None) -> str:
    """93.8%, rounded half to even; a dash where there is nothing to measure."""
    return "—" if part is None else f"{float(part * 100):.1f}%"


def people(found: Iterable[Person], since: date, until: date, on: date) -> list[Row]:
    """A line for each, every number with the list of its cases."""
    listed = list(found)
    ids = [one.person_id for one in listed]
    names, posts = person_names(ids), first_posts(ids, on)
    units = unit_names({post.organisation_id for post in posts.values()}, on)
    page = reverse("supervision:outliers")
    rows = []
    for one in listed:
        post = posts.get(one.person_id)
        asked = {"since": since, "until": until, "person": one.person_id}
        rows.append(
            {
                "name": names.get(one.person_id, ""),
                "unit": units.get(post.organisation_id, "") if post else "",
                "n": one.n,
                "cells": [
                    {
                        "label": habit.label,
                        "count": len(one.found.get(habit, ())),
                        "share": percent(Fraction(len(one.found.get(habit, ())), one.n)),
                        "url": f"{page}?{urlencode({**asked, 'habit': habit.value})}#cases",
                    }
                    for habit in Habit
                ],
            }
        )
    return rows


def cases(found: Iterable[Person], habit: Habit, person_id: int) -> Row:
    """Where one habit of one person was seen."""
    one = next((one for one in found if one.person_id == person_id), None)
    listed = one.found.get(habit, []) if one else []
    titles = titles_of(case.stream for case in listed)
    return {
        "label": habit.label,
        "name": person_names([person_id]).get(person_id, "") if one else "",
        "cases": [
            {
                "what": titles[case.stream],
                "url": url_of(case.stream, for_staff=True),
                "on": case.on,
                "seq": case.seq,
            }
            for case in listed
        ],
    }


def rates(found: Iterable[UnitPace], least: int, on: date) -> list[Row]:
    """Each office; where too few were decided, the number of cases alone."""
    listed = list(found)
    names = unit_names((one.organisation_id for one in listed), on)
    return [_rate(one, names.get(one.organisation_id, ""), least) for one in listed]


def _rate(one: UnitPace, name: str, least: int) -> Row:
    row: Row = {"unit": name, "count": one.count, "bulk": one.bulk, "measured": one.measured}
    is_enough = one.count >= least
    row["on_time"] = percent(Fraction(one.on_time, one.count)) if is_enough else ""
    row["early"] = percent(Fraction(one.early, one.count)) if is_enough else ""
    row["speedup"] = percent(one.median_speedup) if one.measured >= least else ""
    return row


# ── authority at the window ───────────────────────────────────────────────────────────────────

CASES_LISTED = 200


def authority(
    found: Iterable[queries.InHall], since: date, until: date
) -> tuple[list[Row], list[Row]]:
    """A line for each office; numbers of findings open their cases. Most found first. Apart: those
    where nothing happened in the span."""
    listed = list(found)
    names = unit_names((one.office.unit_id for one in listed), until)
    page = reverse("supervision:authority")
    lines = [_office(one, names.get(one.office.unit_id, ""), since, until, page) for one in listed]
    lines.sort(key=lambda one: (-one["sum"], not one["decided"], one["name"]))
    busy = [line for line in lines if line["decided"] or line["sum"] or line["unknown"]]
    return busy, [line for line in lines if line not in busy]


def _office(one: queries.InHall, name: str, since: date, until: date, page: str) -> Row:
    office = one.office
    asked = {"since": since, "until": until, "unit": office.unit_id}
    return {
        "name": name,
        "windows": one.window_count,
        "letters": [_letter(letter) for letter in one.letters],
        "can_tell": one.can_tell,
        "decided": office.decided,
        "items": len(office.items),
        "authorised": len(office.authorised),
        "at_window": office.at_window,
        "unknown": office.unknown,
        "sum": sum(office.count(finding) for finding in Finding),
        "cells": [
            {
                "label": finding.label,
                "count": office.count(finding),
                "url": f"{page}?{urlencode({**asked, 'finding': finding.value})}#cases",
            }
            for finding in Finding
        ],
    }


def _letter(letter: Letter) -> Row:
    is_all = EVERY_ITEM in letter.item_codes
    return {
        "number": letter.number,
        "holder": letter.holder,
        "items": len(letter.item_codes),
        "is_all": is_all,
    }


def behind(found: Iterable[queries.InHall], finding: Finding, unit_id: int, on: date) -> Row:
    """Where a finding was seen, the latest first."""
    one = next((one for one in found if one.office.unit_id == unit_id), None)
    listed = sorted(
        one.office.found.get(finding, []) if one else [],
        key=lambda each: (each.on, each.stream),
        reverse=True,
    )
    shown = listed[:CASES_LISTED]
    titles = titles_of(each.stream for each in shown)
    return {
        "label": finding.label,
        "meaning": finding.meaning,
        "name": unit_names([unit_id], on).get(unit_id, "") if one else "",
        "more": len(listed) - len(shown),
        "cases": [
            {
                "what": titles[each.stream],
                "url": url_of(each.stream, for_staff=True),
                "on": each.on,
                "seq": each.seq,
                "who": each.who,
            }
            for each in shown
        ],
    }
