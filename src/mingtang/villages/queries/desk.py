"""Reads for who works on disclosures: what waits, what is owed, one of them whole, who is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from mingtang.accounts.queries import colleagues
from mingtang.accounts.rules import Scope
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor
from mingtang.files.queries import Upload, uploads_of
from mingtang.villages.models import (
    Check,
    Disclosure,
    Kinship,
    Line,
    Member,
    Objection,
    ReleaseLimit,
    Section,
    Village,
)
from mingtang.villages.models.template import AGREED
from mingtang.villages.queries.public import Entry, entry_of
from mingtang.villages.queries.rights import OFFICES, Reach, reaches
from mingtang.villages.rules import periods
from mingtang.villages.rules.kinds import Occasion, Office
from mingtang.villages.rules.moves import (
    CITY,
    CLERKS,
    PUBLIC,
    SUPERVISORS,
    TOWNSHIP,
    State,
)
from mingtang.villages.rules.moves import (
    READERS as READERS,
)
from mingtang.villages.rules.periods import Period

PAGE = 50
# The lists of the desk: whom each waits for, and what stands in it.
TABS = {
    "write": (CLERKS, (State.OWED, State.DRAFT)),
    "examine": (SUPERVISORS, (State.COMMITTEE,)),
    "approve": (TOWNSHIP, (State.TOWNSHIP,)),
    "release": (CLERKS | TOWNSHIP, (State.CHECKED,)),
    "out": (CLERKS | TOWNSHIP | SUPERVISORS, (State.RELEASED,)),
}


@dataclass(frozen=True)
class Page:
    rows: list[Disclosure]
    next: Cursor | None = None


def _villages(found: Sequence[Reach], tab: str) -> set[int]:
    roles, _states = TABS[tab]
    return {one for reach in found if reach.grant.role in roles for one in reach.village_ids}


def tabs_of(scope: Scope) -> dict[str, int]:
    """The lists that a person has, with how much stands in each."""
    found = reaches(scope)
    mine = [tab for tab, (roles, _states) in TABS.items() if scope.has_role(roles)]
    return {tab: _in(found, tab).count() for tab in mine}


def _in(found: Sequence[Reach], tab: str) -> QuerySet[Disclosure]:
    states = [one.value for one in TABS[tab][1]]
    return Disclosure.objects.filter(village__in=_villages(found, tab), state__in=states)


def waiting(scope: Scope, tab: str, after: Cursor | None = None, size: int = PAGE) -> Page:
    """A page of a list, what was opened first before; total order (opened_at, id)."""
    rows = _in(reaches(scope), tab)
    if after is not None:
        rows = rows.filter(Q(opened_at__gt=after.at) | Q(id__gt=after.id), opened_at__gte=after.at)
    whole = rows.select_related("village", "section").order_by("opened_at", "id")
    found = list(whole[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], Cursor(last.opened_at, last.id) if last else None)


def written_by(scope: Scope) -> list[Village]:
    """The villages whose books a person keeps, by code."""
    ids = _villages(reaches(scope), "write")
    return list(Village.objects.filter(id__in=ids).order_by("code"))


def late_count(scope: Scope, on: date) -> int:
    """How much of what waits for a person to write is past its day."""
    return _in(reaches(scope), "write").filter(due_date__lt=on).count()


def objections_for(scope: Scope, most: int = PAGE) -> list[Objection]:
    """Objections that wait for an answer from a person's villages, soonest due first."""
    ids = _villages(reaches(scope), "release")
    rows = Objection.objects.filter(disclosure__village__in=ids, replied_at=None)
    whole = rows.select_related("disclosure__village").order_by("due_date", "id")
    return list(whole[:most])


def objection_for(scope: Scope, objection_id: int) -> Objection | None:
    ids = _villages(reaches(scope), "release")
    rows = Objection.objects.filter(disclosure__village__in=ids, id=objection_id)
    return rows.select_related("disclosure__village", "disclosure__section").first()


# ── one disclosure ────────────────────────────────────────────────────────────────────────────


def disclosure(disclosure_id: int) -> Disclosure:
    """Raises NotFound."""
    rows = Disclosure.objects.select_related("village", "section").filter(id=disclosure_id)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def lines_of(one: Disclosure) -> list[Line]:
    return list(Line.objects.filter(disclosure=one).order_by("position", "id"))


def preview(one: Disclosure) -> Entry:
    """As everybody would read it."""
    return entry_of(one, lines_of(one))


def receipts_of(one: Disclosure) -> dict[int, Upload]:
    """Its receipts, by id: for who examines, not for the public."""
    return {upload.id: upload for upload in uploads_of(one.stream)}


def checks_of(one: Disclosure) -> list[Check]:
    rows = Check.objects.filter(disclosure=one).select_related("checked_by")
    return list(rows.order_by("checked_at", "id"))


def objections_to(one: Disclosure) -> list[Objection]:
    return list(Objection.objects.filter(disclosure=one).order_by("raised_at", "id"))


def closing_before(one: Disclosure) -> int | None:
    """What the account before this one ended with: where this one begins."""
    if one.period_first_date is None:
        return None
    rows = Disclosure.objects.filter(
        village=one.village_id,
        section=one.section_id,
        period_first_date__lt=one.period_first_date,
        state__in=[state.value for state in PUBLIC],
    )
    found = rows.order_by("-period_first_date", "-id").values_list("closing_cents", flat=True)
    return found.first()


