"""Services: the inventory closes, each entry is decided, a second person freezes, the result is
announced."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.catalogue.models import Campaign, CampaignEntry, MergeLink
from mingtang.catalogue.queries.campaigns import balance, said_of
from mingtang.catalogue.rules import KINDS, ItemKind
from mingtang.catalogue.rules.campaign_rows import Decided, Known, Read, read_decisions
from mingtang.catalogue.rules.campaigns import (
    AlteredDecisions,
    Balance,
    CampaignState,
    Decision,
    DoesNotBalance,
    NotAllAnswered,
    RowsRefused,
    SecondPersonFreezes,
    UnitState,
    decisions_hash,
)
from mingtang.catalogue.rules.rows import Finding, RawRow
from mingtang.catalogue.services.campaigns.common import Facts, held, stream_of, tell
from mingtang.catalogue.services.campaigns.starting import LONGEST_TITLE, MARK
from mingtang.catalogue.services.drafts import person_of
from mingtang.files.rules.documents import Paper
from mingtang.files.services import Document, draw_up
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.regions import queries as regions

WHAT = "逐项决定"
CHUNK = 400


@command("campaign.close_inventory")
def close_inventory(*, campaign_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Number what was reported: so many entries must be decided, no more and no fewer.

    Raises NotAllAnswered, which names the departments that have not been accepted.
    """
    campaign = held(campaign_id, CampaignState.REPORTING, "汇总清单")
    open_units = campaign.units.exclude(state=UnitState.ACCEPTED.value)
    missing = list(open_units.order_by("organisation__unit3", "id").values_list("organisation_id"))
    if missing:
        names = regions.short_names_of([one for (one,) in missing], legal_date(at))
        raise NotAllAnswered([names.get(one, "") for (one,) in missing])
    rows = campaign.entries.order_by("organisation__area6", "organisation__unit3", "id")
    entries = list(rows.only("id"))
    if not entries:
        raise Conflict("各部门都没有报事项，没有清单可以汇总。")
    for number, entry in enumerate(entries, 1):
        entry.number = number
    CampaignEntry.objects.bulk_update(entries, ["number"], batch_size=CHUNK)
    campaign.state = CampaignState.DECIDING.value
    campaign.inventory_count = len(entries)
    campaign.closed_at, campaign.closed_by_id = at, person_of(actor)
    campaign.save()
    facts = {"inventory_count": len(entries)}
    tell("campaign.inventory_closed", campaign, facts, actor=actor, at=at, command_id=command_id)
    return facts


# ── each entry ────────────────────────────────────────────────────────────────────────────────


def plan_decisions(campaign_id: int, rows: Sequence[RawRow]) -> Read[Decided]:
    """What a table of decisions says, checked row by row. Reads only."""
    campaign = Campaign.objects.filter(id=campaign_id).first()
    if campaign is None:
        raise NotFound("没有这次清理，请回到清理列表核对。")
    read = read_decisions(rows, _known(campaign), needs_date=not campaign.is_reconstructed)
    targets = _targets(read, campaign)
    for one in read.rows:
        if one.target and one.target not in targets:
            read.findings.append(Finding(one.row, f"没有登记过承接单位“{one.target}”", True))
    return read


def _known(campaign: Campaign) -> dict[int, Known]:
    links = _merges(campaign)
    found = campaign.entries.filter(number__isnull=False).order_by("number")
    return {
        number or 0: Known(name, ItemKind(kind), decision, tuple(links.get(number or 0, ())))
        for number, name, kind, decision in found.values_list(
            "number", "name", "before_kind", "decision"
        )
    }


def _merges(campaign: Campaign) -> dict[int, list[int]]:
    """By the number of a merged entry, the numbers in which it goes on."""
    found: dict[int, list[int]] = {}
    rows = MergeLink.objects.filter(source__campaign=campaign).order_by("target__number", "id")
    for source, target in rows.values_list("source__number", "target__number"):
        found.setdefault(source or 0, []).append(target or 0)
    return found


def _targets(read: Read[Decided], campaign: Campaign) -> dict[str, int]:
    texts = {one.target for one in read.rows if one.target}
    if not texts:
        return {}
    called = regions.Called(texts)
    codes = {text: called.code(text, campaign.lead.area6) for text in texts}
    ids = regions.ids_of_codes([code for code in codes.values() if code])
    return {text: ids[code] for text, code in codes.items() if code in ids}


