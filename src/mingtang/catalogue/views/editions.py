"""Screen of one edition of an item, in force or past."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.catalogue.queries import editions


@public
@require_GET
def edition(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What a past edition said: for those whose case was filed under it. The one in force has
    the page of the item."""
    found = editions.edition_detail(code, number)
    if found["edition_number"] == found["current_number"]:
        return redirect("catalogue:item", code)
    return render(request, "catalogue/edition.html", {"item": found, "is_past": True})
