"""Views of applicants: file, look a case up, correct, withdraw, choose how to get the result."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from mingtang.accounts.policy import public, scope, signed_in
from mingtang.accounts.queries import actor_of, mandated_codes
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import source_of
from mingtang.cases import present, queries, services
from mingtang.cases.forms import (
    CitizenBringForm,
    CommandForm,
    DeliveryForm,
    FilingForm,
    ProgressForm,
    WithdrawForm,
)
from mingtang.cases.rules import MOVE_OF, Channel, State, Verb
from mingtang.cases.views.common import (
    FILED,
    SHOWN,
    has_shown,
    private,
    remember,
    rows_of,
    stored,
    unit_of,
)
from mingtang.catalogue import queries as catalogue
from mingtang.files import queries as files
from mingtang.files.download import as_attachment
from mingtang.files.rules import RefusedFile
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind


@public
@sensitive_post_parameters("identity_number", "phone", "address", "proxy_identity_number")
def file(request: HttpRequest, code: str) -> HttpResponse:
    """The filing form of an item (T1)."""
    catalogue.edition_for_filing(code)  # says why where applications are not taken
    item = catalogue.item_detail(code, today())
    form = FilingForm(request.POST or None, request.FILES or None, initial=_prefill(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _filed(request, code, form)
            except DomainError as error:
                form.add_error(
                    "attachment" if isinstance(error, RefusedFile) else None, error.message
                )
                status = error.status
    context = {"item": item, "form": form}
    return private(render(request, "cases/file.html", context, status=status))


def _prefill(request: HttpRequest) -> dict[str, Any]:
    """What we know of a citizen who signed in. Staff file for nobody here."""
    user = request.user
    filled: dict[str, Any] = {}
    if user.is_authenticated and not scope(request).is_staff:
        filled |= {
            "applicant_name": user.name,
            "identity_number": user.identity_number,
            "phone": user.phone,
        }
    return filled


def _filed(request: HttpRequest, code: str, form: FilingForm) -> HttpResponseRedirect:
    data, reader = form.cleaned_data, scope(request)
    codes = mandated_codes(reader.person_id, today()) if reader.person_id else []
    is_oneself = request.user.is_authenticated and (
        data["proxy_identity_number"] == request.user.identity_number
    )
    is_registered = is_oneself and data["identity_number"] in codes
    applicant = form.applicant(person_id=reader.person_id, is_registered=is_registered)
    uploaded = data["attachment"]
    answer = services.submit(
        item_code=code,
        applicant=applicant,
        summary=data["summary"],
        files=stored([uploaded] if uploaded else [], data["command_id"]),
        channel=Channel.ONLINE.value,
        renewal=form.renewal(),
        actor=actor_of(reader),
        at=now(),
        command_id=data["command_id"],
    )
    remember(request, FILED, answer["number"])
    return redirect("cases:filed", answer["number"])


@public
def filed(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, for the browser that filed it."""
    if number not in request.session.get(FILED, []):
        raise NotFound
    case = queries.filed_case(number)
    context = {
        "case": present.public_case(case, unit_of(case)),
        "tracking_code": services.tracking_code(case),
        "next_step": present.NEXT_STEPS[State(case.state)],
    }
    return private(render(request, "cases/filed.html", context))


@public
def progress(request: HttpRequest) -> HttpResponse:
    """Look a case up by number and query code."""
    form = ProgressForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _shown(request, form)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return render(request, "cases/progress_lookup.html", {"form": form}, status=status)


def _shown(request: HttpRequest, form: ProgressForm) -> HttpResponseRedirect:
    case = services.case_by_code(
        number=form.cleaned_data["number"],
        code=form.cleaned_data["code"],
        source=source_of(request),
        at=now(),
    )
    remember(request, SHOWN, case.number)
    return redirect("cases:progress_case", case.number)


def shown_case(request: HttpRequest, number: str) -> Any:
    """The case, for its applicant, an enterprise's proxy, or who knows its query code. Staff, who
    may come by a code at the counter, act for no applicant with it."""
    if has_shown(request, number) and not scope(request).is_staff:
        return queries.filed_case(number)
    return queries.own_case(scope(request), number)


