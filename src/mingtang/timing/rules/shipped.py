"""Rules of time: the calendar that comes with the program, 2004 to the last year it knows."""

import csv
import datetime as dt
from functools import lru_cache
from importlib.resources import files

from mingtang.timing.rules.calendar import DayOff, WorkingCalendar

SHIPPED_SOURCE = "chinesecalendar 1.11.0"


@lru_cache(maxsize=1)
def shipped_years() -> dict[int, tuple[DayOff, ...]]:
    """The exceptions to the weekday rule, by year."""
    text = files("mingtang.timing").joinpath("data/calendar_cn.csv").read_text(encoding="utf-8")
    found: dict[int, list[DayOff]] = {}
    for row in csv.DictReader(text.splitlines()):
        day = DayOff(dt.date.fromisoformat(row["date"]), row["works"] == "1", row["name"])
        found.setdefault(int(row["year"]), []).append(day)
    return {year: tuple(days) for year, days in found.items()}


@lru_cache(maxsize=1)
def shipped_calendar() -> WorkingCalendar:
    """Needs no database. Used until an installation has loaded calendars of its own."""
    years = shipped_years()
    return WorkingCalendar((day for days in years.values() for day in days), years)
