"""Views of applicants: the receipt, one page for the whole matter, its papers, withdrawal."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope, signed_in
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import for_reading, secret_fields, site_url, source_of
from mingtang.cases import services as cases
from mingtang.cases.forms import ProgressForm
from mingtang.cases.present.limits import limit
from mingtang.cases.views.common import SHOWN as CASES_SHOWN
from mingtang.cases.views.common import as_picture
from mingtang.files import queries as files
from mingtang.files.forms import files_of
from mingtang.files.services import StoredFile
from mingtang.joint import present, queries, services
from mingtang.joint.forms import OwnSupplyForm, ReasonForm
from mingtang.joint.rules.moves import MOVE_OF, Verb
from mingtang.joint.rules.states import JointState
from mingtang.joint.views.common import (
    FILED,
    SHOWN,
    applicants_matter,
    names_of,
    paper_file,
    paper_page,
    private,
    remember,
    rows_of,
    unit_of,
)
from mingtang.ledger import queries as ledger
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind


@public
@require_GET
def filed(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, for the browser that filed it: one number and one code for everything."""
    joint = _just_filed(request, number)
    clock = timing.open_clock(joint.stream, ClockKind.COMPLETENESS)
    context = {
        "matter": joint,
        "about": present.about(joint, unit_of(joint)),
        "tracking_code": cases.tracking_code(joint),
        "missing": [name for _key, name in queries.to_bring(joint)],
        "due": clock.due_date if clock else None,
        "is_staff": scope(request).is_staff,
        "paper_url": reverse("joint:enter_paper_receipt", args=[joint.id])
        if scope(request).is_staff and joint.intake_organisation_id
        else "",
    }
    return private(render(request, "joint/filed.html", context))


def _just_filed(request: HttpRequest, number: str) -> queries.JointCase:
    if number not in request.session.get(FILED, []):
        raise NotFound
    return queries.filed_matter(number)


@public
@require_GET
def filed_qr(request: HttpRequest, number: str) -> HttpResponse:
    """The picture on the receipt: it leads to the progress, with both keys behind the hash."""
    joint = _just_filed(request, number)
    keys = urlencode({"number": joint.number, "code": cases.tracking_code(joint)})
    return as_picture(f"{site_url(request)}{reverse('joint:progress')}#{keys}")


@public
@for_reading
@secret_fields("code")
def progress(request: HttpRequest) -> HttpResponse:
    """Look a matter up by number and query code."""
    form = ProgressForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _shown(request, form.cleaned_data["number"], form.cleaned_data["code"])
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return render(request, "joint/progress_lookup.html", {"form": form}, status=status)


def _shown(request: HttpRequest, number: str, code: str) -> HttpResponseRedirect:
    joint = services.matter_by_code(number=number, code=code, source=source_of(request), at=now())
    remember(request, SHOWN, joint.number)
    return redirect("joint:progress_of", joint.number)


@public
@require_GET
def progress_of(request: HttpRequest, number: str) -> HttpResponse:
    """Where the whole stands, for its applicant, who knows its code, and colleagues."""
    return _page(request, _readers_matter(request, number))


def _readers_matter(request: HttpRequest, number: str) -> queries.JointCase:
    try:
        return applicants_matter(request, number)
    except NotFound:
        joint = queries.filed_matter(number)
        return queries.matter_for(scope(request), joint.id)


