"""The evidence of a request as one file: what an organ hands to a court or a reconsideration body
(法释〔2011〕17号第五条). The same bytes for the same record.

manifest.json lists every file with its SHA-256; ledger.json holds the events with their leaves.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from mingtang.base.pdf import PdfUnavailable, why_not
from mingtang.files import queries as files
from mingtang.files.printing import document_pdf, pdf_name
from mingtang.files.rules.documents import Paper
from mingtang.files.services import existing
from mingtang.ledger import queries as ledger
from mingtang.requests import queries
from mingtang.requests.models import Request
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.people import Channel
from mingtang.timing import queries as timing

LONG_AGO = (2008, 5, 1, 0, 0, 0)  # of every entry, so that the bytes depend on the content alone


def bundle(request: Request, site: str) -> bytes:
    """All that is on record, as a zip. `site`: the public address, for the papers' QR codes."""
    entries = dict(_entries(request, site))
    manifest = {
        "number": request.number,
        "files": [
            {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in sorted(entries.items())
        ],
    }
    entries["manifest.json"] = _json(manifest)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in sorted(entries.items()):
            packed.writestr(zipfile.ZipInfo(name, LONG_AGO), data)
    return made.getvalue()


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, default=str).encode()


def _entries(request: Request, site: str) -> Iterator[tuple[str, bytes]]:
    yield "ledger.json", _json([_event(event) for event in ledger.history(request.stream)])
    yield "record.json", _json(_record(request))
    is_printable = not why_not()
    for place, document in enumerate(files.documents_of(request.stream), 1):
        name = pdf_name(document).removesuffix(".pdf").replace("/", "-")
        made = _pdf(document, site) if is_printable else None
        if made is None:
            yield f"papers/{place:02d}-{name}.txt", _text(document.paper()).encode()
        else:
            yield f"papers/{place:02d}-{name}.pdf", made
    for place, upload in enumerate(files.uploads_of(request.stream), 1):
        name = upload.original_name.replace("/", "-")
        yield f"uploads/{place:02d}-{name}", existing(upload).read_bytes()


def _pdf(document: Any, site: str) -> bytes | None:
    try:
        return document_pdf(document, site)
    except PdfUnavailable:
        return None


def _text(paper: Paper) -> str:
    """A paper where no PDF can be made."""
    rows = ["\t".join(row) for row in paper.rows]
    lines = [paper.title, paper.addressee, *paper.paragraphs, *rows]
    return "\n".join([*lines, paper.legal_basis, paper.remedies])


def _event(event: ledger.Event) -> dict[str, Any]:
    return {**event.hashed_row(), "leaf": event.leaf}


def _record(request: Request) -> dict[str, Any]:
    """Receipt, search log, consultation, review, approval, delivery: the chain of evidence."""
    found = queries.file_of(request)
    return {
        "number": request.number,
        "channel": Channel(request.channel).label,
        "description": request.description,
        "arrived": request.arrived_date,
        "received": request.received_date,
        "commitment": request.commitment,
        "salt": request.salt,
        "searches": [
            {"place": one.place, "words": one.words, "found": one.found, "at": one.searched_at}
            for one in found.searches
        ],
        "corrections": [
            {"wanted": one.wanted, "due": one.due_date, "corrected": one.corrected_date}
            for one in found.corrections
        ],
        "consultations": [
            {
                "party": one.party.name,
                "question": one.question,
                "sent": one.sent_at,
                "reached": one.reached_date,
                "answer": one.answer,
                "text": one.answer_text,
            }
            for one in found.consultations
        ],
        "decisions": [
            {
                "drafted": one.drafted_at,
                "approved": one.approved_at,
                "delivered": one.delivered_date,
                "parts": [
                    {
                        "scope": part.scope,
                        "kind": Kind(part.kind).name_in_full,
                        "reason": part.reason,
                    }
                    for part in sorted(one.parts.all(), key=lambda part: part.place)
                ],
            }
            for one in found.decisions
        ],
        "limits": [
            {"kind": clock.kind, "due": clock.due_date, "why": timing.explain_clock(clock)}
            for clock in timing.clocks_of(request.stream)
        ],
    }
