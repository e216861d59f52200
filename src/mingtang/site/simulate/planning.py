"""What a simulated city does: who files what and when, and what becomes of it. Pure.

The rhythm: few on Fridays, more after holidays and in March and September; offices act in office
hours of working days, people at home at any hour of the day.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.timing.rules import WorkingCalendar

OFFICE_HOURS = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 0)))
WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 0.7, 0.25, 0.2)  # Monday to Sunday; online people file on Sundays
MONTHS = (0.9, 0.6, 1.4, 1.1, 1.0, 0.9, 0.8, 0.8, 1.4, 0.9, 1.1, 1.1)
AFTER_HOLIDAY = 1.6


class Fate(StrEnum):
    """What becomes of a case."""

    GRANTED = "granted"
    REFUSED = "refused"
    CORRECTED = "corrected"
    RETURNED = "returned"  # the correction never came
    EXHAUSTED = "exhausted"  # what came was not all, and no more came
    UPLOADED = "uploaded"  # a material photographed and sent with the application
    BY_PROXY = "by_proxy"  # somebody files in the applicant's place, and shows the mandate
    DEFERRED = "deferred"  # accepted while a material is still to come
    PAUSED = "paused"
    EXTENDED = "extended"
    LATE = "late"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    DECLINED = "declined"
    NOT_REQUIRED = "not_required"
    FORGOTTEN = "forgotten"  # nobody looks: the law accepts it


SHARES = {
    Fate.GRANTED: 50,
    Fate.CORRECTED: 13,
    Fate.REFUSED: 5,
    Fate.LATE: 5,
    Fate.PAUSED: 4,
    Fate.BY_PROXY: 4,
    Fate.DEFERRED: 3,
    Fate.EXTENDED: 3,
    Fate.WITHDRAWN: 3,
    Fate.RETURNED: 2,
    Fate.UPLOADED: 2,
    Fate.EXHAUSTED: 1,
    Fate.DECLINED: 2,
    Fate.NOT_REQUIRED: 2,
    Fate.FORGOTTEN: 1,
    Fate.TERMINATED: 1,
}
LEVELS = {
    "very_satisfied": 46,
    "satisfied": 32,
    "fairly_satisfied": 12,
    "dissatisfied": 7,
    "very_dissatisfied": 3,
}
CHANNELS = {"county": "counter", "township": "township", "village": "village"}  # by level
CROWDS = {"online": 5, "counter": 4, "township": 3, "village": 2}
RATED = 0.45  # of those who may; the others stay unrated


@dataclass(frozen=True)
class Place:
    """An item that is applied for, and where it may be taken in."""

    item: str
    unit: str  # the code of its department
    levels: tuple[str, ...]
    weight: int = 1
    pause: str = ""  # the special procedure that it has declared (《行政许可法》第四十五条)
    is_extendable: bool = False
    has_materials: bool = True
    is_referred: bool = False  # a township examines it first


@dataclass(frozen=True)
class Plan:
    """One case to be: decided before it begins, but for what the commands refuse."""

    number: int
    place: Place
    channel: str
    filed_at: datetime
    fate: Fate
    level: str  # of the rating; "" for none
    is_enterprise: bool


def plans(
    rng: random.Random,
    places: Sequence[Place],
    calendar: WorkingCalendar,
    span: tuple[date, date],
    count: int,
) -> list[Plan]:
    """So many cases between two days, both included, in the order in which they are filed."""
    days = [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]
    weights = [busyness(day, calendar) for day in days]
    chosen = zip(rng.choices(days, weights, k=count), fates(rng, count), strict=True)
    found = [_plan(rng, places, calendar, day, fate) for day, fate in chosen]
    found.sort(key=lambda one: one.filed_at)
    return [Plan(number, *_rest(plan)) for number, plan in enumerate(found, 1)]


def fates(rng: random.Random, count: int) -> list[Fate]:
    """Dealt from decks that hold each by its share: of a hundred or so cases, none is missing."""
    deck = [fate for fate, share in SHARES.items() for _ in range(share)]
    found: list[Fate] = []
    while len(found) < count:
        rng.shuffle(deck)
        found += deck
    return found[:count]


def _rest(plan: Plan) -> tuple[Place, str, datetime, Fate, str, bool]:
    return plan.place, plan.channel, plan.filed_at, plan.fate, plan.level, plan.is_enterprise


@dataclass(frozen=True)
class Absence:
    """Somebody is away from the first to the last of these days, and said so before."""

    username: str
    substitute: str
    first: date
    last: date
    told_at: datetime
    reason: str


REASONS = ("年休假", "外出学习培训", "病假")
AWAY = 0.4  # of the months, for each substitute: somebody is away for whom they stand in


def absences(
    rng: random.Random,
    stand_ins: Mapping[str, str],
    calendar: WorkingCalendar,
    span: tuple[date, date],
) -> list[Absence]:
    """Nobody stands in for two at once, nor acts twice in one case by that."""
    found: list[Absence] = []
    for substitute in sorted(set(stand_ins.values())):
        absent = sorted(name for name, other in stand_ins.items() if other == substitute)
        day = span[0]
        while (day := day + timedelta(days=30)) < span[1]:
            if rng.random() < AWAY:
                found.append(_absence(rng, rng.choice(absent), substitute, calendar, day))
    return found


def _absence(
    rng: random.Random, username: str, substitute: str, calendar: WorkingCalendar, day: date
) -> Absence:
    eve = calendar.first_working_day_on_or_after(day + timedelta(days=rng.randrange(5)))
    told_at = office_moment(rng, datetime.combine(eve, time(8, 0), LEGAL_ZONE), calendar, days=0)
    first = calendar.add(legal_date(told_at), 1)
    last = calendar.add(first, rng.randint(1, 6))
    return Absence(username, substitute, first, last, told_at, rng.choice(REASONS))


def busyness(day: date, calendar: WorkingCalendar) -> float:
    """How many file on a day, beside an ordinary one."""
    weight = WEEKDAYS[day.weekday()] * MONTHS[day.month - 1]
    works, worked = (calendar.is_working_day(one) for one in (day, day - timedelta(days=1)))
    if works and day.weekday() >= 5:
        weight = MONTHS[day.month - 1]  # a make-up day
    elif not works and day.weekday() < 5:
        weight *= 0.2
    return weight * AFTER_HOLIDAY if works and not worked and day.weekday() else weight


def _plan(
    rng: random.Random,
    places: Sequence[Place],
    calendar: WorkingCalendar,
    day: date,
    fate: Fate,
) -> Plan:
    place = _place(rng, places, fate)
    is_online = fate is Fate.UPLOADED or not calendar.is_working_day(day)
    channel = "online" if is_online else _channel(rng, place)
    if channel == "online":
        at = at_home(rng, day)
    else:
        at = office_moment(rng, datetime.combine(day, time(8, 0), LEGAL_ZONE), calendar, days=0)
    level = rng.choices(list(LEVELS), list(LEVELS.values()))[0] if rng.random() < RATED else ""
    return Plan(0, place, channel, at, fate, level, rng.random() < 0.3)


def _place(rng: random.Random, places: Sequence[Place], fate: Fate) -> Place:
    """Paused and extended is only what the law of the item lets be; nothing comes later where
    nothing is asked for."""
    documented = [one for one in places if one.has_materials]
    able = {
        Fate.UPLOADED: documented,
        Fate.DEFERRED: documented,
        Fate.PAUSED: [one for one in places if one.pause],
        Fate.EXTENDED: [one for one in places if one.is_extendable],
    }.get(fate) or places
    return rng.choices(able, [one.weight for one in able])[0]


def _channel(rng: random.Random, place: Place) -> str:
    open_to = ["online", *(CHANNELS[level] for level in CHANNELS if level in place.levels)]
    return rng.choices(open_to, [CROWDS[one] for one in open_to])[0]


def at_home(rng: random.Random, day: date) -> datetime:
    return datetime.combine(day, time(7, 0), LEGAL_ZONE) + timedelta(minutes=rng.randrange(15 * 60))


def office_moment(
    rng: random.Random, after: datetime, calendar: WorkingCalendar, *, days: int
) -> datetime:
    """A moment in office hours, so many working days after an instant, and later than it."""
    local = after.astimezone(LEGAL_ZONE)
    day = calendar.first_working_day_on_or_after(local.date())
    if days:
        day = calendar.add(day, days)
    while True:
        for begin, end in OFFICE_HOURS:
            first = max(datetime.combine(day, begin, LEGAL_ZONE), local + timedelta(minutes=1))
            last = datetime.combine(day, end, LEGAL_ZONE)
            room = int((last - first).total_seconds() // 60)
            if room > 5:
                return first + timedelta(minutes=rng.randrange(min(room, 150)))
        day = calendar.first_working_day_on_or_after(day + timedelta(days=1))
