"""Pages of a case: file it, see where it stands, the desk, the acts."""

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from mingtang.accounts.policy import public, scope, signed_in, staff
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import COUNTER_ROLES, SEES_NO_CASES, Role
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import search_text, source_of
from mingtang.cases import present, queries, services
from mingtang.cases.forms import FORM_OF, CommandForm, FilingForm, ProgressForm
from mingtang.cases.rules import ApplicantKind, HandOverWay, State, Verb
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.rules.profiles import PERMIT
from mingtang.files import queries as files
from mingtang.files.download import as_attachment
from mingtang.files.rules import RefusedFile
from mingtang.files.services import store
from mingtang.ledger import queries as ledger
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind

CASE_STAFF = tuple(role for role in Role if role not in SEES_NO_CASES)
SHOWN, FILED = "cases_shown", "cases_filed"  # what this browser has shown the right to


@public
@sensitive_post_parameters("identity_number", "phone", "address")
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
    return _private(render(request, "cases/file.html", context, status=status))


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
    data = form.cleaned_data
    reader = scope(request)
    applicant = services.Applicant(
        kind=ApplicantKind(data["applicant_kind"]),
        name=data["applicant_name"],
        identity_number=data["identity_number"],
        phone="".join(data["phone"].split()),
        address=data["address"],
        person_id=reader.person_id,
    )
    uploaded = data["attachment"]
    answer = services.submit(
        item_code=code,
        applicant=applicant,
        summary=data["summary"],
        files=[store(uploaded, command_id=data["command_id"])] if uploaded else [],
        channel="online",
        actor=actor_of(reader),
        at=now(),
        command_id=data["command_id"],
    )
    _remember(request, FILED, answer["number"])
    return redirect("cases:filed", answer["number"])


def _remember(request: HttpRequest, key: str, number: str) -> None:
    request.session[key] = [*request.session.get(key, [])[-9:], number]


