"""Views: a card, what may be done about it, its papers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.rules import Scope
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import refusal
from mingtang.files import queries as files
from mingtang.files.download import as_attachment
from mingtang.files.forms import files_of
from mingtang.messages.forms import CommandForm
from mingtang.supervision import papers, present, queries, services
from mingtang.supervision.forms import FORMS
from mingtang.supervision.rules import READERS, CancelReason, Deed
from mingtang.supervision.views.common import document, document_file, paper, paper_pdf


@staff(*READERS)
@require_GET
def card(request: HttpRequest, card_id: int) -> HttpResponse:
    """One card: what, when, why, its history, and what the reader may do."""
    return _page(request, queries.card_of(card_id, scope(request)))


def _page(
    request: HttpRequest,
    found: queries.Card,
    *,
    refused: tuple[Deed, CommandForm] | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    on = today()
    context = {
        "card": present.card(found, on),
        "limits": present.limits(found, on),
        "directives": present.directives(found, on),
        "history": present.history(found),
        "files": files.uploads_of(found.stream),
        "acts": _acts(scope(request), found, refused),
        "message": message,
    }
    return render(request, "supervision/card.html", context, status=status)


def _acts(
    reader: Scope, found: queries.Card, refused: tuple[Deed, CommandForm] | None
) -> list[dict[str, Any]]:
    """The forms open to the reader; one that was refused keeps what was typed."""
    open_ones = queries.deeds_of(reader, found, today())
    return [
        {
            "verb": deed.value,
            "label": deed.label,
            "url": reverse("supervision:act", args=[found.id, deed.value]),
            "tone": "primary" if place == 0 and deed is not Deed.PROPOSE else "plain",
            "form": refused[1] if refused and refused[0] is deed else FORMS[deed](),
        }
        for place, deed in enumerate(open_ones)
    ]


def _explain(found: queries.Card, said: dict[str, Any], by: dict[str, Any]) -> None:
    services.explain(card_id=found.id, text=said["text"], **by)


def _answer(found: queries.Card, said: dict[str, Any], by: dict[str, Any]) -> None:
    made = queries.order_open(found)
    if made is None:
        raise NotFound(_("没有等待反馈的督办单。请刷新页面后再看。"))
    services.answer_order(directive_id=made.id, answer=said["answer"], **by)


def _propose(found: queries.Card, said: dict[str, Any], by: dict[str, Any]) -> None:
    services.propose_cancel(
        card_id=found.id, reason=CancelReason(said["reason"]), note=said["note"], **by
    )


def _plain(command: Callable[..., Any]) -> Callable[..., None]:
    """A command whose words are named as its form names them."""

    def run(found: queries.Card, said: dict[str, Any], by: dict[str, Any]) -> None:
        words = {name: value for name, value in said.items() if name != "command_id"}
        command(card_id=found.id, **words, **by)

    return run


COMMANDS: dict[Deed, Callable[..., None]] = {
    Deed.EXPLAIN: _explain,
    Deed.APPEAL: _plain(services.appeal),
    Deed.ANSWER: _answer,
    Deed.APPROVE: _plain(services.approve_cancel),
    Deed.REJECT: _plain(services.reject_cancel),
    Deed.UPHOLD: _plain(services.uphold),
    Deed.PROPOSE: _propose,
    Deed.ORDER: _plain(services.order),
    Deed.CLOSE: _plain(services.close),
}


@staff(*READERS)
@require_POST
@sensitive_post_parameters("text", "note", "finding", "answer", "detail")
def act(request: HttpRequest, card_id: int, verb: str) -> HttpResponse:
    """Something is done about a card; what is refused comes back with its words."""
    if verb not in set(Deed):
        raise NotFound
    deed, reader = Deed(verb), scope(request)
    found = queries.card_of(card_id, reader)
    asked = queries.office_actor if deed.is_of_office else queries.inspector_actor
    actor = asked(reader, found)
    form = FORMS[deed](request.POST)
    if not form.is_valid():
        return _page(request, found, refused=(deed, form), status=422)
    by = {"actor": actor, "at": now(), "command_id": form.cleaned_data["command_id"]}
    try:
        COMMANDS[deed](found, said_of(request, deed, found, form), by)
    except DomainError as error:
        return _refused(request, card_id, deed, form, error)
    notes.success(request, _("已办理：%s") % deed.label)
    return redirect("supervision:card", card_id)


def said_of(
    request: HttpRequest, deed: Deed, found: queries.Card, form: CommandForm
) -> dict[str, Any]:
    """What was typed; evidence is kept on disk before the command begins."""
    said = dict(form.cleaned_data)
    if deed is Deed.APPEAL:
        del said["uploads"]
        said["files"] = files_of(
            request, "uploads", subject=found.stream, at=now(), command_id=said["command_id"]
        )
    return said


def _refused(
    request: HttpRequest, card_id: int, deed: Deed, form: CommandForm, error: DomainError
) -> HttpResponse:
    """The sentence stands in the form, or over the page where the form is open no longer."""
    found = queries.card_of(card_id, scope(request))
    if deed in queries.deeds_of(scope(request), found, today()):
        form.add_error(None, error.message)
        return _page(request, found, refused=(deed, form), status=error.status)
    message = refusal(error.message, form)
    return _page(request, found, message=message, status=error.status)


@staff(*READERS)
@require_GET
def evidence(request: HttpRequest, card_id: int, upload_id: int) -> FileResponse:
    """A file that came with an appeal."""
    found = queries.card_of(card_id, scope(request))
    upload = files.upload_of(found.stream, upload_id)
    if upload is None:
        raise NotFound
    return as_attachment(upload)


# ── papers ────────────────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@require_GET
def card_paper(request: HttpRequest, card_id: int) -> HttpResponse:
    """The card as the office is given it: a numbered notice, where one was drawn up."""
    found = queries.card_of(card_id, scope(request))
    back = reverse("supervision:card", args=[card_id])
    pdf_url = reverse("supervision:card_pdf", args=[card_id])
    if found.document:
        return document(request, found.document, back, pdf_url)
    return paper(request, papers.of_card(found), back, pdf_url)


@staff(*READERS)
@require_GET
def card_pdf(request: HttpRequest, card_id: int) -> HttpResponse:
    found = queries.card_of(card_id, scope(request))
    if found.document:
        return document_file(request, found.document)
    return paper_pdf(request, papers.of_card(found))


@staff(*READERS)
@require_GET
def directive_paper(request: HttpRequest, directive_id: int) -> HttpResponse:
    """A directive as the office is given it (督办单)."""
    found = queries.directive_of(directive_id, scope(request))
    back = reverse("supervision:card", args=[found.card_id])
    pdf_url = reverse("supervision:directive_pdf", args=[directive_id])
    if found.document:
        return document(request, found.document, back, pdf_url)
    return paper(request, papers.of_directive(found), back, pdf_url)


@staff(*READERS)
@require_GET
def directive_pdf(request: HttpRequest, directive_id: int) -> HttpResponse:
    found = queries.directive_of(directive_id, scope(request))
    if found.document:
        return document_file(request, found.document)
    return paper_pdf(request, papers.of_directive(found))
