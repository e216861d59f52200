"""Make the shipped calendar from the package chinesecalendar. Run after upgrading that package.

    python scripts/make_calendar.py

Only the days that break the weekday rule become rows: holidays from Monday to Friday, and Saturdays
and Sundays that are worked.
"""

import csv
import datetime as dt
from importlib.metadata import version
from pathlib import Path

from chinese_calendar import constants, is_workday

DATA = Path(__file__).parent.parent / "src" / "mingtang" / "timing" / "data"
FIRST_YEAR = 2004
NAMES = {holiday.value: holiday.chinese for holiday in constants.Holiday}
SHORTER = {NAMES["Anti-Fascist 70th Day"]: "抗战胜利纪念日"}


def years() -> range:
    return range(FIRST_YEAR, max(day.year for day in constants.holidays) + 1)


def rows(source: str) -> list[list[str]]:
    found = []
    day, last = dt.date(years()[0], 1, 1), dt.date(years()[-1], 12, 31)
    while day <= last:
        works = is_workday(day)
        if works != (day.weekday() < 5):
            table = constants.workdays if works else constants.holidays
            name = NAMES[table[day]]
            row = [str(day.year), day.isoformat(), str(int(works)), SHORTER.get(name, name), source]
            found.append(row)
        day += dt.timedelta(days=1)
    return found


def main() -> None:
    source = f"chinesecalendar {version('chinesecalendar')}"
    found = rows(source)
    with (DATA / "calendar_cn.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["year", "date", "works", "name", "source"])
        writer.writerows(found)
    print(f"{len(found)} rows, {years()[0]}–{years()[-1]}, from {source}")


if __name__ == "__main__":
    main()
