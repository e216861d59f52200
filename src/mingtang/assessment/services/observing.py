"""Services: what people saw is written down or imported, and confirmed by another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mingtang.accounts import queries as accounts
from mingtang.assessment.models import Observation
from mingtang.assessment.queries.issued import issued_licences
from mingtang.assessment.rules.observations import (
    BadRows,
    ConfirmedAlready,
    LicenceRow,
    NotYoursToConfirm,
    ObservationKind,
    ObservationRow,
    SamePersonConfirms,
    read_licences,
    read_observations,
)
from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, command, record_all
from mingtang.regions import queries as regions

Result = dict[str, Any]


@dataclass(frozen=True)
class Whom:
    """Whom an observation is about, found."""

    person_id: int | None = None
    window_id: int | None = None
    organisation_id: int | None = None


@command("observation.make")
def observe(
    *,
    kind: ObservationKind,
    on: date,
    who: str = "",
    unit: str = "",
    window: str = "",
    place: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Write down what was seen of somebody. Raises BadRows where nobody is known by that name."""
    row = ObservationRow(1, kind, on, who, unit, window, place, note, None)
    if on > legal_date(at):
        raise DomainError(f"日期 {on} 还没有到，请更正。")
    if kind.is_patrol and not who:
        raise DomainError("巡查发现的问题要写明当事人的用户名，由本人确认。")
    (made,) = _kept([row], actor, at, command_id)
    return {"observation_id": str(made.id)}


