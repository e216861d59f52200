"""Tables of disclosure: items and their versions, reviews, index numbers, rules, training."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from mingtang.base.db import Guard
from mingtang.base.ids import next_id
from mingtang.disclosure.rules.auto import AutoKind
from mingtang.disclosure.rules.chain import Stage, State, Verdict
from mingtang.disclosure.rules.index import SerialScope
from mingtang.disclosure.rules.items import CATEGORIES, Attribute, Column, Genre, Validity


def _person(*, null: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "accounts.Person", null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


def _organisation(*, null: bool = False, **more: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "regions.Organisation", null=null, on_delete=models.PROTECT, related_name="+", **more
    )


def _pairs(kinds: Any) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in kinds]


def _one_of(column: str, kinds: Any, name: str) -> models.CheckConstraint:
    condition = Q(**{f"{column}__in": [one.value for one in kinds]})
    return models.CheckConstraint(condition=condition, name=name)


def _paired(name: str, *columns: str) -> models.CheckConstraint:
    """All of these are filled, or none is."""
    return models.CheckConstraint(
        condition=Q(**dict.fromkeys(columns))
        | Q(**{f"{column}__isnull": False for column in columns}),
        name=name,
    )


# 先审查后公开: what is public was approved, in the very version, by somebody who wrote none of it;
# nobody sent that version back since; secrecy was cleared after that approval where anybody ever
# asked, in this version or an earlier one, or its reviewer sent one back; and who released it had
# not written it either.
_REVIEWED = """(NEW.published_version_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM disclosure_version v
  JOIN disclosure_review r ON r.version_id = v.id AND r.content_hash = v.content_hash
  WHERE v.id = NEW.published_version_id AND v.publication_id = NEW.id
    AND v.content_hash = NEW.published_hash AND v.attribute = 'active'
    AND r.stage = 'review' AND r.verdict = 'approve'
    AND NOT EXISTS (
      SELECT 1 FROM disclosure_version w WHERE w.publication_id = NEW.id
        AND w.number <= v.number
        AND (w.written_by_id = r.reviewed_by_id OR w.written_by_id = NEW.published_by_id))
    AND NOT EXISTS (
      SELECT 1 FROM disclosure_review b WHERE b.version_id = v.id AND b.verdict = 'return'
        AND b.reviewed_at > r.reviewed_at)
    AND (NOT EXISTS (
      SELECT 1 FROM disclosure_version a LEFT JOIN disclosure_review q ON q.version_id = a.id
      WHERE a.publication_id = NEW.id AND a.number <= v.number
        AND (a.asks_secrecy OR q.asks_secrecy OR (q.stage = 'secrecy' AND q.verdict = 'return')))
    OR EXISTS (
      SELECT 1 FROM disclosure_review s WHERE s.version_id = v.id AND s.stage = 'secrecy'
        AND s.verdict = 'approve' AND s.content_hash = v.content_hash
        AND s.reviewed_at >= r.reviewed_at
        AND NOT EXISTS (
          SELECT 1 FROM disclosure_version x WHERE x.publication_id = NEW.id
            AND x.number <= v.number AND x.written_by_id = s.reviewed_by_id)))))"""
_PUBLIC_WITH_THIS_HASH = """(CASE WHEN NEW.subject LIKE 'publication:%' THEN NOT EXISTS (
  SELECT 1 FROM disclosure_publication p
  WHERE p.id = CAST(substr(NEW.subject, 13) AS bigint)
    AND p.published_version_id IS NOT NULL AND p.published_hash = NEW.content_hash)
  AND NEW.withdrawn_at IS NULL ELSE FALSE END)"""


class Publication(models.Model):
    """An item of an organ. What it says stands in its versions; here is where it stands.

    `version` is the newest, `published_version` the one that the public reads: while a change
    waits for its review, they differ. No row becomes public but by the guard below.
    """

    is_kept = True

    fixed_columns = ("organisation", "drafted_at", "drafted_by", "origin")
    guards = (
        Guard("publication_reviewed_1", "disclosure_publication", _REVIEWED, "not reviewed"),
        Guard("release_public_1", "channels_release", _PUBLIC_WITH_THIS_HASH, "not public"),
    )

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    organisation = _organisation(db_index=False)
    on_behalf_of = _organisation(null=True)
    state = models.CharField(
        max_length=10, default=State.DRAFT.value, choices=_pairs(State), db_index=False
    )
    version = models.ForeignKey(
        "disclosure.Version",
        null=True,  # for the moment between the two rows
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    index_number = models.CharField(max_length=60, null=True, unique=True)  # noqa: DJ001 – none yet
    origin = models.CharField(max_length=80, blank=True)  # "auto:licence/…", "import"; "": by hand
    drafted_at = models.DateTimeField()
    drafted_by = _person()  # null: the system
    submitted_at = models.DateTimeField(null=True)
    submitted_by = _person()
    published_version = models.ForeignKey(
        "disclosure.Version",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    published_hash = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = _person()
    public_date = models.DateField(null=True)  # the first day on which it was public
    taken_down_at = models.DateTimeField(null=True)
    taken_down_by = _person()
    taken_down_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            _one_of("state", State, "publication_state_known"),
            models.CheckConstraint(
                condition=Q(drafted_at__isnull=False)
                & (Q(drafted_by__isnull=False) | ~Q(origin="")),
                name="publication_drafted_by_somebody",
            ),
            _paired("publication_submitted_paired", "submitted_at", "submitted_by"),
            models.CheckConstraint(
                condition=Q(
                    published_version=None, published_at=None, published_by=None, published_hash=""
                )
                | Q(
                    published_version__isnull=False,
                    published_at__isnull=False,
                    published_by__isnull=False,
                    public_date__isnull=False,
                    index_number__isnull=False,
                )
                & ~Q(published_hash=""),
                name="publication_published_paired",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED.value)
                | Q(version__isnull=False, published_version=F("version")),
                name="publication_public_is_newest",
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at=None, taken_down_by=None, taken_down_reason="")
                | (
                    Q(taken_down_at__isnull=False, taken_down_by__isnull=False)
                    & ~Q(taken_down_reason="")
                ),
                name="publication_taken_down_paired",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "state", "id"], name="publication_of_unit"),
            models.Index(
                fields=["public_date", "id"],
                condition=Q(published_version__isnull=False),
                name="publication_public",
            ),
        )

    def __str__(self) -> str:
        return self.index_number or f"publication {self.id}"

    @property
    def subject(self) -> str:
        """The stream of its events, the subject of its files and releases."""
        return f"publication:{self.id}"

    @property
    def is_public(self) -> bool:
        return self.published_version_id is not None


class Version(models.Model):
    """What an item said at one time. Never changed: whoever changes anything writes another."""

    is_kept = True

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    publication = models.ForeignKey(
        "disclosure.Publication", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    column = models.CharField(max_length=12, choices=_pairs(Column))
    category = models.CharField(max_length=6, blank=True, choices=list(CATEGORIES.items()))
    theme = models.CharField(max_length=60, blank=True)
    genre = models.CharField(max_length=12, choices=_pairs(Genre))
    document_number = models.CharField(max_length=60, blank=True)
    keywords = models.CharField(max_length=100, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    attribute = models.CharField(max_length=12, choices=_pairs(Attribute))
    withheld_reason = models.CharField(max_length=300, blank=True)
    target_group = models.CharField(max_length=60, blank=True)
    validity = models.CharField(max_length=10, choices=_pairs(Validity))
    valid_until = models.DateField(null=True)
    formed_date = models.DateField()
    source = models.CharField(max_length=60, blank=True)
    attachments = models.JSONField(default=list)  # [{"upload_id", "name", "sha256"}]
    asks_secrecy = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)  # why it was changed
    content_hash = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    written_by = _person()  # null: the system

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["publication", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_from_one"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(content_hash=""), name="version_says_something"
            ),
            _one_of("column", Column, "version_column_known"),
            _one_of("attribute", Attribute, "version_attribute_known"),
            _one_of("genre", Genre, "version_genre_known"),
            _one_of("validity", Validity, "version_validity_known"),
            models.CheckConstraint(
                condition=Q(category="") | Q(category__in=list(CATEGORIES)),
                name="version_category_known",
            ),
            models.CheckConstraint(
                condition=Q(attribute=Attribute.ACTIVE.value) | ~Q(withheld_reason=""),
                name="version_withheld_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("formed_date")),
                name="version_dates_in_order",
            ),
            models.CheckConstraint(  # what the system drafts has a moment, but nobody who wrote it
                condition=Q(written_by=None) | Q(written_at__isnull=False),
                name="version_written_paired",
            ),
        )
        indexes = (models.Index(fields=["column", "id"], name="version_column"),)

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Review(models.Model):
    """审核意见: what one person said of one version, bound to its hash."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    version = models.ForeignKey(
        "disclosure.Version", on_delete=models.PROTECT, related_name="reviews"
    )
    content_hash = models.CharField(max_length=64)
    stage = models.CharField(max_length=8, choices=_pairs(Stage))
    verdict = models.CharField(max_length=8, choices=_pairs(Verdict))
    opinion = models.CharField(max_length=500, blank=True)
    asks_secrecy = models.BooleanField(default=False)
    findings = models.JSONField(default=list)  # what the scan said, as the reviewer saw it
    justification = models.CharField(max_length=500, blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = _person(null=False)

    class Meta:
        constraints = (
            _one_of("stage", Stage, "review_stage_known"),
            _one_of("verdict", Verdict, "review_verdict_known"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="review_reviewed_paired",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.APPROVE.value) | ~Q(opinion=""),
                name="review_return_with_opinion",
            ),
        )
        indexes = (models.Index(fields=["reviewed_at", "id"], name="review_when"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.verdict}"


class IndexScheme(models.Model):
    """How an organ's numbers are made; without an organisation, everybody's. The first that can
    number an organ does."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    template = models.CharField(max_length=60)
    scope = models.CharField(max_length=10, choices=_pairs(SerialScope))
    organisation = _organisation(null=True)
    position = models.PositiveSmallIntegerField(default=1)
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints = (
            _one_of("scope", SerialScope, "index_scheme_scope_known"),
            models.CheckConstraint(
                condition=Q(template__contains="{serial"), name="index_scheme_has_serial"
            ),
        )

    def __str__(self) -> str:
        return self.template


class IndexNumber(models.Model):
    """Every number that an item has or had: never given twice, never taken away."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    publication = models.ForeignKey(
        "disclosure.Publication", on_delete=models.PROTECT, related_name="numbers"
    )
    number = models.CharField(max_length=60, unique=True)
    scheme = models.CharField(max_length=40, blank=True)  # blank: came with the item
    organ_name = models.CharField(max_length=100)  # as the organ was called then
    noted_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(number=""), name="index_number_given"),)

    def __str__(self) -> str:
        return self.number


