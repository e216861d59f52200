"""Views of mandates: who may act for an enterprise (委托登记), kept at the counter."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.accounts import queries as accounts
from mingtang.accounts import services
from mingtang.accounts.policy import scope, staff
from mingtang.accounts.rules import Scope
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError
from mingtang.base.masking import mask_identity
from mingtang.base.web import refusal, search_text
from mingtang.cases.forms.leads import EndMandateForm, MandateForm
from mingtang.cases.rules.leads import MANDATE_KEEPERS
from mingtang.cases.views.common import private
from mingtang.ledger.rules import Actor
from mingtang.regions.rules import check_credit_code


@staff(*MANDATE_KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("who")
def mandates(request: HttpRequest) -> HttpResponse:
    """Find an enterprise by its credit code; see, register and end who acts for it."""
    if request.method != "POST":
        return _page(request, search_text(request))
    form = MandateForm(request.POST)
    code = request.POST.get("credit_code", "")[:40]
    if not form.is_valid():
        return _page(request, code, form, 422)
    data = form.cleaned_data
    proxy = accounts.person_found(data["who"])
    if proxy is None:
        form.add_error(
            "who", _("没有找到这个账号。请核对用户名或身份证号，或请代理人先在网上注册。")
        )
        return _page(request, code, form, 422)
    try:
        services.register_mandate(
            proxy_id=proxy.id,
            credit_code=data["credit_code"],
            enterprise_name=data["enterprise_name"],
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            actor=_keeper(scope(request)),
            at=now(),
            command_id=data["command_id"],
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, code, form, error.status)
    messages.success(request, _("已登记：%s 可以代这家单位办事。") % proxy.name)
    return _back(data["credit_code"])


def _back(code: str) -> HttpResponseRedirect:
    return redirect(f"{reverse('cases:mandates')}?{urlencode({'q': code})}")


def _keeper(reader: Scope) -> Actor:
    return accounts.actor_of(
        reader, next(one for one in reader.grants if one.role in MANDATE_KEEPERS)
    )


def _page(
    request: HttpRequest,
    text: str,
    form: MandateForm | None = None,
    status: int = 200,
    refused: tuple[int, EndMandateForm] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"q": text, "code": "", "problem": ""}
    try:
        context["code"] = check_credit_code(text).code if text else ""
    except DomainError as error:
        context["problem"] = error.message
    if context["code"]:
        rows = accounts.mandates_of(context["code"])
        name = rows[0].enterprise_name if rows else ""
        initial = {"credit_code": context["code"], "enterprise_name": name, "valid_from": today()}
        context |= {
            "name": name,
            "rows": [_line(row, refused) for row in rows],
            "form": form or MandateForm(initial=initial),
        }
    return private(render(request, "cases/mandates.html", context, status=status))


def _line(row: Any, refused: tuple[int, EndMandateForm] | None) -> dict[str, Any]:
    on = today()
    if row.ended_at is not None:
        state, tone = _("已终止"), "warn"
    elif row.valid_to is not None and row.valid_to < on:
        state, tone = _("已到期"), "warn"
    else:
        state, tone = (_("未生效"), "info") if on < row.valid_from else (_("有效"), "ok")
    is_open = tone != "warn"
    form = refused[1] if refused and refused[0] == row.id else EndMandateForm()
    return {
        "name": str(row.proxy),
        "identity": mask_identity(row.proxy.identity_number),
        "from": row.valid_from,
        "to": row.valid_to,
        "state": state,
        "tone": tone,
        "ended_at": row.ended_at,
        "ended_by": str(row.ended_by or ""),
        "act": {
            "verb": f"end-{row.id}",
            "label": _("终止委托"),
            "url": reverse("cases:end_mandate", args=[row.id]),
            "tone": "danger",
            "form": form,
        }
        if is_open
        else None,
    }


@staff(*MANDATE_KEEPERS)
@require_POST
def end_mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """Revoke a mandate at once; what was filed under it stays."""
    code = accounts.mandate_code(mandate_id)
    form = EndMandateForm(request.POST)
    if not form.is_valid():
        return _page(request, code, None, 422, (mandate_id, form))
    try:
        services.end_mandate(
            mandate_id=mandate_id,
            reason=form.cleaned_data["reason"],
            actor=_keeper(scope(request)),
            at=now(),
            command_id=form.cleaned_data["command_id"],
        )
        messages.success(request, _("委托已终止，即时生效。"))
    except DomainError as error:
        messages.error(request, refusal(error.message, form))
    return _back(code)
