"""Tables of the catalogue: service items and their editions. A published edition never changes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingtang.base.ids import next_id
from mingtang.catalogue.rules import KINDS, PROFILES
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
    """A service item. What it asks and promises is in its editions."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    department = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
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