def _page(
    request: HttpRequest,
    joint: queries.JointCase,
    form: ReasonForm | None = None,
    status: int = 200,
    supply_form: OwnSupplyForm | None = None,
) -> HttpResponse:
    on, calendar = today(), timing.current_calendar()
    parts = queries.parts_of(joint)
    may_act = _may_act(request, joint)
    clocks = {clock.kind: clock for clock in timing.clocks_of(joint.stream)}
    shown = [clocks[kind] for kind in (ClockKind.PROMISED, ClockKind.STATUTORY) if kind in clocks]
    events = ledger.history(joint.stream)
    papers = files.documents_of(joint.stream) if may_act else []
    can_withdraw = may_act and JointState(joint.state) in MOVE_OF[Verb.WITHDRAW].sources
    is_asked = joint.state == JointState.CORRECTING
    owed = queries.owed_later(joint)
    can_supply = may_act and (is_asked or (bool(owed) and joint.state == JointState.ACCEPTED))
    if may_act:
        _open_cases(request, parts)
    context = {
        "about": present.about(joint, unit_of(joint)),
        "progress": present.progress(parts),
        "stages": present.stages(parts, names_of(parts), on, calendar, is_staff=False),
        "limits": [limit(clock, on, calendar) for clock in shown],
        "timeline": present.history(events, is_staff=False),
        "documents": present.documents(papers, "joint:own_document", joint.number, is_staff=False),
        "missing": [name for _key, name in queries.to_bring(joint)],
        "next_step": present.NEXT_STEPS.get(JointState(joint.state), ""),
        "may_act": may_act,
        "supply_form": supply_form or (OwnSupplyForm(joint=joint) if can_supply else None),
        "is_asked": is_asked,
        "asked_note": queries.asked_note(joint) if can_supply and is_asked else "",
        "promise": present.promise(queries.promise_of(joint), owed, on) if may_act else None,
        "withdraw_form": form or (ReasonForm(joint=joint) if can_withdraw else None),
    }
    return private(render(request, "joint/progress.html", context, status=status))


def _may_act(request: HttpRequest, joint: queries.JointCase) -> bool:
    try:
        applicants_matter(request, joint.number)
    except NotFound:
        return False
    return True


def _open_cases(request: HttpRequest, parts: list[queries.JointPart]) -> None:
    """Who may see the whole may see each case of it: one number and one code are enough."""
    known = request.session.get(CASES_SHOWN, [])
    fresh = [part.case.number for part in parts if part.case and part.case.number not in known]
    if fresh and not scope(request).is_staff:
        request.session[CASES_SHOWN] = [*known, *fresh][-60:]


@public
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant takes the whole back."""
    joint = applicants_matter(request, number)
    if request.method != "POST":
        return redirect("joint:progress_of", number)
    form = ReasonForm(request.POST, joint=joint)
    if not form.is_valid():
        return _page(request, joint, form, status=422)
    try:
        services.withdraw(
            joint_id=joint.id,
            reason=form.cleaned_data["reason"],
            actor=actor_of(scope(request)),
            at=now(),
            command_id=form.cleaned_data["command_id"],
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, joint, form, status=error.status)
    return redirect("joint:progress_of", number)


@public
def supply(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant brings what the one notice asked for, or what was promised for later."""
    joint = applicants_matter(request, number)
    if request.method != "POST":
        return redirect("joint:progress_of", number)
    form, at = OwnSupplyForm(request.POST, joint=joint), now()
    if not form.is_valid():
        return _page(request, joint, status=422, supply_form=form)
    key = form.cleaned_data["command_id"]

    def kept(name: str) -> tuple[StoredFile, ...]:
        name_key = f"{key}/{name}"
        return tuple(files_of(request, name, subject=joint.stream, at=at, command_id=name_key))

    try:
        by = {"actor": actor_of(scope(request)), "at": at, "command_id": key}
        is_asked = joint.state == JointState.CORRECTING
        bring = services.supply if is_asked else services.supply_deferred
        bring(joint_id=joint.id, **form.content(kept), **by)
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, joint, status=error.status, supply_form=form)
    return redirect("joint:progress_of", number)


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The matters of a citizen who signed in, and of the enterprises they act for."""
    return render(request, "joint/mine.html", {"rows": rows_of(queries.my_matters(scope(request)))})


@public
@require_GET
def own_document(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """A paper of a matter, for its applicant."""
    joint = _own_paper(request, number, document_id)
    return paper_page(request, joint, document_id, "joint:progress_of", number)


@public
@require_GET
def own_document_file(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    return paper_file(request, _own_paper(request, number, document_id), document_id)


def _own_paper(request: HttpRequest, number: str, document_id: int) -> queries.JointCase:
    """What is for the house alone is no paper of the applicant's. Raises NotFound."""
    joint = applicants_matter(request, number)
    found = files.document_of(joint.stream, document_id)
    if found is None or found.kind in present.FOR_THE_HOUSE:
        raise NotFound
    return joint
