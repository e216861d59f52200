"""A village's disclosures: what is owed, written, examined, released; their lines."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, paired, person, together
from mingtang.base.db import Guard
from mingtang.base.ids import next_id
from mingtang.villages.rules.kinds import LineKind, Occasion
from mingtang.villages.rules.moves import PUBLIC, WRITABLE, Stage, State, Verdict

# 先审查后公开: nothing is out that the committee and the township did not both agree to as it is.
_EXAMINED = """(NEW.released_at IS NOT NULL AND (
  SELECT COUNT(DISTINCT c.stage) FROM villages_check c
  WHERE c.disclosure_id = NEW.id AND c.verdict = 'agree' AND c.content_hash = NEW.content_hash
) < 2)"""
_WRITABLE = ", ".join(f"'{one.value}'" for one in sorted(WRITABLE))
_AFTER_HAND_IN = f"""(EXISTS (
  SELECT 1 FROM villages_disclosure d WHERE d.id = NEW.disclosure_id
  AND d.state NOT IN ({_WRITABLE})))"""  # noqa: S608 – two words of our own
# Nobody examines what they wrote or examined before; kin of the officers examine nothing.
_NOT_ANOTHER = """(EXISTS (
  SELECT 1 FROM villages_writer w
  WHERE w.disclosure_id = NEW.disclosure_id AND w.person_id = NEW.checked_by_id)
OR EXISTS (
  SELECT 1 FROM villages_check c WHERE c.disclosure_id = NEW.disclosure_id
  AND c.stage <> NEW.stage AND c.checked_by_id = NEW.checked_by_id)
OR (NEW.stage = 'committee' AND EXISTS (
  SELECT 1 FROM villages_kinship k JOIN villages_disclosure d ON d.village_id = k.village_id
  WHERE d.id = NEW.disclosure_id AND k.person_id = NEW.checked_by_id AND k.ended_at IS NULL)))"""


class Disclosure(models.Model):
    """One thing that a village lays open, or owes. Its history is the stream `village:ID`."""

    fixed_columns = ("village", "section", "occasion", "period_first_date")
    guards = (
        Guard("village_examined_1", "villages_disclosure", _EXAMINED, "not examined"),
        Guard("village_line_open_1", "villages_line", _AFTER_HAND_IN, "handed in"),
        Guard("village_check_another_1", "villages_check", _NOT_ANOTHER, "not another"),
    )

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    village = models.ForeignKey(
        "villages.Village", on_delete=models.PROTECT, related_name="disclosures"
    )
    section = models.ForeignKey(
        "villages.Section", on_delete=models.PROTECT, related_name="disclosures"
    )
    occasion = chosen(Occasion, 10)
    period_first_date = models.DateField(null=True)
    period_months = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(max_length=100)
    body = models.TextField(blank=True, default="")
    opening_cents = models.BigIntegerField(null=True)
    income_cents = models.BigIntegerField(null=True)
    spending_cents = models.BigIntegerField(null=True)
    closing_cents = models.BigIntegerField(null=True)
    state = chosen(State, 10, default=State.OWED.value)
    due_date = models.DateField(null=True)  # null: nobody asked for it
    content_hash = models.CharField(max_length=64, blank=True, default="")
    opened_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = person()
    released_at = models.DateTimeField(null=True)
    released_by = person()
    released_date = models.DateField(null=True)
    objections_until_date = models.DateField(null=True)
    archived_at = models.DateTimeField(null=True)
    archived_by = person()
    archive_number = models.CharField(max_length=40, blank=True, default="")
    taken_down_at = models.DateTimeField(null=True)
    taken_down_by = person()
    taken_down_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = (
            one_of("state", State, "village_disclosure"),
            one_of("occasion", Occasion, "village_disclosure"),
            *(
                paired(verb, "village_disclosure")
                for verb in ("handed_in", "released", "archived", "taken_down")
            ),
            together("village_disclosure_period", "period_first_date", "period_months"),
            together(
                "village_disclosure_out", "released_at", "released_date", "objections_until_date"
            ),
            models.CheckConstraint(
                condition=(
                    Q(occasion=Occasion.PERIODIC.value, period_first_date__isnull=False)
                    | (~Q(occasion=Occasion.PERIODIC.value) & Q(period_first_date=None))
                ),
                name="village_disclosure_period_of_schedule",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="village_disclosure_titled"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(one.value for one in WRITABLE)) | ~Q(content_hash=""),
                name="village_disclosure_hashed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(one.value for one in PUBLIC))
                | Q(released_at__isnull=False),
                name="village_disclosure_public_was_released",
            ),
            models.CheckConstraint(
                condition=Q(content_hash="")
                | Q(opening_cents=None)
                | Q(closing_cents=F("opening_cents") + F("income_cents") - F("spending_cents")),
                name="village_disclosure_balanced",
            ),
            models.CheckConstraint(
                condition=Q(archived_at=None, archive_number="")
                | (Q(archived_at__isnull=False) & ~Q(archive_number="")),
                name="village_disclosure_archived_under",
            ),
            models.CheckConstraint(
                condition=(Q(taken_down_at=None) & Q(taken_down_reason=""))
                | (Q(taken_down_at__isnull=False) & ~Q(taken_down_reason="")),
                name="village_disclosure_down_why",
            ),
            models.UniqueConstraint(
                fields=["village", "section", "period_first_date"],
                condition=Q(occasion=Occasion.PERIODIC.value),
                name="village_disclosure_once_a_period",
            ),
        )
        indexes = (
            models.Index(
                fields=["village", "-released_date", "-id"],
                condition=Q(released_date__isnull=False),
                name="village_disclosure_public",
            ),
            models.Index(fields=["state", "due_date", "id"], name="village_disclosure_todo"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def stream(self) -> str:
        """The stream of its events; the subject of its receipts, releases and messages."""
        return f"village:{self.id}"


class Writer(models.Model):
    """Who ever wrote on a disclosure, and so examines nothing of it."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    disclosure = models.ForeignKey(
        "villages.Disclosure", on_delete=models.PROTECT, related_name="writers"
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["disclosure", "person"], name="village_writer_once"),
        )

    def __str__(self) -> str:
        return f"{self.disclosure_id} {self.person_id}"


