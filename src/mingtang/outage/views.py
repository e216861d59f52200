"""Views of paper receipts of an outage: entered by who has the paper, confirmed by another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.paging import Cursor
from mingtang.base.subjects import titles_of, urls_of
from mingtang.base.web import refusal
from mingtang.files.download import as_attachment
from mingtang.files.services import store
from mingtang.ledger.rules import Actor
from mingtang.messages.forms import CommandForm
from mingtang.outage import queries
from mingtang.outage.forms import PaperReceiptForm, RefuseForm
from mingtang.outage.rooms import room_of
from mingtang.outage.rules import CONFIRMERS, Stage, WrongNumber, WrongTime, code_of
from mingtang.outage.services import PaperClaim


def claim_of(data: dict[str, Any]) -> PaperClaim | None:
    """What a form says of a paper receipt, its scan safe on disk. Raises RefusedFile."""
    if not data["paper_code"]:
        return None
    scan = store(data["paper_scan"], command_id=data["command_id"])
    return PaperClaim(data["paper_code"], data["paper_received_at"], scan)


def field_of(error: DomainError) -> str | None:
    """Beside which field of a form it is said."""
    return {WrongNumber: "paper_code", WrongTime: "paper_received_at"}.get(type(error))


@dataclass(frozen=True)
class About:
    """What a receipt is entered for, and where one goes from there."""

    title: str
    desk_label: str
    desk_url: str
    back_url: str


def entering(
    request: HttpRequest, about: About, actor: Actor, enter: Callable[..., Any]
) -> HttpResponse:
    """The page on which the receipt of what was entered already is entered, or entered again.
    `enter(claim=…, actor=…, at=…, command_id=…)` is the room's command."""
    form, status = PaperReceiptForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            by = {"actor": actor, "at": now(), "command_id": data["command_id"]}
            try:
                enter(claim=claim_of(data), **by)
                messages.success(request, _("纸质回执已登记，等另一人核对。"))
                return redirect(about.back_url)
            except DomainError as error:
                form.add_error(field_of(error), error.message)
                status = error.status
    context = {"form": form, "about": about}
    return _private(render(request, "outage/enter.html", context, status=status))


@staff(*CONFIRMERS)
@require_GET
def receipts(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, the oldest first."""
    page = queries.waiting(scope(request), after=Cursor.read(request.GET.get("after", "")))
    context = {"rows": _lines(page.rows), "next_url": f"?after={page.next}" if page.next else ""}
    return render(request, "outage/receipts.html", context)


def _lines(found: list[Any]) -> list[dict[str, Any]]:
    streams = [one.stream for one in found]
    titles, urls = titles_of(streams), urls_of(streams, for_staff=True)
    return [
        {
            "id": one.id,
            "code": code_of(one.number),
            "subject": one.stream,
            "title": titles[one.stream],
            "url": urls[one.stream],
            "received_at": one.received_at,
            "entered_at": one.entered_at,
            "entered_by": str(one.entered_by),
            "stage": Stage(one.stage),
        }
        for one in found
    ]


@staff(*CONFIRMERS)
@require_GET
def receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """One of them beside its scan, to be confirmed or refused."""
    return _page(request, queries.receipt_for(scope(request), receipt_id))


@staff(*CONFIRMERS)
@require_GET
def scan(request: HttpRequest, receipt_id: int) -> FileResponse:
    """The scan, for who compares it."""
    return as_attachment(queries.receipt_for(scope(request), receipt_id).scan)


def _page(
    request: HttpRequest,
    found: Any,
    *,
    refusing: RefuseForm | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    (line,) = _lines([found])
    refuse = {
        "verb": "refuse",
        "label": _("不予核定"),
        "url": reverse("outage:refuse", args=[found.id]),
        "tone": "danger",
        "form": refusing or RefuseForm(),
    }
    context = {
        "about": line,
        "scan": found.scan,
        "reason": found.reason,
        "decided_by": found.decided_by,
        "decided_at": found.decided_at,
        "form": CommandForm(),
        "refuse": refuse if line["stage"] is Stage.WAITING else None,
        "message": message,
    }
    return _private(render(request, "outage/receipt.html", context, status=status))


@staff(*CONFIRMERS)
@require_POST
def confirm(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The time on the scan is what was entered: it counts."""
    return _decided(request, receipt_id, CommandForm(request.POST))


@staff(*CONFIRMERS)
@require_POST
def refuse(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """It is not: nothing moves."""
    return _decided(request, receipt_id, RefuseForm(request.POST))


def _decided(request: HttpRequest, receipt_id: int, form: CommandForm) -> HttpResponse:
    reader = scope(request)
    found = queries.receipt_for(reader, receipt_id)
    refusing = form if isinstance(form, RefuseForm) else None
    if not form.is_valid():
        return _page(request, found, refusing=refusing, status=422)
    room = room_of(found.kind)
    act = room.refuse if refusing else room.confirm
    try:
        act(
            receipt_id=found.id,
            **({"reason": form.cleaned_data["reason"]} if refusing else {}),
            actor=queries.confirmer(reader, found),
            at=now(),
            command_id=form.cleaned_data["command_id"],
        )
    except DomainError as error:
        said_why, status = refusal(error.message, form), error.status
        return _page(request, found, refusing=refusing, message=said_why, status=status)
    confirmed = _(
        "收到时间已核定，应当从这个时间算起的期限已经改算。此前告知过补正或已经办结的不变，请核对。"
    )
    messages.success(request, _("已写明理由，不予核定。") if refusing else confirmed)
    return redirect("outage:receipts")


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response
