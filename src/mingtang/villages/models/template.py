"""What the city gives all villages: sections, limits, notices; each from a day on."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, paired, person
from mingtang.base.ids import next_id
from mingtang.villages.models.village import DATES_IN_ORDER
from mingtang.villages.rules.kinds import Area, Layout, NoticeKind


class Section(models.Model):
    """栏目: second level, or third below another. Dated: what is given up keeps its past."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    area = chosen(Area, 10)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveSmallIntegerField()
    layout = chosen(Layout, 10)
    is_periodic = models.BooleanField(default=False)  # owed for every period
    guide = models.CharField(max_length=300, blank=True, default="")  # what to write
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            one_of("area", Area, "village_section"),
            one_of("layout", Layout, "village_section"),
            models.CheckConstraint(condition=~Q(name=""), name="village_section_named"),
            models.CheckConstraint(condition=DATES_IN_ORDER, name="village_section_dates"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="village_section_not_own"),
        )

    def __str__(self) -> str:
        return self.name


# What holds, once its day has come.
AGREED = Q(is_looser=False) | Q(confirmed_at__isnull=False)


class ReleaseLimit(models.Model):
    """公开时限: how often, by which day, what is major; for all villages, or for one of them.

    One that asks less of a village than held before holds once a second person has agreed to it.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    village = models.ForeignKey(
        "villages.Village", null=True, on_delete=models.PROTECT, related_name="limits"
    )
    finance_months = models.PositiveSmallIntegerField()  # 3, or 1 where there is much to book
    due_day = models.PositiveSmallIntegerField()  # of the month after the period
    major_cents = models.PositiveBigIntegerField()
    major_days = models.PositiveSmallIntegerField()
    objection_days = models.PositiveSmallIntegerField()
    reply_days = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    set_at = models.DateTimeField()
    set_by = person()  # null: as shipped
    basis = models.CharField(max_length=120, blank=True, default="")
    is_looser = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = person()

    class Meta:
        constraints = (
            paired("confirmed", "village_limit"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("set_by")),
                name="village_limit_second_person",
            ),
            models.CheckConstraint(
                condition=Q(finance_months__in=[1, 3]), name="village_limit_month_or_quarter"
            ),
            models.CheckConstraint(
                condition=Q(due_day__gte=1, due_day__lte=31), name="village_limit_day_of_month"
            ),
            models.CheckConstraint(
                condition=Q(major_cents__gte=1, objection_days__gte=1, reply_days__gte=1),
                name="village_limit_not_nothing",
            ),
            paired("set", "village_limit", unless=Q(set_by=None)),
            models.UniqueConstraint(
                fields=["village", "valid_from"], name="village_limit_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["valid_from"], condition=Q(village=None), name="village_limit_of_all_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.valid_from} {self.finance_months}"


class CityNotice(models.Model):
    """What the city puts on every village's page, from a day to a day."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    kind = chosen(NoticeKind, 10)
    title = models.CharField(max_length=100)
    body = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    pushed_at = models.DateTimeField()
    pushed_by = person()

    class Meta:
        constraints = (
            one_of("kind", NoticeKind, "village_notice"),
            paired("pushed", "village_notice"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body=""), name="village_notice_says_something"
            ),
            models.CheckConstraint(condition=DATES_IN_ORDER, name="village_notice_dates"),
        )
        indexes = (models.Index(fields=["valid_from", "id"], name="village_notice_latest"),)

    def __str__(self) -> str:
        return self.title
