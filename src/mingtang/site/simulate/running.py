"""The run: plans become cases through the real commands, moment by moment, in one order."""

import gc
import hashlib
import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from mingtang.base import entropy, ids
from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.base.db import is_pooled
from mingtang.base.errors import DomainError
from mingtang.base.serials import one_by_one
from mingtang.cases.rules import PauseReason
from mingtang.cases.services import sweep_deemed
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.rules.route import DEPARTMENT
from mingtang.ledger import queries as ledger
from mingtang.ledger.services import deliver_all
from mingtang.regions import queries as regions
from mingtang.site.demo import OFFICES
from mingtang.site.simulate.lives import Life
from mingtang.site.simulate.offices import STAND_INS, Office, leave
from mingtang.site.simulate.planning import Place, absences, plans
from mingtang.site.simulate.projects import ProjectLife, prepare, undertakings
from mingtang.supervision.services import sweep as sweep_cards
from mingtang.timing.queries import current_calendar
from mingtang.timing.rules import WorkingCalendar

FIRST_PROJECT = 10_000  # numbers of lives below those of absences
Told = Callable[[int, int], None]


class Simulation:
    """A span of days in a city that was just founded. The seed decides everything."""

    def __init__(
        self, *, seed: int, cases: int, span: tuple[date, date], projects: int = 0
    ) -> None:
        self.rng = random.Random(seed)  # noqa: S311 – a simulation, no secret
        self.seed, self.cases, self.span, self.projects = seed, cases, span, projects
        self.refused: Counter[str] = Counter()
        self.moment = datetime.combine(span[0], time(0, 0), LEGAL_ZONE)

    def milliseconds(self) -> int:
        return int(self.moment.timestamp() * 1000)

    @contextmanager
    def foreseen(self) -> Iterator[None]:
        """Ids, salts and numbers of this simulation: what is done meanwhile comes out the same
        again, on any database."""
        with ids.counted_from(self.milliseconds), entropy.foreseen(self.seed), one_by_one():
            yield

    def run(self, tell: Told = lambda done, of: None) -> dict[str, Any]:
        """Every case to its end, or to the last day. What the commands refused is counted."""
        calendar = current_calendar()
        office = Office(calendar, self._act, self.rng.randrange(1 << 30), self._follow)
        waiting: list[tuple[datetime, int, Iterator[datetime]]] = []
        for number, absence in enumerate(absences(self.rng, STAND_INS, calendar, self.span), 1):
            life_ = leave(absence, office, number)
            heapq.heappush(waiting, (absence.told_at, -number, life_))
        for plan in plans(self.rng, places(self.span[0]), calendar, self.span, self.cases):
            life = Life(plan, office, random.Random(f"{self.seed}/{plan.number}"))  # noqa: S311
            heapq.heappush(waiting, (plan.filed_at, plan.number, life.run()))
        for number, begin, life_ in self._undertaken(office, calendar):
            heapq.heappush(waiting, (begin, -FIRST_PROJECT - number, life_))
        end = datetime.combine(self.span[1] + timedelta(days=1), time(0, 0), LEGAL_ZONE)
        done, swept = 0, self.span[0]
        while waiting and waiting[0][0] < end:
            moment, number, life_ = heapq.heappop(waiting)
            swept = self._sweep(swept, moment)
            self.moment = max(self.moment, moment)
            try:
                heapq.heappush(waiting, (next(life_), number, life_))
            except StopIteration:
                done += number > 0
                tell(done, self.cases)
        self._tell()
        tell(self.cases, self.cases)
        return {
            "simulated": self.cases,
            "projects": self.projects,
            "ended": done,
            "refused": dict(sorted(self.refused.items())),
        }

    def _undertaken(
        self, office: Office, calendar: WorkingCalendar
    ) -> Iterator[tuple[int, datetime, Iterator[datetime]]]:
        """The projects to be: number, when each begins, its life."""
        if not self.projects:
            return
        firm_id = prepare(office, self.moment)
        rng = random.Random(f"{self.seed}/projects")  # noqa: S311
        for plan in undertakings(rng, calendar, self.span, self.projects):
            own = random.Random(f"{self.seed}/project/{plan.number}")  # noqa: S311
            yield plan.number, plan.entered_at, ProjectLife(plan, office, own, firm_id).run()

    def _sweep(self, swept: date, moment: datetime) -> date:
        """What the law does by itself, and cards that are due: once a day. The followers: once a
        week, for what they do is the same late and together, and cheaper."""
        day = legal_date(moment)
        if day > swept:
            self.moment = max(self.moment, datetime.combine(day, time(0, 5), LEGAL_ZONE))
            sweep_deemed(self.moment)
            sweep_cards(self.moment)
            if day.isocalendar()[:2] != swept.isocalendar()[:2]:
                self._tell()
        return max(day, swept)

    def _follow(self) -> None:
        deliver_all(self.moment)

    def _tell(self) -> None:
        self._follow()
        sweep_cards(self.moment)
        deliver_all(self.moment)

    def _act(self, command: Callable[..., Any], **content: Any) -> dict[str, Any] | None:
        """A command, or None where it refused: that is counted, and life goes on."""
        try:
            answer: dict[str, Any] = command(**content)
        except DomainError as error:
            self.refused[f"{command.__name__}: {error.message[:60]}"] += 1
            return None
        return answer


