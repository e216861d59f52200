"""Screens of clean-up campaigns for staff: the list, one campaign, its entries, each act."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import refusal, search_text
from mingtang.catalogue import campaign_pages as pages
from mingtang.catalogue import services
from mingtang.catalogue.forms import (
    CommandForm,
    DecideForm,
    ReasonForm,
    SealForm,
    StartForm,
    TableForm,
    UnitsForm,
)
from mingtang.catalogue.queries import campaigns as queries
from mingtang.catalogue.rules.campaign_rows import DECISIONS, REPORT, is_number
from mingtang.catalogue.rules.campaigns import RowsRefused
from mingtang.files.services import seal_document

SHOWN_FAULTS = 50


@staff(*queries.READERS)
@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns: the office sees all, a department those that ask it."""
    rows, next_after = queries.campaigns_for(scope(request), after=request.GET.get("after", ""))
    context = {
        "rows": rows,
        "next_url": f"?after={next_after}" if next_after else "",
        "may_start": queries.lead_grant(scope(request)) is not None,
    }
    return render(request, "catalogue/campaigns/list.html", context)


@staff(*queries.LEADERS)
def start(request: HttpRequest) -> HttpResponse:
    """Notify the departments."""
    grant = queries.lead_grant(scope(request))
    if grant is None:
        raise NotFound
    units = queries.units_to_ask(grant.organisation_id, today())
    form = StartForm(request.POST or None, units=units, on=today())
    if request.method == "POST" and form.is_valid():
        try:
            return _started(request, form, grant)
        except DomainError as error:
            form.add_error(None, error.message)
    status = 422 if form.errors else 200
    return render(request, "catalogue/campaigns/start.html", {"form": form}, status=status)


def _started(request: HttpRequest, form: StartForm, grant: Grant) -> HttpResponseRedirect:
    data = dict(form.cleaned_data)
    made = services.start_campaign(
        title=data["title"],
        scope_kind=data["scope_kind"],
        document_number=data["document_number"],
        basis=data["basis"],
        report_due_date=data["report_due_date"].isoformat(),
        organisation_ids=[int(one) for one in data["units"]],
        lead_id=grant.organisation_id,
        **_by(request, grant, form),
    )
    messages.success(request, _("清理已经开始，通知已拟好。"))
    return redirect("catalogue:campaign", made["campaign_id"])


def _by(request: HttpRequest, grant: Grant, form: Any) -> dict[str, Any]:
    command_id = form.cleaned_data["command_id"]
    return {"actor": actor_of(scope(request), grant), "at": now(), "command_id": command_id}


@staff(*queries.READERS)
@require_GET
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """One campaign: its numbers, who has answered, what may be done now."""
    return _page(request, queries.campaign_for(scope(request), campaign_id))


def _page(
    request: HttpRequest, found: Any, *, status: int = 200, faults: Any = (), **forms: Any
) -> HttpResponse:
    context = pages.campaign(scope(request), found, today()) | {
        "report_form": TableForm(sheet=REPORT, auto_id="report_%s"),
        "take_form": TableForm(sheet=REPORT, has_lines=False, auto_id="take_%s"),
        "return_form": ReasonForm(auto_id="return_%s"),
        "seal_form": SealForm(auto_id="seal_%s"),
        "button": CommandForm(auto_id=False),
        "faults": list(faults)[:SHOWN_FAULTS],
        "fault_count": len(faults),
        **forms,
    }
    return render(request, "catalogue/campaigns/campaign.html", context, status=status)


# ── acts of the office ────────────────────────────────────────────────────────────────────────

ACTS: dict[str, tuple[Callable[..., Any], Any]] = {
    "close": (services.close_inventory, _("清单已汇总，可以逐项决定。")),
    "freeze": (services.freeze, _("已定稿。")),
    "announce": (services.announce, _("结果已公布。")),
    "carry": (services.carry_out, _("已落实。")),
}


def _led(request: HttpRequest, campaign_id: int) -> tuple[Any, Grant]:
    """A campaign that this person leads. Raises NotFound."""
    found = queries.campaign_for(scope(request), campaign_id)
    grant = queries.leads(scope(request), found)
    if grant is None:
        raise NotFound
    return found, grant


