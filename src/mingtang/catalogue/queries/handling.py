"""Reads: what the handling of a case needs of the edition that it was filed under.

Plain lists of what the edition says, in its order, with every key there.
"""

from typing import Any

from mingtang.catalogue.models import Edition
from mingtang.catalogue.rules.details import BY_KEY, FEES, MATERIALS
from mingtang.catalogue.rules.fields import Flag, Number, Several, Table
from mingtang.catalogue.rules.fields import Row as Told
from mingtang.catalogue.rules.referral import ReferredUp, referred_up
from mingtang.catalogue.rules.route import steps_in
from mingtang.catalogue.rules.variants import asked_for, chosen
from mingtang.questions.rules import PLAIN, Form, compiled


def steps_of(edition: Edition) -> list[Told]:
    """The steps in order. `stage` counts from 1; `organisation` is a unit's code, or DEPARTMENT for
    the item's own; `needs` are keys of steps of the same or an earlier stage; `days` None: no
    limit of its own."""
    return [
        {
            "stage": stage,
            "key": step["key"],
            "name": step["name"],
            "kind": step["kind"],
            "organisation": step["organisation"],
            "needs": list(step["needs"]),
            "days": step.get("days"),
        }
        for _row, stage, step in steps_in(edition.route)
    ]


def materials_of(edition: Edition, variant: str = "") -> list[Told]:
    """What is asked for: all columns of a material and its `id`; for a business variant only what
    is its own or everyone's."""
    picked = chosen(edition.details.get("variants") or [], variant)
    lines = asked_for(edition.materials, picked)
    return [{"id": line["id"], **_row(MATERIALS, line)} for line in lines]


_forms: dict[int, Form] = {}  # editions never change
MOST_FORMS = 2000
PLAIN_FORM = compiled(PLAIN)


def form_of(edition: Edition) -> Form:
    """The form that applicants fill in; the plain one where the edition has none."""
    schema = edition.details.get("form")
    if schema is None:
        return PLAIN_FORM
    if edition.id not in _forms:
        if len(_forms) >= MOST_FORMS:
            _forms.clear()
        _forms[edition.id] = compiled(schema)
    return _forms[edition.id]


def variants_of(edition: Edition) -> list[Told]:
    """The business variants one chooses from (新办, 变更, 延续): code, name, note."""
    return [
        {"code": line["code"], "name": line.get("name", ""), "note": line.get("note", "")}
        for line in edition.details.get("variants") or []
    ]


def special_of(edition: Edition) -> list[Told]:
    """特别程序 that this item may need (《行政许可法》第四十五条): name, limit, basis."""
    special = BY_KEY["special"]
    assert isinstance(special, Table)
    return [_row(special, line) for line in edition.details.get("special") or []]


def fees_of(edition: Edition) -> list[Told]:
    """What is charged: name, standard, basis, is_reducible, waiver. Nothing where it is free; one
    row without a name where the edition says it in a sentence."""
    if edition.is_free:
        return []
    basis = edition.details.get("fee_basis", "")
    lines = edition.details.get(FEES.key) or ([{"standard": edition.fee}] if edition.fee else [])
    rows = [_row(FEES, line) for line in lines]
    return [row | {"basis": row["basis"] or basis} for row in rows]


def referred_up_of(edition: Edition) -> ReferredUp | None:
    """Who examines first, where the next level decides (上报件); None elsewhere."""
    return referred_up(edition.details)


def _row(table: Table, line: Any) -> Told:
    """All columns of a row: what is not said is blank, or None where it is not a text."""
    return {column.key: line.get(column.key, _blank(column)) for column in table.columns}


def _blank(column: Any) -> Any:
    if isinstance(column, Several):
        return []
    return None if isinstance(column, Number | Flag) else ""


def required_count(edition: Edition) -> int:
    """How many materials everybody has to hand in; what a list leaves open counts as such."""
    lines = (line for line in edition.materials if not line.get("variants"))
    return sum((line.get("need") or NECESSARY) == NECESSARY for line in lines)


NECESSARY = "必要"
