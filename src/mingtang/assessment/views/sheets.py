"""Views: periods, their ranking, one sheet with its events, points by hand, objections."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.assessment import present, queries, services
from mingtang.assessment.forms import AnswerForm, EntryForm, ObjectionForm, OpenForm
from mingtang.assessment.rules.sheets import EDITORS, READERS, SUBJECTS, SheetState
from mingtang.assessment.views.common import done, is_editor, is_overseer, pressed, refused, sent
from mingtang.base.clock import today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.replica import may_lag
from mingtang.files.download import as_attachment
from mingtang.files.services import store
from mingtang.messages.forms import CommandForm


@staff(*READERS)
@may_lag
def rounds(request: HttpRequest) -> HttpResponse:
    """The periods that a reader may see; for the office, the form that opens one."""
    before = request.GET.get("before", "")[:60]
    rows, next_key = queries.rounds(scope(request), before)
    form = _open_form(request) if is_editor(request) else None
    if form is not None and form.is_valid():
        try:
            return _opened(request, form)
        except DomainError as error:
            form.add_error("period", error.message)
    context = {
        "rows": [present.round_row(one) for one in rows],
        "next_url": f"?before={next_key}" if next_key else "",
        "first_url": request.path if before else "",
        "form": form,
        "is_editor": form is not None,
        "is_overseer": is_overseer(request),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "assessment/rounds.html", context, status=status)


def _open_form(request: HttpRequest) -> OpenForm:
    on = [line for line in queries.scheme_lines() if line.version_on is not None]
    choices = [(line.latest.code, line.latest.name) for line in on]
    initial = {"period": present.last_period(on[0].latest.cycle, today()) if on else ""}
    return OpenForm(request.POST or None, schemes=choices, initial=initial)


def _opened(request: HttpRequest, form: OpenForm) -> HttpResponseRedirect:
    code = form.cleaned_data["code"]
    made = services.open_period(
        code=code, period=form.cleaned_data["period"], **sent(request, EDITORS, form)
    )
    done(request, _("已打开考核，从账簿取了数。请核对后公示。"))
    return redirect("assessment:round", code, made["period"])


@staff(*READERS)
@may_lag
@require_GET
def round_(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """A period's ranking, group by group."""
    rows = queries.round_of(scope(request), code, period)
    sheet = rows[0].sheet
    context = {
        "groups": present.groups(rows),
        "round": present.round_head(sheet),
        "is_editor": is_editor(request),
        "acts": present.round_acts(sheet, today()),
        "button": CommandForm(auto_id=False),
    }
    return render(request, "assessment/round.html", context)


ACTS = {
    "refresh": (services.refresh, _("已重新取数，%(changed)s 张考核表有变化。")),
    "publish": (services.publish, _("已公示，异议期到 %(objections_due)s 为止。")),
    "lock": (services.lock, _("已锁定 %(locked)s 张考核表。")),
}


@staff(*EDITORS)
@require_POST
def round_act(request: HttpRequest, code: str, period: str, act: str) -> HttpResponseRedirect:
    """Read anew, publish or lock a period."""
    if act not in ACTS:
        raise NotFound
    queries.round_of(scope(request), code, period)
    command, said = ACTS[act]
    try:
        made = command(code=code, period=period, **sent(request, EDITORS, pressed(request)))
        done(request, _(said) % made)
    except DomainError as error:
        refused(request, error)
    return redirect("assessment:round", code, period)


# ── one sheet ─────────────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@require_GET
def sheet(request: HttpRequest, sheet_id: str) -> HttpResponse:
    """A sheet: each line with what it came from; what sources say otherwise today."""
    return _sheet(request, queries.sheet_for(scope(request), sheet_id))


def _sheet(request: HttpRequest, found: Any, **forms: Any) -> HttpResponse:
    reader = scope(request)
    is_open = found.state != SheetState.LOCKED
    by_hand = present.lines_by_hand(found)
    may_object = (
        found.state == SheetState.PUBLISHED
        and found.objections_due_date >= today()
        and queries.speaks_for(reader, found)
        and reader.has_role(SUBJECTS)
    )
    shown: dict[str, Any] = {}
    if is_editor(request) and is_open and by_hand:
        shown["entry_form"] = EntryForm(lines=by_hand, auto_id="entry_%s")
    if may_object:
        lines = present.all_lines(found)
        shown["objection_form"] = ObjectionForm(lines=lines, auto_id="objection_%s")
    context = {
        **present.sheet(found),
        "has_flag": present.certificate(found) is not None,
        "entries": present.entries(found, reader.person_id if is_editor(request) else None),
        "objections": present.objections(found, is_editor(request) and is_open),
        "answer_form": AnswerForm(auto_id="answer_%s"),
        "button": CommandForm(auto_id=False),
        "is_editor": is_editor(request),
        **shown,
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "assessment/sheet.html", context, status=422 if wrong else 200)


