"""Reads for the report of deviations: where local items differ from the basic catalogue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from mingtang.accounts.rules import Scope
from mingtang.base.ids import parse_id
from mingtang.catalogue.editor.queries import OPEN, PAGE, editable
from mingtang.catalogue.models import Draft, Item, ItemStatus
from mingtang.catalogue.queries import basic as queries
from mingtang.catalogue.rules import basic as rules
from mingtang.catalogue.rules.compare import Line
from mingtang.catalogue.rules.drafts import FIELD_LABELS
from mingtang.regions import queries as regions


@dataclass
class DeviationRow:
    """A department: its items that name a basic code, and those of them that differ."""

    department_id: str
    department: str
    total: int = 0
    deviating: int = 0

    @property
    def following(self) -> int:
        return self.total - self.deviating


@dataclass(frozen=True)
class Deviating:
    """An item that differs, in which fields, and what else is wrong with its basic code."""

    id: int
    department_id: int
    code: str
    name: str
    basic_code: str
    basic_name: str
    lines: list[Line]
    notes: list[str]
    is_draft: bool


Said = tuple[Item, dict[str, Any], bool]  # an item, what it says, whether that is a draft


def locked_labels() -> list[str]:
    """What the basic catalogue decides in this installation, as forms call it."""
    return [FIELD_LABELS[name] for name in queries.fields()]


def report(scope: Scope, on: date) -> list[DeviationRow]:
    """How far the items of each department follow, the most deviating first."""
    found: dict[int, DeviationRow] = {}
    basics = queries.all_basics(on)
    for item, content, is_draft in _said(_listed(scope)):
        key = item.department_id
        row = found.setdefault(key, DeviationRow(str(key), ""))
        row.total += 1
        row.deviating += _examined(item, content, is_draft, basics, on) is not None
    names = regions.names_of(found, on)
    for key, row in found.items():
        row.department = names.get(key, "")
    return sorted(found.values(), key=lambda row: (-row.deviating, row.department))


def deviating(
    scope: Scope, on: date, *, department: int | None, after: str = ""
) -> tuple[list[Deviating], str]:
    """A page of the items that differ, side by side, and where it ended."""
    page: list[Deviating] = []
    for one in _all_deviating(scope, on, department, parse_id(after)):
        if len(page) == PAGE:
            return page, str(page[-1].id)
        page.append(one)
    return page, ""


def table(scope: Scope, on: date, *, department: int | None) -> list[list[str]]:
    """The whole report as rows under headings, a row a field that differs."""
    found = list(_all_deviating(scope, on, department))
    names = regions.names_of({one.department_id for one in found}, on)
    rows = [["部门", "事项编码", "事项名称", "状态", "基本编码", "栏目", "基本目录", "本地"]]
    for one in found:
        state = "草稿" if one.is_draft else "已发布"
        head = [names.get(one.department_id, ""), one.code, one.name, state, one.basic_code]
        rows += [[*head, line.label, _text(line.before), _text(line.after)] for line in one.lines]
        rows += [[*head, note, one.basic_name, ""] for note in one.notes]
    return rows


def _text(pieces: Any) -> str:
    return "".join(piece.text for piece in pieces)


# ── which items, and what they say ────────────────────────────────────────────────────────────


def _listed(scope: Scope) -> QuerySet[Item]:
    return editable(scope).exclude(status=ItemStatus.ABOLISHED.value)


def _said(rows: QuerySet[Item]) -> Iterator[Said]:
    """The items that name a basic code: as published, or as drafted where nothing is yet."""
    key = "details__has_key"
    drafts = Draft.objects.filter(state__in=OPEN, item__current_edition=None)
    first = {draft.item_id: draft.content for draft in drafts.filter(item__in=rows.values("id"))}
    named = Q(**{f"current_edition__{key}": "basic_code"})
    wanted = rows.filter(named | Q(current_edition=None)).order_by("id")
    columns = [f"current_edition__{name}" for name in (*rules.INHERITABLE, "details")]
    for item in wanted.select_related("current_edition").only("code", "department", *columns):
        edition = item.current_edition
        if edition is not None:
            said = {name: getattr(edition, name) for name in rules.INHERITABLE}
            yield item, said | edition.details, False
        elif (content := first.get(item.id)) and content.get("basic_code"):
            yield item, content, True


def _all_deviating(
    scope: Scope, on: date, department: int | None, last: int | None = None
) -> Iterator[Deviating]:
    rows = _listed(scope)
    if department is not None:
        rows = rows.filter(department=department)
    if last is not None:
        rows = rows.filter(id__gt=last)
    basics = queries.all_basics(on)
    for item, content, is_draft in _said(rows):
        if found := _examined(item, content, is_draft, basics, on):
            yield found


def _examined(
    item: Item, content: dict[str, Any], is_draft: bool, basics: queries.Basics, on: date
) -> Deviating | None:
    """What differs, or None where the item follows."""
    code = content["basic_code"]
    basic = basics.get(code)
    lines: list[Line] = []
    if basic is None or not basic.holds_on(on):
        notes = [rules.not_in_force(code, basic, on)]
    else:
        lines = rules.deviations(content, basic, queries.fields())
        notes = [doubt] if (doubt := rules.level_doubt(content, basic)) else []
    if not lines and not notes:
        return None
    return Deviating(
        id=item.id,
        department_id=item.department_id,
        code=item.code,
        name=content["name"],
        basic_code=code,
        basic_name=basic.name if basic else "",
        lines=lines,
        notes=notes,
        is_draft=is_draft,
    )
