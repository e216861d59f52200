"""Reads of assessment."""

from mingtang.assessment.queries.computing import (
    Difference,
    differences,
    read_ledger,
    scores,
    spoken,
)
from mingtang.assessment.queries.listing import Moved, compared, lines_of_period
from mingtang.assessment.queries.reading import (
    ObservationPage,
    Placed,
    Round,
    SchemeLine,
    content_of,
    entries_of,
    file_of_sheet,
    files_of_entries,
    in_force,
    latest_version,
    names_on,
    objections_of,
    observation_for,
    observations,
    placed,
    round_of,
    rounds,
    scheme_lines,
    scheme_version,
    scores_of,
    sheet_for,
    sheet_subject,
    sheets_for,
    sheets_of,
    speaks_for,
    switched_on,
    versions,
)
from mingtang.assessment.queries.targets import Target, targets

__all__ = [
    "Difference", "Moved", "ObservationPage", "Placed", "Round", "SchemeLine", "Target", "compared",
    "content_of", "differences", "entries_of", "file_of_sheet",
    "files_of_entries", "in_force", "latest_version", "lines_of_period",
    "names_on", "objections_of", "observation_for", "observations", "placed", "read_ledger",
    "round_of", "rounds", "scheme_lines", "scheme_version", "scores", "scores_of", "sheet_for",
    "sheet_subject", "sheets_for", "sheets_of", "speaks_for", "spoken", "switched_on", "targets",
    "versions",
]  # fmt: skip
