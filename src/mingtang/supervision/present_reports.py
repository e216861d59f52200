"""What pages show of habits that stand out, and of how fast offices decide."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from mingtang.accounts.queries import first_posts, person_names
from mingtang.base.subjects import titles_of, url_of
from mingtang.supervision.present import unit_names
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
