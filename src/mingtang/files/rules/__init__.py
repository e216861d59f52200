"""Rules of files: uploads here at hand; those of documents are in `rules.documents`. Pure."""

from mingtang.files.rules.uploads import (
    ACCEPT,
    ALLOWED_LABEL,
    HeldBack,
    Kind,
    RefusedFile,
    ScanState,
    check_size,
    kind_of,
    safe_name,
)

__all__ = [
    "ACCEPT",
    "ALLOWED_LABEL",
    "HeldBack",
    "Kind",
    "RefusedFile",
    "ScanState",
    "check_size",
    "kind_of",
    "safe_name",
]
