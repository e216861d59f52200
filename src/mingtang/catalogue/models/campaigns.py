"""Tables of clean-up campaigns (清理): who answers, what was found, what was decided of each."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.base.ids import next_id
from mingtang.catalogue.rules import KINDS
from mingtang.catalogue.rules.campaigns import CampaignState, Decision, UnitState
from mingtang.catalogue.rules.details import LEVELS

KIND_CHOICES = {kind.value: row.label for kind, row in KINDS.items()}
STATES = [state.value for state in CampaignState]
SINCE_CLOSED = [state.value for state in CampaignState if state is not CampaignState.REPORTING]
SINCE_FROZEN = [CampaignState.FROZEN.value, CampaignState.ANNOUNCED.value]


def _person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )


def _organisation(**more: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+", **more
    )


def _paired(table: str, name: str) -> models.CheckConstraint:
    """`x_at` and `x_by` are set together or not at all."""
    at, by = f"{name}_at", f"{name}_by"
    return models.CheckConstraint(
        condition=Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        name=f"{table}_{name}_paired",
    )


def _only_in(table: str, states: list[str], column: str) -> models.CheckConstraint:
    """In these states, and in no other, the column is filled."""
    inside, filled = Q(state__in=states), ~Q(**{column: None})
    return models.CheckConstraint(
        condition=(inside & filled) | (~inside & ~filled), name=f"{table}_{column}_by_state"
    )


class Campaign(models.Model):
    """One clean-up of one kind of item. `inventory_count` is fixed when the inventory closes, and
    what was decided is held against it.

    `is_reconstructed`: written up afterwards from a `source` that has the totals alone.
    `is_converted_inside`: whether what is converted is counted in the campaign `beside` this one;
    null where nobody says.
    """

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    title = models.CharField(max_length=120)
    scope_kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    document_number = models.CharField(max_length=60, blank=True)
    basis = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    is_reconstructed = models.BooleanField(default=False)
    lead = _organisation()
    state = models.CharField(
        max_length=12, choices=[(state.value, state.label) for state in CampaignState]
    )
    report_due_date = models.DateField()
    started_at = models.DateTimeField()
    started_by = _person()
    closed_at = models.DateTimeField(null=True)
    closed_by = _person()
    inventory_count = models.PositiveIntegerField(null=True)
    author_ids = models.JSONField(default=list)  # all who decided: none of them freezes
    frozen_at = models.DateTimeField(null=True)
    frozen_by = _person()
    content_hash = models.CharField(max_length=64, blank=True)
    announced_at = models.DateTimeField(null=True)
    announced_by = _person()
    notice = models.ForeignKey(
        "files.Document", null=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.ForeignKey(
        "files.Document", null=True, on_delete=models.PROTECT, related_name="+"
    )
    beside = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    is_converted_inside = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="campaign_title_given"),
            models.CheckConstraint(
                condition=Q(scope_kind__in=list(KIND_CHOICES)), name="campaign_scope_kind"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="campaign_state"),
            models.CheckConstraint(
                condition=Q(is_reconstructed=False) | ~Q(source=""), name="campaign_names_source"
            ),
            models.CheckConstraint(
                condition=Q(is_converted_inside=None) | Q(beside__isnull=False),
                name="campaign_inside_of_one",
            ),
            # A campaign of the system's own starts by somebody; `started_by` is never left blank.
            models.CheckConstraint(
                condition=Q(started_at__isnull=False, started_by__isnull=False),
                name="campaign_started_paired",
            ),
            *(_paired("campaign", name) for name in ("closed", "frozen", "announced")),
            _only_in("campaign", SINCE_CLOSED, "closed_at"),
            _only_in("campaign", SINCE_CLOSED, "inventory_count"),
            _only_in("campaign", SINCE_FROZEN, "frozen_at"),
            _only_in("campaign", [CampaignState.ANNOUNCED.value], "announced_at"),
            models.CheckConstraint(
                condition=Q(frozen_at=None, content_hash="")
                | (Q(frozen_at__isnull=False) & ~Q(content_hash="")),
                name="campaign_frozen_has_hash",
            ),
            # Who closed the inventory counted it; a second person freezes what was decided.
            models.CheckConstraint(
                condition=Q(frozen_by=None) | ~Q(frozen_by=F("closed_by")),
                name="campaign_second_person",
            ),
        )
        indexes = (models.Index(fields=["started_at", "id"], name="campaign_listed"),)

    def __str__(self) -> str:
        return self.title


class CampaignUnit(models.Model):
    """A department that must answer. A report of nothing is an answer too (零申报)."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    campaign = models.ForeignKey(
        "catalogue.Campaign", on_delete=models.PROTECT, related_name="units"
    )
    organisation = _organisation()
    state = models.CharField(
        max_length=10, choices=[(state.value, state.label) for state in UnitState]
    )
    entry_count = models.PositiveIntegerField(null=True)  # null: answered, but not how many
    is_entered_by_office = models.BooleanField(default=False)
    reported_at = models.DateTimeField(null=True)
    reported_by = _person()
    returned_at = models.DateTimeField(null=True)
    returned_by = _person()
    return_reason = models.TextField(blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = _person()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["campaign", "organisation"], name="campaign_unit_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in UnitState]),
                name="campaign_unit_state",
            ),
            *(_paired("campaign_unit", name) for name in ("reported", "returned", "accepted")),
            models.CheckConstraint(
                condition=Q(state=UnitState.WAITING.value, reported_at=None)
                | (~Q(state=UnitState.WAITING.value) & Q(reported_at__isnull=False)),
                name="campaign_unit_reported_by_state",
            ),
            _only_in("campaign_unit", [UnitState.ACCEPTED.value], "accepted_at"),
            models.CheckConstraint(
                condition=~Q(state=UnitState.RETURNED.value) | ~Q(return_reason=""),
                name="campaign_unit_return_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.organisation_id}"


class CampaignEntry(models.Model):
    """One item that was found, and what was decided of it.

    `number` is its place in the inventory. `is_placeholder`: the source has no name for it.
    `carried`: the decision has had its effect on `item`.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    campaign = models.ForeignKey(
        "catalogue.Campaign", on_delete=models.PROTECT, related_name="entries"
    )
    organisation = _organisation(null=True)  # null: the source does not say whose
    number = models.PositiveIntegerField(null=True)
    item = models.ForeignKey(
        "catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=300)
    is_placeholder = models.BooleanField(default=False)
    before_kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    proposal = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    decision = models.CharField(max_length=10, blank=True)
    after_kind = models.CharField(max_length=20, blank=True)
    target_level = models.CharField(max_length=12, blank=True)
    target = _organisation(null=True)
    decision_basis = models.TextField(blank=True)
    effective_date = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = _person()
    carried_at = models.DateTimeField(null=True)
    carried_by = _person()
    draft = models.ForeignKey(
        "catalogue.Draft", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "number"],
                condition=Q(number__isnull=False),
                name="entry_number_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "item"],
                condition=Q(item__isnull=False),
                name="entry_item_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="entry_name_given"),
            models.CheckConstraint(
                condition=Q(before_kind__in=list(KIND_CHOICES)), name="entry_before_kind"
            ),
            models.CheckConstraint(
                condition=Q(proposal__in=["", *(one.value for one in Decision)]),
                name="entry_proposal",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | Q(decision__in=[one.value for one in Decision], decided_at__isnull=False)
                & ~Q(decision_basis=""),
                name="entry_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.CONVERT.value, after_kind__in=list(KIND_CHOICES))
                & ~Q(after_kind=F("before_kind"))
                | ~Q(decision=Decision.CONVERT.value) & Q(after_kind=""),
                name="entry_converted_to_another_kind",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.DELEGATE.value, target_level__in=list(LEVELS))
                | ~Q(decision=Decision.DELEGATE.value) & Q(target_level="", target=None),
                name="entry_delegated_to_somebody",
            ),
            *(_paired("entry", name) for name in ("decided", "carried")),
            models.CheckConstraint(
                condition=Q(carried_at=None) | (Q(item__isnull=False) & ~Q(decision="")),
                name="entry_carried_what_was_decided",
            ),
        )
        indexes = (
            models.Index(fields=["campaign", "decision", "number", "id"], name="entry_by_decision"),
            models.Index(fields=["campaign", "organisation", "id"], name="entry_by_unit"),
        )

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.number} {self.name}"


class MergeLink(models.Model):
    """An entry that goes on in another: several into one, or one into several."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    source = models.ForeignKey(
        "catalogue.CampaignEntry", on_delete=models.CASCADE, related_name="merges_into"
    )
    target = models.ForeignKey(
        "catalogue.CampaignEntry", on_delete=models.PROTECT, related_name="merged_from"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source", "target"], name="merge_link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="merge_link_between_two"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
