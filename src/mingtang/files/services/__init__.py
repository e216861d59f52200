"""Services of files: uploads on disk, whole or in pieces, and numbered documents."""

from mingtang.files.services.documents import Document, draw_up, seal_document
from mingtang.files.services.halves import (
    append,
    begin,
    finish,
    forget,
    half,
    handed_file,
    read_ticket,
    sweep_halves,
    upload_ticket,
)
from mingtang.files.services.kept import adopt, existing, remove, rescan, rotate, share, thumbnail
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
    "adopt",
    "append",
    "attach",
    "begin",
    "document_by_code",
    "document_by_number",
    "draw_up",
    "existing",
    "faults_of",
    "files_folder",
    "finish",
    "forget",
    "half",
    "handed_file",
    "path_of",
    "read_ticket",
    "remove",
    "rescan",
    "rotate",
    "seal_document",
    "share",
    "store",
    "sweep_halves",
    "sweep_orphans",
    "thumbnail",
    "upload_ticket",
]
