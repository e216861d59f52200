"""Services: what the commands of campaigns share: the row held, the event told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mingtang.base.errors import NotFound
from mingtang.catalogue.models import Campaign
from mingtang.catalogue.rules.campaigns import CampaignState, check_state
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import record

Facts = dict[str, Any]


def stream_of(campaign: Campaign) -> str:
    return f"campaign:{campaign.id}"


def held(campaign_id: int, wanted: CampaignState, act: str) -> Campaign:
    """The campaign, held until the command ends. Raises NotFound, and WrongStage."""
    campaign = Campaign.objects.select_for_update(of=("self",)).filter(id=campaign_id).first()
    if campaign is None:
        raise NotFound("没有这次清理，请回到清理列表核对。")
    check_state(CampaignState(campaign.state), wanted, act)
    return campaign


def tell(
    kind: str,
    campaign: Campaign,
    facts: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    common = {"campaign_id": str(campaign.id), "title": campaign.title}
    record(
        stream=stream_of(campaign),
        kind=kind,
        facts=common | dict(facts),
        actor=actor,
        at=at,
        command_id=command_id,
    )
