"""Reads for the editor's screens: items one may edit, drafts, editions, completeness."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.catalogue import queries
from mingtang.catalogue.models import Draft, Edition, Item, ItemStatus
from mingtang.catalogue.rules import PROFILES, gate
from mingtang.catalogue.rules.compare import Line, compare, units_named
from mingtang.catalogue.rules.content import Content, kept
from mingtang.catalogue.rules.drafts import OPEN_STATES, DraftState, SamePerson, check_second_person
from mingtang.catalogue.rules.gate import Lack
from mingtang.ledger import queries as ledger
from mingtang.questions.forms import Places
from mingtang.questions.rules import Form, Kind
from mingtang.regions import queries as regions
from mingtang.regions.queries import OrganisationCard

AUTHORS = (
    *(Role.REFORM_OFFICE, Role.CENTRE_MANAGER),
    *(Role.SECTION_CONTACT, Role.WINDOW_LEAD, Role.CLERK),
)
REVIEWERS = (Role.REFORM_OFFICE, Role.CENTRE_MANAGER)
PAGE = 20
OPEN = [state.value for state in OPEN_STATES]


# ── whose items ───────────────────────────────────────────────────────────────────────────────


def editable(scope: Scope) -> QuerySet[Item]:
    """The items that a person may write drafts of, published or not."""
    grants = [grant for grant in scope.grants if grant.role in AUTHORS]
    allowed = reduce(or_, (_within(grant) for grant in grants), Q(pk__in=[]))
    return Item.objects.filter(allowed)


def _within(grant: Grant) -> Q:
    place = Q(department__in=grant.organisation_ids)
    if grant.region_ids:
        place |= Q(department__region__in=grant.region_ids)
    return place if grant.item_codes is None else place & Q(code__in=grant.item_codes)


def item_for(scope: Scope, code: str) -> Item:
    """One item that a person may edit. Raises NotFound alike for none and for none of theirs."""
    rows = editable(scope).select_related("current_edition", "department")
    item = rows.filter(code=code).first() if code.isprintable() else None
    if item is None:
        raise NotFound("没有找到您可以编辑的这个事项，请核对编码。")
    return item


def grant_over(scope: Scope, item: Item, *, reviews: bool = False) -> Grant | None:
    """The right to write an item's draft, or to review it."""
    grants = scope.grants_for(
        REVIEWERS if reviews else AUTHORS,
        organisation_id=item.department_id,
        item_code=item.code,
        region_id=item.department.region_id,
    )
    return grants[0] if grants else None


def may_review(scope: Scope, item: Item, draft: Draft) -> bool:
    """A second person, with the right to review."""
    try:
        check_second_person(str(scope.person_id), draft.author_ids)
    except SamePerson:
        return False
    return grant_over(scope, item, reviews=True) is not None


def departments_for(scope: Scope, on: date) -> list[OrganisationCard]:
    """The units for which a person may begin a new item: all items there are theirs."""
    grants = [g for g in scope.grants if g.role in AUTHORS and g.item_codes is None]
    units = regions.organisation_cards(on, kinds=["department", "township", "other"])
    return [
        unit
        for unit in units
        if any(
            unit.id in grant.organisation_ids or unit.region_id in grant.region_ids
            for grant in grants
        )
    ]


# ── the list ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class EditRow:
    code: str
    name: str
    department: str
    status: str
    status_label: str
    edition_number: int  # 0: not published yet
    draft_state: str
    draft_label: str


@dataclass(frozen=True)
class EditPage:
    rows: list[EditRow]
    total: int
    next_after: str


def items_to_edit(
    scope: Scope, *, on: date, text: str = "", state: str = "", after: str = ""
) -> EditPage:
    """Items in order of registration, with the draft that is open; `state` narrows by it."""
    rows = editable(scope)
    for word in text.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word))
    if state in OPEN:
        rows = rows.filter(id__in=Draft.objects.filter(state=state).values("item_id"))
    total = rows.count()
    last = parse_id(after)
    if last is not None:
        rows = rows.filter(id__gt=last)
    page = list(rows.select_related("current_edition").order_by("id")[: PAGE + 1])
    next_after = str(page[PAGE - 1].id) if len(page) > PAGE else ""
    return EditPage(_edit_rows(page[:PAGE], on), total, next_after)


