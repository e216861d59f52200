"""Reads: which clean-ups there are, and who may lead, answer or read one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.catalogue.models import Campaign, CampaignUnit
from mingtang.catalogue.rules import KINDS, ItemKind
from mingtang.catalogue.rules.campaigns import (
    CampaignState,
    UnitState,
)
from mingtang.regions import queries as regions

LEADERS = (Role.REFORM_OFFICE,)
REPORTERS = (Role.SECTION_CONTACT, Role.WINDOW_LEAD, Role.CHIEF_REPRESENTATIVE)
READERS = (*LEADERS, Role.CENTRE_MANAGER, Role.STEERING_GROUP, *REPORTERS)
PAGE = 30


class CampaignNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("没有这次清理，请回到清理列表核对。")


@dataclass(frozen=True)
class CampaignRow:
    id: int
    title: str
    document_number: str
    kind_label: str
    state: CampaignState
    started_on: date
    inventory: int | None
    answered: int
    asked: int
    is_reconstructed: bool


def campaigns(
    *, after: str = "", is_public: bool = False, asking: Iterable[int] | None = None
) -> tuple[list[CampaignRow], str]:
    """A page of campaigns, the newest first, and where it ended; the public sees results alone.

    `asking`: only those that ask one of these units.
    """
    rows = Campaign.objects.order_by("-started_at", "-id")
    if asking is not None:
        asked = CampaignUnit.objects.filter(organisation_id__in=list(asking))
        rows = rows.filter(id__in=asked.values("campaign_id"))
    if is_public:
        rows = rows.filter(state=CampaignState.ANNOUNCED.value)
    last = Campaign.objects.filter(id=parse_id(after) or 0).first()
    if last:
        earlier = Q(started_at__lt=last.started_at)
        rows = rows.filter(earlier | Q(started_at=last.started_at, id__lt=last.id))
    done = Count("units", filter=Q(units__state=UnitState.ACCEPTED.value))
    found = list(rows.annotate(asked=Count("units"), answered=done)[: PAGE + 1])
    return [_row(one) for one in found[:PAGE]], str(found[PAGE - 1].id) if len(found) > PAGE else ""


def campaigns_for(scope: Scope, *, after: str = "") -> tuple[list[CampaignRow], str]:
    """Those that a person may see: the office all, a department those that ask it."""
    if scope.has_role((*LEADERS, Role.CENTRE_MANAGER, Role.STEERING_GROUP)):
        return campaigns(after=after)
    units = [grant.organisation_id for grant in scope.grants if grant.role in REPORTERS]
    return campaigns(after=after, asking=units)


def units_to_ask(lead_id: int, on: date) -> list[tuple[str, str]]:
    """The departments of the leading office's county: id and name, for a form."""
    area6 = regions.organisation_card(lead_id, on).area6
    cards = regions.organisation_cards(on, kinds=["department"])
    return [(str(one.id), one.short_name) for one in cards if one.area6 == area6]


def target_choices(found: Campaign, on: date) -> list[tuple[str, str]]:
    """The units that may take over what is delegated: code and name."""
    cards = regions.organisation_cards(on, kinds=["township", "village", "other"])
    return [(one.code, one.short_name) for one in cards if one.area6 == found.lead.area6]


def unit_ids(found: Campaign) -> list[int]:
    return list(found.units.order_by("id").values_list("organisation_id", flat=True))


def _row(one: Any) -> CampaignRow:
    return CampaignRow(
        id=one.id,
        title=one.title,
        document_number=one.document_number,
        kind_label=KINDS[ItemKind(one.scope_kind)].label,
        state=CampaignState(one.state),
        started_on=legal_date(one.started_at),
        inventory=one.inventory_count,
        answered=one.answered,
        asked=one.asked,
        is_reconstructed=one.is_reconstructed,
    )


def campaign(campaign_id: int) -> Campaign:
    """Raises NotFound."""
    rows = Campaign.objects.select_related(
        "lead", "beside", "notice", "result", "started_by", "closed_by", "frozen_by", "announced_by"
    )
    found = rows.filter(id=campaign_id).first()
    if found is None:
        raise CampaignNotFound
    return found


def campaign_for(scope: Scope, campaign_id: int) -> Campaign:
    """One that a person may see: the office all of them, a department those that ask it.

    Raises NotFound alike for none and for none of theirs.
    """
    found = campaign(campaign_id)
    if leads(scope, found) or unit_of(scope, found) or _oversees(scope, found):
        return found
    raise CampaignNotFound


def public_campaign(campaign_id: int) -> Campaign:
    """One whose result was announced. Raises NotFound."""
    found = campaign(campaign_id)
    if found.state != CampaignState.ANNOUNCED:
        raise CampaignNotFound
    return found


def leads(scope: Scope, found: Campaign) -> Grant | None:
    """The right to lead this campaign: that of the reform office of the place."""
    return _grant(scope, LEADERS, found.lead_id, found.lead.region_id)


def _oversees(scope: Scope, found: Campaign) -> bool:
    roles = (Role.CENTRE_MANAGER, Role.STEERING_GROUP)
    return _grant(scope, roles, found.lead_id, found.lead.region_id) is not None


def _grant(
    scope: Scope, roles: Iterable[Role], organisation_id: int, region_id: int
) -> Grant | None:
    grants = scope.grants_for(
        roles, organisation_id=organisation_id, item_code="", region_id=region_id
    )
    return grants[0] if grants else None


def lead_grant(scope: Scope) -> Grant | None:
    """The right to start a campaign: one's own post before one held for somebody else."""
    grants = [one for one in scope.grants if one.role in LEADERS]
    return min(grants, key=lambda one: one.acting_for_id is not None, default=None)


def unit_of(scope: Scope, found: Campaign) -> tuple[CampaignUnit, Grant] | None:
    """The department for which this person answers, and by which right."""
    units = {unit.organisation_id: unit for unit in found.units.order_by("id")}
    for grant in scope.grants:
        if grant.role in REPORTERS and grant.organisation_id in units:
            return units[grant.organisation_id], grant
    return None
