"""Views: batches and what was rejected of them, code lists, cases of an old system."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.masking import mask_addressee
from mingtang.base.paging import Cursor
from mingtang.base.web import search_text
from mingtang.exchange import services
from mingtang.exchange.forms import CodeForm
from mingtang.exchange.queries import batches as reads
from mingtang.exchange.queries.codes import book_of
from mingtang.exchange.queries.legacy import find
from mingtang.exchange.queries.schemes import load, names
from mingtang.exchange.rules.batches import KEEPERS, OLD_CASE_READERS

keepers = staff(*KEEPERS)


@keepers
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """What went out and what came in, newest first."""
    after = Cursor.read(request.GET.get("after", ""))
    rows = reads.batches(after, reads.PAGE + 1)
    shown = rows[: reads.PAGE]
    following = str(Cursor(shown[-1].noted_at, shown[-1].id)) if len(rows) > reads.PAGE else ""
    context = {
        "rows": shown,
        "next_url": f"?after={following}" if following else "",
        "first_url": request.path if after else "",
        "tab": "batches",
    }
    return render(request, "exchange/batches.html", context)


@keepers
@require_GET
def batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """A batch: which fields were rejected how often, and each row that was. Raises NotFound."""
    row = reads.batch(parse_id(batch_id) or 0)
    after = parse_id(request.GET.get("after", "")) or 0
    rejects = reads.rejects(row.id, after, reads.PAGE + 1)
    shown = rejects[: reads.PAGE]
    tables = {one.name: one for one in load(row.scheme).tables}
    context = {
        "batch": row,
        "passed": row.row_count - row.rejected_count,
        "reasons": [
            {"table": _table(tables, table), "field": _field(tables, table, field), "count": count}
            for table, field, count in reads.reasons(row.id)
        ],
        "rows": [
            {
                "reject": one,
                "table": _table(tables, one.table),
                "field": _field(tables, one.table, one.field),
            }
            for one in shown
        ],
        "next_url": f"?after={shown[-1].id}" if len(rejects) > reads.PAGE else "",
        "first_url": request.path if after else "",
        "tab": "batches",
    }
    return render(request, "exchange/batch.html", context)


def _table(tables: dict[str, Any], name: str) -> str:
    return tables[name].label if name in tables else name


def _field(tables: dict[str, Any], table: str, name: str) -> str:
    fields = tables[table].fields if table in tables else ()
    return next((one.label for one in fields if one.name == name), name)


# ── codes ─────────────────────────────────────────────────────────────────────────────────────


def _labels() -> dict[str, str]:
    """What each code list is about: the fields that it translates."""
    found: dict[str, list[str]] = {}
    for table in (one for name in names() for one in load(name).tables):
        for field in table.fields:
            if field.list:
                found.setdefault(field.list, []).append(field.label)
    return {name: "、".join(dict.fromkeys(labels)) for name, labels in found.items()}


def _schemes() -> dict[str, str]:
    """Of each code list the scheme that brings it along."""
    found: dict[str, str] = {}
    for scheme in names():
        found = dict.fromkeys(load(scheme).lists(), scheme) | found
    return found


def _scheme_of(name: str) -> str:
    """The scheme that brings a code list along. Raises NotFound."""
    found = _schemes().get(name)
    if found is None:
        raise NotFound(_("没有这一项代码，请从代码表进入。"))
    return found


@keepers
@require_GET
def codes(request: HttpRequest) -> HttpResponse:
    """The code lists as they hold today, each with its source."""
    on, by_scheme = today(), _schemes()
    books = {scheme: book_of(scheme).codes for scheme in set(by_scheme.values())}
    lists = [
        {
            "name": name,
            "label": label,
            "codes": [one for one in books[by_scheme[name]] if one.list == name and one.holds(on)],
        }
        for name, label in _labels().items()
    ]
    return render(request, "exchange/codes.html", {"lists": lists, "tab": "codes"})


@keepers
def set_code(request: HttpRequest, name: str, ours: str) -> HttpResponse:
    """Another code for a word of ours from a day on. Raises NotFound."""
    held = [one for one in book_of(_scheme_of(name)).codes if (one.list, one.ours) == (name, ours)]
    if not held:
        raise NotFound(_("没有这一项代码，请从代码表进入。"))
    last = held[-1]
    start = {"code": last.code, "label": last.label, "since": today()}
    form = CodeForm(request.POST or None, initial=start)
    if form.is_valid():
        return _set(request, form, name, ours)
    context = {"form": form, "held": held, "ours": last, "about": _labels().get(name, name)}
    status = 422 if form.errors else 200
    return render(request, "exchange/set_code.html", context | {"tab": "codes"}, status=status)


def _set(request: HttpRequest, form: CodeForm, name: str, ours: str) -> HttpResponse:
    said = dict(form.cleaned_data)
    reader = scope(request)
    grant = next(one for one in reader.grants if one.role in KEEPERS)
    services.set_code(
        scheme=_scheme_of(name),
        name=name,
        ours=ours,
        command_id=said.pop("command_id"),
        actor=actor_of(reader, grant),
        at=now(),
        **said,
    )
    notes.success(request, _("已改好，从那天起的数据用新的代码。"))
    return redirect("exchange:codes")


# ── the old system ────────────────────────────────────────────────────────────────────────────


@staff(*OLD_CASE_READERS)
@require_GET
def old_cases(request: HttpRequest) -> HttpResponse:
    """A case of an old system by its whole number. Names are masked, nothing can be changed."""
    number = search_text(request, "number")
    rows = [(one, mask_addressee(one.applicant_name)) for one in find(number)]
    context = {"number": number, "rows": rows, "tab": "old_cases"}
    return render(request, "exchange/old_cases.html", context)