def _edit_rows(items: list[Item], on: date) -> list[EditRow]:
    names = regions.names_of((item.department_id for item in items), on)
    open_drafts = Draft.objects.filter(item__in=items, state__in=OPEN)
    states = dict(open_drafts.order_by("id").values_list("item_id", "state"))
    return [_edit_row(item, names, states.get(item.id, "")) for item in items]


def _edit_row(item: Item, names: dict[int, str], state: str) -> EditRow:
    return EditRow(
        code=item.code,
        name=item.name,
        department=names.get(item.department_id, ""),
        status=item.status,
        status_label=str(ItemStatus(item.status).label),
        edition_number=number_of(item),
        draft_state=state,
        draft_label=DraftState(state).label if state else "",
    )


def waiting_counts(scope: Scope) -> dict[str, int]:
    """How many open drafts of each state there are among one's items."""
    mine = Draft.objects.filter(item__in=editable(scope).values("id"))
    return mine.aggregate(**{state: Count("id", filter=Q(state=state)) for state in OPEN})


# ── one item and its draft ────────────────────────────────────────────────────────────────────


def open_draft_of(item: Item) -> Draft | None:
    rows = Draft.objects.filter(item=item, state__in=OPEN)
    return rows.select_related("opened_by", "submitted_by", "returned_by").first()


def draft_of(item: Item) -> Draft:
    """The open draft. Raises NotFound."""
    draft = open_draft_of(item)
    if draft is None:
        raise NotFound("本事项没有正在起草的新版本，可能已经发布或放弃。请回到事项编辑页。")
    return draft


def draft_lines(item: Item, draft: Draft, on: date) -> list[Line]:
    """What publishing would change."""
    before = queries.content_of(item) if item.current_edition else {}
    lines = _compared(before, draft.content, on)
    return [line for line in lines if line.change != "same"]


def draft_lacks(item: Item, draft: Draft, on: date) -> list[Lack]:
    return queries.lacks_of(draft.content, item.department_id, on)


def preview(item: Item, draft: Draft, at: Any, on: date) -> dict[str, Any]:
    """The draft as its page would show it once published."""
    number = draft.base_number + 1
    edition = Edition(item=item, number=number, published_at=at, **kept(draft.content))
    item.main_item = draft.content["main_item"]
    return queries.describe(item, edition, on)


def number_of(item: Item) -> int:
    return item.current_edition.number if item.current_edition else 0


def editions_of(item: Item) -> list[Edition]:
    """All editions, the newest first. Raises NotFound where there is none."""
    found = list(Edition.objects.filter(item=item).order_by("-number"))
    if not found:
        raise NotFound("本事项还没有发布过，没有版本可以对照。")
    return found


def compare_editions(before: Edition, after: Edition, on: date) -> list[Line]:
    return _compared(queries.edition_content_of(before), queries.edition_content_of(after), on)


def _compared(before: Content, after: Content, on: date) -> list[Line]:
    codes = units_named(before, after)
    return compare(before, after, regions.names_by_code(codes, on) if codes else {})


def units_for_steps(item: Item, on: date) -> dict[str, str]:
    """The units that a step may be given to, besides the item's own department: code, name."""
    units = regions.organisation_cards(on, kinds=["department", "township", "other"])
    near = [unit for unit in units if unit.area6 == item.department.area6]
    return {unit.code: unit.short_name for unit in near if unit.id != item.department_id}


def history_of(item: Item) -> list[ledger.Event]:
    return ledger.history(f"item:{item.id}")


# ── completeness ──────────────────────────────────────────────────────────────────────────────


@dataclass
class BoardRow:
    department_id: str
    department: str
    total: int = 0
    complete: int = 0
    lacking: dict[str, int] = field(default_factory=dict)

    @property
    def cells(self) -> list[dict[str, Any]]:
        labels = columns()
        return [
            {"key": key, "label": labels[key], "count": count}
            for key, count in self.lacking.items()
        ]


