"""Screens of lists for staff: make and freeze them; printed copies and where they went."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.catalogue import services
from mingtang.catalogue.forms import CommandForm, FreezeForm, ListForm, PrintingForm
from mingtang.catalogue.queries import lists as queries
from mingtang.catalogue.rules.lists import ListKind
from mingtang.catalogue.views.lists import list_page


def _by(request: HttpRequest, roles: Any, form: Any) -> dict[str, Any]:
    grant = queries.grant_of(scope(request), roles)
    command_id = form.cleaned_data["command_id"]
    return {"actor": actor_of(scope(request), grant), "at": now(), "command_id": command_id}


@staff(*queries.KEEPERS)
def kept_lists(request: HttpRequest) -> HttpResponse:
    """The lists that were made, frozen or not; make others."""
    units = queries.unit_choices(scope(request), today())
    initial = {"as_of_date": today()}
    form = ListForm(request.POST or None, units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
    after = request.GET.get("after", "")
    rows, next_after = queries.lists(today(), keeper=scope(request), after=after)
    context = {
        "rows": rows,
        "has_open": any(not row.is_frozen for row in rows),
        "next_url": f"?after={next_after}" if next_after else "",
        "form": form,
        "button": CommandForm(auto_id=False),
    }
    status = 422 if form.errors else 200
    return render(request, "catalogue/lists/kept.html", context, status=status)


def _made(request: HttpRequest, form: ListForm) -> HttpResponseRedirect:
    data, by = form.cleaned_data, _by(request, queries.KEEPERS, form)
    day = data["as_of_date"].isoformat()
    if data["kind"] == ListKind.HANDBOOK:
        made = services.make_handbook(organisation_id=queries.centre_id(), as_of_date=day, **by)
    else:
        made = services.make_lists(
            kind=data["kind"], organisation_ids=form.chosen(), as_of_date=day, **by
        )
    told = _("生成了 %(count)d 份清单，请另一位同事核对后定稿。")
    messages.success(request, told % {"count": len(made["list_ids"])})
    return redirect("catalogue:kept_lists")


@staff(*queries.KEEPERS)
@require_GET
def kept_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """One list before it is frozen: what a second person reads."""
    found = queries.power_list(list_id)
    if queries.keeper_of(scope(request), found) is None:
        raise queries.ListNotFound
    is_own = found.made_by_id == scope(request).person_id
    more = {"is_kept": True, "is_own": is_own, "button": CommandForm(auto_id=False)}
    return list_page(request, found, **more)


@staff(*queries.KEEPERS)
@require_POST
def freeze(request: HttpRequest) -> HttpResponseRedirect:
    """Freeze the lists that are ticked: from now on everybody reads them."""
    ticked = map(parse_id, request.POST.getlist("lists"))
    asked = [one for one in ticked if one is not None]
    found = [queries.power_list(one) for one in asked[: queries.PAGE]]
    if any(queries.keeper_of(scope(request), one) is None for one in found):
        raise queries.ListNotFound
    form = FreezeForm(request.POST, lists=[one.id for one in found])
    try:
        if not form.is_valid():
            raise DomainError(" ".join(str(one) for all_ in form.errors.values() for one in all_))
        services.freeze_lists(
            list_ids=form.cleaned_data["lists"], **_by(request, queries.KEEPERS, form)
        )
        messages.success(request, _("已定稿，市民可以查看。"))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("catalogue:kept_lists")


@staff(*queries.PRINTERS)
def printings(request: HttpRequest) -> HttpResponse:
    """What was printed and to whom it went; enter more."""
    initial = {"printed_date": today()}
    form = PrintingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _printed(request, form)
        except DomainError as error:
            form.add_error("shares", error.message)
    rows, next_after = queries.printings(today(), after=request.GET.get("after", ""))
    context = {
        "rows": rows,
        "year": today().year,
        "copies": queries.copies_in(today().year),
        "next_url": f"?after={next_after}" if next_after else "",
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "catalogue/lists/printings.html", context, status=status)


def _printed(request: HttpRequest, form: PrintingForm) -> HttpResponseRedirect:
    data = form.cleaned_data
    grant = queries.grant_of(scope(request), queries.PRINTERS)
    if grant is None:
        raise NotFound
    services.record_printing(
        title=data["title"],
        organisation_id=grant.organisation_id,
        copies_count=data["copies_count"],
        printed_date=data["printed_date"].isoformat(),
        shares=data["shares"],
        note=data["note"],
        **_by(request, queries.PRINTERS, form),
    )
    messages.success(request, _("已登记，共 %(count)d 份。") % {"count": data["copies_count"]})
    return redirect("catalogue:printings")
