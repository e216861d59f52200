"""Services: a campaign begins with its notice to the departments."""

from collections.abc import Sequence
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.catalogue.models import Campaign, CampaignUnit
from mingtang.catalogue.rules import KINDS, ItemKind
from mingtang.catalogue.rules.campaigns import CampaignState, UnitState
from mingtang.catalogue.rules.kinds import holds_on
from mingtang.catalogue.services.campaigns.common import Facts, stream_of, tell
from mingtang.catalogue.services.drafts import person_of
from mingtang.files.rules.documents import Paper, chinese_date
from mingtang.files.services import Document, draw_up
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.regions import queries as regions

MARK = "审改清"  # of notices that came without a number of their own
LONGEST_TITLE = 60  # of a paper


@command("campaign.start")
def start_campaign(
    *,
    title: str,
    scope_kind: str,
    lead_id: int,
    organisation_ids: Sequence[int],
    report_due_date: str,
    document_number: str = "",
    basis: str = "",
    source: str = "",
    is_reconstructed: bool = False,
    beside_id: int | None = None,
    is_converted_inside: bool | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Notify the departments that must answer. Draws up the notice, but for a campaign that is
    written up afterwards: its notice was another's paper, whose number is `document_number`.

    Raises DomainError for a kind that was none on that day, or where nobody is asked.
    """
    on = legal_date(at)
    _check(title, scope_kind, organisation_ids, on, source=source, afterwards=is_reconstructed)
    campaign = Campaign(
        title=title.strip(),
        scope_kind=scope_kind,
        document_number=document_number.strip(),
        basis=basis.strip(),
        source=source.strip(),
        is_reconstructed=is_reconstructed,
        lead_id=lead_id,
        state=CampaignState.REPORTING.value,
        report_due_date=date.fromisoformat(report_due_date),
        started_at=at,
        started_by_id=person_of(actor),
        beside_id=beside_id,
        is_converted_inside=is_converted_inside,
    )
    if not is_reconstructed:
        campaign.notice = _notice(campaign, organisation_ids, at)
        campaign.document_number = campaign.document_number or campaign.notice.number or ""
    campaign.save(force_insert=True)
    CampaignUnit.objects.bulk_create(
        CampaignUnit(campaign=campaign, organisation_id=one, state=UnitState.WAITING.value)
        for one in dict.fromkeys(organisation_ids)
    )
    facts = _facts(campaign, organisation_ids)
    tell("campaign.started", campaign, facts, actor=actor, at=at, command_id=command_id)
    return {"campaign_id": str(campaign.id)}


def _facts(campaign: Campaign, organisation_ids: Sequence[int]) -> Facts:
    facts: Facts = {
        "scope_kind": campaign.scope_kind,
        "document_number": campaign.document_number,
        "organisation_ids": [str(one) for one in organisation_ids],
        "report_due": campaign.report_due_date.isoformat(),
        "source": campaign.source,
    }
    return facts | {"document": campaign.notice.facts()} if campaign.notice else facts


def _check(
    title: str,
    scope_kind: str,
    organisation_ids: Sequence[int],
    on: date,
    *,
    source: str,
    afterwards: bool,
) -> None:
    if not title.strip() or len(title.strip()) > LONGEST_TITLE:
        raise DomainError(f"请填写清理的名称，不超过 {LONGEST_TITLE} 个字。")
    if not organisation_ids:
        raise DomainError("请至少选一个要上报的部门。")
    if afterwards and not source.strip():
        raise DomainError("补录的清理请写明数字出自哪份文件。")
    kind = ItemKind(scope_kind)
    if not holds_on(kind, on):
        label = KINDS[kind].label
        raise DomainError(f"{chinese_date(on)}已经没有“{label}”这一类，请核对清理的事项类型。")


def _notice(campaign: Campaign, organisation_ids: Sequence[int], at: datetime) -> Document:
    on = legal_date(at)
    names = regions.names_of(organisation_ids, on)
    kind = KINDS[ItemKind(campaign.scope_kind)].label
    paragraphs = (
        f"决定对{kind}开展清理和规范。请各部门逐项自查，提出保留、取消、下放、调整或者合并的建议。",
        f"请于{chinese_date(campaign.report_due_date)}前在系统上报；没有这类事项的，也请报“无事项”。",
        *([f"依据：{campaign.basis}"] if campaign.basis else []),
    )
    paper = Paper(
        kind="cleanup_notice",
        title=campaign.title,
        mark="" if campaign.document_number else MARK,
        addressee="各有关部门",
        paragraphs=paragraphs,
        row_heads=("序号", "部门"),
        rows=tuple((str(n), names[one]) for n, one in enumerate(organisation_ids, 1)),
    )
    return draw_up(
        paper,
        subject=stream_of(campaign),
        organisation_id=campaign.lead_id,
        on=on,
        at=at,
    )