@command("campaign.decide")
def decide(
    *,
    campaign_id: int,
    rows: Sequence[RawRow],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Decide of entries by their numbers, or decide anew. All rows or none. Raises RowsRefused."""
    campaign = held(campaign_id, CampaignState.DECIDING, "作决定")
    read = plan_decisions(campaign_id, rows)
    errors = [one for one in read.findings if one.is_error]
    if errors:
        raise RowsRefused(errors, WHAT)
    targets = _targets(read, campaign)
    ids = dict(campaign.entries.values_list("number", "id"))
    for said, numbers in _alike(read.rows, targets).items():
        values = dict(said) | {"decided_at": at, "decided_by_id": person_of(actor)}
        for start in range(0, len(numbers), CHUNK):
            part = numbers[start : start + CHUNK]
            campaign.entries.filter(number__in=part).update(**values)
    _link(read.rows, ids)
    campaign.author_ids = sorted({*campaign.author_ids, str(person_of(actor))})
    campaign.save(update_fields=["author_ids"])
    facts = {"count": len(read.rows), "decided": _counted(read.rows)}
    tell("campaign.decided", campaign, facts, actor=actor, at=at, command_id=command_id)
    return facts


def _alike(rows: Sequence[Decided], targets: Mapping[str, int]) -> dict[Any, list[int]]:
    """The numbers by what is decided of them: what is alike is written in one statement."""
    found: dict[Any, list[int]] = {}
    for one in rows:
        said = (
            ("decision", one.decision.value),
            ("after_kind", one.after_kind),
            ("target_level", one.target_level),
            ("target_id", targets.get(one.target) if one.target else None),
            ("decision_basis", one.basis),
            ("effective_date", one.effective_date),
        )
        found.setdefault(said, []).append(one.number)
    return found


def _link(rows: Sequence[Decided], ids: Mapping[int | None, int]) -> None:
    decided = [ids[one.number] for one in rows]
    for start in range(0, len(decided), CHUNK):
        MergeLink.objects.filter(source_id__in=decided[start : start + CHUNK]).delete()
    MergeLink.objects.bulk_create(
        MergeLink(source_id=ids[one.number], target_id=ids[into])
        for one in rows
        for into in one.merged_into
    )


def _counted(rows: Sequence[Decided]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in rows:
        found[one.decision.value] = found.get(one.decision.value, 0) + 1
    return found


# ── frozen, announced ─────────────────────────────────────────────────────────────────────────


@command("campaign.freeze")
def freeze(*, campaign_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person holds the decisions fast. Raises SecondPersonFreezes, DoesNotBalance."""
    campaign = held(campaign_id, CampaignState.DECIDING, "定稿")
    person = person_of(actor)
    if str(person) in campaign.author_ids or person == campaign.closed_by_id:
        raise SecondPersonFreezes
    found = balance(campaign)
    if not found.holds:
        raise DoesNotBalance(found)
    campaign.state = CampaignState.FROZEN.value
    campaign.frozen_at, campaign.frozen_by_id = at, person
    campaign.content_hash = hash_of(campaign)
    campaign.save()
    facts = {"content_hash": campaign.content_hash, **figures_of(found)}
    tell("campaign.frozen", campaign, facts, actor=actor, at=at, command_id=command_id)
    return {"content_hash": campaign.content_hash}


def figures_of(found: Balance) -> Facts:
    decided = {one.value: found.decided[one] for one in Decision}
    return {"inventory_count": found.inventory, "decided": decided}


def hash_of(campaign: Campaign) -> str:
    """Of all that is decided now, links of merges with it."""
    links = _merges(campaign)
    names = (
        *("number", "name", "before_kind", "decision", "after_kind", "target_level"),
        *("decision_basis", "effective_date", "target__code", "item__code"),
    )
    return decisions_hash(
        row | {"merged_into": links.get(row["number"], [])}
        for row in campaign.entries.order_by("number", "id").values(*names)
    )


@command("campaign.announce")
def announce(*, campaign_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Tell the result: a paper with all decisions, but for a campaign written up afterwards, and
    an event that those who publish follow. Raises AlteredDecisions."""
    campaign = held(campaign_id, CampaignState.FROZEN, "公布结果")
    if hash_of(campaign) != campaign.content_hash:
        raise AlteredDecisions
    found = balance(campaign)
    facts: Facts = {
        "scope_kind": campaign.scope_kind,
        "document_number": campaign.document_number,
        "department_count": campaign.units.count(),
        "content_hash": campaign.content_hash,
        "source": campaign.source,
        **figures_of(found),
    }
    if not campaign.is_reconstructed:
        campaign.result = _result(campaign, found, at)
        facts["document"] = campaign.result.facts()
    campaign.state = CampaignState.ANNOUNCED.value
    campaign.announced_at, campaign.announced_by_id = at, person_of(actor)
    campaign.save()
    tell("campaign.announced", campaign, facts, actor=actor, at=at, command_id=command_id)
    return {"campaign_id": str(campaign.id)}


def _result(campaign: Campaign, found: Balance, at: datetime) -> Document:
    on = legal_date(at)
    kind = KINDS[ItemKind(campaign.scope_kind)].label
    counts = "，".join(f"{one.label} {count} 项" for one, count in found.parts)
    title = f"{kind}清理结果公告"
    if len(title) > LONGEST_TITLE:
        raise DomainError("公告的标题太长，请缩短事项类型的名称。")
    paper = Paper(
        kind="cleanup_result",
        title=title,
        mark=MARK,
        addressee="",
        paragraphs=(
            f"《{campaign.title}》（{campaign.document_number}）组织的清理已经完成，现将结果公布。",
            f"经清理，{kind} {found.inventory} 项：{counts}。",
        ),
        row_heads=("序号", "部门", "事项", "决定", "依据", "生效日期"),
        rows=tuple(_paper_rows(campaign, at)),
    )
    return draw_up(
        paper, subject=stream_of(campaign), organisation_id=campaign.lead_id, on=on, at=at
    )


def _paper_rows(campaign: Campaign, at: datetime) -> list[tuple[str, ...]]:
    entries = list(
        campaign.entries.select_related("target")
        .prefetch_related("merges_into__target")
        .order_by("number", "id")
    )
    units = {one.organisation_id for one in entries} | {one.target_id for one in entries}
    names = regions.short_names_of([one for one in units if one], legal_date(at))
    return [
        (
            str(one.number),
            names.get(one.organisation_id or 0, "未载明"),
            one.name,
            said_of(one, names),
            one.decision_basis,
            one.effective_date.isoformat() if one.effective_date else "",
        )
        for one in entries
    ]
