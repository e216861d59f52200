"""Tables of items: their editions, drafts, procedure profiles, life events. No published edition
ever changes."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from mingtang.base.ids import next_id
from mingtang.catalogue.rules import KINDS, PROFILES
from mingtang.catalogue.rules.basic import CODE_LENGTH
from mingtang.catalogue.rules.drafts import OPEN_STATES, DraftState
from mingtang.timing.rules import UNIT_LABELS

KIND_CHOICES = {kind.value: row.label for kind, row in KINDS.items()}
UNIT_CHOICES = {unit.value: label for unit, label in UNIT_LABELS.items()}


class ItemStatus(models.TextChoices):
    ACTIVE = "active", _("在用")
    SUSPENDED = "suspended", _("暂停")
    ABOLISHED = "abolished", _("取消")


class Served(models.TextChoices):
    NATURAL = "natural", _("自然人")
    LEGAL = "legal", _("法人及其他组织")
    BOTH = "both", _("自然人、法人及其他组织")


def _limit_is_whole(name: str) -> Q:
    """Amount and unit are both there, or neither."""
    amount, unit = f"{name}_amount", f"{name}_unit"
    return Q(**{f"{amount}__isnull": True, f"{unit}__isnull": True}) | Q(
        **{f"{amount}__gte": 0, f"{unit}__in": list(UNIT_CHOICES)}
    )


class Item(models.Model):
    """A service item. What it asks and promises is in its editions; one that has none yet is
    known to the office alone."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    department = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=300)  # as published, or as the first draft calls it
    main_item = models.CharField(max_length=300, blank=True)
    status = models.CharField(
        max_length=10, choices=ItemStatus.choices, default=ItemStatus.ACTIVE.value
    )
    current_edition = models.ForeignKey(
        "catalogue.Edition", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(code=""), name="item_code_given"),
            models.CheckConstraint(condition=~Q(name=""), name="item_name_given"),
            models.CheckConstraint(
                condition=Q(status__in=ItemStatus.values), name="item_status_known"
            ),
        )
        indexes = (models.Index(fields=["status", "department", "id"], name="item_listed"),)

    def __str__(self) -> str:
        return self.code


class Edition(models.Model):
    """An item as published on a day: the seven disclosures, the limits, the route.

    Cases pin the edition they were filed under. Materials and steps keep their ids from one
    edition to the next. Null means: the publication does not say.
    """

    append_only = True
    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    profile = models.CharField(max_length=20)
    body_code = models.CharField(max_length=64, blank=True)
    basis = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    materials = models.JSONField(default=list)
    procedure = models.TextField(blank=True)
    statutory_amount = models.PositiveSmallIntegerField(null=True)
    statutory_unit = models.CharField(max_length=12, null=True, choices=UNIT_CHOICES)  # noqa: DJ001
    statutory_basis = models.CharField(max_length=300, blank=True)
    promised_amount = models.PositiveSmallIntegerField(null=True)
    promised_unit = models.CharField(max_length=12, null=True, choices=UNIT_CHOICES)  # noqa: DJ001
    promised_is_default = models.BooleanField(default=False)
    fee = models.TextField(blank=True)
    is_free = models.BooleanField(null=True)
    route = models.JSONField()
    on_the_spot = models.BooleanField(default=False)
    served = models.CharField(max_length=10, choices=Served.choices, default=Served.BOTH.value)
    details = models.JSONField(default=dict)  # rules.details: only what is said
    published_at = models.DateTimeField()
    published_by_label = models.CharField(max_length=100)
    content_hash = models.CharField(max_length=64)
    source = models.CharField(max_length=200)
    source_row = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "number"], name="edition_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_number_from_one"),
            models.CheckConstraint(condition=~Q(name=""), name="edition_name_given"),
            models.CheckConstraint(condition=Q(kind__in=list(KIND_CHOICES)), name="edition_kind"),
            models.CheckConstraint(condition=Q(profile__in=list(PROFILES)), name="edition_profile"),
            models.CheckConstraint(condition=Q(served__in=Served.values), name="edition_served"),
            models.CheckConstraint(
                condition=_limit_is_whole("statutory"), name="edition_statutory_whole"
            ),
            models.CheckConstraint(
                condition=_limit_is_whole("promised"), name="edition_promised_whole"
            ),
            models.CheckConstraint(
                condition=Q(promised_is_default=False) | Q(promised_amount__isnull=False),
                name="edition_default_is_a_promise",
            ),
            # A promise longer than the law allows is no promise (《行政许可法》第四十二条).
            models.CheckConstraint(
                condition=Q(promised_amount=None)
                | Q(statutory_amount=None)
                | ~Q(promised_unit=F("statutory_unit"))
                | Q(promised_amount__lte=F("statutory_amount")),
                name="edition_promise_within_law",
            ),
            models.CheckConstraint(
                condition=Q(is_free=None) | Q(is_free=False) | Q(fee=""), name="edition_free_of_fee"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} #{self.number}"


