"""A joint matter, its parts, and the materials given once for all of them."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import chosen, document, one_of, organisation, paired, person, together
from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedJSONField
from mingtang.cases.rules import ApplicantKind, Channel, GivenWay
from mingtang.joint.rules.meetings import Consent
from mingtang.joint.rules.route import NodeKind
from mingtang.joint.rules.states import OPEN, JointState, PartStatus

IS_OPEN = Q(state__in=[state.value for state in OPEN])
AFTER_ACCEPTANCE = [
    state.value for state in (JointState.ACCEPTED, JointState.DONE, JointState.DELIVERED)
]


class JointCase(models.Model):
    """One matter that several departments handle together: filed once, at one window."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    number = models.CharField(max_length=50, unique=True)
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    lead = organisation()  # 牵头部门
    intake_organisation = organisation(null=True)  # whose counter took it in; null: filed online
    edition = models.ForeignKey("joint.RouteEdition", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    project = models.CharField(max_length=80, blank=True, default="")  # "project:42"
    state = chosen(JointState, 20)
    channel = chosen(Channel, 20)
    next_due_date = models.DateField(null=True)

    applicant_kind = chosen(ApplicantKind, 10)
    applicant_name = models.CharField(max_length=120)
    applicant_person = person()
    identity_index = models.CharField(max_length=64)
    applicant = SealedJSONField()  # cases.services.applicant_content
    answers = SealedJSONField()  # to the one form: rules.union
    code_salt = models.BinaryField(max_length=16)
    silence_is_consent = models.BooleanField(default=False)  # 超时默许: never a grant by itself
    absence_is_consent = models.BooleanField(default=False)  # 缺席默认: no grant either
    silence_basis = models.CharField(max_length=200, blank=True, default="")

    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = person()
    is_deemed_accepted = models.BooleanField(default=False)  # by the law itself, by nobody
    extension_days = models.PositiveSmallIntegerField(null=True)
    extension_note = models.TextField(blank=True, default="")
    extension_asked_at = models.DateTimeField(null=True)
    extension_asked_by = person()
    extended_at = models.DateTimeField(null=True)
    extended_by = person()
    done_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # before it was done
    ended_by = person()
    end_reason = models.TextField(blank=True, default="")
    bounce_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            one_of("state", JointState, "joint"),
            one_of("channel", Channel, "joint"),
            one_of("applicant_kind", ApplicantKind, "joint"),
            paired("accepted", "joint", unless=Q(is_deemed_accepted=True)),
            paired("extension_asked", "joint"),
            paired("extended", "joint"),
            paired("ended", "joint", unless=Q(state=JointState.WITHDRAWN.value)),
            together("joint_extension_whole", "extension_asked_at", "extension_days"),
            models.CheckConstraint(
                condition=Q(extended_at=None) | Q(extension_asked_at__isnull=False),
                name="joint_extended_if_asked",
            ),
            models.CheckConstraint(
                condition=Q(extended_by=None) | ~Q(extended_by=models.F("extension_asked_by")),
                name="joint_extended_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=AFTER_ACCEPTANCE) | Q(accepted_at__isnull=False),
                name="joint_accepted_by_state",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None)
                | Q(state__in=[JointState.DONE.value, JointState.DELIVERED.value]),
                name="joint_done_by_state",
            ),
            models.CheckConstraint(
                condition=Q(silence_is_consent=False, absence_is_consent=False)
                | ~Q(silence_basis=""),
                name="joint_silence_has_document",
            ),
        )
        indexes = (
            models.Index(
                fields=["lead", "next_due_date", "id"], condition=IS_OPEN, name="joint_worklist"
            ),
            models.Index(fields=["applicant_person", "submitted_at"], name="joint_mine"),
            models.Index(fields=["identity_index", "submitted_at"], name="joint_identity"),
            models.Index(fields=["project", "id"], condition=~Q(project=""), name="joint_project"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def consent(self) -> Consent:
        return Consent(self.silence_is_consent, self.absence_is_consent, self.silence_basis)

    @property
    def stream(self) -> str:
        return stream_of(self.id)


def stream_of(joint_id: int) -> str:
    """The name of a joint matter's history in the ledger, and of what belongs to it elsewhere."""
    return f"joint:{joint_id}"


class JointPart(models.Model):
    """What one node of the route comes to in this matter. A part that is a case has its case
    once it was opened; a simulated examination is never one."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    joint = models.ForeignKey("joint.JointCase", on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    kind = chosen(NodeKind, 30)
    stage = models.PositiveSmallIntegerField()
    stage_key = models.CharField(max_length=40)
    stage_name = models.CharField(max_length=100)
    is_serial = models.BooleanField()
    item = models.ForeignKey(
        "catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+"
    )
    item_edition = models.ForeignKey(
        "catalogue.Edition", null=True, on_delete=models.PROTECT, related_name="+"
    )  # as of the day of filing
    organisation = organisation(null=True)  # null: the owner's, or not known yet
    days = models.PositiveSmallIntegerField(null=True)
    needs = models.JSONField(default=list)
    is_required = models.BooleanField()
    status = chosen(PartStatus, 12)
    case = models.OneToOneField("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    begun_date = models.DateField(null=True)
    ended_date = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True, default="")
    bounce_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["joint", "key"], name="joint_part_key"),
            one_of("kind", NodeKind, "joint_part"),
            one_of("status", PartStatus, "joint_part"),
            models.CheckConstraint(
                condition=Q(
                    kind=NodeKind.CASE.value,
                    item__isnull=False,
                    item_edition__isnull=False,
                    organisation__isnull=False,
                )
                | ~Q(kind=NodeKind.CASE.value) & Q(item=None, item_edition=None, case=None),
                name="joint_part_case_has_item",
            ),
            models.CheckConstraint(
                condition=Q(case=None)
                | ~Q(
                    status__in=[one.value for one in (PartStatus.NOT_READY, PartStatus.SIMULATING)]
                ),
                name="joint_part_simulates_without_case",
            ),
            models.CheckConstraint(
                condition=~Q(kind=NodeKind.CASE.value, status__in=["running", "done", "refused"])
                | Q(case__isnull=False),
                name="joint_part_runs_as_case",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["not_ready", "ready"], begun_date=None, ended_date=None)
                | Q(status__in=["simulating", "running"], begun_date__isnull=False, ended_date=None)
                | Q(status__in=["done", "refused", "stopped", "skipped"], ended_date__isnull=False),
                name="joint_part_status_and_dates",
            ),
        )
        indexes = (models.Index(fields=["organisation", "status", "id"], name="joint_part_unit"),)

    def __str__(self) -> str:
        return f"{self.joint_id} {self.name}"


class JointMaterial(models.Model):
    """One material of the matter, asked once and given to every part that wants it."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    joint = models.ForeignKey("joint.JointCase", on_delete=models.PROTECT, related_name="materials")
    key = models.CharField(max_length=64)  # rules.union.material_key
    name = models.CharField(max_length=200)
    way = chosen(GivenWay, 10)
    upload_ids = models.JSONField(default=list)
    brought_at = models.DateTimeField(null=True)
    brought_by = person()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["joint", "key"], name="joint_material_once"),
            one_of("way", GivenWay, "joint_material"),
            paired("brought", "joint_material"),
        )

    def __str__(self) -> str:
        return f"{self.joint_id} {self.name}"


