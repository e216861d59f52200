"""Reads of uploads."""

from mingtang.files.models import Document as Document
from mingtang.files.models import Upload as Upload


def uploads_of(subject: str) -> list[Upload]:
    return list(Upload.objects.filter(subject=subject).order_by("uploaded_at", "id"))


def upload_of(subject: str, upload_id: int) -> Upload | None:
    """One upload, only as part of the subject that the caller may see."""
    return Upload.objects.filter(subject=subject, id=upload_id).first()


def documents_of(subject: str) -> list[Document]:
    return list(Document.objects.filter(subject=subject).order_by("id"))


def document_of(subject: str, document_id: int) -> Document | None:
    return Document.objects.filter(subject=subject, id=document_id).first()
