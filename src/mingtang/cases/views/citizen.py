"""Views of applicants: file, look a case up, correct, withdraw, choose how to get the result."""

from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope, signed_in
from mingtang.accounts.puzzles import puzzled
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.subjects import url_of
from mingtang.base.tracking import Tracked, address_with_keys, kind_of
from mingtang.base.web import for_reading, secret_fields, site_url, source_of
from mingtang.cases import present, queries, services
from mingtang.cases.forms import (
    CitizenBringForm,
    CommandForm,
    DeliveryForm,
    ProgressForm,
    WithdrawForm,
)
from mingtang.cases.rules import DECIDING_EVENTS, MOVE_OF, AnswersWrong, GivenWay, State, Verb
from mingtang.cases.views.common import (
    FILED,
    SHOWN,
    applicants_case,
    as_picture,
    has_shown,
    joint_url,
    places_for,
    private,
    remember,
    rows_of,
    stored,
    unit_of,
    window_of,
)
from mingtang.catalogue import queries as catalogue
from mingtang.files import queries as files
from mingtang.files.download import as_attachment
from mingtang.files.rules import RefusedFile
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.outage.present import standing
from mingtang.questions.forms import QuestionsForm
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind, WorkingCalendar


@public
@require_GET
def filed(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, for the browser that filed it."""
    case = _just_filed(request, number)
    clock = timing.open_clock(case.stream, ClockKind.COMPLETENESS)
    context = {
        "case": present.public_case(case, unit_of(case)),
        "tracking_code": services.tracking_code(case),
        "next_step": present.next_step(case),
        "missing": [one.name for one in _to_bring(case)],
        "due": clock.due_date if clock else None,
        "window": window_of(case),
    }
    return private(render(request, "cases/filed.html", context))


def _just_filed(request: HttpRequest, number: str) -> Any:
    if number not in request.session.get(FILED, []):
        raise NotFound
    return queries.filed_case(number)


@public
@require_GET
def filed_qr(request: HttpRequest, number: str) -> HttpResponse:
    """The picture on the receipt: it leads to the progress, with both keys."""
    return as_picture(address_of(request, _just_filed(request, number)))


def address_of(request: HttpRequest, case: Any) -> str:
    """The page where cases are looked up, with the keys of this one."""
    lookup = f"{site_url(request)}{reverse('cases:progress')}"
    return address_with_keys(lookup, case.number, services.tracking_code(case))


def _to_bring(case: Any) -> list[Any]:
    first = case.submissions.order_by("number").first()
    return [one for one in first.materials.order_by("id") if one.way == GivenWay.TO_BRING]


@public
@for_reading
@secret_fields("code")
@puzzled("lookup_source")
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


CASE = Tracked(
    lambda number: True, services.case_by_code, session_key=SHOWN, route="cases:progress_case"
)


def _shown(request: HttpRequest, form: ProgressForm) -> HttpResponseRedirect:
    """A case, or what another app registered: a joint matter, for one."""
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    kind = kind_of(number) or CASE
    kind.unlock(number=number, code=code, source=source_of(request), at=now())
    remember(request, kind.session_key, number)
    return redirect(kind.route, number)


@public
@require_GET
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
    events, is_unsigned = ledger.history_and_unsigned(case.stream, DECIDING_EVENTS)
    may_act = _may_act(request, case)
    window = window_of(case)
    may_rate = may_act and not scope(request).is_staff
    context = {
        "case": present.public_case(case, unit_of(case)),
        "timeline": present.timeline(case, events, situation.steps),
        "tasks": present.tasks(situation, window.spoken if window else ""),
        "window": window,
        "promised": present.limit(running, on, calendar) if running else None,
        "statutory": present.limit(statutory, on, calendar)
        if statutory and statutory is not running
        else None,
        "outcome": present.outcome(case),
        "is_unsigned": is_unsigned,
        "paper": standing(events) if may_act else None,
        "next_step": present.next_step(case),
        "levels": _levels(situation, on, calendar),
        "documents": present.documents(case, situation.documents, "cases:own_document"),
        "corrections": present.corrections(situation.corrections),
        "may_act": may_act,
        "rate_url": url_of(f"rating:{case.id}") if may_rate else None,
        "rated_url": url_of(f"rated:{case.id}") if may_act else None,
        "joint_url": joint_url(case, for_staff=False) if may_act else None,
        "can_withdraw": State(case.state) in MOVE_OF[Verb.WITHDRAW].sources,
    }
    return private(render(request, "cases/progress.html", context))


def _levels(now: queries.Situation, on: date, calendar: WorkingCalendar) -> list[dict[str, Any]]:
    """Both levels of what goes up; nothing more is read for other cases."""
    if queries.first_level(now.case) is None:
        return []
    names = regions.names_of({present.lower_unit(now), now.case.item.department_id}, on)
    return present.levels(now, names, on, calendar)


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


def _act(
    request: HttpRequest, number: str, form: CommandForm, page: str, send: Any, **more: Any
) -> Any:
    """A form of the applicant's: shown, sent, shown again with the reason where it is refused."""
    case, status = applicants_case(request, number), 200
    if request.method == "POST" and send:
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
        **more,
    }
    return private(render(request, page, context, status=status))


@public
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant brings what the notice asked for, and mends the form (T8)."""
    form = CitizenBringForm(request.POST or None, request.FILES or None)
    case = applicants_case(request, number)
    asked = asked_again(request, case)
    if asked.is_row_change:
        blank: HttpResponse = _act(request, number, form, "cases/correct.html", None, asked=asked)
        return blank

    def send(case: Any, data: dict[str, Any]) -> None:
        if asked.is_sent and not asked.is_valid():
            raise AnswersWrong(asked.faults)
        services.supply(
            case_id=case.id,
            note=data["note"],
            answers=asked.typed if asked.is_sent else None,
            files=stored(data["uploads"], data["command_id"]),
            actor=_applicant(request),
            at=now(),
            command_id=data["command_id"],
        )

    answer: HttpResponse = _act(request, number, form, "cases/correct.html", send, asked=asked)
    return answer


def asked_again(request: HttpRequest, case: Any) -> QuestionsForm:
    """The form of a case as it was last filled in, to be mended."""
    form = catalogue.form_of(case.edition)
    return QuestionsForm(
        form,
        [section.key for section in form.sections],
        data=request.POST if request.method == "POST" else None,
        answers=queries.answers_in(case.submissions.order_by("number")),
        on=today(),
        places=places_for(form, case.edition, today()),
        may_lack=True,  # what was missing and not asked for is not asked for now
    )


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
@require_GET
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
    context = {
        "cases": rows,
        "agency_url": url_of(f"agency_of:{reader.person_id}"),
        "licences_url": url_of(f"licences_of:{reader.person_id}"),
    }
    return render(request, "cases/mine.html", context)


@signed_in
@require_GET
def attachment(request: HttpRequest, number: str, upload_id: int) -> FileResponse:
    """A file of a case, for whom the case is open to."""
    case = queries.case_for(scope(request), number)
    upload = files.upload_of(case.stream, upload_id)
    if upload is None:
        raise NotFound
    return as_attachment(upload)