class JointCorrection(models.Model):
    """The one notice that lists all that a filing lacks (《行政许可法》第三十二条)."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    joint = models.ForeignKey(
        "joint.JointCase", on_delete=models.PROTECT, related_name="corrections"
    )
    missing = models.JSONField(default=list)  # [{"key", "name", "text"}] of the materials
    note = models.TextField(blank=True, default="")
    document = document()
    asked_at = models.DateTimeField()
    asked_by = person()
    supplied_at = models.DateTimeField(null=True)
    supplied_note = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["joint"], name="joint_correction_once"),
            paired("asked", "joint_correction"),
        )

    def __str__(self) -> str:
        return f"{self.joint_id}"


class JointPromise(models.Model):
    """容缺: the whole was accepted without some papers, on one promise to bring all of them by one
    day. What has come is seen at the materials."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    joint = models.OneToOneField(
        "joint.JointCase", on_delete=models.PROTECT, related_name="promise"
    )
    materials = models.JSONField(default=list)  # [{"key", "name"}] of those promised
    words = models.CharField(max_length=300)
    due_date = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    supplied_at = models.DateTimeField(null=True)  # the last of them
    reminded_at = models.DateTimeField(null=True)  # the applicant, once, by the sweep

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(words=""), name="joint_promise_worded"),
            models.CheckConstraint(
                condition=Q(noted_at__isnull=False, noted_by__isnull=False),
                name="joint_promise_noted_paired",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_date", "id"],
                condition=Q(supplied_at=None, reminded_at=None),
                name="joint_promise_to_remind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.joint_id}"


class SimulatedOpinion(models.Model):
    """What a department thinks of a part whose precondition is not granted yet (模拟审批意见).

    For the house alone: it is no case, no decision and no licence, has no number and no seal, and
    nothing that counts those reads this table.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    part = models.OneToOneField(
        "joint.JointPart", on_delete=models.PROTECT, related_name="simulated"
    )
    organisation = organisation()
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    is_favourable = models.BooleanField(null=True)
    opinion = models.TextField(blank=True, default="")
    document = document(null=True)
    given_at = models.DateTimeField(null=True)
    given_by = person()
    recheck = models.JSONField(default=list)  # [{"what", "is_same", "note"}], on conversion
    converted_at = models.DateTimeField(null=True)
    converted_by = person()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(begun_at__isnull=False, begun_by__isnull=False),
                name="simulated_begun_paired",
            ),
            paired("given", "simulated"),
            paired("converted", "simulated"),
            together("simulated_given_whole", "given_at", "is_favourable", "document"),
            models.CheckConstraint(
                condition=Q(given_at=None) | ~Q(opinion=""), name="simulated_has_opinion"
            ),
            models.CheckConstraint(
                condition=Q(converted_at=None) | Q(given_at__isnull=False),
                name="simulated_converted_if_given",
            ),
        )

    def __str__(self) -> str:
        return f"{self.part_id}"
