"""Rules: the items of a received batch as rows of an import, in our words. Pure.

What a batch does not tell (routes, forms, windows) stays as it is here. Long texts come cut, where
the sender cut them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules import LAW_SETS_NONE
from mingtang.catalogue.rules.details import BY_KEY, FEES, MATERIALS
from mingtang.catalogue.rules.fields import Choice, Day, Field, Flag, Number, Several
from mingtang.catalogue.rules.rows import RawRow
from mingtang.exchange.rules.codes import CodeBook
from mingtang.exchange.rules.schemes import CHANGED, GUID, OPERATION, Scheme
from mingtang.exchange.rules.writing import Row
from mingtang.timing.rules import UNIT_LABELS, Unit

BASIC, MORE = "up_task_general_basic", "up_task_general_extend"
MATERIAL, FEE = "up_task_general_material", "up_task_general_fee_project"
HALVES = (BASIC, MORE)  # of what an edition says of itself
OF_ITEMS = (*HALVES, MATERIAL, FEE)
PLAIN = {
    # column of an import: the field of theirs that says it
    "department": "dept_name",
    "name": "task_name",
    "task_code": "task_code",
    "task_type": "task_type",
    "basis": "by_law",
    "conditions": "accept_condition",
    "procedure": "handle_flow",
}
FIELDS = {one.key: one for one in (*MATERIALS.columns, *FEES.columns)} | BY_KEY
DELETED = "D"
APART = {"variants", "special", "places", "fees", "themes", "form"}  # not told, or told otherwise


@dataclass(frozen=True)
class Reader:
    """Reads the words of one row back, by the codes of its day."""

    scheme: Scheme
    book: CodeBook

    def values(self, table: str, row: Row) -> dict[str, Any]:
        """What each home of a table is said to be: our words for codes, lists where it is one."""
        on = date.fromisoformat(row[CHANGED][:10])
        found: dict[str, Any] = {}
        (fields,) = [one.fields for one in self.scheme.tables if one.name == table]
        for field in fields:
            text = row[field.name]
            if not text or text == field.none:
                continue
            parts = [text] if field.many is None else list(filter(None, _split(text, field.many)))
            if field.list:
                known = _options(field.home)
                parts = [self.book.ours(field.list, one, on, known) for one in parts]
            found[field.home] = parts if field.many is not None else parts[0]
        return found


def _options(home: str) -> Mapping[str, Any]:
    """The words that a field of ours can hold, of those that a code may stand for."""
    return getattr(FIELDS.get(home), "options", None) or {}


def _split(text: str, between: str) -> Sequence[str]:
    return text.split(between) if between else list(text)


class Doubtful(DomainError):
    """Rows were rejected of which nobody can say which item they belong to."""

    def __init__(self) -> None:
        super().__init__(
            "这一批有退回的材料或收费，认不出属于哪个事项，不能记为草稿。"
            "请对方按退回清单改好，重新发送整批。"
        )


def left_out(
    tables: Mapping[str, Sequence[Row]], rejected: Collection[tuple[str, str]]
) -> set[str]:
    """The codes of items that a batch does not tell whole, or takes back: one of their rows was
    rejected (`rejected`: table and guid), or is a deletion, or half of an edition is not there.
    Raises Doubtful."""
    rows = [(name, row) for name in OF_ITEMS for row in tables.get(name, ())]
    halves = [{row[GUID] for row in tables.get(name, ())} for name in HALVES]
    spoilt = {_edition_of(*one) for one in rejected if one[0] in OF_ITEMS}
    if spoilt - halves[0] - halves[1] - {guid for name, guid in rejected if name in HALVES}:
        raise Doubtful
    spoilt |= halves[0] ^ halves[1]
    spoilt |= {_edition_of(name, row[GUID]) for name, row in rows if row[OPERATION] == DELETED}
    return {row["task_code"] for name, row in rows if _edition_of(name, row[GUID]) in spoilt}


def _edition_of(table: str, guid: str) -> str:
    """The guid of the edition that a row is of: those of materials and fees begin with it."""
    return guid if table in HALVES else guid.rpartition("-")[0]


def rows_of(
    scheme: Scheme,
    book: CodeBook,
    tables: Mapping[str, Sequence[Row]],
    area: str = "",
    without: Collection[str] = (),
) -> list[RawRow]:
    """The latest edition of each item that the batch tells whole, as rows of an import. `area`:
    the region whose offices they are for, where these are not registered yet; `without`: the
    codes of those that are `left_out`."""
    reader = Reader(scheme, book)
    latest: dict[str, Row] = {}
    for row in tables.get(BASIC, ()):
        held = latest.get(row["task_code"])
        if row["task_code"] not in without and (not held or _version(held) < _version(row)):
            latest[row["task_code"]] = row
    return [
        {"row": str(number), "area_code": area, **_cells(reader, row, tables)}
        for number, row in enumerate(latest.values(), 1)
    ]


def _version(row: Row) -> int:
    return int(row["task_version"])


def _cells(reader: Reader, row: Row, tables: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    guid = row[GUID]
    (more,) = [one for one in tables[MORE] if one[GUID] == guid]
    said = reader.values(BASIC, row) | reader.values(MORE, more)
    served = set(said.get("served", ()))
    return {
        **{column: row[name] for column, name in PLAIN.items()},
        **_limits(said),
        "fee": "收费" if said.get("has_fee") == "yes" else "不收费",
        "on_the_spot": "是" if said.get("speed") == "on_the_spot" else "否",
        "served": "均可" if len(served) > 1 else "自然人" if served == {"natural"} else "法人",
        "special": "\n".join(one for one in str(said.get("special_names", "")).split("、") if one),
        "places": _table("places", [_place(row)]),
        "materials": MATERIALS.write(list(_lines(reader, MATERIAL, guid, tables))),
        "fees": FEES.write(list(_lines(reader, FEE, guid, tables))),
        **dict(_details(said)),
    }


def _limits(said: Mapping[str, Any]) -> dict[str, str]:
    is_none = said.get("statutory_basis") == LAW_SETS_NONE
    return {
        "statutory_days": "" if is_none else _limit(said, "statutory"),
        "statutory_basis": "" if is_none else said.get("statutory_basis", ""),
        "no_statutory_limit": "是" if is_none else "",
        "promised_days": _limit(said, "promised"),
    }


def _limit(said: Mapping[str, Any], name: str) -> str:
    amount, unit = said.get(f"{name}_amount"), said.get(f"{name}_unit")
    if amount is None or unit is None:
        return ""
    return "当场办结" if amount == "0" else f"{amount}{UNIT_LABELS[Unit(unit)]}"


def _place(row: Row) -> dict[str, str]:
    cells = {"name": "dept_name", "address": "transact_addr", "hours": "transact_time"}
    return {key: row[name] for key, name in cells.items()}


def _table(key: str, rows: Iterable[dict[str, Any]]) -> str:
    return BY_KEY[key].write(list(rows))


def _details(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, field in BY_KEY.items():
        if key in said and key not in APART:
            yield key, field.write(_value(field, said[key]))


def _value(field: Field, said: Any) -> Any:
    """A word of a batch as a value of the field."""
    if isinstance(field, Flag):
        return said == "yes"
    if isinstance(field, Several) and not isinstance(said, list):
        return [said]
    if isinstance(field, Number):
        return int(said)
    if isinstance(field, Day):
        return str(said)[:10]
    return said[0] if isinstance(field, Choice) and isinstance(said, list) else said


def _lines(
    reader: Reader, table: str, guid: str, tables: Mapping[str, Sequence[Row]]
) -> Iterator[dict[str, Any]]:
    """The materials or fees of an edition: their ids begin with the edition's."""
    columns = {one.key: one for one in (MATERIALS if table == MATERIAL else FEES).columns}
    for row in tables.get(table, ()):
        if _edition_of(table, row[GUID]) == guid:
            said = reader.values(table, row)
            said["form"] = said.get("format", "")
            yield {key: _value(columns[key], said[key]) for key in columns if said.get(key)}