@staff(*READERS)
@require_GET
def line(request: HttpRequest, sheet_id: str, key: str) -> HttpResponse:
    """One line of a sheet: the events behind its number, each with its page."""
    found = queries.sheet_for(scope(request), sheet_id)
    context = present.line(found, key)
    if context is None:
        raise NotFound("考核表上没有这项指标，请从考核表进入。")
    return render(request, "assessment/line.html", context)


@staff(*READERS)
@require_GET
def red_flag(request: HttpRequest, sheet_id: str) -> HttpResponse:
    """The certificate of a red-flag window (红旗窗口), to print: once its sheet is locked."""
    context = present.certificate(queries.sheet_for(scope(request), sheet_id))
    if context is None:
        raise NotFound("这张考核表没有得到红旗，或者还没有锁定。")
    return render(request, "assessment/certificate.html", context)


@staff(*EDITORS)
@require_POST
def enter(request: HttpRequest, sheet_id: str) -> HttpResponse:
    """Give or take points by hand."""
    found = queries.sheet_for(scope(request), sheet_id)
    lines = present.lines_by_hand(found)
    form = EntryForm(request.POST, request.FILES, lines=lines, auto_id="entry_%s")
    if not form.is_valid():
        return _sheet(request, found, entry_form=form)
    content = {name: form.cleaned_data[name] for name in ("key", "points", "reason", "evidence")}
    by = sent(request, EDITORS, form)
    try:
        chosen = form.cleaned_data["file"]
        file = store(chosen, command_id=by["command_id"]) if chosen else None
        services.enter(sheet_id=found.id, file=file, **content, **by)
    except DomainError as error:
        form.add_error(None, error.message)
        return _sheet(request, found, entry_form=form)
    done(request, _("已登记，另一位同事确认后计入得分。"))
    return redirect("assessment:sheet", sheet_id)


@staff(*READERS)
@require_GET
def file(request: HttpRequest, sheet_id: str, upload_id: str) -> FileResponse:
    """A file that proves points by hand, for whom the sheet is open to."""
    found = queries.sheet_for(scope(request), sheet_id)
    return as_attachment(queries.file_of_sheet(found, upload_id))


@staff(*EDITORS)
@require_POST
def confirm(request: HttpRequest, sheet_id: str, entry_id: str) -> HttpResponseRedirect:
    """A second person confirms points."""
    found = queries.sheet_for(scope(request), sheet_id)
    number = next((one.id for one in queries.entries_of(found) if str(one.id) == entry_id), None)
    if number is None:
        raise NotFound
    try:
        services.confirm_entry(entry_id=number, **sent(request, EDITORS, pressed(request)))
        done(request, _("已确认，得分已重算。"))
    except DomainError as error:
        refused(request, error)
    return redirect("assessment:sheet", sheet_id)


@staff(*SUBJECTS)
@require_POST
def object_to(request: HttpRequest, sheet_id: str) -> HttpResponse:
    """The judged object."""
    found = queries.sheet_for(scope(request), sheet_id)
    if not queries.speaks_for(scope(request), found):
        raise NotFound
    form = ObjectionForm(request.POST, lines=present.all_lines(found), auto_id="objection_%s")
    if not form.is_valid():
        return _sheet(request, found, objection_form=form)
    content = {name: form.cleaned_data[name] for name in ("key", "text")}
    try:
        services.object_to(sheet_id=found.id, **content, **sent(request, SUBJECTS, form))
    except DomainError as error:
        form.add_error(None, error.message)
        return _sheet(request, found, objection_form=form)
    done(request, _("异议已提交，答复后会显示在这里。"))
    return redirect("assessment:sheet", sheet_id)


@staff(*EDITORS)
@require_POST
def answer(request: HttpRequest, sheet_id: str, objection_id: str) -> HttpResponse:
    """The office answers an objection."""
    found = queries.sheet_for(scope(request), sheet_id)
    known = {one.id for one in queries.objections_of(found)}
    number = parse_id(objection_id)
    if number not in known:
        raise NotFound
    form = AnswerForm(request.POST, auto_id="answer_%s")
    if not form.is_valid():
        return _sheet(request, found, answer_form=form)
    is_upheld = form.cleaned_data["is_upheld"] == "yes"
    try:
        services.answer_objection(
            objection_id=number,
            is_upheld=is_upheld,
            answer=form.cleaned_data["answer"],
            **sent(request, EDITORS, form),
        )
        done(request, _("已答复。"))
    except DomainError as error:
        refused(request, error)
    return redirect("assessment:sheet", sheet_id)
