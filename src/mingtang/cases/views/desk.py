"""Views of the desk: worklists, the scan field, intake at the counter, acts on several cases."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.accounts.rules import COUNTER_ROLES
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import derived_command_id, parse_id
from mingtang.base.patterns import Pattern
from mingtang.base.web import new_command_id, printable, search_text
from mingtang.cases import present, queries, services
from mingtang.cases.forms.filing import CounterForm
from mingtang.cases.rules import DECISIONS, MOVE_OF, Verb, scanned_number
from mingtang.cases.views.case import ACTS
from mingtang.cases.views.common import (
    CASE_STAFF,
    places_for,
    private,
    rows_of,
    short_names,
    stored,
)
from mingtang.catalogue import queries as catalogue
from mingtang.files.rules import RefusedFile
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.outage.present import standing
from mingtang.outage.views import claim_of, field_of
from mingtang.questions.forms import QuestionsForm
from mingtang.regions import queries as regions
from mingtang.timing.queries import calendar_warning, current_calendar
from mingtang.timing.rules import WorkingCalendar

TAB_LABELS = {
    "todo": gettext_lazy("待办"),
    "mine": gettext_lazy("我手上的"),
    "window": gettext_lazy("窗口"),
    "department": gettext_lazy("本部门环节"),
    "pre_examine": gettext_lazy("待初审"),
    "refer_up": gettext_lazy("待上报"),
    "decide": gettext_lazy("等我决定"),
    "today": gettext_lazy("今天到期"),
    "waiting": gettext_lazy("等申请人"),
    "deliver": gettext_lazy("待送达"),
    "done": gettext_lazy("已办结"),
    "open": gettext_lazy("在办"),
    "soon": gettext_lazy("快到期"),
    "overdue": gettext_lazy("超期"),
}
SHOWS_STEPS = frozenset({"mine", "department", "pre_examine", "refer_up", "decide"})
ROWS = Pattern(
    "cases/parts/desk_row.html",
    slots=("number", "item_name", "siblings", "applicant", "department", "limit_label", "url"),
    looks=("is_batch", "state_label", "state_tone", "is_bounced", "light"),
)
SIBLINGS = Pattern("cases/parts/sibling.html", slots=("name", "unit"), looks=("label", "tone"))
# What may be done to several cases at once, of on-the-spot items only: little can go wrong there.
BATCH_VERBS = (Verb.RECEIVE, Verb.ACCEPT, Verb.GRANT)
BATCH_MOST = 30


@staff(*CASE_STAFF)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The worklists, soonest due first."""
    reader, on = scope(request), today()
    tabs = queries.tabs_of(reader)
    tab = request.GET.get("tab", "todo")
    tabs += [tab] if tab in queries.BEHIND_NUMBERS else []
    tab = tab if tab in tabs else "todo"
    text, unit = search_text(request), parse_id(request.GET.get("unit", ""))
    after = queries.Cursor.read(request.GET.get("after", ""))
    calendar = current_calendar()
    counts = queries.tab_counts(reader, on)
    page = queries.worklist(reader, tab, on, text=text, unit=unit, after=after)
    context = {
        "who": reader.person_label,
        "organisation": reader.grants[0].organisation_label,
        "tabs": _tabs(counts, tabs, tab),
        "tab": tab,
        "rows": (rows := _desk_rows(page.rows, tab, calendar)),
        "lines": partial(ROWS.lines, rows),  # only where a page is drawn
        "q": text,
        "unit": unit or "",
        "unit_name": short_names([unit]).get(unit, "") if unit else "",
        "next_url": _onward(tab, text, unit, page.next),
        "calendar_warning": calendar_warning(on, calendar),
        "at_counter": reader.has_role(COUNTER_ROLES),
        "slip_count": counts[queries.SLIPS] and queries.shown(counts[queries.SLIPS]),
        "batch": _batch(page.rows),
        "command_id": new_command_id(),
    }
    return render(request, "cases/desk.html", context)


def _onward(tab: str, text: str, unit: int | None, after: Any) -> str:
    asked = {"tab": tab, "q": text, "unit": unit or "", "after": after}
    return f"?{urlencode(asked)}" if after else ""


