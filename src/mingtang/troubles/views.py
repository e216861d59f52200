"""Views: staff say what troubles them; whoever looks after it takes and settles it."""

import csv
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.accounts.rules import Role
from mingtang.base.cells import guarded
from mingtang.base.clock import legal_date, now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import Cursor
from mingtang.base.web import refusal
from mingtang.messages.forms import CommandForm
from mingtang.regions import queries as regions
from mingtang.troubles import queries, services
from mingtang.troubles.forms import FORMS, ListForm, ReportForm
from mingtang.troubles.rules import KEEPERS, LONGEST_PAGE, Deed

STAFF = tuple(Role)
MOST_EXPORTED = 5000
COMMANDS: dict[Deed, Callable[..., Any]] = {
    Deed.TAKE: services.take,
    Deed.SETTLE: services.settle,
}


@staff(*STAFF)
@require_GET
def troubles(request: HttpRequest) -> HttpResponse:
    """Those of one's own unit; all of them for who looks after them."""
    form = ListForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    after = Cursor.read(request.GET.get("after", ""))
    page = queries.troubles(scope(request), state=state, after=after)
    given = {"state": state} if state else {}
    context = {
        "form": form,
        "rows": _rows(page.rows),
        "next_url": f"?{urlencode({**given, 'after': str(page.next)})}" if page.next else "",
        "first_url": f"{request.path}?{urlencode(given)}" if after else "",
        "is_keeper": scope(request).has_role(KEEPERS),
    }
    return render(request, "troubles/list.html", context)


def _rows(found: Iterable[queries.Trouble]) -> list[dict[str, Any]]:
    listed = list(found)
    names = regions.names_of({one.organisation_id for one in listed}, today())
    return [_row(one, names) for one in listed]


def _row(one: queries.Trouble, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": reverse("troubles:trouble", args=[one.id]),
        "title": one.text if len(one.text) <= 40 else f"{one.text[:40]}…",
        "text": one.text,
        "page": one.page,
        "unit": names.get(one.organisation_id, ""),
        "who": one.reported_by.name if one.reported_by else "",
        "reported": legal_date(one.reported_at),
        "owner": one.taken_by.name if one.taken_by else "",
        "state": {"label": one.stand.state.label, "tone": one.stand.state.tone},
        "settled": one.settled_at and legal_date(one.settled_at),
        "answer": one.answer,
        "fixed_in": one.fixed_in,
    }


@staff(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text")
def new(request: HttpRequest) -> HttpResponse:
    """Say what was met; from a page one comes with its address."""
    page = request.GET.get("page", "")[:LONGEST_PAGE]
    form = ReportForm(request.POST or None, initial={"page": page})
    if form.is_valid():
        actor, grant = queries.reporter(scope(request))
        services.report(
            **form.cleaned_data, organisation_id=grant.organisation_id, actor=actor, at=now()
        )
        notes.success(request, _("已登记，谁来处理、怎样解决的，在这里看得到。"))
        return redirect("troubles:list")
    status = 422 if form.errors else 200
    return render(request, "troubles/new.html", {"form": form}, status=status)


@staff(*STAFF)
@require_GET
def trouble(request: HttpRequest, trouble_id: int) -> HttpResponse:
    """One trouble: what, by whom, whose it is, how it ended."""
    return _page(request, queries.trouble_for(scope(request), trouble_id))


def _page(
    request: HttpRequest,
    found: queries.Trouble,
    refused: tuple[Deed, CommandForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_keeper = scope(request).has_role(KEEPERS)
    context = {
        "one": _rows([found])[0],
        "acts": [
            {
                "verb": deed.value,
                "label": deed.label,
                "url": reverse("troubles:act", args=[found.id, deed.value]),
                "form": refused[1] if refused and refused[0] is deed else FORMS[deed](),
            }
            for deed in (found.stand.deeds() if is_keeper else ())
        ],
    }
    return render(request, "troubles/trouble.html", context, status=status)


@staff(*KEEPERS)
@require_POST
@sensitive_post_parameters("answer")
def act(request: HttpRequest, trouble_id: int, verb: str) -> HttpResponse:
    """Take it, or say how it was settled; what is refused comes back with its words."""
    if verb not in set(Deed):
        raise NotFound
    deed, found = Deed(verb), queries.trouble_for(scope(request), trouble_id)
    actor, form = queries.keeper(scope(request)), FORMS[deed](request.POST)
    if not form.is_valid():
        return _page(request, found, (deed, form), 422)
    try:
        COMMANDS[deed](trouble_id=found.id, **form.cleaned_data, actor=actor, at=now())
    except DomainError as error:
        notes.error(request, refusal(error.message, form))
    else:
        notes.success(request, _("已办理：%s") % deed.label)
    return redirect("troubles:trouble", found.id)


HEADS = {
    "id": "编号",
    "reported": "登记日期",
    "unit": "单位",
    "who": "登记人",
    "page": "页面",
    "text": "问题",
    "owner": "处理人",
    "settled": "解决日期",
    "answer": "怎样解决的",
    "fixed_in": "解决的版本",
}


@staff(*KEEPERS)
@require_GET
@proved()
def export(request: HttpRequest) -> HttpResponse:
    """The latest five thousand as CSV."""
    found = queries.troubles(scope(request), size=MOST_EXPORTED)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="troubles-{today()}.csv"'
    answer.write("\ufeff")  # without which spreadsheets take Chinese for another encoding
    table = [list(HEADS.values())]
    table += [[str(row[name] or "") for name in HEADS] for row in _rows(found.rows)]
    csv.writer(answer).writerows([guarded(cell) for cell in row] for row in table)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
