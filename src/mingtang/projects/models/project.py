"""Projects, the programmes and tags they carry, the papers of their shared library."""

from django.db import models
from django.db.models import F, Q

from mingtang.base.columns import chosen, one_of, organisation, paired, person, together
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField
from mingtang.projects.rules.states import CodeScheme, PaperKind, ProjectState, ProjectType

APPROVAL = ("approval_number", "approval_date", "approval_paper")


class Project(models.Model):
    """A major project. Its history is the stream `project:ID`; sums are in cents (分).

    Without its approval document (审议同意文件: number, date, file) it stays a draft.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    name = models.CharField(max_length=200)
    code_scheme = chosen(CodeScheme, 10, blank=True, default="")  # blank: no code yet
    code = models.CharField(max_length=24, blank=True, default="")
    owner_name = models.CharField(max_length=120)
    owner_credit_code = models.CharField(max_length=18, blank=True, default="")
    owner_contact = SealedField(default="")
    owner_phone = SealedField(default="")
    industry = models.CharField(max_length=60, blank=True, default="")
    place = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    land_square_metres = models.PositiveBigIntegerField(null=True)
    scale = models.TextField(blank=True, default="")  # 建设内容及规模
    investment_cents = models.PositiveBigIntegerField()
    type = chosen(ProjectType, 12)
    funds = models.CharField(max_length=200, blank=True, default="")
    start_year = models.PositiveSmallIntegerField()
    end_year = models.PositiveSmallIntegerField()
    responsible = organisation()
    responsible_person = models.CharField(max_length=40, blank=True, default="")
    liaison_leader = models.CharField(max_length=40, blank=True, default="")
    route_edition = models.ForeignKey(
        "joint.RouteEdition", null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: no plan of nodes yet
    stage = models.CharField(max_length=100, blank=True, default="")  # name, see services.plan
    progress = models.CharField(max_length=500, blank=True, default="")  # 形象进度, last reported
    approval_number = models.CharField(max_length=100, null=True)  # noqa: DJ001 – null: none yet
    approval_date = models.DateField(null=True)
    approval_paper = models.ForeignKey(
        "files.Upload", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = chosen(ProjectState, 12, default=ProjectState.DRAFT.value)
    next_due_date = models.DateField(null=True)  # of the first open clock; null: nothing is owed
    is_published = models.BooleanField(default=False)  # name, place and stage, to everyone
    entered_at = models.DateTimeField()
    entered_by = person()
    admitted_at = models.DateTimeField(null=True)
    admitted_by = person()
    completed_at = models.DateTimeField(null=True)
    completed_by = person()
    completed_date = models.DateField(null=True)
    archived_at = models.DateTimeField(null=True)
    archived_by = person()

    class Meta:
        constraints = (
            one_of("state", ProjectState, "project"),
            one_of("type", ProjectType, "project"),
            *(paired(verb, "project") for verb in ("entered", "admitted", "completed", "archived")),
            together("project_approval_whole", *APPROVAL),
            models.CheckConstraint(
                condition=Q(state=ProjectState.DRAFT.value)
                | (
                    Q(approval_number__isnull=False, admitted_at__isnull=False)
                    & ~Q(approval_number="")
                ),
                name="project_draft_until_approved",
            ),
            models.CheckConstraint(
                condition=~Q(is_published=True, state=ProjectState.DRAFT.value),
                name="project_draft_unpublished",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ProjectState.COMPLETED.value, ProjectState.ARCHIVED.value])
                | Q(completed_at__isnull=False, completed_date__isnull=False),
                name="project_completed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(code="", code_scheme="")
                | (~Q(code="") & Q(code_scheme__in=[one.value for one in CodeScheme])),
                name="project_code_of_scheme",
            ),
            models.CheckConstraint(
                condition=Q(end_year__gte=F("start_year")), name="project_years_in_order"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(owner_name=""), name="project_named"),
            models.UniqueConstraint(
                fields=["code_scheme", "code"], condition=~Q(code=""), name="project_code_once"
            ),
        )
        indexes = (
            models.Index(fields=["-entered_at", "-id"], name="project_latest"),
            models.Index(fields=["responsible", "-entered_at", "-id"], name="project_of_unit"),
            models.Index(fields=["place", "state"], name="project_at_place"),
            models.Index(
                fields=["next_due_date"],
                condition=Q(next_due_date__isnull=False),
                name="project_owing",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return f"project:{self.id}"


class ProjectProgramme(models.Model):
    """That a project belongs to a programme."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="programmes"
    )
    programme = models.ForeignKey(
        "projects.Programme", on_delete=models.PROTECT, related_name="projects"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "programme"], name="project_programme_once"),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.programme_id}"


class ProjectTag(models.Model):
    """A free tag, such as 招商引资 or 重大前期."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="tags")
    text = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["project", "text"], name="project_tag_once"),
            models.CheckConstraint(condition=~Q(text=""), name="project_tag_says"),
        )
        indexes = (models.Index(fields=["text"], name="project_tag_text"),)

    def __str__(self) -> str:
        return self.text


class ProjectPaper(models.Model):
    """A paper of the project's shared library: scanned once, reused by every filing.

    Its upload has the subject `project:ID`.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="papers")
    upload = models.OneToOneField("files.Upload", on_delete=models.PROTECT, related_name="+")
    kind = chosen(PaperKind, 10)
    title = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    added_by = person()

    class Meta:
        constraints = (
            one_of("kind", PaperKind, "project_paper"),
            paired("added", "project_paper"),
            models.CheckConstraint(condition=~Q(title=""), name="project_paper_titled"),
        )

    def __str__(self) -> str:
        return self.title
