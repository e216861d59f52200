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

__all__ = [
    "Document",
    "Incoming",
    "StoredFile",
    "attach",
    "draw_up",
    "files_folder",
    "path_of",
    "seal_document",
    "store",
    "sweep_orphans",
]
