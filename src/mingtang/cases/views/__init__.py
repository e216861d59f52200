"""Views of cases: of applicants, of the desk, of one case, of who leads."""

from mingtang.cases.views.case import act, deed, detail, document
from mingtang.cases.views.citizen import (
    attachment,
    collect,
    correct,
    file,
    filed,
    mine,
    own_document,
    progress,
    progress_case,
    withdraw,
)
from mingtang.cases.views.desk import batch, desk, intake, originals, scan, take_in, taken

__all__ = [
    "act",
    "attachment",
    "batch",
    "collect",
    "correct",
    "deed",
    "desk",
    "detail",
    "document",
    "file",
    "filed",
    "intake",
    "mine",
    "originals",
    "own_document",
    "progress",
    "progress_case",
    "scan",
    "take_in",
    "taken",
    "withdraw",
]
