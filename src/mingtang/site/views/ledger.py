"""Views of the ledger for whoever wants to check it: the program, and that it only ever grew."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.errors import NotFound
from mingtang.ledger import queries, verify_ledger
from mingtang.ledger.proofs import extension_of
from mingtang.ledger.verify_ledger import spelt


def _attached(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@public
@require_GET
def verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier, as this house runs it itself."""
    content = Path(verify_ledger.__file__).read_bytes()
    return _attached(content, "verify_ledger.py", "text/x-python; charset=utf-8")


@public
@require_GET
def ledger_keys(request: HttpRequest) -> HttpResponse:
    """How the ledger's signing key was handed on, a certificate a line; empty if it never was."""
    lines = [spelt(one) + b"\n" for one in queries.key_certificates()]
    return _attached(b"".join(lines), "keys.jsonl", "application/jsonl")


@public
@require_GET
def extension(request: HttpRequest, size: int) -> HttpResponse:
    """That the latest head holds the whole tree of an earlier size, 0 for the first that asks:
    hashes, nothing else. What a witness reads."""
    head = queries.latest_head()
    if head is None or size > head.size:
        raise NotFound
    return _attached(extension_of(size, head), "extension.json", "application/json")
