"""Tables of places and bodies: regions, organisations with dated names, centres, windows."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from mingtang.base.ids import next_id
from mingtang.regions.rules import RegionLevel

REGION_LEVELS = {
    RegionLevel.PROVINCE.value: _("省级"),
    RegionLevel.CITY.value: _("市级"),
    RegionLevel.COUNTY.value: _("县级"),
    RegionLevel.TOWNSHIP.value: _("乡镇（街道）"),
    RegionLevel.VILLAGE.value: _("村（社区）"),
}


class OrganisationKind(models.TextChoices):
    DEPARTMENT = "department", _("部门")
    CENTRE = "centre", _("行政服务中心")
    TOWNSHIP = "township", _("乡镇（街道）")
    VILLAGE = "village", _("村（社区）")
    OTHER = "other", _("其他单位")


class CentreLevel(models.TextChoices):
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡镇（街道）")


DATES_IN_ORDER = Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from"))


class Region(models.Model):
    """A place under one code. Codes are dated: the same place may carry another one later.

    `valid_from` is the first day for which the source attests the code, `valid_to` its last day.
    """

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=REGION_LEVELS)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=100)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "valid_from"], name="region_code_dated"),
            models.CheckConstraint(
                condition=Q(Exact(Length("code"), 12)), name="region_code_twelve"
            ),
            models.CheckConstraint(
                condition=Q(level__in=list(REGION_LEVELS)), name="region_level_known"
            ),
            models.CheckConstraint(condition=DATES_IN_ORDER, name="region_dates_in_order"),
        )
        indexes = (models.Index(fields=["parent", "code"], name="region_parent_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Organisation(models.Model):
    """A unit that acts. Its names are rows of their own, because names change.

    `unit3` is the unit's number within its county (`area6`): with it case numbers are made.
    """

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    area6 = models.CharField(max_length=6)
    unit3 = models.CharField(max_length=3)
    credit_code = models.CharField(max_length=18, null=True)  # noqa: DJ001 – null: not known
    kind = models.CharField(max_length=10, choices=OrganisationKind.choices)
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    has_approval_function = models.BooleanField(default=False)
    is_in_hall = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area6", "unit3"], name="organisation_unit_number"),
            models.CheckConstraint(
                condition=Q(Exact(Length("unit3"), 3)) & Q(Exact(Length("area6"), 6)),
                name="organisation_number_shape",
            ),
            models.CheckConstraint(
                condition=Q(credit_code=None) | Q(Exact(Length("credit_code"), 18)),
                name="organisation_credit_code_shape",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="organisation_not_own_parent"
            ),
            models.CheckConstraint(condition=DATES_IN_ORDER, name="organisation_dates_in_order"),
        )

    def __str__(self) -> str:
        return self.code


class OrganisationName(models.Model):
    """One name of an organisation. `position` tells the order where the dates are not known."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.CASCADE, related_name="names"
    )
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "position"], name="organisation_name_position"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_name_given"),
            models.CheckConstraint(condition=DATES_IN_ORDER, name="organisation_name_dates"),
        )
        indexes = (models.Index(fields=["name"], name="organisation_name_text"),)

    def __str__(self) -> str:
        return self.name


class Reached(models.Model):
    """Where a place is and when it is open, as it says itself. Blank: nobody has said."""

    address = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    hours = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True


class Centre(Reached):
    """A service centre: the county's hall, or a township's 便民服务中心."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    organisation = models.OneToOneField(
        "regions.Organisation", on_delete=models.PROTECT, related_name="centre"
    )
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=CentreLevel.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["region", "name"], name="centre_name_once"),
            models.CheckConstraint(
                condition=Q(level__in=CentreLevel.values), name="centre_level_known"
            ),
        )

    def __str__(self) -> str:
        return self.name


class SubCentre(Reached):
    """分中心: a department's own hall outside the main hall. Not a township's centre."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    centre = models.ForeignKey(
        "regions.Centre", on_delete=models.PROTECT, related_name="sub_centres"
    )
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="sub_centres"
    )
    name = models.CharField(max_length=60)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["centre", "name"], name="sub_centre_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class ServicePoint(Reached):
    """便民服务站（点）: where a village is served, under its township's centre."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    centre = models.ForeignKey(
        "regions.Centre", on_delete=models.PROTECT, related_name="service_points"
    )
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["region", "name"], name="service_point_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A counter. A general window (综合窗口) belongs to no single department."""

    is_kept = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    centre = models.ForeignKey("regions.Centre", on_delete=models.PROTECT, related_name="windows")
    sub_centre = models.ForeignKey(
        "regions.SubCentre", null=True, on_delete=models.PROTECT, related_name="windows"
    )
    number = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    organisation = models.ForeignKey(
        "regions.Organisation", null=True, on_delete=models.PROTECT, related_name="windows"
    )
    is_general = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["centre", "number"],
                condition=Q(sub_centre=None),
                name="window_number_in_hall",
            ),
            models.UniqueConstraint(
                fields=["sub_centre", "number"],
                condition=~Q(sub_centre=None),
                name="window_number_in_sub_centre",
            ),
            models.CheckConstraint(
                condition=Q(is_general=False) | Q(organisation=None),
                name="window_general_of_no_department",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
