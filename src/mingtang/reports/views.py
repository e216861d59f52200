"""Views of reports: the list, the report with every number a link, its making, its files."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base import subjects
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.pdf import pdf_of
from mingtang.base.replica import may_lag
from mingtang.base.web import refusal, site_url
from mingtang.messages.forms import CommandForm
from mingtang.regions.queries import names_of
from mingtang.reports import queries, services
from mingtang.reports.forms import (
    CellForm,
    OpenForm,
    ProblemForm,
    ReopenForm,
    SettleForm,
    TextForm,
)
from mingtang.reports.queries import EDITORS, FREEZERS, Edition
from mingtang.reports.rules.figures import TEXTS, Facts, ProblemState, Style
from mingtang.reports.writers import as_csv, as_docx, as_text

READERS = sorted(EDITORS)
MOST_ROWS = 1000


@staff(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The reports of one's units, and the beginning of a new one."""
    names = names_of(queries.units_of(scope(request)), today())
    organs = sorted(((str(one), name) for one, name in names.items()), key=lambda pair: pair[1])
    first = {"year": today().year - 1, "style": Style.NEW.value}
    form = OpenForm(request.POST or None, organs=organs, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            return _opened(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
    found = queries.editions(scope(request), before=_mark(request.GET.get("after", "")))
    last = found[-1] if len(found) == queries.PAGE else None
    context = {
        "rows": [(one, names.get(one.organisation_id, "")) for one in found],
        "form": form,
        "next_url": f"?after={last.year}-{last.id}" if last else "",
    }
    status = 422 if form.errors else 200
    return render(request, "reports/list.html", context, status=status)


def _mark(text: str) -> tuple[int, int] | None:
    """Where a page ended, or None for a first page or a garbled one."""
    year, _, number = text.partition("-")
    parts = parse_id(year), parse_id(number)
    return (parts[0], parts[1]) if parts[0] is not None and parts[1] is not None else None


def _sent(
    request: HttpRequest, form: forms.Form, organisation_id: int, *, by_head: bool = False
) -> dict[str, Any]:
    roles = FREEZERS if by_head else EDITORS
    grant = queries.grant_for(scope(request), organisation_id, roles)
    by = {"actor": actor_of(scope(request), grant), "at": now()}
    return by | {"command_id": form.cleaned_data["command_id"]}


def _opened(request: HttpRequest, form: OpenForm) -> HttpResponseRedirect:
    organ, style = int(form.cleaned_data["organisation"]), Style(form.cleaned_data["style"])
    made = services.open_edition(
        organisation_id=organ,
        year=form.cleaned_data["year"],
        style=style,
        **_sent(request, form, organ),
    )
    return redirect("reports:work", edition_id=int(made["edition_id"]))


def _found(request: HttpRequest, edition_id: int) -> tuple[Edition, Facts]:
    edition = queries.edition_for(scope(request), edition_id)
    return edition, queries.facts_of(edition)


@staff(*READERS)
@may_lag
@require_GET
def edition(request: HttpRequest, edition_id: int) -> HttpResponse:
    """The report as it reads; each number opens the rows behind it."""
    found, facts = _found(request, edition_id)
    context = {"edition": found, "facts": facts, "blocks": queries.blocks_of(facts)}
    return render(request, "reports/edition.html", context)


@staff(*READERS)
@require_GET
def work(request: HttpRequest, edition_id: int) -> HttpResponse:
    """The making of a report: texts, numbers, problems, the self-check and what it leaves to do."""
    found, facts = _found(request, edition_id)
    return render(request, "reports/work.html", _work(found, facts))


def _work(found: Edition, facts: Facts) -> dict[str, Any]:
    problems = queries.problems_of(found)
    open_ones = {str(one.id): one.text for one in problems if one.state == ProblemState.OPEN.value}
    opinion = queries.self_check(facts, queries.previous_facts(found))
    return {
        "edition": found,
        "facts": facts,
        "problems": problems,
        "findings": opinion.findings,
        "passed": opinion.passed,
        "missing": queries.missing_cells(facts),
        "texts": [(label, facts.texts.get(key, "")) for key, label in TEXTS.items()],
        "text_form": TextForm(auto_id="text_%s"),
        "cell_form": CellForm(auto_id="cell_%s"),
        "problem_form": ProblemForm(auto_id="problem_%s"),
        "settle_form": SettleForm(problems=open_ones, auto_id="settle_%s") if open_ones else None,
        "freeze_form": CommandForm(auto_id="freeze_%s"),
        "reopen_form": ReopenForm(auto_id="reopen_%s"),
        "past": queries.past_of(found),
    }


@staff(*READERS)
@may_lag
@require_GET
def rows(request: HttpRequest, edition_id: int, key: str) -> HttpResponse:
    """The rows behind a number."""
    found, facts = _found(request, edition_id)
    drill = queries.drill(found.organisation_id, found.year, facts, key)
    told = [
        {"row": one, "url": subjects.url_of(one.subject, for_staff=True) if one.subject else ""}
        for one in drill.rows[:MOST_ROWS]
    ]
    context = {"edition": found, "drill": drill, "rows": told}
    return render(request, "reports/rows.html", context | {"count": len(drill.rows)})


@staff(*READERS)
@may_lag
@require_GET
def archive(request: HttpRequest, edition_id: int) -> HttpResponse:
    """The disclosure archive of the report's year: its contents, and what is missing."""
    found = queries.edition_for(scope(request), edition_id)
    parts = queries.archive(found.organisation_id, found.year)
    context = {
        "edition": found,
        "organ": names_of([found.organisation_id], today())[found.organisation_id],
        "parts": [
            {"part": one, "rows": one.rows[:MOST_ROWS], "count": len(one.rows)} for one in parts
        ],
        "lacking": sum(len(one.lacking) for one in parts),
    }
    return render(request, "reports/archive.html", context)


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


def _write(edition: Edition, form: forms.Form, by: dict[str, Any]) -> None:
    data = form.cleaned_data
    services.write_text(edition_id=edition.id, key=data["key"], text=data["text"], **by)


def _enter(edition: Edition, form: forms.Form, by: dict[str, Any]) -> None:
    data = form.cleaned_data
    services.enter_cell(edition_id=edition.id, key=data["key"], value=data["value"], **by)


def _note(edition: Edition, form: forms.Form, by: dict[str, Any]) -> None:
    data = {key: form.cleaned_data[key] for key in ("text", "measure", "owner")}
    services.note_problem(edition_id=edition.id, **data, **by)


def _settle(edition: Edition, form: forms.Form, by: dict[str, Any]) -> None:
    problem_id = int(form.cleaned_data["problem"])
    services.settle_problem(problem_id=problem_id, outcome=form.cleaned_data["outcome"], **by)


def _freeze(edition: Edition, form: forms.Form, by: dict[str, Any]) -> None:
    services.freeze(edition_id=edition.id, **by)


def _reopen(edition: Edition, form: forms.Form, by: dict[str, Any]) -> None:
    services.reopen(edition_id=edition.id, reason=form.cleaned_data["reason"], **by)


Act = Callable[[Edition, forms.Form, dict[str, Any]], None]
ACTS: dict[str, Act] = {
    "write": _write,
    "enter": _enter,
    "note": _note,
    "settle": _settle,
    "freeze": _freeze,
    "reopen": _reopen,
}
OF_HEADS = frozenset({"freeze", "reopen"})


def _form(verb: str, edition: Edition, request: HttpRequest) -> forms.Form:
    if verb == "settle":
        ids = {str(one.id): one.text for one in queries.problems_of(edition)}
        return SettleForm(request.POST, problems=ids)
    kinds: dict[str, type[forms.Form]] = {
        "write": TextForm,
        "enter": CellForm,
        "note": ProblemForm,
        "reopen": ReopenForm,
    }
    return kinds[verb](request.POST) if verb in kinds else CommandForm(request.POST)


@staff(*READERS)
@require_POST
def act(request: HttpRequest, edition_id: int, verb: str) -> HttpResponseRedirect:
    """One act on a draft."""
    found = queries.edition_for(scope(request), edition_id)
    if verb not in ACTS:
        raise NotFound
    form = _form(verb, found, request)
    try:
        if not form.is_valid():
            first = next(iter(form.errors.values()))[0]
            raise DomainError(str(first))
        by = _sent(request, form, found.organisation_id, by_head=verb in OF_HEADS)
        ACTS[verb](found, form, by)
        notes.success(request, _("已保存。"))
    except DomainError as error:
        notes.error(request, refusal(error.message, form))
    return redirect("reports:work", edition_id=edition_id)


# ── files ─────────────────────────────────────────────────────────────────────────────────────


def _pdf(request: HttpRequest, edition: Edition, facts: Facts) -> bytes:
    translation.activate(settings.LANGUAGE_CODE)
    context = {"edition": edition, "facts": facts, "blocks": queries.blocks_of(facts)}
    html = render_to_string("reports/report_pdf.html", context)
    return pdf_of(html, base_url=f"{site_url(request)}/")


def _docx(request: HttpRequest, edition: Edition, facts: Facts) -> bytes:
    return as_docx(queries.blocks_of(facts))


def _text(request: HttpRequest, edition: Edition, facts: Facts) -> bytes:
    return as_text(queries.blocks_of(facts)).encode()


def _csv(request: HttpRequest, edition: Edition, facts: Facts) -> bytes:
    return b"\xef\xbb\xbf" + as_csv(facts.figures.values()).encode()


def _json(request: HttpRequest, edition: Edition, facts: Facts) -> bytes:
    return json.dumps(facts.as_json(), ensure_ascii=False, indent=2).encode()


Maker = Callable[[HttpRequest, Edition, Facts], bytes]
FORMS: dict[str, tuple[Maker, str]] = {
    "pdf": (_pdf, "application/pdf"),
    "docx": (
        _docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "txt": (_text, "text/plain; charset=utf-8"),
    "csv": (_csv, "text/csv; charset=utf-8"),
    "json": (_json, "application/json"),
}


@staff(*READERS)
@may_lag
@require_GET
def download(request: HttpRequest, edition_id: int, form: str) -> HttpResponse:
    """The report as a file."""
    found, facts = _found(request, edition_id)
    if form not in FORMS:
        raise NotFound
    make, kind = FORMS[form]
    answer = HttpResponse(make(request, found, facts), content_type=kind)
    name = f"{facts.organ}{facts.year}年政府信息公开工作年度报告.{form}"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
