"""Screen of one edition of an item, in force or past."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.catalogue.queries import editions


@public
@require_GET
def edition(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What an edition said: for those whose case was filed under it."""
    found = editions.edition_detail(code, number)
    return render(request, "catalogue/edition.html", {"item": found, "file_url": ""})
