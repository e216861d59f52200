"""Views for villagers: object, keep number and code, see the answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.accounts.puzzles import puzzled
from mingtang.accounts.rules import WRITING_PER_SOURCE
from mingtang.accounts.services import count_attempt_or_refuse
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import for_reading, secret_fields, source_of
from mingtang.ledger.rules import Actor
from mingtang.villages import queries, services
from mingtang.villages.forms.public import LookupForm, ObjectionForm

SHOWN, RAISED = "objections_shown", "objections_raised"  # what this browser may see
VILLAGER = Actor(id=None, label="村民")


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _remember(request: HttpRequest, key: str, number: str) -> None:
    request.session[key] = [*request.session.get(key, [])[-9:], number]


@public
@sensitive_post_parameters("name", "phone", "text")
@puzzled("writing_source")
def new(request: HttpRequest, disclosure_id: int) -> HttpResponse:
    """Object to a disclosure while its days last."""
    about = queries.entry(disclosure_id)
    if not about.objections_until or today() > about.objections_until or about.is_archived:
        raise NotFound("这条公开的异议期已经结束。仍有意见的，请向乡镇（街道）反映。")
    form, status = ObjectionForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            at = now()
            try:
                count_attempt_or_refuse(
                    "writing_source", source_of(request), WRITING_PER_SOURCE, at
                )
                made = services.raise_objection(
                    disclosure_id=disclosure_id, **form.cleaned_data, actor=VILLAGER, at=at
                )
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                _remember(request, RAISED, made["number"])
                return redirect("villages:raised", made["number"])
    context = {"form": form, "entry": about, "village": about.village}
    return _private(render(request, "villages/object.html", context, status=status))


@public
@require_GET
def raised(request: HttpRequest, number: str) -> HttpResponse:
    """One's own objection: the receipt with its code at first, the answer later."""
    own = request.session.get(RAISED, [])
    if number not in own + request.session.get(SHOWN, []):
        raise NotFound("请先凭异议编号和查询码查询。")
    found = queries.objection_shown(number)
    context = {
        "objection": found,
        "about": found.disclosure,
        "village": found.disclosure.village,
        "code": services.tracking_code(found) if number in own else "",
        "is_out": queries.is_out(found.disclosure_id),
    }
    return _private(render(request, "villages/raised.html", context))


@public
@for_reading
@secret_fields("code")
@puzzled("lookup_source")
def lookup(request: HttpRequest) -> HttpResponse:
    """Look an objection up by number and query code."""
    form, status = LookupForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                found = services.objection_by_code(
                    **form.cleaned_data, source=source_of(request), at=now()
                )
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                _remember(request, SHOWN, found.number)
                return redirect("villages:raised", found.number)
    return render(request, "villages/lookup.html", {"form": form}, status=status)
