"""Services: power and responsibility lists are made and frozen; earlier ones brought in; copies."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.catalogue.models import Item, ListRow, PowerList, Printing, PrintingShare
from mingtang.catalogue.queries.lists import items_for
from mingtang.catalogue.rules.lists import (
    COLUMNS,
    OF_THE_LIST,
    ListFrozen,
    ListKind,
    NothingToList,
    SecondPersonFreezes,
    check_shares,
    rows_hash,
)
from mingtang.catalogue.services.drafts import person_of
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, command, record_all
from mingtang.regions import queries as regions

Facts = dict[str, Any]
CHUNK = 400


@command("list.make")
def make_lists(
    *,
    kind: str,
    organisation_ids: Sequence[int],
    as_of_date: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The lists of some units as of a day: the next ones of its year, frozen by a second person.

    A unit without such items gets none; raises NothingToList where none of them has any.
    """
    on = date.fromisoformat(as_of_date)
    if on > legal_date(at):
        raise DomainError("清单只能截至今天或以前的日子，请核对日期。")
    which = ListKind(kind)
    found: dict[int, list[ListRow]] = {}
    for one in items_for(which, organisation_ids, on):
        rows = found.setdefault(one.department_id, [])
        rows.append(
            ListRow(
                position=len(rows) + 1,
                item=one.item,
                edition=one.edition,
                organisation_id=one.department_id,
                code=one.item.code,
                name=one.edition.name,
                content=one.content,
            )
        )
    if not found:
        names = regions.names_of(organisation_ids, on)
        raise NothingToList("、".join(names.values()) or "所选单位", which.label)
    made = [_made(which, unit, on, rows, "", actor, at) for unit, rows in found.items()]
    _write(made, found, actor=actor, at=at, command_id=command_id)
    return {"list_ids": [str(one.id) for one in made]}