@public
def progress_case(request: HttpRequest, number: str) -> HttpResponse:
    """Where a case stands: for its applicant, who knows its code, and staff who may see it."""
    if not has_shown(request, number):
        queries.case_for(scope(request), number)
    case = queries.filed_case(number)
    on, calendar = today(), timing.current_calendar()
    situation = queries.Situation(case)
    clocks = situation.clocks
    running = present.leading(case, clocks) or present.latest(clocks, [ClockKind.PROMISED])
    statutory = present.latest(clocks, [ClockKind.STATUTORY])
    events = ledger.history(case.stream)
    context = {
        "case": present.public_case(case, unit_of(case)),
        "timeline": present.timeline(case, events, situation.steps),
        "tasks": present.tasks(situation),
        "promised": present.limit(running, on, calendar) if running else None,
        "statutory": present.limit(statutory, on, calendar)
        if statutory and statutory is not running
        else None,
        "outcome": present.outcome(case),
        "next_step": present.NEXT_STEPS[State(case.state)],
        "documents": present.documents(case, situation.documents, "cases:own_document"),
        "corrections": present.corrections(situation.corrections),
        "may_act": _may_act(request, case),
        "can_withdraw": State(case.state) in MOVE_OF[Verb.WITHDRAW].sources,
    }
    return private(render(request, "cases/progress.html", context))


def _may_act(request: HttpRequest, case: Any) -> bool:
    """Whether this reader is on the applicant's side."""
    if has_shown(request, case.number) and not scope(request).is_staff:
        return True
    try:
        queries.own_case(scope(request), case.number)
    except NotFound:
        return False
    return True


def _applicant(request: HttpRequest) -> Actor:
    return actor_of(scope(request))


def _act(request: HttpRequest, number: str, form: CommandForm, page: str, send: Any) -> Any:
    """A form of the applicant's: shown, sent, shown again with the reason where it is refused."""
    case, status = shown_case(request, number), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                send(case, form.cleaned_data)
                return redirect("cases:progress_case", number)
            except DomainError as error:
                name = "uploads" if isinstance(error, RefusedFile) else None
                form.add_error(name, error.message)
                status = error.status
    situation = queries.Situation(case)
    context = {
        "case": present.public_case(case, unit_of(case)),
        "corrections": present.corrections(situation.corrections),
        "form": form,
    }
    return private(render(request, page, context, status=status))


@public
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant brings what the notice asked for (T8)."""
    form = CitizenBringForm(request.POST or None, request.FILES or None)

    def send(case: Any, data: dict[str, Any]) -> None:
        services.supply(
            case_id=case.id,
            note=data["note"],
            files=stored(data["uploads"], data["command_id"]),
            actor=_applicant(request),
            at=now(),
            command_id=data["command_id"],
        )

    answer: HttpResponse = _act(request, number, form, "cases/correct.html", send)
    return answer


@public
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant takes the application back (T20)."""
    form = WithdrawForm(request.POST or None)

    def send(case: Any, data: dict[str, Any]) -> None:
        services.withdraw(
            case_id=case.id,
            reason=data["reason"],
            actor=_applicant(request),
            at=now(),
            command_id=data["command_id"],
        )

    answer: HttpResponse = _act(request, number, form, "cases/withdraw.html", send)
    return answer


@public
def collect(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant says how they want the result."""
    form = DeliveryForm(request.POST or None)

    def send(case: Any, data: dict[str, Any]) -> None:
        services.choose_delivery(
            case_id=case.id,
            way=data["way"],
            address=data["address"],
            actor=_applicant(request),
            at=now(),
            command_id=data["command_id"],
        )

    answer: HttpResponse = _act(request, number, form, "cases/collect.html", send)
    return answer


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """The cases of a citizen who signed in, and of the enterprises they act for."""
    reader = scope(request)
    assert reader.person_id is not None
    found = queries.my_cases(reader)
    rows = rows_of(found, "cases:progress_case")
    for case, row in zip(found, rows, strict=True):
        row["is_enterprise"] = case.applicant_kind == "legal"
        row["applicant"] = case.applicant_name if case.applicant_kind == "legal" else ""
        row["is_yours"] = case.state == State.CORRECTING.value
    return render(request, "cases/mine.html", {"cases": rows})


@signed_in
def attachment(request: HttpRequest, number: str, upload_id: int) -> FileResponse:
    """A file of a case, for whom the case is open to."""
    case = queries.case_for(scope(request), number)
    upload = files.upload_of(case.stream, upload_id)
    if upload is None:
        raise NotFound
    return as_attachment(upload)