@staff(*queries.LEADERS)
@require_POST
def act(request: HttpRequest, campaign_id: int, verb: str) -> HttpResponseRedirect:
    """Close the inventory, freeze, announce, carry out."""
    found, grant = _led(request, campaign_id)
    if verb not in ACTS:
        raise NotFound
    command, told = ACTS[verb]
    form = CommandForm(request.POST)
    try:
        if not form.is_valid():
            raise DomainError(_("页面内容不完整，没有执行。请返回刷新后重试。"))
        made = command(campaign_id=found.id, **_by(request, grant, form))
        messages.success(request, str(told))
        for one in made.get("refused", []):
            messages.warning(request, _("序号 %(number)s 没有落实：%(why)s") % one)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("catalogue:campaign", campaign_id)


@staff(*queries.LEADERS)
@require_POST
def accept(request: HttpRequest, campaign_id: int) -> HttpResponseRedirect:
    """Accept the reports of the departments that are ticked."""
    found, grant = _led(request, campaign_id)
    form = UnitsForm(request.POST, units=queries.unit_ids(found))
    try:
        if not form.is_valid():
            raise DomainError(" ".join(str(one) for all_ in form.errors.values() for one in all_))
        units = form.cleaned_data["units"]
        services.accept_reports(
            campaign_id=found.id, organisation_ids=units, **_by(request, grant, form)
        )
        messages.success(request, _("已审定 %(count)d 个部门。") % {"count": len(units)})
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("catalogue:campaign", campaign_id)


@staff(*queries.LEADERS)
@require_POST
def send_back(request: HttpRequest, campaign_id: int, organisation_id: int) -> HttpResponse:
    """Return a department's report with a reason."""
    found, grant = _led(request, campaign_id)
    form = ReasonForm(request.POST, auto_id="return_%s")
    if not form.is_valid():
        return _page(request, found, status=422, return_form=form, returning=organisation_id)
    try:
        services.return_report(
            campaign_id=found.id,
            organisation_id=organisation_id,
            reason=form.cleaned_data["reason"],
            **_by(request, grant, form),
        )
        messages.success(request, _("已退回，部门会看到原因。"))
    except DomainError as error:
        messages.error(request, refusal(error.message, form))
    return redirect("catalogue:campaign", campaign_id)


@staff(*queries.LEADERS)
@require_POST
@proved()
def seal(request: HttpRequest, campaign_id: int, document_id: int) -> HttpResponse:
    """Enter that a paper of the campaign was sealed."""
    found, grant = _led(request, campaign_id)
    form = SealForm(request.POST, auto_id="seal_%s")
    if document_id not in {found.notice_id, found.result_id}:
        raise NotFound
    if not form.is_valid():
        return _page(request, found, status=422, seal_form=form)
    try:
        seal_document(
            document_id=document_id,
            seal_name=form.cleaned_data["seal_name"],
            **_by(request, grant, form),
        )
        messages.success(request, _("已登记用印。"))
    except DomainError as error:
        messages.error(request, refusal(error.message, form))
    return redirect("catalogue:campaign", campaign_id)


# ── tables ────────────────────────────────────────────────────────────────────────────────────


@staff(*queries.REPORTERS)
@require_POST
def report(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """A department's self-report: tried, or handed in; or that it has nothing."""
    found = queries.campaign_for(scope(request), campaign_id)
    answer_for = queries.unit_of(scope(request), found)
    if answer_for is None:
        raise NotFound
    unit, grant = answer_for
    own = {"campaign_id": found.id, "organisation_id": unit.organisation_id}
    if request.POST.get("go") == "nothing":
        return _nothing(request, found, grant, own)
    form = TableForm(request.POST, request.FILES, sheet=REPORT, auto_id="report_%s")
    if not form.is_valid():
        return _page(request, found, status=422, report_form=form)
    return _tabled(
        request,
        found,
        form,
        "report_form",
        check=lambda rows: (
            services.plan_report(found.id, rows, organisation_id=unit.organisation_id).errors
        ),
        write=lambda rows: services.report(rows=rows, **own, **_by(request, grant, form)),
    )


def _nothing(request: HttpRequest, found: Any, grant: Grant, own: dict[str, Any]) -> HttpResponse:
    form = CommandForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422)
    try:
        services.report(rows=[], **own, **_by(request, grant, form))
        messages.success(request, _("已上报：本部门没有这类事项。"))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("catalogue:campaign", found.id)


