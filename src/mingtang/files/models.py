"""What people hand in, as files. The bytes lie on disk under a random key."""

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id
from mingtang.base.sealed import SealedField


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

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="upload_not_empty"),
        )

    def __str__(self) -> str:
        return self.original_name


class Document(models.Model):
    """An official paper as it was drawn up. Its content never changes; only its seal comes."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    number = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    organisation = models.ForeignKey(
        "regions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=60)
    content = SealedField()
    salt = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    issued_date = models.DateField()
    needs_seal = models.BooleanField(default=True)
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(sealed_at=None, sealed_by=None)
                | Q(sealed_at__isnull=False, sealed_by__isnull=False),
                name="document_sealed_paired",
            ),
        )
        indexes = (models.Index(fields=["subject", "id"], name="document_subject"),)

    def __str__(self) -> str:
        return self.number or self.title

    def facts(self):
        return {
            "id": str(self.id),
            "kind": self.kind,
            "number": self.number or "",
            "commitment": self.commitment,
        }
