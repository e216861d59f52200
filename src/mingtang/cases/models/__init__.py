"""Tables of cases."""

from mingtang.cases.models.archive import ArchiveFile
from mingtang.cases.models.case import Case, Submission, stream_of
from mingtang.cases.models.corrections import Correction, DeferredMaterial
from mingtang.cases.models.fees import CashierDay, Charge
from mingtang.cases.models.filing import FilingDraft, GivenMaterial
from mingtang.cases.models.originals import HandOverSlip, Original
from mingtang.cases.models.steps import Pause, Request, Step

__all__ = [
    "ArchiveFile",
    "Case",
    "CashierDay",
    "Charge",
    "Correction",
    "DeferredMaterial",
    "FilingDraft",
    "GivenMaterial",
    "HandOverSlip",
    "Original",
    "Pause",
    "Request",
    "Step",
    "Submission",
    "stream_of",
]
