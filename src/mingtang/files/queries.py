"""Reads of uploads."""

from mingtang.files.models import Upload as Upload


def uploads_of(subject: str) -> list[Upload]:
    return list(Upload.objects.filter(subject=subject).order_by("uploaded_at", "id"))


def upload_of(subject: str, upload_id: int) -> Upload | None:
    """One upload, only as part of the subject that the caller may see."""
    return Upload.objects.filter(subject=subject, id=upload_id).first()
