"""Tables of assessment: schemes, sheets with their scores, entries, objections, observations."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.assessment.rules.observations import ObservationKind
from mingtang.assessment.rules.schemes import Cycle, TargetKind
from mingtang.assessment.rules.sheets import SheetState
from mingtang.base.ids import next_id


def _person(*, null: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "accounts.Person", null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


def _paired(name: str, *columns: str) -> models.CheckConstraint:
    """All of these are filled, or none is."""
    return models.CheckConstraint(
        condition=Q(**dict.fromkeys(columns))
        | Q(**{f"{column}__isnull": False for column in columns}),
        name=name,
    )


class Scheme(models.Model):
    """考核办法: one version of a scheme as it was written. A change is another version."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    cycle = models.CharField(max_length=10, choices=[(one.value, one.label) for one in Cycle])
    target_kind = models.CharField(
        max_length=12, choices=[(one.value, one.label) for one in TargetKind]
    )
    content = models.JSONField()
    written_at = models.DateTimeField()
    written_by = _person()  # null: shipped with the system

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="scheme_version_from_one"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="scheme_named"),
            models.CheckConstraint(
                condition=Q(cycle__in=[one.value for one in Cycle]), name="scheme_cycle_known"
            ),
            models.CheckConstraint(
                condition=Q(target_kind__in=[one.value for one in TargetKind]),
                name="scheme_target_known",
            ),
            models.CheckConstraint(  # a shipped one has a moment, but nobody who wrote it
                condition=Q(written_by=None) | Q(written_at__isnull=False),
                name="scheme_written_paired",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class SchemeSwitch(models.Model):
    """Which version of a code is on since when; `scheme` null: none. The last row holds, so that
    never two versions are on."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.CharField(max_length=40)
    scheme = models.ForeignKey(
        "assessment.Scheme", null=True, on_delete=models.PROTECT, related_name="+"
    )
    switched_at = models.DateTimeField()
    switched_by = _person(null=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(switched_at__isnull=False, switched_by__isnull=False),
                name="scheme_switched_paired",
            ),
        )
        indexes = (models.Index(fields=["code", "id"], name="scheme_switch_code"),)

    def __str__(self) -> str:
        return f"{self.code} → {self.scheme_id}"


_PUBLISHED = Q(state=SheetState.PUBLISHED.value)
_LOCKED = Q(state=SheetState.LOCKED.value)


class PeriodSheet(models.Model):
    """考核表: how one target did in one period by one scheme."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    scheme = models.ForeignKey("assessment.Scheme", on_delete=models.PROTECT, related_name="sheets")
    code = models.CharField(max_length=40)  # of the scheme: one sheet a code, period and target
    period = models.CharField(max_length=7)
    target_kind = models.CharField(
        max_length=12, choices=[(one.value, one.label) for one in TargetKind]
    )
    target_id = models.BigIntegerField()
    target_label = models.CharField(max_length=120)
    organisation_id = models.BigIntegerField(null=True)  # whose it is; null: the centre's own
    state = models.CharField(
        max_length=10,
        default=SheetState.DRAFT.value,
        choices=[(one.value, one.label) for one in SheetState],
    )
    total = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    head_total = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    volume = models.PositiveIntegerField(default=0)
    is_vetoed = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = _person(null=False)
    published_at = models.DateTimeField(null=True)
    published_by = _person()
    objections_due_date = models.DateField(null=True)
    locked_at = models.DateTimeField(null=True)
    locked_by = _person()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "period", "target_id"], name="sheet_once"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False, opened_by__isnull=False),
                name="sheet_opened_paired",
            ),
            _paired(
                "sheet_published_paired", "published_at", "published_by", "objections_due_date"
            ),
            _paired("sheet_locked_paired", "locked_at", "locked_by"),
            models.CheckConstraint(
                condition=Q(state=SheetState.DRAFT.value, published_at=None, locked_at=None)
                | (_PUBLISHED & Q(published_at__isnull=False, locked_at=None))
                | (_LOCKED & Q(published_at__isnull=False, locked_at__isnull=False)),
                name="sheet_state_of_dates",
            ),
            models.CheckConstraint(
                condition=Q(target_kind__in=[one.value for one in TargetKind]),
                name="sheet_target_known",
            ),
            models.CheckConstraint(
                condition=Q(total=None, head_total=None)
                | Q(total__isnull=False, head_total__isnull=False),
                name="sheet_totals_together",
            ),
        )
        indexes = (models.Index(fields=["organisation_id", "period"], name="sheet_of_unit"),)

    def __str__(self) -> str:
        return f"{self.code} {self.period} {self.target_label}"

    @property
    def stream(self) -> str:
        return f"sheet:{self.id}"


