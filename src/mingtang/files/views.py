"""Screens of files: the seal register."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from mingtang.accounts.policy import scope, staff
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor
from mingtang.base.subjects import url_of
from mingtang.files import queries

register = staff(*queries.SEAL_READERS)


@register
def seals(request: HttpRequest) -> HttpResponse:
    """Which papers of the reader's units were sealed: when, with what, by whom."""
    reader = scope(request)
    if not queries.seal_grants(reader):
        raise NotFound
    after = Cursor.read(request.GET.get("after", ""))
    page = queries.seal_register(reader, after)
    context = {
        "rows": page.rows,
        "next_url": f"?after={page.next}" if page.next else "",
        "first_url": request.path if after else "",
    }
    return render(request, "files/seals.html", context)


@register
def sealed(request: HttpRequest, document_id: int) -> HttpResponseRedirect:
    """From a line of the register to what the paper belongs to; that page checks access itself."""
    subject = queries.sealed_subject(scope(request), document_id)
    page = url_of(subject, for_staff=True)
    if page is None:
        raise NotFound
    return redirect(page)
