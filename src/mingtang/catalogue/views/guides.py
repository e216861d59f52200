"""Paper of the catalogue: the printable guide, its QR code, the one-time information sheet."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import public, scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import COUNTER_ROLES, Grant
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError
from mingtang.base.qr import qr_svg
from mingtang.base.web import new_command_id, search_text
from mingtang.catalogue import queries, services
from mingtang.catalogue.forms import EnquiryForm
from mingtang.catalogue.queries import guides

QR_KEPT = 24 * 3600  # seconds: the address of an item changes only with the name of the host


class StaleForm(DomainError):
    def __init__(self) -> None:
        super().__init__(_("页面内容不完整，没有记录咨询。请返回咨询页，刷新后再点一次。"))


@public
@require_GET
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The guide of an item, made to be printed."""
    on = today()
    context = {
        "item": queries.item_detail(code, on),
        "address": _address(request, code),
        "on": on,
    }
    return render(request, "catalogue/guide.html", context)


@public
@require_GET
def qr(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code that leads to the page of an item."""
    queries.published(code)
    answer = HttpResponse(qr_svg(_address(request, code)), content_type="image/svg+xml")
    answer.headers["Cache-Control"] = f"public, max-age={QR_KEPT}"
    return answer


def _address(request: HttpRequest, code: str) -> str:
    """Where the public finds the item: paper goes where the counter's own address does not."""
    path = reverse("catalogue:item", args=[code])
    base = settings.MINGTANG_PUBLIC_URL
    return f"{base}{path}" if base else request.build_absolute_uri(path)


# 首问负责: whoever is asked first tells all of it, whichever department's item it is.
@staff(*COUNTER_ROLES)
@require_GET
def enquiries(request: HttpRequest) -> HttpResponse:
    """Find the item somebody asks about, and hand out its sheet."""
    on, text, after = today(), search_text(request), request.GET.get("after", "")
    page = queries.search_items(on=on, text=text, after=after) if text else None
    own = _counter(request)
    context = {
        "q": text,
        "rows": [(row, new_command_id()) for row in page.items] if page else [],
        "total": page.total if page else 0,
        "next_url": f"?{urlencode({'q': text, 'after': page.next_after})}"
        if page and page.next_after
        else "",
        "figures": guides.enquiry_figures(own.organisation_id, on),
        "organisation": own.organisation_label,
    }
    return render(request, "catalogue/enquiries.html", context)


def _counter(request: HttpRequest) -> Grant:
    """The counter somebody stands at: their own post before one held for somebody else."""
    at_counter = [grant for grant in scope(request).grants if grant.role in COUNTER_ROLES]
    return min(at_counter, key=lambda grant: grant.acting_for_id is not None)


@staff(*COUNTER_ROLES)
@require_POST
def enquire(request: HttpRequest) -> HttpResponseRedirect:
    """Note the enquiry; the sheet is shown at an address of its own."""
    form = EnquiryForm(request.POST)
    if not form.is_valid():
        raise StaleForm
    made = services.record_enquiry(
        item_code=form.cleaned_data["item"],
        actor=actor_of(scope(request), _counter(request)),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )
    return redirect("catalogue:sheet", made["code"], made["number"])


@staff(*COUNTER_ROLES)
@require_GET
def sheet(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The information sheet of an enquiry, as it is printed."""
    found = guides.enquiry_sheet(code, number)
    context = {"item": found, "address": _address(request, code)}
    return render(request, "catalogue/sheet.html", context)
