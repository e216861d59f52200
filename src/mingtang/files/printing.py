"""How a document is shown and printed."""

from typing import Any

from mingtang.files.models import Document
from mingtang.files.rules.documents import SealState, chinese_date
from mingtang.regions.queries import name_of


def page_context(document: Document) -> dict[str, Any]:
    """What `files/document.html` shows. Raises AlteredDocument: nothing is shown then.

    The issuing unit has the name that it bore on the day of issue.
    """
    paper, state = document.paper(), document.seal_state
    return {
        "title": paper.title,
        "document_number": document.number or "",
        "addressee": paper.addressee,
        "paragraphs": paper.paragraphs,
        "row_heads": paper.row_heads,
        "rows": list(paper.cells()),
        "legal_basis": paper.legal_basis,
        "remedies": paper.remedies,
        "issuer": name_of(document.organisation_id, document.issued_date),
        "issued": chinese_date(document.issued_date),
        "issued_date": document.issued_date,
        "seal_label": state.label,
        "seal_tone": state.tone,
        "seal_name": document.seal_name,
        "is_draft": state is SealState.DRAFT,
        "needs_seal": paper.needs_seal,
    }
