"""Views of an applicant: correct, give reasons, withdraw, read the papers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now
from mingtang.base.errors import DomainError, NotFound
from mingtang.files.forms import files_of
from mingtang.messages.forms import CommandForm
from mingtang.requests import present, queries, services
from mingtang.requests.forms.public import OwnCorrectForm, OwnReasonsForm, OwnWithdrawForm
from mingtang.requests.rules.papers import PaperKind
from mingtang.requests.views.common import (
    applicants_request,
    document_of,
    paper_file,
    paper_page,
    private,
    unit_of,
)

OWN: dict[str, tuple[type[CommandForm], Any, Any]] = {
    "correct": (OwnCorrectForm, _("补正申请"), _("提交补正")),
    "reasons": (OwnReasonsForm, _("说明理由"), _("提交理由")),
    "withdraw": (OwnWithdrawForm, _("撤回申请"), _("确认撤回")),
}


@public
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """What an applicant does: a form is shown, sent, shown again with the reason if refused."""
    if verb not in OWN:
        raise NotFound
    about, status = applicants_request(request, number), 200
    kind, title, label = OWN[verb]
    form = kind(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                send(request, about, verb, form.cleaned_data)
                return redirect("requests:progress_of", number)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    context = {
        "about": present.public_request(about, unit_of(about)),
        "asked": about.corrections.order_by("id").last() if verb == "correct" else None,
        "form": form,
        "title": title,
        "label": label,
        "is_danger": verb == "withdraw",
    }
    return private(render(request, "requests/own.html", context, status=status))


def send(request: HttpRequest, about: queries.Request, verb: str, said: dict[str, Any]) -> None:
    """What an applicant says in a form that was found sound. Raises DomainError."""
    at, key = now(), said["command_id"]
    by = {"actor": actor_of(scope(request)), "at": at, "command_id": key}
    if verb == "correct":
        kept = files_of(request, "uploads", subject=about.stream, at=at, command_id=key)
        services.correct(request_id=about.id, text=said["text"], files=kept, **by)
    elif verb == "reasons":
        services.give_reasons(request_id=about.id, text=said["text"], **by)
    else:
        services.withdraw(request_id=about.id, reason=said["reason"], **by)


def _own(request: HttpRequest, number: str, document_id: int) -> queries.Request:
    """The request, if this paper is made out to its applicant."""
    about = applicants_request(request, number)
    if not PaperKind(document_of(about, document_id).kind).is_for_applicant:
        raise NotFound
    return about


@public
@require_GET
def document(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """A paper of a request, for its applicant."""
    about = _own(request, number, document_id)
    back, pdf = "requests:progress_of", "requests:own_document_pdf"
    return paper_page(request, about, document_id, back, pdf, number)


@public
@require_GET
def document_pdf(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    return paper_file(request, _own(request, number, document_id), document_id)