@staff(*queries.LEADERS)
@require_POST
def take(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Enter what several departments handed in on paper, in one table."""
    found, grant = _led(request, campaign_id)
    form = TableForm(request.POST, request.FILES, sheet=REPORT, has_lines=False, auto_id="take_%s")
    if not form.is_valid():
        return _page(request, found, status=422, take_form=form)
    return _tabled(
        request,
        found,
        form,
        "take_form",
        check=lambda rows: services.plan_report(found.id, rows, organisation_id=None).errors,
        write=lambda rows: services.take_reports(
            campaign_id=found.id, rows=rows, **_by(request, grant, form)
        ),
    )


def _tabled(
    request: HttpRequest,
    found: Any,
    form: TableForm,
    name: str,
    *,
    check: Callable[[Any], Any],
    write: Callable[[Any], Any],
) -> HttpResponse:
    """Try a table, or write it down: all rows or none, each fault with its row."""
    try:
        rows = pages.rows_of(form)
        faults = check(rows)
        if faults:
            return _page(request, found, status=422, faults=faults, **{name: form})
        if "check" in request.POST:
            told = _("核对过了：%(count)d 行，没有错误。还没有上报，请再选一次文件后上报。")
            messages.info(request, told % {"count": len(rows)})
            return redirect("catalogue:campaign", found.id)
        write(rows)
        messages.success(request, _("已上报 %(count)d 行。") % {"count": len(rows)})
        return redirect("catalogue:campaign", found.id)
    except RowsRefused as refused:
        return _page(request, found, status=422, faults=refused.errors, **{name: form})
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, found, status=error.status, **{name: form})


# ── entries and decisions ─────────────────────────────────────────────────────────────────────


@staff(*queries.READERS)
@require_GET
def entries(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The inventory, with what was decided; the office decides here."""
    return _entries(request, queries.campaign_for(scope(request), campaign_id))


def _entries(
    request: HttpRequest, found: Any, *, status: int = 200, faults: Any = (), **forms: Any
) -> HttpResponse:
    asked = pages.Asked.read(request, search_text(request))
    context = pages.entries(scope(request), found, today(), asked) | {
        "decide_form": DecideForm(
            targets=queries.target_choices(found, today()), on=today(), auto_id="decide_%s"
        ),
        "file_form": TableForm(sheet=DECISIONS, has_lines=False, auto_id="file_%s"),
        "faults": list(faults)[:SHOWN_FAULTS],
        "fault_count": len(faults),
        "ticked": request.POST.getlist("numbers"),
        **forms,
    }
    return render(request, "catalogue/campaigns/entries.html", context, status=status)


@staff(*queries.LEADERS)
@require_POST
def decide(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """One decision for the entries that are ticked."""
    found, grant = _led(request, campaign_id)
    targets = queries.target_choices(found, today())
    form = DecideForm(request.POST, targets=targets, on=today(), auto_id="decide_%s")
    numbers = [one for one in request.POST.getlist("numbers") if is_number(one)][: pages.PAGE]
    if form.is_valid() and not numbers:
        form.add_error(None, _("请先勾选要决定的事项。"))
    if not form.is_valid():
        return _entries(request, found, status=422, decide_form=form)
    return _decided(request, found, grant, form, form.rows(numbers), "decide_form")


@staff(*queries.LEADERS)
@require_POST
def decide_file(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Decisions of many entries, as a table."""
    found, grant = _led(request, campaign_id)
    form = TableForm(
        request.POST, request.FILES, sheet=DECISIONS, has_lines=False, auto_id="file_%s"
    )
    if not form.is_valid():
        return _entries(request, found, status=422, file_form=form)
    try:
        rows = [row for row in pages.rows_of(form) if row.get("decision")]
    except DomainError as error:
        form.add_error(None, error.message)
        return _entries(request, found, status=422, file_form=form)
    return _decided(request, found, grant, form, rows, "file_form")


def _decided(
    request: HttpRequest, found: Any, grant: Grant, form: Any, rows: Any, name: str
) -> HttpResponse:
    try:
        if "check" in request.POST:
            refused = list(services.plan_decisions(found.id, rows).findings)
            if refused:
                return _entries(request, found, status=422, faults=refused, **{name: form})
            told = _("核对过了：%(count)d 行，没有错误。还没有写入。")
            messages.info(request, told % {"count": len(rows)})
            return redirect("catalogue:campaign_entries", found.id)
        services.decide(campaign_id=found.id, rows=rows, **_by(request, grant, form))
    except RowsRefused as error:
        return _entries(request, found, status=422, faults=error.errors, **{name: form})
    except DomainError as error:
        form.add_error(None, error.message)
        return _entries(request, found, status=error.status, **{name: form})
    messages.success(request, _("已决定 %(count)d 项。") % {"count": len(rows)})
    return redirect("catalogue:campaign_entries", found.id)
