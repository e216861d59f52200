"""Services: what an import would do, worked out without writing anything."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings

from mingtang.base.errors import DomainError
from mingtang.catalogue.models import Item, ItemStatus
from mingtang.catalogue.rules import PromiseTooLong, SettledLimits, profile_for, settle
from mingtang.catalogue.rules.rows import (
    CheckedRows,
    Finding,
    ImportRow,
    MaterialLine,
    RawRow,
    check_rows,
)
from mingtang.ledger.rules import canonical
from mingtang.regions import queries as regions
from mingtang.regions.rules import CreditCodeError, check_credit_code
from mingtang.regions.services import NewDepartment

CHUNK = 400  # values in one statement
DEFAULT_ROUTE = {
    "stages": [
        {
            "key": "main",
            "name": "办理",
            "steps": [
                {
                    "key": "review",
                    "name": "审查",
                    "kind": "review",
                    "organisation": "item.department",
                    "needs": [],
                    "completion": "all",
                }
            ],
        }
    ]
}


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
    """One row and what will stand in its edition. `item` is the one it changes, if there is one."""

    row: ImportRow
    limits: SettledLimits
    item: Item | None


@dataclass
class Plan:
    new: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    same_count: int = 0
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


def plan_import(rows: Sequence[RawRow]) -> Plan:
    """Compare the rows with the catalogue. Reads only; all errors and doubts are in the plan."""
    checked = check_rows(rows)
    plan = Plan(findings=list(checked.findings))
    limits = dict(_settled(checked, plan.findings))
    _find_departments(checked.rows, plan)
    _find_regions(checked.rows, plan)
    if not plan.errors:
        _compare(checked.rows, limits, plan)
    plan.findings.sort(key=lambda finding: (not finding.is_error, finding.row))
    return plan


def _settled(checked: CheckedRows, findings: list[Finding]) -> Iterator[tuple[int, SettledLimits]]:
    for row in checked.rows:
        profile = profile_for(row.kind)
        try:
            limits = settle(
                statutory=row.statutory,
                statutory_basis=row.statutory_basis,
                promised=row.promised,
                on_the_spot=row.on_the_spot,
                default_days=settings.MINGTANG_DEFAULT_PROMISED_DAYS,
                law=(profile.statutory, profile.statutory_basis),
            )
        except PromiseTooLong as error:
            findings.append(Finding(row.row, error.message.rstrip("。"), True))
            continue
        if not limits.are_comparable:
            text = "承诺时限与法定时限的单位不同，无法比较长短，请人工核对"
            findings.append(Finding(row.row, text, False))
        yield row.row, limits


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


# ── what is new, what changed ─────────────────────────────────────────────────────────────────


def _compare(rows: Sequence[ImportRow], limits: dict[int, SettledLimits], plan: Plan) -> None:
    known = _known_items([row.code for row in rows])
    for row in rows:
        item = known.get(row.code)
        planned = Planned(row, limits[row.row], item)
        if item is None:
            plan.new.append(planned)
        elif _is_same(planned, plan.department_ids.get(department_key(row))):
            plan.same_count += 1
        else:
            plan.changed.append(planned)
        if item and item.status != ItemStatus.ACTIVE:
            state = ItemStatus(item.status).label
            text = f"事项“{row.name}”已{state}，导入只更新内容，不恢复办理"
            plan.findings.append(Finding(row.row, text, False))


def _is_same(planned: Planned, department_id: int | None) -> bool:
    before = planned.item.current_edition if planned.item else None
    if before is None or department_id is None:
        return False
    assert planned.item is not None
    same_department = department_id == planned.item.department_id
    return same_department and content_hash(planned) == before.content_hash


def _known_items(codes: Sequence[str]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for start in range(0, len(codes), CHUNK):
        part = Item.objects.filter(code__in=codes[start : start + CHUNK])
        found |= {item.code: item for item in part.select_related("current_edition")}
    return found


def edition_content(planned: Planned) -> dict[str, Any]:
    """The fields of an edition that say what the item is: all but its number and publication."""
    row, limits = planned.row, planned.limits
    return {
        "name": row.name,
        "kind": row.kind.value,
        "profile": profile_for(row.kind).key,
        "body_code": row.dept_code,
        "basis": row.basis,
        "conditions": row.conditions,
        "materials": _materials(row.materials),
        "procedure": row.procedure,
        "statutory_amount": limits.statutory.amount if limits.statutory else None,
        "statutory_unit": limits.statutory.unit.value if limits.statutory else None,
        "statutory_basis": limits.statutory_basis,
        "promised_amount": limits.promised.amount if limits.promised else None,
        "promised_unit": limits.promised.unit.value if limits.promised else None,
        "promised_is_default": limits.promised_is_default,
        "fee": row.fee,
        "is_free": row.is_free,
        "route": DEFAULT_ROUTE,
        "on_the_spot": row.on_the_spot,
        "served": row.served,
    }


def _materials(lines: Iterable[MaterialLine]) -> list[dict[str, Any]]:
    """Materials with ids that come from their names: the same material has the same id in every
    edition, and an id that fell out of use is never given to another."""
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        seen[line.name] = nth = seen.get(line.name, 0) + 1
        named = line.name if nth == 1 else f"{line.name}#{nth}"
        identity = hashlib.sha256(named.encode()).hexdigest()[:12]
        found.append({"id": identity, **asdict(line)})
    return found


def content_hash(planned: Planned) -> str:
    """What makes two editions the same: their content and main item. The department is left out:
    its id is another in every installation, and the hash is to be the same in all of them."""
    whole = edition_content(planned) | {"main_item": planned.row.main_item}
    return hashlib.sha256(canonical(whole)).hexdigest()