class BasicItem(models.Model):
    """An item of the basic catalogue (基本目录) as it held from a day on. A new list ends rows
    and begins others: nothing is written over but a list's own slips, which the ledger tells."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.CharField(max_length=CODE_LENGTH)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the last day; null: still in force
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    basis = models.TextField(blank=True)
    levels = models.JSONField(default=list)  # of rules.details.LEVELS; none: the list is silent
    source = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "valid_from"], name="basic_dated"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="basic_one_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="basic_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Exact(Length("code"), CODE_LENGTH), name="basic_code_whole"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="basic_name_given"),
            models.CheckConstraint(condition=Q(kind__in=list(KIND_CHOICES)), name="basic_kind"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class LifeEvent(models.Model):
    """Something that happens in a life or a firm and takes several items (开店, 建房)."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    icon = models.CharField(max_length=20, blank=True)
    summary = models.CharField(max_length=100, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="life_event_name_given"),)

    def __str__(self) -> str:
        return self.name


class LifeEventItem(models.Model):
    """One item of a package, at the place where one usually comes to it."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    life_event = models.ForeignKey(
        "catalogue.LifeEvent", on_delete=models.CASCADE, related_name="entries"
    )
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["life_event", "item"], name="life_event_item_once"),
            models.UniqueConstraint(
                fields=["life_event", "position"], name="life_event_place_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.life_event_id}/{self.position}"


class ProcedureProfile(models.Model):
    """A procedure as it held from a day on: limits, notices, remedies, and the law they rest on."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    key = models.CharField(max_length=20)
    label = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    statutory_amount = models.PositiveSmallIntegerField(null=True)
    statutory_unit = models.CharField(max_length=12, null=True, choices=UNIT_CHOICES)  # noqa: DJ001
    statutory_basis = models.CharField(max_length=300, blank=True)
    completeness_days = models.PositiveSmallIntegerField()
    delivery_days = models.PositiveSmallIntegerField()
    has_deemed_acceptance = models.BooleanField(default=False)
    has_deemed_renewal = models.BooleanField(default=False)
    extension_days = models.PositiveSmallIntegerField(default=0)
    remedies = models.TextField(blank=True)
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "valid_from"], name="profile_dated"),
            models.CheckConstraint(condition=Q(key__in=list(PROFILES)), name="profile_key_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="profile_dates_in_order",
            ),
            models.CheckConstraint(
                condition=_limit_is_whole("statutory"), name="profile_statutory_whole"
            ),
            models.CheckConstraint(
                condition=Q(statutory_amount=None) | ~Q(statutory_basis=""),
                name="profile_limit_cites_law",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"


def _paired(name: str) -> models.CheckConstraint:
    """`x_at` and `x_by` are set together or not at all."""
    at, by = f"{name}_at", f"{name}_by"
    return models.CheckConstraint(
        condition=Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        name=f"draft_{name}_paired",
    )


def _exactly_in(states: tuple[DraftState, ...], column: str) -> models.CheckConstraint:
    """In these states, and in no other, the column is filled."""
    inside, filled = Q(state__in=[state.value for state in states]), ~Q(**{column: None})
    return models.CheckConstraint(
        condition=(inside & filled) | (~inside & ~filled), name=f"draft_{column}_by_state"
    )


def _person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )


class Draft(models.Model):
    """What the next edition of an item is to say, until a second person publishes it.

    `content` holds what an edition holds; `base_number` is the edition it was written against,
    0 where there is none yet. Nobody opened what an import laid down.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="drafts")
    state = models.CharField(
        max_length=10, choices=[(state.value, state.label) for state in DraftState]
    )
    base_number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
    content = models.JSONField()
    author_ids = models.JSONField(default=list)  # all who wrote in it: none of them reviews
    opened_at = models.DateTimeField()
    opened_by = _person()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = _person()
    returned_at = models.DateTimeField(null=True)
    returned_by = _person()
    return_reason = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = _person()
    discarded_at = models.DateTimeField(null=True)
    discarded_by = _person()
    edition = models.ForeignKey(
        "catalogue.Edition", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
                name="draft_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DraftState]), name="draft_state"
            ),
            *(_paired(name) for name in ("submitted", "returned", "reviewed", "discarded")),
            models.CheckConstraint(
                condition=Q(returned_at=None, return_reason="")
                | (Q(returned_at__isnull=False) & ~Q(return_reason="")),
                name="draft_return_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_review", "published"]) | Q(submitted_at__isnull=False),
                name="draft_submitted_by_state",
            ),
            _exactly_in((DraftState.PUBLISHED,), "reviewed_at"),
            _exactly_in((DraftState.PUBLISHED,), "edition"),
            _exactly_in((DraftState.DISCARDED,), "discarded_at"),
            # Every publication is seen by a second person.
            models.CheckConstraint(
                condition=Q(reviewed_by=None)
                | (~Q(reviewed_by=F("opened_by")) & ~Q(reviewed_by=F("submitted_by"))),
                name="draft_second_person",
            ),
        )
        indexes = (models.Index(fields=["state", "submitted_at", "id"], name="draft_waiting"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.state}"