def majors_of(one: Disclosure, on: date) -> list[Line]:
    """Lines of an account that are large enough to be told at once, apart from the account."""
    limit = limit_on(one.village_id, on)
    if limit is None or (one.opening_cents is None and one.income_cents is None):
        return []
    return [line for line in lines_of(one) if abs(line.cents) >= limit.major_cents]


def limit_on(village_id: int, on: date) -> ReleaseLimit | None:
    rows = list(ReleaseLimit.objects.filter(AGREED).order_by("valid_from", "id"))
    return periods.in_force(rows, village_id, on)


def own_limits(village: Village) -> list[ReleaseLimit]:
    """What was set for one village alone, the latest first; what waits to be agreed to as well."""
    rows = ReleaseLimit.objects.filter(village=village).select_related("set_by", "confirmed_by")
    return list(rows.order_by("-valid_from", "-id"))


def limits_to_agree(scope: Scope) -> list[str]:
    """The codes of the villages for which others loosened what somebody may agree to."""
    able = TOWNSHIP | CITY
    ids = {one for reach in reaches(scope) if reach.grant.role in able for one in reach.village_ids}
    waiting = ReleaseLimit.objects.filter(village__in=ids, is_looser=True, confirmed_at=None)
    found = waiting.exclude(set_by=scope.person_id).order_by("valid_from", "id")
    return list(found.values_list("village__code", flat=True))


def seatable(village: Village, on: date) -> list[tuple[Any, Office]]:
    """Who has a post at the township for an office and holds none of this village."""
    seated = {one.person_id for one in members_of(village, on)}
    return [
        (person, office)
        for role, office in OFFICES.items()
        for person in colleagues([village.township_id], [role], on)
        if person.id not in seated
    ]


# ── who is late ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Cell:
    """What a village owed in a section for a period, and what became of it."""

    disclosure_id: int
    label: str
    state: State
    due: date
    late_days: int  # so far, or when it went out
    is_out: bool


@dataclass(frozen=True)
class Row:
    """A village's line of the overview."""

    village: Village
    cells: list[Cell]

    @property
    def missing(self) -> list[Cell]:
        return [one for one in self.cells if not one.is_out and one.late_days > 0]


@dataclass(frozen=True)
class Sum:
    """A township's, or everybody's: of what was due, how much was out in time, late, missing."""

    due: int
    in_time: int
    late: int
    missing: int


def overview(scope: Scope, on: date, *, since: date, until: date) -> list[Row]:
    """Each village of a reader with what was due of it on days of a span; by code of village."""
    ids = {one for reach in reaches(scope) for one in reach.village_ids}
    villages = Village.objects.filter(id__in=ids).order_by("code")
    rows = Disclosure.objects.filter(
        village__in=ids,
        occasion=Occasion.PERIODIC.value,
        due_date__gte=since,
        due_date__lte=until,
    )
    cells: dict[int, list[Cell]] = {}
    columns = rows.select_related("section").order_by("village", "period_first_date", "section")
    for one in columns:
        cells.setdefault(one.village_id, []).append(_cell(one, on))
    return [Row(village, cells.get(village.id, [])) for village in villages]


def _cell(one: Disclosure, on: date) -> Cell:
    assert one.due_date is not None
    assert one.period_first_date is not None
    end = one.released_date or on
    period = Period(one.period_first_date, one.period_months or 1)
    return Cell(
        disclosure_id=one.id,
        label=f"{period.label}{one.section.name}",
        state=State(one.state),
        due=one.due_date,
        late_days=max((end - one.due_date).days, 0),
        is_out=State(one.state) in PUBLIC,
    )


def sum_of(rows: Iterable[Row], on: date) -> Sum:
    """Of what was due by a day."""
    due = [cell for row in rows for cell in row.cells if cell.due < on or cell.is_out]
    return Sum(
        due=len(due),
        in_time=sum(cell.is_out and not cell.late_days for cell in due),
        late=sum(cell.is_out and cell.late_days > 0 for cell in due),
        missing=sum(not cell.is_out for cell in due),
    )


def owed_in(first: date) -> list[Disclosure]:
    """What was opened for the period that began on a day and nobody has begun, by village."""
    rows = Disclosure.objects.filter(period_first_date=first, state=State.OWED.value)
    whole = rows.select_related("village", "section")
    return list(whole.order_by("village__code", "section__position", "id"))


# ── settings and people ───────────────────────────────────────────────────────────────────────


def all_sections() -> list[Section]:
    rows = Section.objects.select_related("parent")
    return list(rows.order_by("position", "id"))


def sections_to_write(on: date) -> list[Section]:
    """Those in force that have nothing below them."""
    rows = Section.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
    parents = Section.objects.exclude(parent=None).values("parent_id")
    return list(rows.exclude(id__in=parents).order_by("position", "id"))


def limits() -> list[ReleaseLimit]:
    """Those that hold, the latest first."""
    rows = ReleaseLimit.objects.filter(AGREED).select_related("village", "set_by")
    return list(rows.order_by("-valid_from", "-id"))


def members_of(village: Village, on: date) -> list[Member]:
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = Member.objects.filter(valid, village=village).select_related("person")
    return list(rows.order_by("office", "id"))


def kinships_of(village: Village) -> list[Kinship]:
    rows = Kinship.objects.filter(village=village, ended_at=None).select_related("person")
    return list(rows.order_by("declared_at", "id"))


def people_of(village_id: int, office: str, on: date) -> list[int]:
    """Who holds an office of a village on a day."""
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = Member.objects.filter(valid, village=village_id, office=office, valid_from__lte=on)
    return list(rows.order_by("id").values_list("person_id", flat=True))
