"""Views for everybody: write, look up, add, rate; read public letters, answers, figures."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope, signed_in
from mingtang.accounts.puzzles import puzzled
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import WRITING_PER_SOURCE
from mingtang.accounts.services import count_attempt_or_refuse
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import Cursor
from mingtang.base.web import for_reading, printable, search_text, secret_fields, source_of
from mingtang.files.forms import files_of
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.letters import present, queries, services
from mingtang.letters.forms.public import (
    AddForm,
    PageErrorForm,
    ProgressForm,
    RateForm,
    WithdrawForm,
    WriteForm,
)
from mingtang.letters.rules.figures import LEAST_SHOWN
from mingtang.letters.rules.kinds import Kind, Source, Writer
from mingtang.letters.views.common import (
    FILED,
    SHOWN,
    has_shown,
    onward,
    organs,
    private,
    remember,
    unit_of,
    writers_letter,
)
from mingtang.messages.forms import CommandForm
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind

FIRST_YEAR = 2008
LATEST = 5
PERSONAL = ("writer_name", "phone", "email", "address", "text", "title")
WAYS = {"leader": Source.LEADER, "tv": Source.TV, "pad": Source.PAD}


@public
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What one can write about, how it goes, what was answered lately."""
    context = {
        "kinds": list(Kind),
        "copies": _copy_rows(queries.copies().rows[:LATEST]),
        "answers": queries.common_answers(LATEST),
        "is_signed_in": request.user.is_authenticated and not scope(request).is_staff,
    }
    return render(request, "letters/index.html", context)


# ── write ─────────────────────────────────────────────────────────────────────────────────────


def writer_of(request: HttpRequest) -> Actor:
    """Who writes for themselves: an id without a name, or nobody in particular."""
    reader = scope(request)
    return Actor(id=None, label="来信人") if reader.is_staff else actor_of(reader)


@public
@sensitive_post_parameters(*PERSONAL)
@puzzled("writing_source")
def new(request: HttpRequest) -> HttpResponse:
    """The form of a letter. An enquiry that has an answer already is shown it once before it is
    sent; sent once more, it goes."""
    form, status = _write_form(request), 200
    found: list[Any] = []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            found = _answers_before(form)
            if found:
                form = _shown_once(request)
            else:
                try:
                    return _sent(request, form)
                except DomainError as error:
                    form.add_error(None, error.message)
                    status = error.status
    context = {"form": form, "found": found, "is_leader": form["to"].value() == "leader"}
    return private(render(request, "letters/new.html", context, status=200 if found else status))


def _write_form(request: HttpRequest) -> WriteForm:
    if request.method == "POST":
        return WriteForm(request.POST, units=organs())
    reader = scope(request)
    is_citizen = reader.person_id is not None and not reader.is_staff
    kind = request.GET.get("kind", "")
    typed = {
        "kind": kind if kind in set(Kind) else Kind.ENQUIRY.value,
        "to": request.GET.get("to", "") if request.GET.get("to") in WAYS else "",
        "title": search_text(request),
        "writer_name": reader.person_label if is_citizen else "",
    }
    return WriteForm(units=organs(), initial=typed)


def _answers_before(form: WriteForm) -> list[Any]:
    """What answers an enquiry already, unless that was shown."""
    data = form.cleaned_data
    if data["seen"] or Kind(data["kind"]).is_against:
        return []
    return queries.known_answers(data["title"])


def _shown_once(request: HttpRequest) -> WriteForm:
    """The same letter, which goes when it is sent again."""
    typed = request.POST.copy()
    typed["seen"] = "on"
    return WriteForm(typed, units=organs())


def _sent(request: HttpRequest, form: WriteForm) -> HttpResponse:
    key, at = form.cleaned_data["command_id"], now()
    count_attempt_or_refuse("writing_source", source_of(request), WRITING_PER_SOURCE, at)
    person = None if scope(request).is_staff else scope(request).person_id
    made = services.file(
        **form.letter(),
        source=WAYS.get(form.cleaned_data["to"], Source.WEB).value,
        writer=form.writer(person),
        files=files_of(request, "uploads", subject="letter:new", at=at, command_id=key),
        actor=writer_of(request),
        at=at,
        command_id=key,
    )
    remember(request, FILED, made["number"])
    return redirect("letters:sent", made["number"])


