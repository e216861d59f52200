"""Views: what keeps the section in order: the standard catalogue with its gaps, the daily check."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, Role
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.disclosure import queries
from mingtang.disclosure.forms import EntryForm, TableForm
from mingtang.disclosure.queries import checks as found_checks
from mingtang.disclosure.queries import standard as catalogue
from mingtang.disclosure.rules import chain, checks, standard
from mingtang.disclosure.services.checks import run_check
from mingtang.disclosure.services.standard import (
    export_standard,
    import_standard,
    link_entry,
    plan_standard,
    read_standard_file,
    unlink_entry,
)
from mingtang.disclosure.views.common import (
    READERS,
    done,
    grant_at,
    pressed,
    refused,
    sent,
)
from mingtang.messages.forms import CommandForm
from mingtang.regions.queries import names_of

KEEPERS = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_HEAD)
CHECKERS = (*KEEPERS, Role.CENTRE_MANAGER)
DAYS_SHOWN = 14
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# ── the standard catalogue ────────────────────────────────────────────────────────────────────


@staff(*READERS)
@require_GET
def catalogue_page(request: HttpRequest) -> HttpResponse:
    """An organ's catalogue line by line: what was published under each, and what lacks."""
    return _catalogue(request, _unit(request), TableForm())


def _unit(request: HttpRequest) -> int:
    """The unit that is asked for, or the reader's own. Raises NotFound."""
    organs = queries.readable_organs(scope(request))
    asked = parse_id(request.GET.get("unit", "") or request.POST.get("unit", ""))
    own = sorted(queries.organs_of(scope(request), chain.READERS))
    unit = asked if asked is not None else next(iter(own or organs), None)
    if unit not in organs or unit is None:
        raise NotFound
    return unit


def _may_keep(request: HttpRequest, unit: int) -> bool:
    return unit in queries.organs_of(scope(request), KEEPERS)


def _catalogue(
    request: HttpRequest, unit: int, form: TableForm, mistakes: Any = (), plan: Any = None
) -> HttpResponse:
    lines = catalogue.coverage_of(unit, today())
    where = request.GET.get("where", "")
    shown = [one for one in lines if where in {"", one.where}]
    linked = catalogue.linked_of([one.id for one in shown])
    organs = queries.readable_organs(scope(request))
    tally = catalogue.tally(lines)
    context = {
        "unit": unit,
        "unit_name": names_of([unit], today()).get(unit, ""),
        "units": sorted(names_of(organs, today()).items(), key=lambda pair: pair[1])
        if 1 < len(organs) <= 100
        else [],
        "lines": [(one, linked.get(one.id, [])) for one in shown],
        "tally": [
            {"where": key, "label": standard.COVERAGE_LABELS[key], "count": count}
            for key, count in tally.items()
        ],
        "where": where,
        "total": len(lines),
        "form": form if _may_keep(request, unit) else None,
        "button": CommandForm(),
        "mistakes": mistakes,
        "plan": plan,
    }
    status = 422 if mistakes else 200
    return render(request, "disclosure/office/standard.html", context, status=status)


@staff(*KEEPERS)
@require_POST
def catalogue_import(request: HttpRequest) -> HttpResponse:
    """Check a table, or put it in place of the catalogue: whole or not at all."""
    unit = _unit(request)
    grant = grant_at(request, KEEPERS, unit)
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _catalogue(request, unit, form)
    file = form.cleaned_data["file"]
    try:
        rows = _on_disk(file, read_standard_file)
        plan = plan_standard(unit, rows)
        if plan.mistakes or "check" in request.POST:
            return _catalogue(request, unit, TableForm(), plan.mistakes, plan)
        import_standard(
            organisation_id=unit, rows=rows, source=file.name[:120], **sent(grant, request, form)
        )
    except DomainError as error:
        form.add_error("file", error.message)
        return _catalogue(request, unit, form)
    done(
        request,
        _("已导入：新增 %(new)s 条，更新 %(changed)s 条，结束 %(ended)s 条。")
        % {"new": len(plan.new), "changed": len(plan.changed), "ended": len(plan.ended)},
    )
    return _back(unit)


