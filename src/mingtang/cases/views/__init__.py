"""Views of cases: of applicants, of the desk, of one case, of who leads."""

from mingtang.cases.views.archive import archives, archives_file
from mingtang.cases.views.case import act, deed, detail
from mingtang.cases.views.cashier import cashier
from mingtang.cases.views.citizen import (
    attachment,
    collect,
    correct,
    filed,
    filed_qr,
    mine,
    progress,
    progress_case,
    withdraw,
)
from mingtang.cases.views.desk import batch, desk, intake, originals, scan, take_in, taken
from mingtang.cases.views.filing import (
    file,
    filing,
    filing_discard,
    filing_later,
    filing_on,
    filing_qr,
    resume,
)
from mingtang.cases.views.handover import end_substitution, hand_over_steps, handover
from mingtang.cases.views.leads import authority, letter, month_sheet, overview, sheet
from mingtang.cases.views.mandates import end_mandate, mandates
from mingtang.cases.views.materials import filing_file
from mingtang.cases.views.notices import results
from mingtang.cases.views.paper import enter_paper_receipt
from mingtang.cases.views.papers import document, document_file, own_document, own_document_pdf
from mingtang.cases.views.proof import proof, proof_file, proof_qr

__all__ = [
    "act",
    "archives",
    "archives_file",
    "attachment",
    "authority",
    "batch",
    "cashier",
    "collect",
    "correct",
    "deed",
    "desk",
    "detail",
    "document",
    "document_file",
    "end_mandate",
    "end_substitution",
    "enter_paper_receipt",
    "file",
    "filed",
    "filed_qr",
    "filing",
    "filing_discard",
    "filing_file",
    "filing_later",
    "filing_on",
    "filing_qr",
    "hand_over_steps",
    "handover",
    "intake",
    "letter",
    "mandates",
    "mine",
    "month_sheet",
    "originals",
    "overview",
    "own_document",
    "own_document_pdf",
    "progress",
    "progress_case",
    "proof",
    "proof_file",
    "proof_qr",
    "results",
    "resume",
    "scan",
    "sheet",
    "take_in",
    "taken",
    "withdraw",
]
