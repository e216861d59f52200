"""Screens of files: the seal register, and for everybody the verification of a document."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope, staff
from mingtang.base.clock import legal_date, now
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.masking import mask_addressee
from mingtang.base.paging import Cursor
from mingtang.base.qr import qr_svg
from mingtang.base.subjects import url_of
from mingtang.base.web import for_reading, secret_fields, site_url, source_of
from mingtang.files import queries, services
from mingtang.files.forms import RegisterForm, VerifyForm
from mingtang.files.printing import address_of, page_context
from mingtang.files.queries import Sought
from mingtang.files.rules.documents import Fault
from mingtang.files.standing import standing_of

QR_KEPT = 24 * 3600  # seconds: the address changes only with the name of the host
register = staff(*queries.SEAL_READERS)


@register
def seals(request: HttpRequest) -> HttpResponse:
    """Which papers of the reader's units were sealed: when, with what, by whom."""
    reader = scope(request)
    if not queries.seal_grants(reader):
        raise NotFound
    asked = {name: request.GET[name] for name in RegisterForm.base_fields if name in request.GET}
    form = RegisterForm(asked, units=queries.seal_units(reader))
    after = Cursor.read(request.GET.get("after", ""))
    page = queries.seal_register(reader, after, _sought(form))
    filled = {name: value for name, value in asked.items() if value}
    context = {
        "form": form,
        "is_filtered": bool(filled),
        "rows": page.rows,
        "next_url": f"?{urlencode(filled | {'after': page.next})}" if page.next else "",
        "first_url": f"{request.path}?{urlencode(filled)}" if after else "",
    }
    return render(request, "files/seals.html", context)


def _sought(form: RegisterForm) -> Sought:
    """What is valid of what was asked for."""
    form.is_valid()
    said = form.cleaned_data
    return Sought(said.get("q", ""), said.get("unit"), said.get("since"), said.get("until"))


@register
@require_GET
def sealed(request: HttpRequest, document_id: int) -> HttpResponseRedirect:
    """From a line of the register to what the paper belongs to; that page checks access itself."""
    subject = queries.sealed_subject(scope(request), document_id)
    page = url_of(subject, for_staff=True)
    if page is None:
        raise NotFound
    return redirect(page)


# ── verification ──────────────────────────────────────────────────────────────────────────────


@public
@for_reading
@secret_fields("code")
def verify(request: HttpRequest) -> HttpResponse:
    """Verify a paper without a scanner: its number and its code, typed in (核验文书)."""
    form, status = VerifyForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.document_by_number(
                    **form.cleaned_data, source=source_of(request), at=now()
                )
                return redirect("files:verified", form.cleaned_data["code"])
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return render(request, "files/verify.html", {"form": form}, status=status)


@public
@require_GET
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code of a paper leads to: is it ours, is it unaltered. Nothing personal."""
    at = now()
    try:
        document = services.document_by_code(code=code, source=source_of(request), at=at)
    except NotFound as error:
        again = {"form": VerifyForm(initial={"code": code}), "message": error.message}
        return _private(render(request, "files/verify.html", again, status=error.status))
    faults = services.faults_of(document)
    context = {
        "code": code,
        "faults": [fault.label for fault in faults],
        "at": at,
        "standing": standing_of(document, legal_date(at)),
        "document": _told(document, faults),
    }
    return _private(render(request, "files/verified.html", context))


def _told(document: Any, faults: list[Fault]) -> dict[str, Any]:
    """What is shown of it; of one that does not hold, no more than which one is meant."""
    if faults:
        return {"title": document.title, "document_number": document.number or ""}
    context = page_context(document)
    context["addressee"] = mask_addressee(context["addressee"])
    return {name: context[name] for name in TOLD} | {"sealed_at": document.sealed_at}


TOLD = (
    *("title", "document_number", "addressee", "issuer", "issued"),
    *("seal_name", "seal_label", "seal_tone", "seal_notice"),
)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@public
@require_GET
def verify_qr(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code of a code. Whether there is such a paper is not looked up, nor told."""
    answer = HttpResponse(qr_svg(address_of(code, site_url(request))), content_type="image/svg+xml")
    answer.headers["Cache-Control"] = f"private, max-age={QR_KEPT}"
    return answer