def places(on: date) -> list[Place]:
    """The items whose units have people in the demo, those with forms more often."""
    found = []
    for unit in sorted(set(OFFICES) - {"xfdd"}):  # which has nobody to decide
        organisation = regions.organisation_by_code(unit)
        page = catalogue.search_items(on=on, text="", department=organisation.id)
        found += [place for row in page.items if (place := _place(row.code, unit))]
    return sorted(found, key=lambda one: one.item)


def _place(item: str, unit: str) -> Place | None:
    try:
        edition = catalogue.edition_for_filing(item)
    except DomainError:
        return None  # nobody applies for it
    units = {step["organisation"] for step in catalogue.steps_of(edition)}
    if not units <= {*OFFICES, DEPARTMENT}:
        return None
    levels = tuple(edition.details.get("service_levels") or ("county",))
    is_referred = catalogue.referred_up_of(edition) is not None
    weight = 8 if "form" in edition.details or is_referred else 1
    most = catalogue.profile_of(edition).extension_days
    is_extendable = most > 0 and edition.statutory_unit == "working_day"
    has_materials = bool(edition.materials)
    pause = _pause_of(edition)
    return Place(item, unit, levels, weight, pause, is_extendable, has_materials, is_referred)


def _pause_of(edition: Any) -> str:
    """The first special procedure that an edition has declared."""
    names = [row["name"] for row in catalogue.special_of(edition)]
    declared = (why for why in PauseReason if any(why.is_named_in(name) for name in names))
    return next((why.value for why in declared), "")


def root() -> str:
    """One hash over the heads of all streams: equal ledgers have equal roots."""
    digest = hashlib.sha256()
    for name, seq, leaf in ledger.all_ends():
        digest.update(f"{name} {seq} {leaf}\n".encode())
    return digest.hexdigest()


@contextmanager
def unsynced() -> Iterator[None]:
    """Without waiting for the disk at every act, nor tidying memory up all the time: for data that
    can be made again. It is safe on disk when this ends."""
    gc.disable()
    before, after = UNSYNCED[connection.vendor] if not is_pooled() else ((), ())
    try:
        _execute(before)
        yield
    finally:
        _execute(after)
        gc.enable()


UNSYNCED = {
    "sqlite": (
        ("PRAGMA synchronous = OFF",),
        ("PRAGMA synchronous = FULL", "PRAGMA wal_checkpoint(TRUNCATE)"),
    ),
    "postgresql": (("SET synchronous_commit = off",), ("SET synchronous_commit = on",)),
}


def _execute(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