class Score(models.Model):
    """One indicator on a sheet: what was measured, what it gave, which events it came from."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    sheet = models.ForeignKey(
        "assessment.PeriodSheet", on_delete=models.CASCADE, related_name="scores"
    )
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=14, decimal_places=2)
    of = models.PositiveIntegerField(null=True)  # of how many; null: not a share
    weight = models.DecimalField(max_digits=8, decimal_places=2)
    points = models.DecimalField(max_digits=8, decimal_places=2, null=True)  # null: not applicable
    evidence = models.JSONField()  # [[stream, seq, day, what]]
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sheet", "key"], name="score_once"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="score_weight_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.points}"


class ManualEntry(models.Model):
    """人工记分: points given or taken by hand, with evidence. Counts once another confirms."""

    append_only = True
    fills_once = ("confirmed_at", "confirmed_by_id")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    sheet = models.ForeignKey(
        "assessment.PeriodSheet", on_delete=models.PROTECT, related_name="entries"
    )
    key = models.CharField(max_length=40)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    reason = models.CharField(max_length=300)
    evidence = models.CharField(max_length=300)
    entered_at = models.DateTimeField()
    entered_by = _person(null=False)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = _person()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(entered_at__isnull=False, entered_by__isnull=False),
                name="entry_entered_paired",
            ),
            _paired("entry_confirmed_paired", "confirmed_at", "confirmed_by"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="entry_confirmed_by_another",
            ),
            models.CheckConstraint(condition=~Q(points=0), name="entry_points_not_nought"),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""), name="entry_reason_and_evidence"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.points}"

    @property
    def stream(self) -> str:
        """What a file that proves it belongs to."""
        return f"entry:{self.id}"


class Objection(models.Model):
    """异议: what the judged say of a published sheet, and the answer."""

    append_only = True
    fills_once = ("answered_at", "answered_by_id", "answer", "is_upheld")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    sheet = models.ForeignKey(
        "assessment.PeriodSheet", on_delete=models.PROTECT, related_name="objections"
    )
    key = models.CharField(max_length=40, blank=True)  # of the indicator; blank: the whole
    text = models.CharField(max_length=1000)
    objected_at = models.DateTimeField()
    objected_by = _person(null=False)
    answered_at = models.DateTimeField(null=True)
    answered_by = _person()
    answer = models.CharField(max_length=1000, blank=True)
    is_upheld = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(objected_at__isnull=False, objected_by__isnull=False),
                name="objection_objected_paired",
            ),
            _paired("objection_answered_paired", "answered_at", "answered_by", "is_upheld"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="objection_answer_given",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="objection_text_given"),
        )

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.text[:20]}"


class Observation(models.Model):
    """What somebody saw beside cases (考勤、去向、巡查、值班、培训…): facts, no points.

    It counts once it is confirmed: a patrol's by the person it is about, others by a second one.
    """

    append_only = True
    fills_once = ("confirmed_at", "confirmed_by_id")

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    kind = models.CharField(
        max_length=20, choices=[(one.value, one.label) for one in ObservationKind]
    )
    seen_date = models.DateField()
    seen_time = models.TimeField(null=True)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    window = models.ForeignKey(
        "regions.Window", null=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "regions.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    place = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    entered_at = models.DateTimeField()
    entered_by = _person(null=False)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = _person()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in ObservationKind]),
                name="observation_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=False, entered_by__isnull=False),
                name="observation_entered_paired",
            ),
            _paired("observation_confirmed_paired", "confirmed_at", "confirmed_by"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="observation_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(window__isnull=False)
                | Q(organisation__isnull=False),
                name="observation_about_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=["seen_date", "id"],
                condition=Q(confirmed_at=None),
                name="observation_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seen_date} {self.kind}"

    @property
    def stream(self) -> str:
        return f"observation:{self.id}"
