"""Views of the counter and the telephone: letters typed in; mails that wait for a person."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError
from mingtang.base.paging import Cursor
from mingtang.files.forms import files_of
from mingtang.letters import queries, services
from mingtang.letters.forms.desk import CallerForm, PhoneForm, SettleForm, TakeInForm
from mingtang.letters.rules.kinds import Kind, Source
from mingtang.letters.rules.mail import Quarantined, Trouble, read
from mingtang.letters.rules.moves import OFFICE, TYPISTS, State
from mingtang.letters.services.filing import letter_office
from mingtang.letters.views.common import (
    FILED,
    check_is_of_the_office,
    onward,
    organs,
    private,
    remember,
    tabs,
    unit_of,
)
from mingtang.letters.views.public import PERSONAL


@staff(*TYPISTS)
@sensitive_post_parameters(*PERSONAL)
def take_in(request: HttpRequest) -> HttpResponse:
    """Type in what came out of the opinion box, or an order of the hotline."""
    form, status = TakeInForm(request.POST or None, units=organs()), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _registered(request, taken_in(request, form))
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return private(render(request, "letters/take_in.html", {"form": form}, status=status))


def _registered(request: HttpRequest, made: dict[str, Any]) -> HttpResponse:
    remember(request, FILED, made["number"])
    return redirect("letters:sent", made["number"])


def taken_in(request: HttpRequest, form: TakeInForm) -> dict[str, Any]:
    """Enter what came on paper or from the hotline. Raises DomainError."""
    return _register(request, form, source=form.cleaned_data["source"], order=form.order())


def phoned(request: HttpRequest, form: PhoneForm) -> dict[str, Any]:
    """Enter what was said on the telephone. Raises DomainError."""
    return _register(request, form, source=Source.PHONE.value)


def _register(request: HttpRequest, form: TakeInForm | PhoneForm, **more: Any) -> dict[str, Any]:
    key, at = form.cleaned_data["command_id"], now()
    return services.register(
        **form.letter(),
        **more,
        writer=form.writer(),
        files=files_of(request, "uploads", subject="letter:new", at=at, command_id=key),
        actor=queries.typist(scope(request)),
        at=at,
        command_id=key,
    )


@staff(*TYPISTS)
@sensitive_post_parameters(*PERSONAL)
def phone(request: HttpRequest) -> HttpResponse:
    """Type while somebody talks. First the number: what they wrote before is found by it."""
    number = request.POST.get("phone", "")
    caller = CallerForm(request.POST or None, auto_id="caller_%s")
    is_found = request.method == "POST" and "kind" not in request.POST
    status = 200
    form = PhoneForm(units=organs(), initial={"phone": number})
    if request.method == "POST" and not is_found:
        form = PhoneForm(request.POST, units=organs())
        status = 422
        if form.is_valid():
            try:
                return _registered(request, phoned(request, form))
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    before = queries.called_before(number, today()) if caller.is_bound else []
    context = {
        "form": form,
        "caller": caller
        if is_found or request.method == "GET"
        else CallerForm(auto_id="caller_%s"),
        "was_asked": is_found and caller.is_valid(),
        "before": [_before(one) for one in before],
    }
    return private(render(request, "letters/phone.html", context, status=status))


def _before(letter: queries.Letter) -> dict[str, Any]:
    """What whoever takes the call may tell the caller: no word of the letter itself."""
    found = State(letter.state)
    return {
        "number": letter.number,
        "kind": Kind(letter.kind).label,
        "state": {"label": found.label, "tone": found.tone},
        "unit": unit_of(letter),
        "submitted": letter.submitted_at,
        "due": letter.next_due_date,
    }


# ── mails that wait ───────────────────────────────────────────────────────────────────────────


@staff(*OFFICE)
@require_GET
def mails(request: HttpRequest) -> HttpResponse:
    """Mails that became no letter by themselves, and why."""
    check_is_of_the_office(request)
    page = queries.quarantine(Cursor.read(request.GET.get("after", "")))
    rows = [
        {
            "id": one.id,
            "received": one.received_at,
            "trouble": Trouble(one.trouble).label if one.trouble else "",
            "kib": -(-one.size_bytes // 1024),
        }
        for one in page.rows
    ]
    context = {"rows": rows, "next_url": onward({}, page.next), **tabs(request)}
    return private(render(request, "letters/mails.html", context))


@staff(*OFFICE)
@sensitive_post_parameters("title", "text", "name", "email")
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One of them, as far as it can be read: a letter, or nothing."""
    check_is_of_the_office(request)
    found = queries.mail_of(mail_id)
    form, status = SettleForm(request.POST or None, initial=_readable(found.raw)), 200
    if request.method == "POST":
        status = 422
        is_letter = "dismiss" not in request.POST
        if form.is_valid() or not is_letter:
            try:
                return _settled(request, mail_id, form, is_letter)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    context = {
        "mail": found,
        "form": form,
        "trouble": Trouble(found.trouble).label if found.trouble else "",
        "kib": -(-found.size_bytes // 1024),
        "head": found.raw[:3000],
    }
    return private(render(request, "letters/mail.html", context, status=status))


def _readable(raw: str) -> dict[str, str]:
    """What the form begins with, where the mail can be read after all."""
    try:
        told = read(raw.encode("latin-1"))
    except Quarantined:
        return {}
    return {
        "title": told.title[:40],
        "text": told.text[:2000],
        "name": told.sender_name,
        "email": told.sender,
    }


def _settled(request: HttpRequest, mail_id: int, form: SettleForm, is_letter: bool) -> HttpResponse:
    said = {name: value for name, value in form.cleaned_data.items() if name != "command_id"}
    services.settle(
        mail_id=mail_id,
        as_letter=is_letter,
        **(said if is_letter else {}),
        actor=queries.head(scope(request), OFFICE, letter_office(), "处理邮件"),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )
    notes.success(request, _("已处理这封邮件。"))
    return redirect("letters:mails")