class Line(models.Model):
    """逐笔: one receipt or payment, one asset or debt, one who received relief: name and sum."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    disclosure = models.ForeignKey(
        "villages.Disclosure", on_delete=models.PROTECT, related_name="lines"
    )
    position = models.PositiveSmallIntegerField()
    kind = chosen(LineKind, 10)
    day = models.DateField(null=True)
    text = models.CharField(max_length=100)
    cents = models.BigIntegerField()
    voucher = models.CharField(max_length=30, blank=True, default="")
    receipt = models.ForeignKey(
        "files.Upload", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            one_of("kind", LineKind, "village_line"),
            models.UniqueConstraint(
                fields=["disclosure", "position"], name="village_line_position"
            ),
            models.CheckConstraint(condition=~Q(text="") & ~Q(cents=0), name="village_line_says"),
            models.CheckConstraint(
                condition=Q(cents__gt=0)
                | Q(kind__in=[LineKind.INCOME.value, LineKind.SPENDING.value]),
                name="village_line_negative_in_accounts",
            ),
        )

    def __str__(self) -> str:
        return self.text


class Check(models.Model):
    """审查意见: what one person said of what was handed in, bound to its hash."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    disclosure = models.ForeignKey(
        "villages.Disclosure", on_delete=models.PROTECT, related_name="checks"
    )
    stage = chosen(Stage, 10)
    verdict = chosen(Verdict, 10)
    opinion = models.CharField(max_length=300, blank=True, default="")
    content_hash = models.CharField(max_length=64)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            one_of("stage", Stage, "village_check"),
            one_of("verdict", Verdict, "village_check"),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=False, checked_by__isnull=False),
                name="village_check_checked_paired",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.AGREE.value) | ~Q(opinion=""),
                name="village_check_return_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.verdict}"
