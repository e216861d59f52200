"""Services: departments report what they have; the office returns a report or accepts it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.catalogue.models import Campaign, CampaignEntry, CampaignUnit, Item, ItemStatus
from mingtang.catalogue.rules.campaign_rows import Reported, read_report
from mingtang.catalogue.rules.campaigns import CampaignState, RowsRefused, UnitState
from mingtang.catalogue.rules.rows import Finding, RawRow
from mingtang.catalogue.services.campaigns.common import Facts, held, tell
from mingtang.catalogue.services.drafts import person_of
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.regions import queries as regions

WHAT = "上报的清单"


@dataclass
class ReportPlan:
    """What a report would lay down; `units`: the departments that answer by it, by id."""

    rows: list[tuple[Reported, int | None, Item | None]] = field(default_factory=list)
    units: dict[int, int] = field(default_factory=dict)  # how many items each has
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [one for one in self.findings if one.is_error]


def plan_report(
    campaign_id: int, rows: Sequence[RawRow], *, organisation_id: int | None
) -> ReportPlan:
    """A department's table, or with None the office's for several, checked row by row. Reads only.

    A department names its own items; what was found by others (`is_reconstructed`) may be nobody's.
    """
    campaign = Campaign.objects.filter(id=campaign_id).first()
    if campaign is None:
        raise NotFound("没有这次清理，请回到清理列表核对。")
    read = read_report(rows)
    plan = ReportPlan(findings=list(read.findings))
    asked = dict(campaign.units.values_list("organisation_id", "state"))
    names = _called(read.rows, campaign)
    placed = [(one, organisation_id or names.get(one.department)) for one in read.rows]
    items, own = _items_of(read.rows), _items_named(placed)
    for one, unit in placed:
        _check_unit(one, unit, campaign, asked, plan)
        item = items.get(one.code) if one.code else own.get((unit, one.name))
        _check_item(one, item, unit, plan)
        plan.rows.append((one, unit, item))
        if unit is not None:
            plan.units[unit] = plan.units.get(unit, 0) + 1
    _check_twice(campaign, plan)
    return plan


def _called(rows: Sequence[Reported], campaign: Campaign) -> dict[str, int]:
    texts = {one.department for one in rows if one.department}
    if not texts:
        return {}
    called = regions.Called(texts)
    codes = {text: called.code(text, campaign.lead.area6) for text in texts}
    ids = regions.ids_of_codes([code for code in codes.values() if code])
    return {text: ids[code] for text, code in codes.items() if code in ids}


def _items_of(rows: Sequence[Reported]) -> dict[str, Item]:
    codes = sorted({one.code for one in rows if one.code})
    found: dict[str, Item] = {}
    for start in range(0, len(codes), 400):
        part = Item.objects.filter(code__in=codes[start : start + 400])
        found |= {item.code: item for item in part.select_related("current_edition")}
    return found


def _items_named(
    placed: Sequence[tuple[Reported, int | None]],
) -> dict[tuple[int | None, str], Item]:
    """A unit's own items by the names by which it reports them, where only one has the name."""
    units = sorted({unit for one, unit in placed if unit and not one.code})
    wanted = {(unit, one.name) for one, unit in placed if not one.code}
    found: dict[tuple[int | None, str], list[Item]] = {}
    for start in range(0, len(units), 400):
        part = Item.objects.filter(department_id__in=units[start : start + 400])
        for item in part.exclude(status=ItemStatus.ABOLISHED.value).order_by("id"):
            if (item.department_id, item.name) in wanted:
                found.setdefault((item.department_id, item.name), []).append(item)
    return {key: items[0] for key, items in found.items() if len(items) == 1}


def _check_unit(
    one: Reported,
    unit: int | None,
    campaign: Campaign,
    asked: Mapping[int, str],
    plan: ReportPlan,
) -> None:
    if unit is None:
        if one.department:
            text = f"没有登记过部门“{one.department}”"
        elif campaign.is_reconstructed:
            return
        else:
            text = "没有写部门"
        plan.findings.append(Finding(one.row, text, True))
    elif unit not in asked:
        plan.findings.append(Finding(one.row, "这个部门不在这次清理的范围里", True))
    elif asked[unit] == UnitState.ACCEPTED:
        plan.findings.append(Finding(one.row, "这个部门的上报已经审定，要改请先退回", True))


def _check_item(one: Reported, item: Item | None, unit: int | None, plan: ReportPlan) -> None:
    if not one.code:
        return
    if item is None:
        plan.findings.append(Finding(one.row, f"没有编码为“{one.code}”的事项", True))
    elif unit is not None and item.department_id != unit:
        plan.findings.append(Finding(one.row, f"事项“{item.name}”不是这个部门的", True))


def _check_twice(campaign: Campaign, plan: ReportPlan) -> None:
    """An item is cleaned up once in a campaign, whoever reports it, by its code or its name."""
    mine: dict[int, int] = {}
    refused = {one.row for one in plan.errors}
    for one, _unit, item in plan.rows:
        if item is None or mine.setdefault(item.id, one.row) == one.row or one.row in refused:
            continue
        text = f"与第{mine[item.id]}行是同一个事项“{item.name}”"
        plan.findings.append(Finding(one.row, text, True))
    elsewhere = CampaignEntry.objects.filter(campaign=campaign, item__isnull=False)
    elsewhere = elsewhere.exclude(organisation_id__in=list(plan.units))
    for item_id in elsewhere.values_list("item_id", flat=True):
        if item_id in mine:
            text = "这个事项已由另一个部门上报"
            plan.findings.append(Finding(mine[item_id], text, True))


