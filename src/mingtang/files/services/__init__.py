"""Services of files: uploads on disk, and numbered documents."""

from mingtang.files.services.documents import Document, draw_up, seal_document
from mingtang.files.services.uploads import (
    Incoming,
    StoredFile,
    attach,
    files_folder,
    path_of,
    store,
    sweep_orphans,
)
from mingtang.files.services.verifying import document_by_code, document_by_number, faults_of

__all__ = [
    "Document",
    "Incoming",
    "StoredFile",
    "attach",
    "document_by_code",
    "document_by_number",
    "draw_up",
    "faults_of",
    "files_folder",
    "path_of",
    "seal_document",
    "store",
    "sweep_orphans",
]