@dataclass(frozen=True)
class Lacking:
    code: str
    name: str
    lacks: list[Lack]


def _listed(scope: Scope) -> QuerySet[Item]:
    return editable(scope).exclude(status=ItemStatus.ABOLISHED.value)


def _checked(rows: QuerySet[Item], on: date) -> Iterator[tuple[Item, list[Lack]]]:
    """Each item with what it lacks. What the gate asks besides is read once for all."""
    windows = regions.window_counts(rows.values_list("department", flat=True))
    profiles = {key: queries.profile_by_key(key, on) for key in PROFILES}
    drafts, basics = _first_drafts(rows), queries.all_basics(on)
    for item in rows.select_related("current_edition").order_by("id"):
        edition = item.current_edition
        content = queries.edition_content_of(edition) if edition else drafts.get(item.id)
        if content is not None:
            profile, count = profiles.get(content["profile"]), windows.get(item.department_id, 0)
            yield item, queries.lacks_with(content, profile, count, on, basics)


def _first_drafts(rows: QuerySet[Item]) -> dict[int, Content]:
    """What the open drafts of items say that were never published."""
    unpublished = rows.filter(current_edition=None).values("id")
    found = Draft.objects.filter(item__in=unpublished, state__in=OPEN).order_by("id")
    return dict(found.values_list("item_id", "content"))


def columns() -> dict[str, str]:
    """What the board counts: the disclosures in their order, then the rest of the gate."""
    return gate.labels_of(settings.MINGTANG_DISCLOSURES)


def board(scope: Scope, on: date) -> list[BoardRow]:
    """How complete the items of each department are, published or not, the least first."""
    found: dict[int, BoardRow] = {}
    for item, lacks in _checked(_listed(scope), on):
        key = item.department_id
        row = found.setdefault(key, BoardRow(str(key), "", lacking=dict.fromkeys(columns(), 0)))
        row.total += 1
        row.complete += not lacks
        for name in {lack.field for lack in lacks}:
            row.lacking[name] += 1
    names = regions.names_of(found, on)
    for key, row in found.items():
        row.department = names.get(key, "")
    return sorted(found.values(), key=lambda row: (row.complete - row.total, row.department))


def items_lacking(
    scope: Scope, on: date, *, department: int | None, lack: str, after: str
) -> tuple[list[Lacking], str]:
    """A page of the incomplete items behind a number of the board, and where it ended."""
    rows = _listed(scope)
    if department is not None:
        rows = rows.filter(department=department)
    last = parse_id(after)
    if last is not None:
        rows = rows.filter(id__gt=last)
    found: list[Lacking] = []
    ended = ""
    for item, lacks in _checked(rows, on):
        shown = [one for one in lacks if not lack or one.field == lack]
        if not shown:
            continue
        if len(found) == PAGE:
            return found, ended
        found.append(Lacking(item.code, item.name, shown))
        ended = str(item.id)
    return found, ""


# ── forms that applicants fill in ─────────────────────────────────────────────────────────────

MOST_COPIES = 300  # so many items are offered to copy a form from


def items_with_form(beside: Item) -> list[tuple[str, str]]:
    """Items whose published edition carries a form, for all to see: code and name."""
    rows = Item.objects.filter(current_edition__details__has_key="form").exclude(id=beside.id)
    rows = rows.exclude(status=ItemStatus.ABOLISHED.value).order_by("name", "id")
    return list(rows.values_list("code", "name")[:MOST_COPIES])


def published_form(code: str) -> Any:
    """The form of an item's published edition. Raises NotFound."""
    rows = Item.objects.exclude(status=ItemStatus.ABOLISHED.value).filter(code=code)
    form = rows.values_list("current_edition__details", flat=True).first() or {}
    if not form.get("form"):
        raise NotFound("这个事项没有发布过申请表，请另选一个。")
    return form["form"]


def places_for(form: Form, item: Item, on: date) -> Places:
    """The places that a form's addresses choose from; none are read where it asks for none."""
    if all(question.kind is not Kind.ADDRESS for question in form.questions()):
        return []
    return regions.places_in(f"{item.department.area6}000000", on)