def _on_disk(file: Any, read: Callable[[Path], Any]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{Path(file.name).suffix.lower()}"
        path.write_bytes(b"".join(file.chunks()))
        return read(path)


def _back(unit: int) -> HttpResponseRedirect:
    return redirect(f"{reverse('openness:standard')}?{urlencode({'unit': unit})}")


@staff(*READERS)
@require_GET
def catalogue_export(request: HttpRequest, ending: str) -> HttpResponse:
    """The catalogue as a table that an import reads back the same."""
    unit = _unit(request)
    if ending not in {"csv", "xlsx"}:
        raise NotFound
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{ending}"
        export_standard(path, unit)
        content = path.read_bytes()
    kind = XLSX if ending == "xlsx" else "text/csv; charset=utf-8"
    answer = HttpResponse(content, content_type=kind)
    name = f"公开标准目录-{names_of([unit], today()).get(unit, '')}.{ending}"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@staff(*KEEPERS)
@require_POST
def catalogue_link(request: HttpRequest, entry_id: str) -> HttpResponse:
    """Something public belongs to a line, by its index number."""
    unit = _unit(request)
    form = EntryForm(request.POST)
    try:
        if not form.is_valid():
            raise DomainError(_("请填写索引号。"))
        item = queries.public_by_number(form.cleaned_data["number"])
        grant = grant_at(request, KEEPERS, unit)
        ids = {"entry_id": parse_id(entry_id) or 0, "publication_id": item.id}
        if item.organisation_id != unit:
            raise NotFound(_("这条信息不是本单位公开的，请核对索引号。"))
        link_entry(**ids, **sent(grant, request, form))
        done(request, _("已关联。"))
    except DomainError as error:
        refused(request, error)
    return _back(unit)


@staff(*KEEPERS)
@require_POST
def catalogue_unlink(request: HttpRequest, entry_id: str, publication_id: str) -> HttpResponse:
    """It does not after all."""
    unit = _unit(request)
    grant = grant_at(request, KEEPERS, unit)
    try:
        if not any(str(one.id) == entry_id for one in catalogue.entries_of(unit)):
            raise NotFound
        ids = {"entry_id": parse_id(entry_id) or 0, "publication_id": parse_id(publication_id) or 0}
        unlink_entry(**ids, **sent(grant, request, pressed(request)))
        done(request, _("已取消关联。"))
    except DomainError as error:
        refused(request, error)
    return _back(unit)


# ── the daily check ───────────────────────────────────────────────────────────────────────────


@staff(*CHECKERS)
@require_GET
def check_page(request: HttpRequest) -> HttpResponse:
    """What the last check found of the site and of the reader's organs, the gravest first."""
    day = found_checks.last_day()
    rows = found_checks.rows_of(day, _organs_checked(request)) if day else []
    is_all = request.GET.get("all") == "1"
    context = {
        "day": day,
        "rows": [one for one in rows if is_all or one.result is not checks.Result.OK],
        "fine": sum(one.result is checks.Result.OK for one in rows),
        "is_all": is_all,
        "limits": checks.LIMITS,
        "history": found_checks.history(DAYS_SHOWN),
        "button": CommandForm(),
    }
    return render(request, "disclosure/office/checks.html", context)


def _organs_checked(request: HttpRequest) -> list[int] | None:
    """None: all of them, for the centre's managers."""
    if scope(request).has_role([Role.CENTRE_MANAGER]):
        return None
    return sorted(queries.organs_of(scope(request), KEEPERS))


@staff(*CHECKERS)
@require_POST
def check_now(request: HttpRequest) -> HttpResponse:
    """Check again, today."""
    form = pressed(request)
    run_check(
        day=today().isoformat(),
        actor=actor_of(scope(request), _own(request)),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )
    done(request, _("已重新检查。"))
    return redirect("openness:checks")


def _own(request: HttpRequest) -> Grant:
    return next(grant for grant in scope(request).grants if grant.role in CHECKERS)
