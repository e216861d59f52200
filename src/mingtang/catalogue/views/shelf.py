"""Screens of the shelf: what lies there to be taken away, and each act on one guide."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import search_text
from mingtang.catalogue import queries, services
from mingtang.catalogue.forms import CommandForm, CopiesForm, ShelveForm
from mingtang.catalogue.queries import shelf as reads
from mingtang.catalogue.rules.shelf import KEEPERS, GuideState

FOUND = 8
GUIDE = "catalogue:shelf_guide"
NEEDS_NO_PRINT = (GuideState.FINE, GuideState.GONE)


@staff(*KEEPERS)
@require_GET
def shelf(request: HttpRequest) -> HttpResponse:
    """Everything on the shelf; look for an item whose guide should lie there too."""
    rows, text = reads.shelf(reads.halls_of(scope(request))), search_text(request)
    found = queries.search_items(on=today(), text=text).items[:FOUND] if text else []
    context = {
        "rows": rows,
        "pressing": sum(1 for one in rows if one.state.tone != "ok"),
        "q": text,
        "found": found,
    }
    return render(request, "catalogue/shelf/shelf.html", context)


@staff(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def shelve(request: HttpRequest, code: str) -> HttpResponse:
    """Lay out the guide of an item."""
    item, edition = queries.published(code)
    form = ShelveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.shelve_guide(
                organisation_id=reads.keeper_of(scope(request)).organisation_id,
                item_code=item.code,
                **{name: said[name] for name in ("place", "copies", "least")},
                **_by(request, form),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("已经上架。"))
            return redirect("catalogue:shelf")
    context = {"item": item, "edition": edition, "form": form}
    status = 422 if form.errors else 200
    return render(request, "catalogue/shelf/shelve.html", context, status=status)


@staff(*KEEPERS)
@require_GET
def shelf_guide(request: HttpRequest, guide_id: int) -> HttpResponse:
    """One guide on the shelf: count it, print it anew, take it down."""
    return _page(request, reads.guide_for(guide_id, reads.halls_of(scope(request))))


@dataclass(frozen=True)
class Act:
    """One act on a guide: its command, what its number means to it, what is said."""

    command: Any
    counted: str  # blank: it asks for no number
    label: Any
    told: Any
    help: Any
    tone: str = "plain"


ACTS = {
    "count": Act(
        services.count_guide,
        "left",
        _("盘点"),
        _("盘点已经登记，取走的份数记入公开渠道台账。"),
        _("数一数架上还剩多少份，填在这里；少了的就是取走的。"),
    ),
    "print": Act(
        services.print_guide,
        "copies",
        _("补印"),
        _("补印已经登记。"),
        _("新印了多少份放上去。换了版的，架上剩下的旧版全部撤走，只留新印的。"),
    ),
    "least": Act(
        services.set_least,
        "least",
        _("改最少份数"),
        _("已经改好。"),
        _("少于这个数，“今天”页提醒补印。"),
    ),
    "remove": Act(
        services.remove_guide,
        "",
        _("撤下"),
        _("已经撤下。"),
        _("不再放这份指南，剩下的全部撤走。撤下前先盘点，取走的份数才算得到。"),
        tone="danger",
    ),
}


@staff(*KEEPERS)
@require_POST
def shelf_act(request: HttpRequest, guide_id: int, verb: str) -> HttpResponse:
    """Count, print, change the least, take down."""
    if verb not in ACTS:
        raise NotFound
    act, reader = ACTS[verb], scope(request)
    halls = reads.halls_of(reader)
    form = CopiesForm(request.POST) if act.counted else CommandForm(request.POST)
    if form.is_valid():
        more = {act.counted: form.cleaned_data["copies"]} if act.counted else {}
        try:
            act.command(guide_id=guide_id, halls=halls, **more, **_by(request, form))
            messages.success(request, act.told)
            back = ("catalogue:shelf",) if verb == "remove" else (GUIDE, guide_id)
            return redirect(*back)
        except DomainError as error:
            form.add_error(None, error.message)
    return _page(request, reads.guide_for(guide_id, halls), verb, form)


def _by(request: HttpRequest, form: Any) -> dict[str, Any]:
    reader = scope(request)
    actor = actor_of(reader, reads.keeper_of(reader))
    return {"actor": actor, "at": now(), "command_id": form.cleaned_data["command_id"]}


def _page(
    request: HttpRequest, found: reads.OnShelf, refused: str = "", form: Any = None
) -> HttpResponse:
    first = "count" if found.state in NEEDS_NO_PRINT else "print"
    acts = [
        {
            "verb": verb,
            "label": act.label,
            "tone": "primary" if verb == first else act.tone,
            "help": act.help,
            "url": reverse("catalogue:shelf_act", args=[found.guide.id, verb]),
            "form": form if verb == refused else _form(verb, act, found),
        }
        for verb, act in ACTS.items()
    ]
    context = {"one": found, "acts": acts, "refused": form}
    status = 422 if form is not None else 200
    return render(request, "catalogue/shelf/guide.html", context, status=status)


def _form(verb: str, act: Act, found: reads.OnShelf) -> CommandForm:
    if not act.counted:
        return CommandForm()
    given = {"copies": found.guide.least_count} if verb == "least" else {}
    return CopiesForm(initial=given)
