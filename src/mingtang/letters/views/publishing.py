"""Views of the desk: the public copy beside the original, common answers, limits, named readers."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.letters import queries, services
from mingtang.letters.forms.desk import CopyForm, KeeperForm, LimitForm, PromoteForm
from mingtang.letters.rules.kinds import Kind, Source
from mingtang.letters.rules.masking import difference, propose
from mingtang.letters.rules.moves import HEADS, OFFICE
from mingtang.letters.services.filing import letter_office
from mingtang.letters.views.common import check_is_of_the_office, private, tabs
from mingtang.letters.views.desk import person_named
from mingtang.messages.forms import CommandForm


def _letter(request: HttpRequest, letter_id: int) -> tuple[queries.Letter, Any]:
    """A letter for who prepares what is made public, and as whom. Raises NotFound, NotYourPost."""
    letter = queries.letter_for(scope(request), letter_id)
    if letter.kind == Kind.TIP_OFF.value:
        raise NotFound
    return letter, queries.actor_for_copy(scope(request), letter)


def _proposed(letter: queries.Letter) -> dict[str, str]:
    """The words of the letter and its last answer, masked as the detectors say."""
    writer = queries.writer_of(letter)
    given = queries.answers_of(letter)
    return {
        "title": propose(letter.title, writer),
        "question": propose(letter.text, writer),
        "text": propose(given[-1].text, writer) if given else "",
    }


@staff(*OFFICE)
def copy(request: HttpRequest, letter_id: int) -> HttpResponse:
    """The original beside what everybody will read: what was taken out, what was put in."""
    letter, actor = _letter(request, letter_id)
    found, proposed = queries.file_of(letter), _proposed(letter)
    if (kept := found.copy) is not None:
        proposed = {"title": kept.title, "question": kept.question, "text": kept.answer}
    form, status = CopyForm(request.POST or None, initial=proposed), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _drafted(request, letter, form.cleaned_data, actor)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    shown = {name: form[name].value() or "" for name in proposed}
    given = queries.answers_of(letter)
    context = {
        "letter": letter,
        "copy": kept,
        "form": form,
        "question": difference(letter.text, shown["question"]),
        "answer": difference(given[-1].text if given else "", shown["text"]),
        "is_own": kept is not None and kept.drafted_by_id == scope(request).person_id,
        "command_form": CommandForm(),
    }
    return private(render(request, "letters/copy.html", context, status=status))


def _drafted(
    request: HttpRequest, letter: queries.Letter, said: dict[str, Any], actor: Any
) -> HttpResponse:
    services.draft_copy(
        letter_id=letter.id,
        title=said["title"],
        question=said["question"],
        text=said["text"],
        actor=actor,
        at=now(),
        command_id=said["command_id"],
    )
    notes.success(request, _("公开稿已保存，请另一位同事确认。"))
    return redirect("letters:copy", letter.id)


COPY_ACTS = {
    "confirm": (services.confirm_copy, _("已公开。")),
    "take-down": (services.take_down_copy, _("已撤下。")),
    "retire": (services.retire, _("已停用这条常见问答。")),
}


@staff(*OFFICE)
@require_POST
def copy_act(request: HttpRequest, letter_id: int, act: str) -> HttpResponse:
    """A second person confirms a copy; somebody takes one down."""
    if act not in COPY_ACTS:
        raise NotFound
    letter, actor = _letter(request, letter_id)
    form = CommandForm(request.POST)
    if form.is_valid():
        command, told = COPY_ACTS[act]
        key = form.cleaned_data["command_id"]
        try:
            command(letter_id=letter.id, actor=actor, at=now(), command_id=key)
            notes.success(request, told)
        except DomainError as error:
            notes.error(request, error.message)
    return redirect("letters:copy", letter.id)


@staff(*OFFICE)
def promote(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Make a good answer one for all who ask."""
    letter, actor = _letter(request, letter_id)
    found, proposed = queries.file_of(letter), _proposed(letter)
    typed = {"question": proposed["title"], "text": proposed["text"]}
    if (kept := found.knowledge) is not None:
        typed = {"question": kept.question, "text": kept.answer}
    form, status = PromoteForm(request.POST or None, initial=typed), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            by = {"actor": actor, "at": now(), "command_id": said.pop("command_id")}
            try:
                services.promote(letter_id=letter.id, **said, **by)
                notes.success(request, _("已写成常见问答。"))
                return redirect("letters:detail", letter.id)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    context = {"letter": letter, "form": form, "kept": kept, "command_form": CommandForm()}
    return private(render(request, "letters/promote.html", context, status=status))


# ── settings ──────────────────────────────────────────────────────────────────────────────────


def _kind(value: str) -> str:
    return Kind(value).label if value else _("各类")


def _source(value: str) -> str:
    return Source(value).label if value else _("各种来源")


@staff(*OFFICE)
def limits(request: HttpRequest) -> HttpResponse:
    """How many days for which letter, since when, and who says so; the head adds to them."""
    form, status = LimitForm(request.POST or None, initial={"since": today()}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            actor = queries.head(scope(request), HEADS, letter_office(), "设置期限")
            by = {"actor": actor, "at": now(), "command_id": said.pop("command_id")}
            try:
                services.set_limit(**said, **by)
                notes.success(request, _("已设置期限。"))
                return redirect("letters:limits")
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    rows = [
        {"row": one, "kind": _kind(one.kind), "source": _source(one.source)}
        for one in queries.limits()
    ]
    context = {"rows": rows, "form": form, **tabs(request)}
    return render(request, "letters/limits.html", context, status=status)


@staff(*HEADS)
def readers(request: HttpRequest) -> HttpResponse:
    """Who by name reads tip-offs; the head names them and ends it."""
    office = letter_office()
    actor = queries.head(scope(request), HEADS, office, "指定举报的阅看人")
    form, status = KeeperForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.name_keeper(
                    person_id=person_named(form.cleaned_data["username"]),
                    actor=actor,
                    at=now(),
                    command_id=form.cleaned_data["command_id"],
                )
                return redirect("letters:readers")
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    context = {
        "rows": queries.keepers(office),
        "form": form,
        "command_form": CommandForm(),
        **tabs(request),
    }
    return private(render(request, "letters/readers.html", context, status=status))


@staff(*HEADS)
@require_POST
def end_reader(request: HttpRequest, reader_id: int) -> HttpResponse:
    """Somebody reads tip-offs no longer."""
    check_is_of_the_office(request)
    form = CommandForm(request.POST)
    if form.is_valid():
        services.end_keeper(
            reader_id=reader_id,
            actor=queries.head(scope(request), HEADS, letter_office(), "指定举报的阅看人"),
            at=now(),
            command_id=form.cleaned_data["command_id"],
        )
    return redirect("letters:readers")
