"""What comes in while a project runs: monthly reports, problems, suspensions."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, organisation, paired, person, together
from mingtang.base.ids import next_id
from mingtang.projects.rules.states import ProblemCategory


class MonthlyReport(models.Model):
    """月报: what was invested in a month and in its year so far, and what stands there.

    Pictures are uploads of the subject `project_report:ID`.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="reports"
    )
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    done_cents = models.PositiveBigIntegerField()
    year_cents = models.PositiveBigIntegerField()  # 本年累计
    progress = models.CharField(max_length=500)
    due_date = models.DateField()
    reported_date = models.DateField()
    reported_at = models.DateTimeField()
    reported_by = person()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["project", "year", "month"], name="monthly_report_once"
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12), name="monthly_report_of_a_month"
            ),
            models.CheckConstraint(
                condition=Q(year_cents__gte=F("done_cents")), name="monthly_report_sum_within_year"
            ),
            models.CheckConstraint(condition=~Q(progress=""), name="monthly_report_says"),
            paired("reported", "monthly_report"),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.year}-{self.month:02}"

    @property
    def subject(self) -> str:
        return f"project_report:{self.id}"

    @property
    def is_late(self) -> bool:
        return self.reported_date > self.due_date


class Problem(models.Model):
    """存在问题: what stands in the way, who is to clear it and by when."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="problems"
    )
    category = chosen(ProblemCategory, 10)
    text = models.CharField(max_length=500)
    owner = organisation()
    raised_at = models.DateTimeField()
    raised_by = person()
    due_date = models.DateField()
    solved_at = models.DateTimeField(null=True)
    solved_by = person()
    solution = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = (
            one_of("category", ProblemCategory, "problem"),
            paired("raised", "problem"),
            paired("solved", "problem"),
            models.CheckConstraint(condition=~Q(text=""), name="problem_says"),
            models.CheckConstraint(
                condition=Q(solved_at=None, solution="")
                | (Q(solved_at__isnull=False) & ~Q(solution="")),
                name="problem_solved_how",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_date", "id"], condition=Q(solved_at=None), name="problem_open"
            ),
        )

    def __str__(self) -> str:
        return self.text


class Suspension(models.Model):
    """A time in which a project stands still, from a day to the day before it goes on."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="suspensions"
    )
    reason = models.CharField(max_length=300)
    from_date = models.DateField()
    suspended_at = models.DateTimeField()
    suspended_by = person()
    resumed_date = models.DateField(null=True)
    resumed_at = models.DateTimeField(null=True)
    resumed_by = person()

    class Meta:
        constraints = (
            paired("suspended", "suspension"),
            paired("resumed", "suspension"),
            together("suspension_resumed_whole", "resumed_date", "resumed_at"),
            models.CheckConstraint(condition=~Q(reason=""), name="suspension_says_why"),
            models.CheckConstraint(
                condition=Q(resumed_date=None) | Q(resumed_date__gte=F("from_date")),
                name="suspension_in_order",
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(resumed_at=None), name="suspension_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.from_date}"
