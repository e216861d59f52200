"""Views: somebody's due days as a calendar at a secret address; the public's at an open one."""

import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.accounts.policy import public, scope, staff
from mingtang.accounts.proof import proved
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError
from mingtang.base.qr import qr_svg
from mingtang.base.web import site_url
from mingtang.exchange.queries import calendar as reads
from mingtang.exchange.rules.batches import CALENDAR_READERS
from mingtang.exchange.rules.calendar import TYPE, Entry, calendar
from mingtang.exchange.services import calendar as services
from mingtang.messages.forms import CommandForm

KEPT = 300  # seconds


@staff(*CALENDAR_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
@proved()
def settings_page(request: HttpRequest) -> HttpResponse:
    """Make an address, which stands on the answer this once; only its hash is kept."""
    reader = scope(request)
    assert reader.person_id is not None
    form, address = CommandForm(request.POST or None), ""
    if form.is_valid():
        token = secrets.token_urlsafe(32)
        services.make_feed(
            digest=services.digest_of(token),
            actor=actor_of(reader, reader.grants[0]),
            at=now(),
            command_id=form.cleaned_data["command_id"],
        )
        address = site_url(request) + reverse("exchange:calendar_feed", args=[token])
    context = {
        "feed": reads.feed_of(reader.person_id),
        "address": address,
        "picture": SafeString(qr_svg(address).decode()) if address else "",
        "form": CommandForm(auto_id=False),
        "end_form": CommandForm(auto_id=False),
    }
    status = 422 if form.errors else 200
    return render(request, "exchange/calendar.html", context, status=status)


@staff(*CALENDAR_READERS)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """The address is ended."""
    reader, form = scope(request), CommandForm(request.POST)
    if form.is_valid():
        by = {"actor": actor_of(reader, reader.grants[0]), "at": now()}
        try:
            services.end_feed(command_id=form.cleaned_data["command_id"], **by)
        except DomainError as error:
            notes.error(request, error.message)
        else:
            notes.success(request, _("日历地址已停用，订阅过的日历不再更新。"))
    return redirect("exchange:calendar")


@public
@require_GET
def personal(request: HttpRequest, token: str) -> HttpResponseBase:
    """Somebody's due days, by the address that only they know. Raises NotFound."""
    on = today()
    reader = reads.reader_of(services.digest_of(token), on)
    answer = _answer(request, _("到期日"), reads.due_days(reader, on, site_url(request)))
    answer.headers["Cache-Control"] = "no-cache, private"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@public
@require_GET
def open_days(request: HttpRequest) -> HttpResponseBase:
    """Days that are everybody's: what closes, what is held, what was published."""
    name = settings.MINGTANG_SITE_NAME
    answer = _answer(request, name, reads.public_days(site_url(request)))
    answer.headers["Cache-Control"] = f"public, max-age={KEPT}"
    return answer


def _answer(request: HttpRequest, name: str, entries: Iterable[Entry]) -> HttpResponseBase:
    host = urlsplit(site_url(request)).hostname or "mingtang"
    text = calendar(name, host, entries)
    answer = HttpResponse(text, content_type=TYPE)
    etag = quote_etag(services.digest_of(text)[:32])
    answer.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=answer) or answer
