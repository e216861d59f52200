"""Services: what was decided takes effect on the items, through the commands of every day."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.catalogue.models import Campaign, CampaignEntry, Draft, ItemStatus
from mingtang.catalogue.queries.campaigns import said_of
from mingtang.catalogue.rules import ItemKind, profile_for
from mingtang.catalogue.rules.campaigns import CampaignState, Decision
from mingtang.catalogue.rules.gate import GateClosed
from mingtang.catalogue.services.campaigns.common import Facts, held, tell
from mingtang.catalogue.services.drafts import open_draft, person_of, save_draft, submit_draft
from mingtang.catalogue.services.states import move_item, retire_item
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.regions import queries as regions

CHANGES = (Decision.ABOLISH, Decision.MERGE, Decision.DELEGATE, Decision.CONVERT)
MOST = 200  # entries in one command


@command("campaign.carry_out")
def carry_out(*, campaign_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Give the announced decisions that are due their effect, up to 200 at a time.

    Abolished and merged items are retired, delegated ones go to the unit named, or are retired
    here where only a level is; of converted ones a draft of the new kind is handed to a second
    person, who publishes it as any edition. What somebody did by hand before counts as done. What
    an item refuses leaves nothing behind, is told and tried again, and holds nobody else up.
    """
    campaign = held(campaign_id, CampaignState.ANNOUNCED, "落实结果")
    told: dict[str, Any] = {"actor": actor, "at": at}
    done: list[CampaignEntry] = []
    refused: list[dict[str, str]] = []
    for entry in due_entries(campaign, legal_date(at)):
        if len(done) == MOST:
            break
        try:
            with transaction.atomic():
                _carry(campaign, entry, told, f"{command_id}-{entry.number}")
        except DomainError as error:
            refused.append({"number": str(entry.number), "why": error.message})
            continue
        entry.carried_at, entry.carried_by_id = at, person_of(actor)
        entry.save(update_fields=["carried_at", "carried_by", "draft"])
        done.append(entry)
    facts: Facts = {"numbers": [one.number for one in done], "refused": refused}
    tell("campaign.carried_out", campaign, facts, command_id=command_id, **told)
    return {"count": len(done), "refused": refused}


def due_entries(campaign: Campaign, on: date) -> list[CampaignEntry]:
    """The decisions that have their effect from this day, and have not had it."""
    rows = campaign.entries.filter(
        item__isnull=False,
        carried_at=None,
        decision__in=[one.value for one in CHANGES],
        effective_date__lte=on,
    )
    rows = rows.select_related("item__current_edition", "target")
    return list(rows.prefetch_related("merges_into__target").order_by("number", "id"))


def _carry(campaign: Campaign, entry: CampaignEntry, told: dict[str, Any], name: str) -> None:
    decision = Decision(entry.decision)
    assert entry.item_id is not None
    if _has_effect(entry):
        return
    if decision is Decision.CONVERT:
        entry.draft = _converted(entry, told, name)
    elif decision is Decision.DELEGATE and entry.target_id:
        move_item(
            item_id=entry.item_id,
            department_id=entry.target_id,
            reason=_reason(campaign, entry, told["at"]),
            command_id=name,
            **told,
        )
    else:
        reason = _reason(campaign, entry, told["at"])
        retire_item(item_id=entry.item_id, reason=reason, command_id=name, **told)


def _has_effect(entry: CampaignEntry) -> bool:
    """Whether the item is by somebody's hand already what was decided: gone, or with its unit."""
    assert entry.item is not None
    if entry.decision == Decision.CONVERT:
        return False
    if entry.decision == Decision.DELEGATE and entry.target_id:
        return entry.item.department_id == entry.target_id
    return entry.item.status == ItemStatus.ABOLISHED


def _reason(campaign: Campaign, entry: CampaignEntry, at: datetime) -> str:
    names = regions.short_names_of([entry.target_id] if entry.target_id else [], legal_date(at))
    into = "、".join(f"“{link.target.name}”" for link in entry.merges_into.all())
    said = f"并入{into}" if into else said_of(entry, names)
    return f"{campaign.title}（{campaign.document_number}）：{said}。依据：{entry.decision_basis}"


def _converted(entry: CampaignEntry, told: dict[str, Any], name: str) -> Draft:
    """A draft of the new kind, handed in where the publish gate lets it."""
    made = open_draft(item_id=entry.item_id, command_id=f"{name}-open", **told)
    draft = Draft.objects.get(id=int(made["draft_id"]))
    kind = ItemKind(entry.after_kind)
    content = draft.content | {"kind": kind.value, "profile": profile_for(kind).key}
    save_draft(
        draft_id=draft.id,
        content=content,
        revision=draft.revision,
        base_number=draft.base_number,
        command_id=f"{name}-save",
        **told,
    )
    with suppress(GateClosed):  # the draft says what it lacks; its department completes it
        submit_draft(draft_id=draft.id, command_id=f"{name}-submit", **told)
    return draft
