"""What the archive takes over of a case."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import document, one_of
from mingtang.base.ids import next_id
from mingtang.cases.rules.archive import Retention


class ArchiveFile(models.Model):
    """The file (卷) of an archived case. When and by whom it was archived stands in the case."""

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="archive_file")
    retention = models.CharField(
        max_length=10, choices=[(one.value, one.label) for one in Retention]
    )
    piece_count = models.IntegerField()
    missing = models.JSONField(default=list)  # lines, as they were shown before archiving
    document = document()  # 卷内目录
    packaged_at = models.DateTimeField(null=True)  # its package stands in MINGTANG_PACKAGES

    class Meta:
        constraints = (
            one_of("retention", Retention, "archive"),
            models.CheckConstraint(condition=Q(piece_count__gte=0), name="archive_pieces"),
        )
        indexes = (
            models.Index(fields=["id"], condition=Q(packaged_at=None), name="archive_unpackaged"),
        )

    def __str__(self) -> str:
        return f"{self.case_id}: {self.piece_count}"