class AutoRule(models.Model):
    """What other parts of the house know becomes a draft of the day's list, kind by kind."""

    kind = models.CharField(max_length=20, primary_key=True, choices=_pairs(AutoKind))
    is_on = models.BooleanField()
    switched_at = models.DateTimeField()
    switched_by = _person()  # null: as shipped

    class Meta:
        constraints = (
            _one_of("kind", AutoKind, "auto_rule_kind_known"),
            models.CheckConstraint(
                condition=Q(switched_by=None) | Q(switched_at__isnull=False),
                name="auto_rule_switched_paired",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.is_on}"


class AutoFact(models.Model):
    """A line of a list to come, from one event. `publication`: the draft that took it up."""

    append_only = True
    fills_once = ("publication_id",)

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    kind = models.CharField(max_length=20, choices=_pairs(AutoKind))
    organisation = _organisation(db_index=False)
    day = models.DateField()
    stream = models.CharField(max_length=80)
    seq = models.IntegerField()
    cells = models.JSONField()
    publication = models.ForeignKey(
        "disclosure.Publication", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            _one_of("kind", AutoKind, "auto_fact_kind_known"),
            models.UniqueConstraint(fields=["stream", "seq", "kind"], name="auto_fact_once"),
        )
        indexes = (
            models.Index(
                fields=["day", "organisation", "kind", "id"],
                condition=Q(publication=None),
                name="auto_fact_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class Training(models.Model):
    """培训记录: who was taught what about disclosure, when, for how long."""

    append_only = True

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    organisation = _organisation()
    held_date = models.DateField()
    topic = models.CharField(max_length=100)
    attendees = models.CharField(max_length=500)
    attendee_count = models.PositiveSmallIntegerField()
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    entered_at = models.DateTimeField()
    entered_by = _person(null=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(entered_at__isnull=False, entered_by__isnull=False),
                name="training_entered_paired",
            ),
            models.CheckConstraint(
                condition=~Q(topic="") & Q(attendee_count__gte=1) & Q(hours__gt=0),
                name="training_says_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.held_date} {self.topic}"
