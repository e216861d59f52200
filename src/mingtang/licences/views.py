"""Views: one's own licences; anybody verifies one; the office that gave them, and their end."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import public, scope, signed_in, staff
from mingtang.accounts.proof import proved
from mingtang.base.clock import now
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import Cursor
from mingtang.base.web import for_reading, secret_fields, source_of
from mingtang.licences import present, queries, services
from mingtang.licences.forms import FORMS, ListForm, VerifyForm
from mingtang.licences.rules import READERS, WORKERS
from mingtang.messages.forms import CommandForm

COMMANDS = {
    "ask": services.ask_end,
    "confirm": services.confirm_end,
    "refuse": services.refuse_end,
}
LABELS = {
    "ask": lazy("撤销、撤回、吊销或者注销"),
    "confirm": lazy("确认失效"),
    "refuse": lazy("不同意"),
}


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The licences of a citizen who signed in, and of the enterprises they act for."""
    rows = present.rows(queries.mine(scope(request)))
    return render(request, "licences/mine.html", {"rows": rows})


@public
@for_reading
@secret_fields("code")
def verify(request: HttpRequest) -> HttpResponse:
    """Verify a licence by the code that it bears (核验证照)."""
    form, status = VerifyForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            return redirect("licences:verified", form.cleaned_data["code"])
    return render(request, "licences/verify.html", {"form": form}, status=status)


@public
@require_GET
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """How a licence stands today. Of its holder no more than can be compared with the paper."""
    at = now()
    try:
        found = services.licence_by_code(code=code, source=source_of(request), at=at)
    except DomainError as error:
        again = {"form": VerifyForm(initial={"code": code}), "message": error.message}
        answer = render(request, "licences/verify.html", again, status=error.status)
    else:
        context = {"one": present.verified(found), "at": at}
        answer = render(request, "licences/verified.html", context)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@staff(*sorted(READERS))
@require_GET
def licences(request: HttpRequest) -> HttpResponse:
    """Those that one's units gave, the latest first."""
    form = ListForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    after = Cursor.read(request.GET.get("after", ""))
    page = queries.licences(scope(request), **asked, after=after)
    given = {name: value for name, value in request.GET.items() if value and name in asked}
    context = {
        "form": form,
        "rows": present.rows(page.rows),
        "next_url": f"?{urlencode({**given, 'after': str(page.next)})}" if page.next else "",
        "first_url": f"{request.path}?{urlencode(given)}" if after else "",
    }
    return render(request, "licences/list.html", context)


@staff(*sorted(READERS))
@require_GET
def licence(request: HttpRequest, licence_id: int) -> HttpResponse:
    """One licence: how it stands, what was asked, what may be done."""
    return _page(request, queries.licence_for(scope(request), licence_id))


def _verbs(request: HttpRequest, found: queries.Licence) -> list[str]:
    """What may be done by who looks: who asked does not confirm, which is said when they try."""
    if found.ended_at is not None or found.replaced_by_id is not None:
        return []
    if queries.grant_at(scope(request), found, to_decide=found.waits) is None:
        return []
    return ["confirm", "refuse"] if found.waits else ["ask"]


def _page(
    request: HttpRequest,
    found: queries.Licence,
    refused: tuple[str, CommandForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "one": present.rows([found])[0],
        "asked": present.asked(found),
        "acts": [
            {
                "verb": verb,
                "label": LABELS[verb],
                "tone": "danger" if verb == "confirm" else "plain",
                "url": reverse("licences:act", args=[found.id, verb]),
                "form": refused[1] if refused and refused[0] == verb else FORMS[verb](),
            }
            for verb in _verbs(request, found)
        ],
    }
    return render(request, "licences/licence.html", context, status=status)


@staff(*sorted(WORKERS))
@require_POST
@proved(when=lambda licence_id, verb: verb == "confirm")
def act(request: HttpRequest, licence_id: int, verb: str) -> HttpResponse:
    """Ask that it ends, confirm it, or send the proposal back."""
    if verb not in COMMANDS:
        raise NotFound
    found, form = queries.licence_for(scope(request), licence_id), FORMS[verb](request.POST)
    if not form.is_valid():
        return _page(request, found, (verb, form), 422)
    try:
        actor = queries.actor_at(scope(request), found, to_decide=verb != "ask")
        COMMANDS[verb](licence_id=found.id, **form.cleaned_data, actor=actor, at=now())
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, found, (verb, form), error.status)
    notes.success(request, _("已办理：%s") % LABELS[verb])
    return redirect("licences:licence", found.id)