@public
@require_GET
def suggest(request: HttpRequest) -> JsonResponse:
    """Answers that are there already, while somebody types."""
    items = [
        {
            "name": one.question,
            "department": _("常见问答"),
            "url": reverse("letters:answer", args=[one.id]),
        }
        for one in queries.known_answers(search_text(request))
    ]
    return JsonResponse({"items": items})


@public
@sensitive_post_parameters(*PERSONAL)
@puzzled("writing_source")
def page_error(request: HttpRequest) -> HttpResponse:
    """网页找错: what is wrong on a page of this site."""
    page = printable(request.GET.get("page", ""))[:200]
    form, status = PageErrorForm(request.POST or None, initial={"page": page}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _reported(request, form.cleaned_data)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return private(render(request, "letters/page_error.html", {"form": form}, status=status))


def _reported(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    at = now()
    count_attempt_or_refuse("writing_source", source_of(request), WRITING_PER_SOURCE, at)
    made = services.file(
        kind=Kind.SUGGESTION.value,
        source=Source.PAGE_ERROR.value,
        title=f"网页找错：{data['page']}"[:40] if data["page"] else "网页找错",
        text=data["text"],
        writer=Writer(name=data["writer_name"] or "网友", phone=data["phone"]),
        page_path=data["page"],
        actor=writer_of(request),
        at=at,
        command_id=data["command_id"],
    )
    remember(request, FILED, made["number"])
    return redirect("letters:sent", made["number"])


@public
@require_GET
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, for the browser that sent it, and for the clerk who typed it."""
    if number not in request.session.get(FILED, []):
        raise NotFound
    letter = queries.filed_letter(number)
    context = {
        "about": present.public_letter(letter, unit_of(letter)),
        "tracking_code": services.tracking_code(letter),
        "due": letter.next_due_date,
        "is_staff": scope(request).is_staff,
        "paper_url": reverse("letters:enter_paper_receipt", args=[letter.id])
        if letter.source == Source.BOX and letter.registered_by_id == scope(request).person_id
        else "",
    }
    return private(render(request, "letters/sent.html", context))


# ── look up ───────────────────────────────────────────────────────────────────────────────────


@public
@for_reading
@secret_fields("code")
@puzzled("lookup_source")
def progress(request: HttpRequest) -> HttpResponse:
    """Look a letter up by number and query code."""
    form, status = ProgressForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _shown(request, form.cleaned_data)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return render(request, "letters/lookup.html", {"form": form}, status=status)


def _shown(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    found = services.letter_by_code(
        number=data["number"], code=data["code"], source=source_of(request), at=now()
    )
    remember(request, SHOWN, found.number)
    return redirect("letters:progress_of", found.number)


@public
@require_GET
def progress_of(request: HttpRequest, number: str) -> HttpResponse:
    """Where a letter stands, when the answer is due and why, the answer, what one can do now."""
    if has_shown(request, number):
        letter = queries.filed_letter(number)
    else:
        letter = queries.own_letter(scope(request), number)
    may_act = not scope(request).is_staff
    clock = timing.open_clock(letter.stream, ClockKind.LETTER.value)
    context = {
        "about": present.public_letter(letter, unit_of(letter)),
        "limit": present.limit(clock, today(), timing.current_calendar()),
        "answers": queries.answers_of(letter) if may_act else [],
        "history": present.history(ledger.history(letter.stream), present.SHOWN_TO_WRITER),
        "may_act": may_act,
    }
    return private(render(request, "letters/progress.html", context))


OWN: dict[str, tuple[type[CommandForm], Any, Any]] = {
    "add": (AddForm, _("补充来信"), _("提交补充")),
    "rate": (RateForm, _("评价办得怎样"), _("提交评价")),
    "withdraw": (WithdrawForm, _("撤回来信"), _("确认撤回")),
}


@public
@sensitive_post_parameters("text", "words")
def own_act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """What a writer does: a form is shown, sent, shown again with the reason if refused."""
    if verb not in OWN:
        raise NotFound
    letter, status = writers_letter(request, number), 200
    kind, title, label = OWN[verb]
    form: forms.Form = kind(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                do_own(request, letter, verb, form.cleaned_data)
                return redirect("letters:progress_of", number)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    context = {
        "about": present.public_letter(letter, unit_of(letter)),
        "form": form,
        "title": title,
        "label": label,
        "is_danger": verb == "withdraw",
    }
    return private(render(request, "letters/own.html", context, status=status))


def do_own(request: HttpRequest, letter: queries.Letter, verb: str, said: dict[str, Any]) -> None:
    """What a writer does, once its form is valid."""
    at, key = now(), said["command_id"]
    by = {"actor": writer_of(request), "at": at, "command_id": key}
    acts: dict[str, Callable[[], Any]] = {
        "add": lambda: services.add(
            letter_id=letter.id,
            text=said["text"],
            files=files_of(request, "uploads", subject=letter.stream, at=at, command_id=key),
            **by,
        ),
        "rate": lambda: services.rate(
            letter_id=letter.id, rating=said["rating"], words=said["words"], **by
        ),
        "withdraw": lambda: services.withdraw(letter_id=letter.id, **by),
    }
    acts[verb]()


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The letters of a citizen who signed in."""
    rows = [
        {**present.public_letter(one, unit_of(one)), "due": one.next_due_date}
        for one in queries.my_letters(scope(request))
    ]
    return render(request, "letters/mine.html", {"rows": rows})


# ── what is public ────────────────────────────────────────────────────────────────────────────


def _copy_rows(found: list[queries.PublicCopy]) -> list[dict[str, Any]]:
    units = {one.id: one.letter.lead_id or one.letter.office_id for one in found}
    names = regions.short_names_of(units.values(), today())
    return [
        {
            "title": one.title,
            "url": reverse("letters:copy_public", args=[one.id]),
            "kind": Kind(one.letter.kind).label,
            "unit": names.get(units[one.id], ""),
            "answered": one.letter.answered_at,
        }
        for one in found
    ]


@public
@require_GET
def answered(request: HttpRequest) -> HttpResponse:
    """Letters that were answered and may be read by everybody; found by words, or the latest."""
    words, kind = search_text(request), request.GET.get("kind", "")
    kind = kind if kind in set(Kind) - {Kind.TIP_OFF} else ""
    page = None if words else queries.copies(Cursor.read(request.GET.get("after", "")), kind)
    rows = queries.found_copies(words) if page is None else page.rows
    context = {
        "rows": _copy_rows(rows),
        "words": words,
        "answers": queries.known_answers(words) if words else [],
        "kinds": [
            {"label": one.label, "value": one.value, "current": one.value == kind}
            for one in Kind
            if one is not Kind.TIP_OFF
        ],
        "kind": kind,
        "next_url": onward({"kind": kind}, page.next) if page else "",
    }
    return render(request, "letters/answered.html", context)


@public
@require_GET
def copy_public(request: HttpRequest, copy_id: int) -> HttpResponse:
    """A letter that was answered, without whom it leads to."""
    found = queries.public_copy(copy_id)
    return render(request, "letters/copy_public.html", {"copy": found, **_copy_rows([found])[0]})


@public
@require_GET
def answers(request: HttpRequest) -> HttpResponse:
    """Questions that many ask, and their answers."""
    words = search_text(request)
    rows = queries.known_answers(words) if words else queries.common_answers()
    return render(request, "letters/answers.html", {"rows": rows, "words": words})


@public
@require_GET
def answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """One of them."""
    found = queries.known_answer(answer_id)
    unit = regions.name_of(found.organisation_id, today())
    return render(request, "letters/answer.html", {"answer": found, "unit": unit})


@public
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """A month's letters: how many came and were answered, how fast; no rate of too few."""
    first = _month(request.GET.get("month", ""))
    found = queries.month_of(first)
    names = regions.short_names_of(found.units, today())
    units = sorted(found.units.items(), key=lambda one: (-one[1].received, one[0]))
    context = {
        "month": found,
        "kinds": [{"label": kind.label, "count": count} for kind, count in found.by_kind.items()],
        "units": [{"name": names.get(one, ""), "figures": of_unit} for one, of_unit in units],
        "least": LEAST_SHOWN,
        "before": _neighbour(first, -1),
        "after": _neighbour(first, 1),
    }
    return render(request, "letters/figures.html", context)


def _month(text: str) -> date:
    """The first day of the month asked for; this month for what is none or has not been."""
    this = today().replace(day=1)
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return this
    return asked if date(FIRST_YEAR, 1, 1) <= asked <= this else this


def _neighbour(first: date, step: int) -> date | None:
    """The month before or after, where there is one to see."""
    months = first.year * 12 + first.month - 1 + step
    found = date(months // 12, months % 12 + 1, 1)
    return found if date(FIRST_YEAR, 1, 1) <= found <= today() else None