@command("observation.import")
def import_observations(*, text: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Take in a file of observations (考勤、去向、巡查、值班、培训): all of it or nothing. Raises
    BadRows with every error by line. Returns {"count"}."""
    made = _kept(read_observations(text, legal_date(at)), actor, at, command_id)
    return {"count": len(made)}


def _kept(
    rows: Sequence[ObservationRow], actor: Actor, at: datetime, command_id: str
) -> list[Observation]:
    assert actor.id is not None
    whom = _found(rows)
    made = [
        Observation(
            kind=row.kind.value,
            seen_date=row.on,
            seen_time=row.seen_at,
            person_id=about.person_id,
            window_id=about.window_id,
            organisation_id=about.organisation_id,
            place=row.place,
            note=row.note,
            entered_at=at,
            entered_by_id=int(actor.id),
        )
        for row, about in zip(rows, whom, strict=True)
    ]
    Observation.objects.bulk_create(made, batch_size=500)
    _tell(made, "observation.made", actor, at, command_id)
    return made


def _found(rows: Sequence[ObservationRow]) -> list[Whom]:
    """The person, window and unit that each row names. Raises BadRows for all that name none."""
    people = accounts.people_by_username({row.who for row in rows if row.who})
    windows = regions.windows_by_number({row.window for row in rows if row.window})
    called = regions.Called({row.unit for row in rows if row.unit})
    units = regions.ids_of_codes(
        code for row in rows if row.unit and (code := called.code(row.unit))
    )
    problems: list[str] = []
    found = []
    for row in rows:
        wrong: list[str] = []
        person = people.get(row.who)
        if row.who and person is None:
            wrong.append(f"没有用户名“{row.who}”")
        numbered = windows.get(row.window, [])
        if row.window and len(numbered) != 1:
            wrong.append(f"{'有几个' if numbered else '没有'}窗口“{row.window}”，请写单位或用户名")
        unit = units.get(called.code(row.unit) or "") if row.unit else None
        if row.unit and unit is None:
            wrong.append(f"没有单位“{row.unit}”")
        problems += [f"第 {row.line} 行：{one}" for one in wrong]
        window = numbered[0] if len(numbered) == 1 else None
        found.append(_whole(person.id if person else None, window, unit, row.on))
    if problems:
        raise BadRows(problems)
    return found


def _whole(person_id: int | None, window_id: int | None, unit: int | None, on: date) -> Whom:
    """Who is named has a unit and perhaps a window on that day."""
    if person_id is not None and (unit is None or window_id is None):
        post = accounts.first_posts([person_id], on).get(person_id)
        if post is not None:
            unit = unit or post.organisation_id
            window_id = window_id or (post.window_id if post.organisation_id == unit else None)
    if window_id is not None and unit is None:
        (place,) = regions.windows_among(ids=[window_id])
        unit = place.organisation_id
    return Whom(person_id, window_id, unit)


@command("observation.confirm")
def confirm_observations(
    *, observation_ids: Sequence[int], actor: Actor, at: datetime, command_id: str
) -> Result:
    """Confirm what was seen, all of these or none: a patrol's finding by the person it is about,
    others by a second person. From now on they count for their day. Returns {"count"}."""
    assert actor.id is not None
    rows = Observation.objects.select_for_update().filter(id__in=list(observation_ids))
    found = list(rows.order_by("id"))
    for row in found:
        _check_confirms(row, int(actor.id))
    for row in found:
        row.confirmed_at, row.confirmed_by_id = at, int(actor.id)
    Observation.objects.bulk_update(found, ["confirmed_at", "confirmed_by"], batch_size=200)
    _tell(found, "observation.confirmed", actor, at, command_id)
    return {"count": len(found)}


def _check_confirms(row: Observation, person_id: int) -> None:
    if row.confirmed_at is not None:
        raise ConfirmedAlready
    if row.entered_by_id == person_id:
        raise SamePersonConfirms
    if ObservationKind(row.kind).is_patrol and row.person_id != person_id:
        raise NotYoursToConfirm


@command("licences.import")
def import_licences(*, text: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Compare a unit's register of licences with the cases: one without a case is suspected to have
    been handled outside the system (体外循环), and waits for somebody to confirm that.

    All or nothing; raises BadRows by line. What is suspected already is not written down again.
    Returns {"count", "suspected"}.
    """
    rows = read_licences(text, legal_date(at))
    units = _units(rows)
    known = issued_licences()
    written = set(
        Observation.objects.filter(kind=ObservationKind.OFF_SYSTEM.value).values_list(
            "organisation_id", "note"
        )
    )
    suspects = [
        ObservationRow(
            row.line, ObservationKind.OFF_SYSTEM, row.issued_on, "", row.unit, "", row.kind[:60],
            f"证照 {row.number}", None,
        )
        for row in rows
        if (units[row.unit], row.number) not in known
        and (units[row.unit], f"证照 {row.number}") not in written
    ]  # fmt: skip
    made = _kept(suspects, actor, at, command_id) if suspects else []
    return {"count": len(rows), "suspected": len(made)}


def _units(rows: Iterable[LicenceRow]) -> dict[str, int]:
    listed = list(rows)
    called = regions.Called({row.unit for row in listed})
    codes = {row.unit: called.code(row.unit) or "" for row in listed}
    ids = regions.ids_of_codes(filter(None, codes.values()))
    problems = [
        f"第 {row.line} 行：没有单位“{row.unit}”" for row in listed if codes[row.unit] not in ids
    ]
    if problems:
        raise BadRows(problems)
    return {text: ids[code] for text, code in codes.items()}


def _tell(
    rows: Iterable[Observation], kind: str, actor: Actor, at: datetime, command_id: str
) -> None:
    entries = [Entry(row.stream, kind, _facts(row), row.seen_date) for row in rows]
    if entries:
        record_all(entries, actor=actor, at=at, command_id=command_id)


def _facts(row: Observation) -> dict[str, Any]:
    """What counts; no names of those who were seen."""
    kind = ObservationKind(row.kind)
    ids = {
        "person_id": row.person_id,
        "window_id": row.window_id,
        "organisation_id": row.organisation_id,
    }
    told = {name: str(value) if value else None for name, value in ids.items()}
    return {"kind": kind.value, "label": kind.label, **told}