def _tabs(counts: dict[str, int], tabs: list[str], current: str) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "label": TAB_LABELS[key],
            "count": queries.shown(counts[key]) if key in counts else None,
            "url": f"?tab={key}",
            "current": key == current,
        }
        for key in tabs
        if key == current or counts.get(key) or key not in queries.WHEN_ANY
    ]


def _desk_rows(cases: list[Any], tab: str, calendar: WorkingCalendar) -> list[dict[str, Any]]:
    rows = rows_of(cases, "cases:detail", calendar)
    for case, row in zip(cases, rows, strict=True):
        row["id"] = case.id
        row["is_batch"] = case.edition.on_the_spot
        row["siblings"] = ""
    if tab in SHOWS_STEPS:
        steps = queries.steps_of_cases(case.id for case in cases)
        names = short_names(step.organisation_id for some in steps.values() for step in some)
        for case, row in zip(cases, rows, strict=True):
            row["steps"] = present.siblings(steps.get(case.id, ()), names)
            row["siblings"] = SIBLINGS.lines(row["steps"])
    return rows


def _batch(cases: list[Any]) -> list[dict[str, str]]:
    if not any(case.edition.on_the_spot for case in cases):
        return []
    return [{"verb": verb.value, "label": MOVE_OF[verb].label} for verb in BATCH_VERBS]


@staff(*CASE_STAFF)
@require_POST
@proved(when=lambda verb: verb in DECISIONS)
def batch(request: HttpRequest, verb: Verb) -> HttpResponseRedirect:
    """Do one thing to several cases, each a command of its own: what is refused says why."""
    reader, on = scope(request), today()
    if verb not in BATCH_VERBS:
        raise NotFound
    numbers = [printable(one)[:60] for one in request.POST.getlist("number")[:BATCH_MOST]]
    base = request.POST.get("command_id", "")[:64]
    done = 0
    for number in numbers:
        try:
            _one_of_batch(reader, number, verb, on, base)
            done += 1
        except DomainError as error:
            messages.error(request, f"{number}：{error.message}")
    if done:
        told = {"label": MOVE_OF[verb].label, "done": done}
        messages.success(request, _("“%(label)s”完成 %(done)d 件。") % told)
    return redirect(f"{reverse('cases:desk')}?{urlencode({'tab': request.POST.get('tab', '')})}")


def _one_of_batch(reader: Any, number: str, verb: Verb, on: Any, base: str) -> None:
    case = queries.case_for(reader, number)
    if not case.edition.on_the_spot:
        raise DomainError(_("不是即办件，请打开办件单独办理。"))
    more = {"reason": _("符合条件，当场办结。")} if verb is Verb.GRANT else {}
    ACTS[verb](
        case_id=case.id,
        actor=queries.permit(reader, case, verb, on),
        at=now(),
        command_id=derived_command_id(base, case.id, verb.value),
        **more,
    )


@staff(*CASE_STAFF)
@require_GET
def scan(request: HttpRequest) -> HttpResponseRedirect:
    """The case whose number a scanner typed, or a hand. Searches where there is none."""
    typed = request.GET.get("q", "")[:200]
    number = printable(
        scanned_number(typed, settings.MINGTANG_SCAN_PREFIX, settings.MINGTANG_SCAN_SUFFIX)
    )
    try:
        return redirect("cases:detail", queries.case_for(scope(request), number).number)
    except NotFound:
        kept = {name: request.GET[name] for name in ("tab", "unit") if name in request.GET}
        return redirect(f"{reverse('cases:desk')}?{urlencode({'q': number[:60], **kept})}")


# ── intake ────────────────────────────────────────────────────────────────────────────────────


@staff(*COUNTER_ROLES)
@require_GET
def intake(request: HttpRequest) -> HttpResponse:
    """Find the item that somebody at the counter applies for."""
    text = search_text(request)
    page = catalogue.search_items(on=today(), text=text) if text else None
    context = {"q": text, "rows": page.items if page else [], "total": page.total if page else 0}
    return render(request, "cases/intake.html", context)