@command("list.make_handbook")
def make_handbook(
    *, organisation_id: int, as_of_date: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The hall's handbook as of a day: what all departments of the county handle in the hall."""
    on = date.fromisoformat(as_of_date)
    units = regions.units_of_county(organisation_id)
    rows = [
        ListRow(
            position=position,
            item=one.item,
            edition=one.edition,
            organisation_id=one.department_id,
            code=one.item.code,
            name=one.edition.name,
            content=one.content,
        )
        for position, one in enumerate(items_for(ListKind.HANDBOOK, units, on), 1)
    ]
    if not rows:
        raise NothingToList(regions.name_of(organisation_id, on), ListKind.HANDBOOK.label)
    made = _made(ListKind.HANDBOOK, organisation_id, on, rows, "", actor, at)
    _write([made], {organisation_id: rows}, actor=actor, at=at, command_id=command_id)
    return {"list_ids": [str(made.id)]}


@command("list.bring_in")
def bring_in_list(
    *,
    kind: str,
    organisation_id: int,
    as_of_date: str,
    rows: Sequence[Mapping[str, str]],
    source: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """An earlier list as it was published, row by row: code, name, department, and the columns of
    the list by their names. `source` says where it was taken from. All rows or none."""
    which, on = ListKind(kind), date.fromisoformat(as_of_date)
    if not source.strip():
        raise DomainError("请写明这份清单出自哪里。")
    units, items = _units_of(rows, organisation_id, on), _items_of(rows)
    listed = [
        ListRow(
            position=position,
            item_id=items.get(row["code"]),
            organisation_id=units[row.get("department", "")],
            code=row["code"],
            name=row["name"],
            content={name: row.get(name, "") for name in COLUMNS[which] if name not in OF_THE_LIST},
        )
        for position, row in enumerate(rows, 1)
    ]
    if not listed:
        raise NothingToList(regions.name_of(organisation_id, on), which.label)
    made = _made(which, organisation_id, on, listed, source.strip(), actor, at)
    _write([made], {organisation_id: listed}, actor=actor, at=at, command_id=command_id)
    return {"list_ids": [str(made.id)]}


def _units_of(rows: Sequence[Mapping[str, str]], organisation_id: int, on: date) -> dict[str, int]:
    """By what a row calls its department, the unit; a blank one is the unit of the list."""
    texts = {row.get("department", "") for row in rows} - {""}
    area6 = regions.organisation_card(organisation_id, on).area6
    called = regions.Called(texts)
    codes = {text: called.code(text, area6) for text in texts}
    unknown = sorted(text for text, code in codes.items() if code is None)
    if unknown:
        raise DomainError(f"没有登记过部门“{'、'.join(unknown[:5])}”，清单没有写入。")
    ids = regions.ids_of_codes([code for code in codes.values() if code])
    return {text: ids[code] for text, code in codes.items() if code} | {"": organisation_id}


def _items_of(rows: Sequence[Mapping[str, str]]) -> dict[str, int]:
    codes = sorted({row["code"] for row in rows})
    found: dict[str, int] = {}
    for start in range(0, len(codes), CHUNK):
        part = Item.objects.filter(code__in=codes[start : start + CHUNK])
        found |= dict(part.values_list("code", "id"))
    return found


def _made(
    kind: ListKind,
    organisation_id: int,
    on: date,
    rows: Sequence[ListRow],
    source: str,
    actor: Actor,
    at: datetime,
) -> PowerList:
    same = PowerList.objects.filter(kind=kind.value, organisation_id=organisation_id, year=on.year)
    last = same.order_by("-number").values_list("number", flat=True).first() or 0
    return PowerList(
        kind=kind.value,
        organisation_id=organisation_id,
        year=on.year,
        number=last + 1,
        as_of_date=on,
        source=source,
        row_count=len(rows),
        department_count=len({row.organisation_id for row in rows}),
        content_hash=rows_hash({"code": r.code, "name": r.name, **r.content} for r in rows),
        made_at=at,
        made_by_id=person_of(actor),
    )


def _write(
    made: Sequence[PowerList],
    rows: Mapping[int, Sequence[ListRow]],
    *,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    PowerList.objects.bulk_create(made)
    for one in made:
        for row in rows[one.organisation_id]:
            row.power_list = one
    ListRow.objects.bulk_create([row for one in made for row in rows[one.organisation_id]])
    entries = [Entry(f"list:{one.id}", "list.made", _facts(one)) for one in made]
    record_all(entries, actor=actor, at=at, command_id=command_id)


def _facts(one: PowerList) -> Facts:
    return {
        "list_id": str(one.id),
        "kind": one.kind,
        "organisation_id": str(one.organisation_id),
        "year": one.year,
        "number": one.number,
        "as_of": one.as_of_date.isoformat(),
        "row_count": one.row_count,
        "department_count": one.department_count,
        "content_hash": one.content_hash,
        "source": one.source,
    }


@command("list.freeze")
def freeze_lists(*, list_ids: Sequence[int], actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person publishes lists as they are. Raises SecondPersonFreezes, ListFrozen."""
    rows = PowerList.objects.select_for_update(of=("self",)).order_by("id")
    found = list(rows.filter(id__in=list(list_ids)))
    if not found or len(found) != len(set(list_ids)):
        raise NotFound("没有这份清单，请回到清单列表核对。")
    person = person_of(actor)
    for one in found:
        if one.frozen_at is not None:
            raise ListFrozen
        if one.made_by_id == person:
            raise SecondPersonFreezes
        one.frozen_at, one.frozen_by_id = at, person
        one.save(update_fields=["frozen_at", "frozen_by"])
    entries = [Entry(f"list:{one.id}", "list.frozen", _facts(one)) for one in found]
    record_all(entries, actor=actor, at=at, command_id=command_id)
    return {"list_ids": [str(one.id) for one in found]}


@command("handbook.print")
def record_printing(
    *,
    title: str,
    organisation_id: int,
    copies_count: int,
    printed_date: str,
    shares: Sequence[Mapping[str, Any]],
    list_id: int | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Enter that printed matter was made, and to whom every copy went: the channels follow.

    `shares`: `{"recipient", "copies_count"}`, which add up to the copies. Raises CopiesDoNotAdd.
    """
    if not title.strip():
        raise DomainError("请填写印刷品的名称。")
    listed = [(str(one["recipient"]).strip(), int(one["copies_count"])) for one in shares]
    if any(not name or count < 1 for name, count in listed):
        raise DomainError("发放名单的每一行要有发给谁和份数。")
    check_shares(copies_count, listed)
    made = Printing.objects.create(
        power_list_id=list_id,
        title=title.strip(),
        organisation_id=organisation_id,
        copies_count=copies_count,
        printed_date=date.fromisoformat(printed_date),
        note=note.strip(),
        recorded_at=at,
        recorded_by_id=person_of(actor),
    )
    PrintingShare.objects.bulk_create(
        PrintingShare(printing=made, position=n, recipient=name, copies_count=count)
        for n, (name, count) in enumerate(listed, 1)
    )
    entry = Entry(f"printing:{made.id}", "handbook.printed", _told(made, listed), made.printed_date)
    record_all([entry], actor=actor, at=at, command_id=command_id)
    return {"printing_id": str(made.id)}


def _told(made: Printing, shares: Sequence[tuple[str, int]]) -> Facts:
    return {
        "printing_id": str(made.id),
        "title": made.title,
        "organisation_id": str(made.organisation_id),
        "copies": made.copies_count,
        "printed_on": made.printed_date.isoformat(),
        "list_id": str(made.power_list_id or ""),
        "distribution": [{"to": name, "copies": count} for name, count in shares],
    }