@command("campaign.report")
def report(
    *,
    campaign_id: int,
    organisation_id: int,
    rows: Sequence[RawRow],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A department's self-report (自查), whole: it takes the place of an earlier one. No rows:
    the department has nothing of the kind. Raises RowsRefused."""
    campaign = held(campaign_id, CampaignState.REPORTING, "上报")
    unit = _unit(campaign, organisation_id)
    if unit.state == UnitState.ACCEPTED:
        raise Conflict("本部门的上报已经审定。要改的，请联系审改办退回。")
    plan = plan_report(campaign_id, rows, organisation_id=organisation_id)
    if plan.errors:
        raise RowsRefused(plan.errors, WHAT)
    _lay_down(campaign, plan, {organisation_id: len(rows)})
    _answered(campaign, {organisation_id: len(rows)}, actor, at, by_office=False)
    facts = {"organisation_id": str(organisation_id), "entry_count": len(rows)}
    tell("campaign.reported", campaign, facts, actor=actor, at=at, command_id=command_id)
    return {"entry_count": len(rows)}


@command("campaign.take_reports")
def take_reports(
    *,
    campaign_id: int,
    rows: Sequence[RawRow],
    also_answered: Sequence[int] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Enter what several departments handed in on paper, in one table.

    `also_answered`: departments that answered without a row here; of a campaign written up
    afterwards it is not known how many items they had. Raises RowsRefused.
    """
    campaign = held(campaign_id, CampaignState.REPORTING, "代录上报")
    plan = plan_report(campaign_id, rows, organisation_id=None)
    if plan.errors:
        raise RowsRefused(plan.errors, WHAT)
    silent = None if campaign.is_reconstructed else 0
    counts: dict[int, int | None] = dict.fromkeys(also_answered, silent)
    counts.update(plan.units)
    _check_asked(campaign, counts)
    _lay_down(campaign, plan, counts)
    _answered(campaign, counts, actor, at, by_office=True)
    facts = {"organisation_ids": [str(one) for one in counts], "entry_count": len(plan.rows)}
    tell("campaign.reports_taken", campaign, facts, actor=actor, at=at, command_id=command_id)
    return {"units": len(counts), "entry_count": len(plan.rows)}


def _unit(campaign: Campaign, organisation_id: int) -> CampaignUnit:
    unit = campaign.units.filter(organisation_id=organisation_id).first()
    if unit is None:
        raise NotFound("您的部门不在这次清理的范围里。")
    return unit


def _check_asked(campaign: Campaign, counts: Mapping[int, int | None]) -> None:
    asked = dict(campaign.units.values_list("organisation_id", "state"))
    if any(asked.get(one) in {None, UnitState.ACCEPTED.value} for one in counts):
        raise Conflict("有的部门不在范围里，或者已经审定，不能代录。请刷新页面后核对。")


def _lay_down(campaign: Campaign, plan: ReportPlan, units: Mapping[int, Any]) -> None:
    """The entries of these units anew; nobody's are added to what is there."""
    CampaignEntry.objects.filter(campaign=campaign, organisation_id__in=list(units)).delete()
    CampaignEntry.objects.bulk_create(
        CampaignEntry(
            campaign=campaign,
            organisation_id=unit,
            item=item,
            name=item.name if item else one.name,
            is_placeholder=unit is None and not one.code,
            before_kind=campaign.scope_kind,
            proposal=one.proposal,
            note=one.note,
        )
        for one, unit, item in plan.rows
    )


def _answered(
    campaign: Campaign,
    counts: Mapping[int, int | None],
    actor: Actor,
    at: datetime,
    *,
    by_office: bool,
) -> None:
    """All units of one count in one statement."""
    by_count: dict[int | None, list[int]] = {}
    for unit, count in counts.items():
        by_count.setdefault(count, []).append(unit)
    for count, units in by_count.items():
        campaign.units.filter(organisation_id__in=units).update(
            state=UnitState.REPORTED.value,
            entry_count=count,
            is_entered_by_office=by_office,
            reported_at=at,
            reported_by_id=person_of(actor),
        )


@command("campaign.return_report")
def return_report(
    *,
    campaign_id: int,
    organisation_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Give a report back, accepted or not, with a reason."""
    campaign = held(campaign_id, CampaignState.REPORTING, "退回上报")
    unit = _unit(campaign, organisation_id)
    if unit.state not in {UnitState.REPORTED, UnitState.ACCEPTED}:
        raise Conflict("这个部门还没有上报，没有什么可以退回。")
    if not reason.strip():
        raise DomainError("请写明退回的原因，部门才知道改哪里。")
    unit.state = UnitState.RETURNED.value
    unit.returned_at, unit.returned_by_id = at, person_of(actor)
    unit.return_reason = reason.strip()
    unit.accepted_at = unit.accepted_by = None
    unit.save()
    facts = {"organisation_id": str(organisation_id), "reason": unit.return_reason}
    tell("campaign.report_returned", campaign, facts, actor=actor, at=at, command_id=command_id)
    return {"organisation_id": str(organisation_id)}


@command("campaign.accept_reports")
def accept_reports(
    *,
    campaign_id: int,
    organisation_ids: Sequence[int],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Accept the reports of one department or of many."""
    campaign = held(campaign_id, CampaignState.REPORTING, "审定上报")
    waiting = campaign.units.filter(
        organisation_id__in=list(organisation_ids), state=UnitState.REPORTED.value
    )
    if not organisation_ids or waiting.count() != len(set(organisation_ids)):
        raise Conflict("选中的部门里有的不是“已上报，待审”。请刷新页面后再选。")
    waiting.update(state=UnitState.ACCEPTED.value, accepted_at=at, accepted_by_id=person_of(actor))
    facts = {"organisation_ids": [str(one) for one in organisation_ids]}
    tell("campaign.reports_accepted", campaign, facts, actor=actor, at=at, command_id=command_id)
    return {"units": len(organisation_ids)}