@staff(*COUNTER_ROLES)
@sensitive_post_parameters("identity_number", "phone", "address", "proxy_identity_number")
def take_in(request: HttpRequest, code: str) -> HttpResponse:
    """Take an application in across the counter (T2); the receipt is printed next."""
    edition = catalogue.edition_for_filing(code)
    reader = scope(request)
    unit = edition.item.department
    actor, channel = queries.permit_intake(
        reader, code, organisation_id=unit.id, region_id=unit.region_id
    )
    form, asked = _intake_forms(request, edition, actor)
    status, twins = 200, []
    if request.method == "POST" and not asked.is_row_change:
        status = 422
        if all([form.is_valid(), asked.is_valid()]) and _may_lack(request, asked):
            twins = queries.open_cases_of(form.cleaned_data["identity_number"], code)
            if not twins or request.POST.get("anyway"):
                try:
                    return _taken(request, code, (form, asked), actor, channel.value)
                except DomainError as error:
                    name = "uploads" if isinstance(error, RefusedFile) else field_of(error)
                    form.add_error(name, error.message)
                    status = error.status
            else:
                status = 409
    context = {
        "item": catalogue.item_detail(code, today()),
        "form": form,
        "asked": asked,
        "lacking": [] if asked.errors or not form.is_valid() else asked.lacking,
        "twins": rows_of(twins, "cases:detail"),
        "channel_label": channel.label,
    }
    return private(render(request, "cases/take_in.html", context, status=status))


def _intake_forms(
    request: HttpRequest, edition: Any, actor: Actor
) -> tuple[CounterForm, QuestionsForm]:
    """Who applies, and the item's whole form on the same page. A counter in a township takes in
    for that township."""
    data = request.POST if request.method == "POST" else None
    form = catalogue.form_of(edition)
    asked = QuestionsForm(
        form,
        [section.key for section in form.sections],
        data=data,
        answers={},
        on=today(),
        places=places_for(form, edition, today()),
        may_lack=True,
    )
    townships = queries.townships_of(edition, today())
    if townships and regions.township_unit_of(int(actor.organisation_id or 0)):
        townships = []
    intake = CounterForm(
        data,
        request.FILES or None,
        variants=catalogue.variants_of(edition),
        item_name=edition.name,
        townships=townships,
    )
    return intake, asked


def _may_lack(request: HttpRequest, asked: QuestionsForm) -> bool:
    """An application is taken in as it comes (《行政许可法》第三十二条); a clerk says so once."""
    return not asked.lacking or bool(request.POST.get("lacking"))


def _taken(
    request: HttpRequest,
    code: str,
    forms: tuple[CounterForm, QuestionsForm],
    actor: Any,
    channel: str,
) -> HttpResponseRedirect:
    form, asked = forms
    data = form.cleaned_data
    answer = services.take_in(
        item_code=code,
        applicant=form.applicant(person_id=None, is_registered=data["is_mandate_seen"]),
        answers=asked.typed,
        may_lack=True,
        variant=data.get("variant", ""),
        files=stored(data["uploads"], data["command_id"]),
        originals=data["originals"],
        channel=channel,
        renewal=form.renewal(),
        township_id=form.township_id(),
        paper=claim_of(data),
        actor=actor,
        at=now(),
        command_id=data["command_id"],
    )
    return redirect("cases:taken", answer["number"])


@staff(*COUNTER_ROLES)
@require_GET
def taken(request: HttpRequest, number: str) -> HttpResponse:
    """What the clerk gives over the counter: number, query code, the receipt to print."""
    case = queries.case_for(scope(request), number)
    situation = queries.Situation(case)
    context = {
        "case": present.staff_case(case, ""),
        "tracking_code": services.tracking_code(case),
        "documents": present.documents(case, situation.documents, "cases:document"),
        "paper": standing(ledger.history(case.stream)),
    }
    return private(render(request, "cases/taken.html", context))


@staff(*CASE_STAFF)
@require_GET
def originals(request: HttpRequest) -> HttpResponse:
    """Hand-over slips that wait for a signature; the late ones first."""
    reader, on = scope(request), today()
    after = queries.Cursor.read(request.GET.get("after", ""))
    page = queries.slips(reader, after=after)
    names = short_names(one for row in page.rows for one in (row.sender_id, row.receiver_id))
    context = {
        "rows": present.slip_lines(page.rows, names, on),
        "next_url": f"?{urlencode({'after': page.next})}" if page.next else "",
    }
    return render(request, "cases/originals.html", context)
