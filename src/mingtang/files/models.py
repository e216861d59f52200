"""What people hand in, as files. The bytes lie on disk under a random key."""

from django.db import models
from django.db.models import Q

from mingtang.base.ids import next_id


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
