"""What people hand in, as files on disk under random keys, and the papers of the office."""

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id
from mingtang.base.profile import digest
from mingtang.base.sealed import SealedField
from mingtang.files.rules.documents import (
    LONGEST_SEAL_NAME,
    AlteredDocument,
    Paper,
    SealMethod,
    SealState,
    is_unaltered,
    seal_state,
)
from mingtang.files.rules.uploads import BY_MEDIA_TYPE, HeldBack, ScanState


class Upload(models.Model):
    """One stored file. `subject` names what it belongs to, such as `case:42`."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    storage_key = models.CharField(max_length=64, unique=True)
    subject = models.CharField(max_length=80, db_index=True)
    original_name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    scan_state = models.CharField(max_length=12, default=ScanState.NOT_SCANNED.value)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="upload_not_empty"),
            models.CheckConstraint(
                condition=Q(scan_state__in=[state.value for state in ScanState]),
                name="upload_scan_state_known",
            ),
        )
        indexes = (
            models.Index(
                fields=["scan_state", "id"],
                condition=~Q(scan_state=ScanState.CLEAN.value),
                name="upload_to_scan",
            ),
        )

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_image(self) -> bool:
        kind = BY_MEDIA_TYPE.get(self.media_type)
        return kind is not None and kind.is_image

    @property
    def may_leave(self) -> bool:
        return ScanState(self.scan_state).may_leave

    def check_may_leave(self) -> None:
        """Raises HeldBack where the scanner has not yet let the file pass, or never will."""
        if self.scan_state == ScanState.INFECTED:
            raise HeldBack(
                f"“{self.original_name}”查出病毒，不能打开。请通知对方重新提交一份干净的文件。"
            )
        if not self.may_leave:
            raise HeldBack(
                f"“{self.original_name}”还没有通过病毒检查，暂时不能打开。请过几分钟再试；"
                "一直不行请联系系统管理员。"
            )


class SharedUpload(models.Model):
    """That an upload belongs to another subject as well: one file, scanned and kept once. It goes
    when the last who has it lets it go."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    upload = models.ForeignKey("files.Upload", on_delete=models.PROTECT, related_name="shares")
    subject = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subject", "upload"], name="upload_shared_once"),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.upload_id}"


class Document(models.Model):
    """An official paper as it was drawn up. Its content never changes; only its seal comes, once.

    The content names people and is sealed at rest; the ledger knows a salted commitment to it.
    `code_index` finds it by the code that is printed on it: see services.verifying.
    """

    append_only = True
    fills_once = (
        *("sealed_at", "sealed_by_id", "sealed_for_id", "seal_name"),
        *("seal_method", "seal_provider", "seal_signature"),
    )

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    number = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001 – null: none
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=60)
    content = SealedField()
    salt = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)
    code_index = models.CharField(max_length=64, unique=True)
    drawn_at = models.DateTimeField()
    issued_date = models.DateField()
    needs_seal = models.BooleanField()
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sealed_for = models.ForeignKey(  # who was stood in for
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    seal_name = models.CharField(max_length=LONGEST_SEAL_NAME, blank=True, default="")
    seal_method = models.CharField(
        max_length=10,
        blank=True,
        default="",
        choices=[(method.value, method.label) for method in SealMethod],
    )
    seal_provider = models.CharField(max_length=120, blank=True, default="")  # who can check it
    seal_signature = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    *(Q(sealed_at=None), Q(sealed_by=None), Q(sealed_for=None)),
                    seal_name="",
                    seal_method="",
                )
                | Q(sealed_at__isnull=False, sealed_by__isnull=False, needs_seal=True)
                & ~Q(seal_name="")
                & Q(seal_method__in=[method.value for method in SealMethod]),
                name="document_sealed_whole",
            ),
            models.CheckConstraint(
                condition=Q(seal_method=SealMethod.ELECTRONIC.value)
                & ~Q(seal_provider="")
                & ~Q(seal_signature="")
                | ~Q(seal_method=SealMethod.ELECTRONIC.value)
                & Q(seal_provider="", seal_signature=""),
                name="document_signed_if_electronic",
            ),
            models.CheckConstraint(
                condition=Q(number=None) | ~Q(number=""), name="document_number_not_blank"
            ),
        )
        indexes = (
            models.Index(fields=["subject", "id"], name="document_subject"),
            models.Index(
                fields=["sealed_at", "id"],
                condition=Q(sealed_at__isnull=False),
                name="document_seal_register",
            ),
        )

    def __str__(self) -> str:
        """《受理通知书》（水利局受〔2013〕12号）"""
        return f"《{self.title}》（{self.number}）" if self.number else f"《{self.title}》"

    @property
    def seal_state(self) -> SealState:
        return seal_state(
            needs_seal=self.needs_seal,
            is_sealed=self.sealed_at is not None,
            is_electronic=self.seal_method == SealMethod.ELECTRONIC.value,
        )

    def paper(self) -> Paper:
        """What the document says. Raises AlteredDocument where it is not what was drawn up."""
        try:
            paper = Paper.read(self.content)
        except (ValueError, TypeError, KeyError):  # the seal at rest does not open, or no paper
            raise AlteredDocument(str(self)) from None
        holds = is_unaltered(
            paper,
            self.number or "",
            self.issued_date,
            self.salt,
            issuer=str(self.organisation_id),
            committed=self.commitment,
            digest=digest,
        )
        columns = (self.kind, self.title, self.needs_seal)
        if not holds or columns != (paper.kind, paper.title, paper.needs_seal):
            raise AlteredDocument(str(self))
        return paper

    def facts(self) -> dict[str, str]:
        """What an event says of the document: nothing personal."""
        return {
            "id": str(self.id),
            "kind": self.kind,
            "number": self.number or "",
            "commitment": self.commitment,
        }
