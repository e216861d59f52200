"""The offices of a simulated city: who acts for a unit, and who stands in for whom."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from mingtang.accounts import queries as accounts
from mingtang.accounts import services as arranging
from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.catalogue import queries as catalogue
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.site.demo import actor_of
from mingtang.site.simulate.planning import Absence
from mingtang.timing.rules import WorkingCalendar

WINDOW = "chuangkou"
# Who takes in and hands over, by the way in that an application took.
COUNTERS = {"online": WINDOW, "counter": WINDOW, "township": "hecun-ck", "village": "hecun-cun"}
# The township where people live who chose one, with its counter.
TOWNSHIP, TOWN_COUNTER = "town-121", "hecun-ck"
# Who is away at times, and who stands in then.
STAND_INS = {
    WINDOW: "zhongxin",
    "shuili-cb": "shuili-sd",
    "shuili-sp": "shuili-sd",
    "gongshang-cb": "gongshang-sd",
    "gongshang-sp": "gongshang-sd",
}
Act = Callable[..., dict[str, Any] | None]


class Office:
    """What all lives share: the calendar, who acts for a unit, how an act is tried."""

    def __init__(
        self, calendar: WorkingCalendar, act: Act, seed: int, catch_up: Callable[[], None]
    ) -> None:
        """`catch_up`: what follows of all that was done until now, for who waits for it."""
        self.calendar, self.act, self.seed, self.catch_up = calendar, act, seed, catch_up
        self.away: dict[str, Absence] = {}
        self._actors: dict[tuple[str, object], Actor] = {}
        self._units: dict[int, str] = {}
        self._editions: dict[str, Any] = {}

    def actor(self, username: str, at: datetime) -> Actor:
        """Somebody at work, or who stands in for them."""
        absence = self.away.get(username)
        if absence and absence.first <= legal_date(at) <= absence.last:
            key: tuple[str, object] = username, absence.first
            make = standing_in
        else:
            key, absence, make = (username, at.year), None, None
        if key not in self._actors:
            self._actors[key] = make(absence, at) if absence and make else actor_of(username, at)
        return self._actors[key]

    def unit_of(self, organisation_id: int, on: date) -> str:
        if organisation_id not in self._units:
            card = regions.organisation_card(organisation_id, on)
            self._units[organisation_id] = card.code
        return self._units[organisation_id]

    def edition(self, item: str) -> Any:
        """What is in force of an item; nobody publishes while the simulation runs."""
        if item not in self._editions:
            self._editions[item] = catalogue.edition_for_filing(item)
        return self._editions[item]


def standing_in(absence: Absence, at: datetime) -> Actor:
    """The substitute, under the post of the absent one."""
    absent = accounts.person_by_username(absence.username)
    scope = accounts.scope_of(accounts.person_by_username(absence.substitute), legal_date(at))
    assert absent is not None
    grant = next(one for one in scope.grants if one.acting_for_id == absent.id)
    return accounts.actor_of(scope, grant)


def leave(absence: Absence, office: Office, number: int) -> Iterator[datetime]:
    """One absence: arranged by the absent one on the working day before. Begins at that moment."""
    absent = accounts.person_by_username(absence.username)
    substitute = accounts.person_by_username(absence.substitute)
    assert absent is not None
    assert substitute is not None
    done = office.act(
        arranging.arrange_substitution,
        absent_id=absent.id,
        substitute_id=substitute.id,
        from_date=absence.first,
        to_date=absence.last,
        reason=absence.reason,
        actor=office.actor(absence.username, absence.told_at),
        at=absence.told_at,
        command_id=derived_command_id("simulate", office.seed, "absence", number),
    )
    if done:
        office.away[absence.username] = absence
    yield from ()
