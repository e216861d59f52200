"""Services: what an import would do, worked out without writing anything."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.conf import settings

from mingtang.base.errors import DomainError
from mingtang.catalogue import queries
from mingtang.catalogue.models import Draft, Item, ItemStatus
from mingtang.catalogue.rules import (
    PROFILES,
    Limit,
    Profile,
    PromiseTooLong,
    SettledLimits,
    profile_for,
    settle,
)
from mingtang.catalogue.rules.basic import doubts
from mingtang.catalogue.rules.columns import LABELS
from mingtang.catalogue.rules.content import Content, content_hash, named_materials
from mingtang.catalogue.rules.details import details_of
from mingtang.catalogue.rules.drafts import OPEN_STATES, DraftInvalid, check_shape
from mingtang.catalogue.rules.gate import Lack, limit_of
from mingtang.catalogue.rules.route import ROUTE, Route, route_of, units_of, with_codes
from mingtang.catalogue.rules.rows import Finding, ImportRow, RawRow, check_rows
from mingtang.regions import queries as regions
from mingtang.regions.rules import CreditCodeError, check_credit_code
from mingtang.regions.services import NewDepartment

T = TypeVar("T")
CHUNK = 400  # values in one statement


class ImportRefused(DomainError):
    """The file has errors; nothing was written."""

    def __init__(self, errors: Sequence[Finding]) -> None:
        first = errors[0]
        super().__init__(
            f"有{len(errors)}处错误，没有导入任何事项。第{first.row}行：{first.text}。请改正后重新导入。"
        )
        self.errors = list(errors)


@dataclass(frozen=True)
class Planned:
    """One row and what it makes of an item. `lacks`: why it stays a draft, if it does."""

    row: ImportRow
    content: Content
    item: Item | None
    draft: Draft | None
    lacks: Sequence[Lack] = ()


@dataclass
class Plan:
    new: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    same: list[Planned] = field(default_factory=list)
    departments: list[NewDepartment] = field(default_factory=list)
    region_codes: list[str] = field(default_factory=list)
    department_ids: dict[tuple[str, str], int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]

    @property
    def doubts(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_error]

    @property
    def drafts(self) -> list[Planned]:
        """What is written as drafts."""
        return [one for one in [*self.new, *self.changed] if one.lacks]

    @property
    def waiting(self) -> list[Planned]:
        """All that stays a draft, those that already were with it."""
        return self.drafts + [one for one in self.same if one.lacks and one.draft]

    @property
    def superseded(self) -> list[Draft]:
        """Drafts of earlier imports, untouched, whose rows now pass the gate."""
        planned = [*self.new, *self.changed, *self.same]
        return [one.draft for one in planned if one.draft and not one.lacks]

    @property
    def editions(self) -> list[Planned]:
        return [one for one in [*self.new, *self.changed] if not one.lacks]


def plan_import(
    rows: Sequence[RawRow], *, on: date, as_published: bool = False, as_drafts: bool = False
) -> Plan:
    """Compare the rows with the catalogue. Reads only; all errors and doubts are in the plan.

    What the publish gate does not let through becomes a draft. `as_published`: the list was in
    force before it came here, so everything in it stays in force. `as_drafts`: it comes from
    elsewhere, so its own office reviews all of it first.
    """
    checked = check_rows(rows)
    plan = Plan(findings=list(checked.findings))
    _find_departments(checked.rows, plan)
    _find_regions(checked.rows, plan)
    _compare(checked.rows, plan, on, as_published, as_drafts)
    plan.findings.sort(key=lambda finding: (not finding.is_error, finding.row))
    return plan


# ── departments and regions ───────────────────────────────────────────────────────────────────


def department_key(row: ImportRow) -> tuple[str, str]:
    """County and name; a row without a region code has a blank county."""
    return row.area[:6], row.department


def _find_departments(rows: Sequence[ImportRow], plan: Plan) -> None:
    known = regions.organisations_by_name({row.department for row in rows})
    by_name: dict[str, set[int]] = {}
    for (_area6, name), one in known.items():
        by_name.setdefault(name, set()).add(one)
    firsts: dict[tuple[str, str], ImportRow] = {}
    for row in rows:
        firsts.setdefault(department_key(row), row)
    for key, row in firsts.items():
        alike = by_name.get(row.department, set())
        if key in known:
            plan.department_ids[key] = known[key]
        elif row.area:
            plan.departments.append(_new_department(row, rows))
            plan.findings.append(Finding(row.row, f"部门“{row.department}”未登记，将新登记", False))
        elif len(alike) == 1:
            plan.department_ids[key] = next(iter(alike))
        else:
            plan.findings.append(Finding(row.row, _unplaced(row, len(alike)), True))


def _unplaced(row: ImportRow, alike: int) -> str:
    why = f"有{alike}个单位叫这个名称" if alike else "也没有登记过这个部门"
    return f"部门“{row.department}”没有填写区划代码，{why}，请填写“区划代码”"


def _new_department(first: ImportRow, rows: Sequence[ImportRow]) -> NewDepartment:
    key = department_key(first)
    codes = (row.dept_code for row in rows if department_key(row) == key)
    return NewDepartment(first.department, first.area, next(_right_codes(codes), None))


def _right_codes(codes: Iterable[str]) -> Iterator[str]:
    for code in dict.fromkeys(codes):
        try:
            yield check_credit_code(code).code
        except CreditCodeError:
            continue


def _find_regions(rows: Sequence[ImportRow], plan: Plan) -> None:
    firsts: dict[str, int] = {}
    for row in rows:
        if row.area:
            firsts.setdefault(row.area, row.row)
    known = regions.known_region_codes(firsts)
    for code, row_number in firsts.items():
        if code not in known:
            plan.region_codes.append(code)
            text = f"区划代码{code}未登记，将按代码登记，名称待补"
            plan.findings.append(Finding(row_number, text, False))


FROM_ELSEWHERE = Lack("review", "核对", "由别处下发，请实施单位核对、补充后送审。")


# ── what is new, what changed ─────────────────────────────────────────────────────────────────


def _compare(
    rows: Sequence[ImportRow], plan: Plan, on: date, as_published: bool, as_drafts: bool
) -> None:
    codes = [row.code for row in rows]
    items, drafts = _known_items(codes), _open_drafts(codes)
    profiles = {key: queries.profile_by_key(key, on) for key in PROFILES}
    windows = regions.window_counts(plan.department_ids.values())
    basics, units = queries.all_basics(on), _units_called(rows)
    for row in rows:
        item, draft = items.get(row.code), drafts.get(row.code)
        own = draft if draft and not draft.author_ids else None  # nobody has written in it yet
        if item and item.status == ItemStatus.ABOLISHED:
            text = f"事项“{row.name}”已取消，这一行没有导入"
            plan.findings.append(Finding(row.row, text, False))
            continue
        route = _route(row, units, plan.findings)
        content = _content(row, _before(item, own), profiles, route, plan.findings)
        if content is None or not _is_sound(content, row, plan.findings):
            continue
        plan.findings += _beside_basic(row, content, basics, on)
        unit = plan.department_ids.get(department_key(row))
        lacks: Sequence[Lack] = ()
        if not as_published:
            count = windows.get(unit, 0) if unit else 0
            lacks = queries.lacks_with(content, profiles[content["profile"]], count, on, basics)
        if as_drafts:
            lacks = [*lacks, FROM_ELSEWHERE]
        planned = Planned(row, content, item, own, lacks)
        if _is_same(planned, unit):
            plan.same.append(planned)
            continue
        (plan.changed if item else plan.new).append(planned)
        plan.findings += _about(planned, draft)


def _about(planned: Planned, draft: Draft | None) -> Iterator[Finding]:
    row, item = planned.row, planned.item
    if item and item.status != ItemStatus.ACTIVE:
        state = ItemStatus(item.status).label
        text = f"事项“{row.name}”已{state}，导入只更新内容，不恢复办理"
        yield Finding(row.row, text, False)
    if draft is None or planned.draft:
        return
    if planned.lacks:
        text = f"事项“{row.name}”没有达到公开要求，又有人正在起草它，请先完成或放弃那份草稿"
        yield Finding(row.row, text, True)
    else:
        text = f"有人正在起草事项“{row.name}”，发布后那份草稿须对照新版本重新核对"
        yield Finding(row.row, text, False)


def _is_sound(content: Content, row: ImportRow, findings: list[Finding]) -> bool:
    """What no draft could hold is not published either."""
    try:
        check_shape(content)
    except DraftInvalid as refused:
        findings += [Finding(row.row, text.rstrip("。"), True) for text in refused.sentences]
        return False
    return True


def _beside_basic(
    row: ImportRow, content: Content, basics: queries.Basics, on: date
) -> Iterator[Finding]:
    """Where a row says otherwise than the basic catalogue: field, local and basic value."""
    basic = queries.basic_for(content, on, basics)
    for text in doubts(content, basic, on, settings.MINGTANG_INHERITED_FIELDS):
        yield Finding(row.row, text, False)


def _is_same(planned: Planned, department_id: int | None) -> bool:
    item = planned.item
    if item is None or department_id != item.department_id:
        return False
    said = content_hash(planned.content)
    if planned.lacks and planned.draft:
        return content_hash(planned.draft.content) == said
    return item.current_edition is not None and item.current_edition.content_hash == said


def _known_items(codes: Sequence[str]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for start in range(0, len(codes), CHUNK):
        part = Item.objects.filter(code__in=codes[start : start + CHUNK])
        found |= {item.code: item for item in part.select_related("current_edition")}
    return found


def _open_drafts(codes: Sequence[str]) -> dict[str, Draft]:
    found: dict[str, Draft] = {}
    states = [state.value for state in OPEN_STATES]
    for start in range(0, len(codes), CHUNK):
        rows = Draft.objects.filter(item__code__in=codes[start : start + CHUNK], state__in=states)
        found |= {draft.item.code: draft for draft in rows.select_related("item")}
    return found


def _units_called(rows: Sequence[ImportRow]) -> regions.Called:
    """The units that the routes name, read once for all rows."""
    return regions.Called(unit for row in rows for unit in units_of(route_of(row.route)))


def _route(row: ImportRow, units: regions.Called, findings: list[Finding]) -> Route:
    area6, _name = department_key(row)
    route, unknown = with_codes(route_of(row.route), lambda text: units.code(text, area6))
    findings += [Finding(row.row, f"“{ROUTE.label}”{text.rstrip('。')}", True) for text in unknown]
    return route


def _before(item: Item | None, draft: Draft | None) -> Content | None:
    """What a row changes: the draft that waits for it, or what the item says."""
    if item is None:
        return None
    number = item.current_edition.number if item.current_edition else 0
    if draft and draft.base_number == number:
        return dict(draft.content)
    return queries.content_of(item)


# ── what an item says ─────────────────────────────────────────────────────────────────────────


def _content(
    row: ImportRow,
    before: Content | None,
    profiles: Mapping[str, Profile | None],
    route: Route,
    findings: list[Finding],
) -> Content | None:
    """What the row makes of what was there: a column that the file has not stays as it was."""
    held = before if before is not None and before["kind"] == row.kind.value else None
    profile = row.profile or (held["profile"] if held else profile_for(row.kind).key)
    limits = _settled(row, before, profiles[profile], findings)
    if limits is None:
        return None
    content = {
        "name": row.name,
        "kind": row.kind.value,
        "profile": profile,
        "main_item": row.main_item,
        "body_code": row.dept_code,
        "basis": row.basis,
        "conditions": row.conditions,
        "materials": named_materials(row.materials, before["materials"] if before else ()),
        "procedure": row.procedure,
        "fee": row.fee,
        "is_free": False if row.is_free is None and row.details.get("fees") else row.is_free,
        "route": route,
        "on_the_spot": row.on_the_spot,
        "served": row.served,
        **_limits(limits),
    }
    if before is not None:
        absent = {column for column in LABELS if not row.says(column)}
        kept = {key for key in content if COLUMN_BEHIND.get(key, key) in absent} - SETTLED
        content |= {key: before[key] for key in kept}
        content |= {key: value for key, value in details_of(before).items() if key in absent}
    return content | {key: row.details[key] for key in row.details}


COLUMN_BEHIND = {"body_code": "dept_code", "is_free": "fee", "kind": "task_type"}
SETTLED = {"profile"} | {
    f"{name}_{part}"
    for name in ("statutory", "promised")
    for part in ("amount", "unit", "basis", "is_default")
}


def _limits(limits: SettledLimits) -> Content:
    return {
        "statutory_amount": limits.statutory.amount if limits.statutory else None,
        "statutory_unit": limits.statutory.unit.value if limits.statutory else None,
        "statutory_basis": limits.statutory_basis,
        "promised_amount": limits.promised.amount if limits.promised else None,
        "promised_unit": limits.promised.unit.value if limits.promised else None,
        "promised_is_default": limits.promised_is_default,
    }


def _settled(
    row: ImportRow, before: Content | None, profile: Profile | None, findings: list[Finding]
) -> SettledLimits | None:
    def given(column: str, of_row: T, of_before: Callable[[Content], T]) -> T:
        return of_row if before is None or row.says(column) else of_before(before)

    law = (profile.statutory, profile.statutory_basis) if profile else (None, "")
    try:
        limits = settle(
            statutory=given("statutory_days", row.statutory, lambda c: limit_of(c, "statutory")),
            statutory_basis=given(
                "statutory_basis", row.statutory_basis, lambda c: str(c["statutory_basis"])
            ),
            promised=given("promised_days", row.promised, _own_promise),
            on_the_spot=given("on_the_spot", row.on_the_spot, lambda c: bool(c["on_the_spot"])),
            default_days=settings.MINGTANG_DEFAULT_PROMISED_DAYS,
            law=law,
        )
    except PromiseTooLong as error:
        findings.append(Finding(row.row, error.message.rstrip("。"), True))
        return None
    if not limits.are_comparable:
        text = "承诺时限与法定时限的单位不同，无法比较长短，请人工核对"
        findings.append(Finding(row.row, text, False))
    return limits


def _own_promise(content: Content) -> Limit | None:
    return None if content["promised_is_default"] else limit_of(content, "promised")
