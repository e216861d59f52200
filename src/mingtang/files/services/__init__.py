"""Services of files: uploads on disk, and numbered documents."""

from mingtang.files.services.documents import Document, draw_up, seal_document
from mingtang.files.services.uploads import (
    Incoming,
    StoredFile,
    adopt,
    attach,
    files_folder,
    path_of,
    remove,
    store,
    sweep_orphans,
)

__all__ = [
    "Document",
    "Incoming",
    "StoredFile",
    "adopt",
    "attach",
    "draw_up",
    "files_folder",
    "path_of",
    "remove",
    "seal_document",
    "store",
    "sweep_orphans",
]
