"""Views of paper receipts of an outage: entered by who has the paper, confirmed by another."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.rules import COUNTER_ROLES
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.paging import Cursor
from mingtang.cases import present, services
from mingtang.cases import queries as cases
from mingtang.cases.forms.acts import ReasonForm
from mingtang.cases.forms.base import CommandForm
from mingtang.cases.forms.paper_receipts import PaperReceiptForm
from mingtang.cases.queries import paper_receipts as queries
from mingtang.cases.rules import OwnCase
from mingtang.cases.rules.paper_receipts import (
    CONFIRMERS,
    Stage,
    WrongNumber,
    WrongTime,
    code_of,
)
from mingtang.cases.views.common import private, stored


def claim_of(data: dict[str, Any]) -> services.PaperClaim | None:
    """What a form says of a paper receipt, its scan safe on disk. Raises RefusedFile."""
    if not data["paper_code"]:
        return None
    (scan,) = stored([data["paper_scan"]], data["command_id"])
    return services.PaperClaim(data["paper_code"], data["paper_received_at"], scan)


def field_of(error: DomainError) -> str | None:
    """Beside which field of a form it is said."""
    return {WrongNumber: "paper_code", WrongTime: "paper_received_at"}.get(type(error))


@staff(*COUNTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_paper_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of an application that was entered already: forgotten then, or refused."""
    reader = scope(request)
    case = cases.case_for(reader, number)
    actor, _channel = cases.permit_intake(
        reader, case.item.code, organisation_id=case.item.department_id, region_id=case.region_id
    )
    if cases.is_own(reader, case):
        raise OwnCase
    form, status = PaperReceiptForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            by = {"actor": actor, "at": now(), "command_id": data["command_id"]}
            try:
                services.enter_paper_receipt(case_id=case.id, claim=claim_of(data), **by)
                messages.success(request, _("纸质回执已登记，等另一人核对。"))
                return redirect("cases:detail", number)
            except DomainError as error:
                form.add_error(field_of(error), error.message)
                status = error.status
    context = {"form": form, "case": present.staff_case(case, "")}
    return private(render(request, "cases/enter_paper_receipt.html", context, status=status))


@staff(*CONFIRMERS)
@require_GET
def paper_receipts(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, the oldest first."""
    page = queries.waiting(scope(request), after=Cursor.read(request.GET.get("after", "")))
    context = {
        "rows": [_line(one) for one in page.rows],
        "next_url": f"?after={page.next}" if page.next else "",
    }
    return render(request, "cases/paper_receipts.html", context)


def _line(receipt: Any) -> dict[str, Any]:
    return {
        "id": receipt.id,
        "code": code_of(receipt.number),
        "number": receipt.case.number,
        "item_name": receipt.case.edition.name,
        "received_at": receipt.received_at,
        "entered_at": receipt.entered_at,
        "entered_by": str(receipt.entered_by),
        "stage": Stage(receipt.stage),
    }


@staff(*CONFIRMERS)
@require_GET
def paper_receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """One of them beside its scan, to be confirmed or refused."""
    return _page(request, queries.receipt_for(scope(request), receipt_id))


def _page(
    request: HttpRequest,
    receipt: Any,
    *,
    refusing: ReasonForm | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    line = _line(receipt)
    refuse = {
        "verb": "refuse",
        "label": _("不予核定"),
        "url": reverse("cases:refuse_paper_receipt", args=[receipt.id]),
        "tone": "danger",
        "form": refusing or ReasonForm(),
    }
    context = {
        "about": line,
        "scan": receipt.scan,
        "reason": receipt.reason,
        "decided_by": receipt.decided_by,
        "decided_at": receipt.decided_at,
        "form": CommandForm(),
        "refuse": refuse if line["stage"] is Stage.WAITING else None,
        "message": message,
    }
    return private(render(request, "cases/paper_receipt.html", context, status=status))


@staff(*CONFIRMERS)
@require_POST
def confirm_paper_receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The time on the scan is what was entered: it counts."""
    return _decided(request, receipt_id, CommandForm(request.POST), {})


@staff(*CONFIRMERS)
@require_POST
def refuse_paper_receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """It is not: nothing moves."""
    form = ReasonForm(request.POST)
    return _decided(request, receipt_id, form, {"reason": form.data.get("reason", "")})


def _decided(
    request: HttpRequest, receipt_id: int, form: CommandForm, said: dict[str, str]
) -> HttpResponse:
    reader = scope(request)
    receipt = queries.receipt_for(reader, receipt_id)
    refusing = form if isinstance(form, ReasonForm) else None
    if not form.is_valid():
        return _page(request, receipt, refusing=refusing, status=422)
    act = services.refuse_paper_receipt if refusing else services.confirm_paper_receipt
    try:
        act(
            receipt_id=receipt.id,
            **said,
            actor=queries.confirmer(reader, receipt),
            at=now(),
            command_id=form.cleaned_data["command_id"],
        )
    except DomainError as error:
        said_why, status = error.message, error.status
        return _page(request, receipt, refusing=refusing, message=said_why, status=status)
    confirmed = _(
        "收到时间已核定，应当从这个时间算起的期限已经改算。此前告知过补正或已经办结的不变，请核对。"
    )
    messages.success(request, _("已写明理由，不予核定。") if refusing else confirmed)
    return redirect("cases:paper_receipts")