@public
def filed(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, for the browser that filed it."""
    if number not in request.session.get(FILED, []):
        raise NotFound
    case = queries.filed_case(number)
    context = {
        "case": present.public_case(case, _unit(case)),
        "tracking_code": services.tracking_code(case),
        "progress_url": reverse("cases:progress_case", args=[case.number]),
        "next_step": present.NEXT_STEPS[State(case.state)],
    }
    return _private(render(request, "cases/filed.html", context))


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
    _remember(request, SHOWN, case.number)
    return redirect("cases:progress_case", case.number)


@public
def progress_case(request: HttpRequest, number: str) -> HttpResponse:
    """Where a case stands, for its applicant or one who knows its query code."""
    known = number in request.session.get(SHOWN, []) + request.session.get(FILED, [])
    if not known:
        queries.case_for(scope(request), number)
    case = queries.filed_case(number)
    on, calendar, clocks = today(), timing.current_calendar(), timing.clocks_of(case.stream)
    running = present.latest(clocks, [ClockKind.PROMISED, ClockKind.COMPLETENESS])
    statutory = present.latest(clocks, [ClockKind.STATUTORY])
    steps = queries.steps_of(case)
    context = {
        "case": present.public_case(case, _unit(case)),
        "timeline": present.timeline(case, ledger.history(case.stream), steps),
        "promised": present.limit(running, on, calendar) if running else None,
        "statutory": present.limit(statutory, on, calendar) if statutory else None,
        "outcome": present.outcome(case),
        "next_step": present.NEXT_STEPS[State(case.state)],
    }
    return _private(render(request, "cases/progress.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _unit(case: Any) -> str:
    return regions.name_of(case.organisation_id, today())


def _rows(cases: list[Any], route: str) -> list[dict[str, Any]]:
    on, calendar = today(), timing.current_calendar()
    names = regions.short_names_of({case.organisation_id for case in cases}, on)
    return [
        {
            **present.row(case, on, names[case.organisation_id], calendar),
            "url": reverse(route, args=[case.number]),
        }
        for case in cases
    ]


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """The cases of a citizen who signed in."""
    person_id = scope(request).person_id
    assert person_id is not None
    rows = _rows(queries.my_cases(person_id), "cases:progress_case")
    return render(request, "cases/mine.html", {"cases": rows})


@staff(*CASE_STAFF)
def desk(request: HttpRequest) -> HttpResponse:
    """The worklist, soonest due first."""
    reader, on = scope(request), today()
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in queries.TABS else "todo"
    text = search_text(request)
    after = queries.Cursor.read(request.GET.get("after", ""))
    page = queries.worklist(reader, tab, text=text, after=after)
    context = {
        "who": reader.person_label,
        "organisation": reader.grants[0].organisation_label,
        "tabs": _tabs(queries.tab_counts(reader), tab),
        "tab": tab,
        "rows": _rows(page.rows, "cases:detail"),
        "q": text,
        "next_url": f"?{urlencode({'tab': tab, 'q': text, 'after': page.next})}"
        if page.next
        else "",
        "calendar_warning": timing.calendar_warning(on),
        "at_counter": reader.has_role(COUNTER_ROLES),
    }
    return render(request, "cases/desk.html", context)


TAB_LABELS = {
    "todo": gettext_lazy("待办"),
    "deliver": gettext_lazy("待送达"),
    "done": gettext_lazy("已办结"),
}


def _tabs(counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "label": label,
            "count": counts[key],
            "url": f"?tab={key}",
            "current": key == current,
        }
        for key, label in TAB_LABELS.items()
    ]


@staff(*CASE_STAFF)
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """A case as staff see it, with what may be done to it now."""
    return _detail(request, number)


def _detail(
    request: HttpRequest,
    number: str,
    refused: tuple[Verb, CommandForm] | None = None,
    status: int = 200,
    message: str = "",
) -> HttpResponse:
    reader, on = scope(request), today()
    case = queries.case_for(reader, number)
    steps, events = queries.steps_of(case), ledger.history(case.stream)
    unit = _unit(case)
    context = {
        "case": present.staff_case(case, unit, queries.summary_of(case)),
        "attachments": present.attachments(case, files.uploads_of(case.stream)),
        "timeline": present.timeline(case, events, steps),
        "steps": present.step_lines(steps, unit),
        "limits": present.limits(timing.clocks_of(case.stream), on, timing.current_calendar()),
        "actions": _actions(case, queries.open_moves(reader, case, steps, on), refused),
        "history": present.history(events),
        "outcome": present.outcome(case),
        "message": message,
    }
    return render(request, "cases/case_detail.html", context, status=status)


def _actions(
    case: Any, moves: Any, refused: tuple[Verb, CommandForm] | None
) -> list[dict[str, Any]]:
    actions = []
    for move, step in moves:
        form = FORM_OF[move.verb](initial={"step_key": step.key} if step else None, prefix=None)
        if refused and refused[0] is move.verb:
            form = refused[1]
        actions.append(
            {
                "verb": move.verb.value,
                "label": f"{move.label}：{step.name}" if step else move.label,
                "url": reverse("cases:act", args=[case.number, move.verb.value]),
                "tone": "danger" if move.verb is Verb.REFUSE else "primary",
                "form": form,
                "help": move.law if case.edition.profile == PERMIT.key else "",
            }
        )
    return actions


@staff(*CASE_STAFF)
@require_POST
def act(request: HttpRequest, number: str, verb: Verb) -> HttpResponse:
    """Do one thing to a case; on refusal the page comes back with all that was typed."""
    case = queries.case_for(scope(request), number)
    form = FORM_OF[verb](request.POST)
    if not form.is_valid():
        return _detail(request, number, (verb, form), 422, _("请更正下面标出的内容。"))
    try:
        holder = queries.claimed_by(case, form.cleaned_data.get("step_key", ""))
        actor = queries.permit(scope(request), case, verb, today(), claimed_by=holder)
        _do(case.id, verb, form.cleaned_data, {"actor": actor, "at": now()})
    except DomainError as error:
        message = error.message + _typed(form)
        return _detail(request, number, (verb, form), error.status, message)
    return redirect("cases:detail", number)


def _typed(form: CommandForm) -> str:
    """What was written into a form that the case may no longer show: nothing typed is lost."""
    texts = [str(form.cleaned_data[bound.name]) for bound in form.visible_fields()]
    written = "；".join(text for text in texts if text)
    return _("您刚才填写的内容：") + written if written else ""


def _do(case_id: int, verb: Verb, data: dict[str, Any], by: dict[str, Any]) -> None:
    command = {**by, "case_id": case_id, "command_id": data["command_id"]}
    match verb:
        case Verb.RECEIVE:
            services.receive(**command)
        case Verb.ACCEPT:
            services.accept(**command)
        case Verb.CLAIM:
            services.claim(step_key=data["step_key"], **command)
        case Verb.EXAMINE:
            services.examine(step_key=data["step_key"], opinion=data["opinion"], **command)
        case Verb.GRANT | Verb.REFUSE:
            services.decide(
                verb=verb,
                reason=data["reason"],
                legal_basis=data.get("legal_basis", ""),
                **command,
            )
        case Verb.HAND_OVER:
            services.hand_over(way=HandOverWay(data["way"]), note=data["note"], **command)


@signed_in
def attachment(request: HttpRequest, number: str, upload_id: int) -> FileResponse:
    """A file of a case, for whom the case is open to."""
    case = queries.case_for(scope(request), number)
    upload = files.upload_of(case.stream, upload_id)
    if upload is None:
        raise NotFound
    return as_attachment(upload)
