"""Views of the desk: the worklist, the register, one letter with its acts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of, person_by_username
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import Cursor, DateCursor
from mingtang.base.web import new_command_id, refusal
from mingtang.files import queries as files
from mingtang.files.download import as_attachment
from mingtang.ledger import queries as ledger
from mingtang.letters import present, queries, services
from mingtang.letters.forms.desk import FORMS, ActForm, RegisterForm
from mingtang.letters.hidden import hidden_of
from mingtang.letters.rules.kinds import Kind, Refusal, Target
from mingtang.letters.rules.moves import DONE, MOVE_OF, READERS, Side, State, Verb
from mingtang.letters.views.common import onward, organs, private, rows_of, tabs, unit_of
from mingtang.outage.present import standing
from mingtang.persons.present import hidden_context
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind

TABS = {
    "": (_("全部在办"), ()),
    "new": (_("待受理"), (State.FILED,)),
    "send": (_("待交办"), (State.ACCEPTED, State.RETURNED)),
    "unit": (_("单位在办"), (State.DISPATCHED, State.HANDLING)),
}


@staff(*READERS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What is to be done, the most urgent first."""
    chosen = request.GET.get("tab", "")
    chosen = chosen if chosen in TABS else ""
    after = DateCursor.read(request.GET.get("after", ""))
    page = queries.worklist(scope(request), states=TABS[chosen][1], after=after)
    counts = queries.counts_by_state(scope(request))
    waiting = queries.waiting(scope(request), today())
    context = {
        "rows": rows_of(request, page.rows),
        "tabs": [_tab(key, counts, key == chosen) for key in TABS],
        "answered": counts.get(State.ANSWERED.value, 0),
        "next_url": onward({"tab": chosen}, page.next),
        "warning": timing.calendar_warning(today()),
        "waiting": waiting,
        **tabs(request),
    }
    return render(request, "letters/desk.html", context)


def _tab(key: str, counts: dict[str, int], is_chosen: bool) -> dict[str, Any]:
    label, states = TABS[key]
    wanted = states or tuple(state for state in State if state.is_counted)
    return {
        "label": label,
        "count": sum(counts.get(state.value, 0) for state in wanted),
        "url": reverse("letters:desk") + (f"?tab={key}" if key else ""),
        "current": is_chosen,
    }


@staff(*READERS)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """All letters, the latest first, narrowed."""
    form = RegisterForm(request.GET)
    page = queries.register(
        scope(request), form.sought(), Cursor.read(request.GET.get("after", ""))
    )
    given = {name: request.GET.get(name, "") for name in form.fields}
    context = {
        "form": form,
        "rows": rows_of(request, page.rows),
        "next_url": onward(given, page.next),
        "is_narrowed": any(given.values()),
        **tabs(request),
    }
    return render(request, "letters/register.html", context)


# ── one letter ────────────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@require_GET
def detail(request: HttpRequest, letter_id: int) -> HttpResponse:
    """One letter: what it says, by when and why, what was done, what may be done."""
    return _page(request, queries.letter_for(scope(request), letter_id))


def note_reading(request: HttpRequest, letter: queries.Letter) -> None:
    """Whoever opens a tip-off leaves a mark."""
    if letter.kind == Kind.TIP_OFF.value:
        reader = scope(request)
        services.note_reading(
            letter_id=letter.id,
            actor=actor_of(reader, reader.grants[0]),
            at=now(),
            command_id=new_command_id(),
        )


def _page(
    request: HttpRequest,
    letter: queries.Letter,
    *,
    refused: tuple[Verb, ActForm] | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    reader, on, calendar = scope(request), today(), timing.current_calendar()
    note_reading(request, letter)
    seen, found = queries.seen_by(reader, letter), queries.file_for(reader, letter)
    clock = timing.open_clock(letter.stream, ClockKind.LETTER.value)
    events = ledger.history(letter.stream)
    helping = regions.names_of({one.organisation_id for one in found.assists}, on)
    context = {
        "letter": letter,
        "seen": seen,
        "found": found,
        **hidden_context(reader, "letter", letter.id, hidden_of(seen.writer)),
        "row": present.row(letter, seen.title, on, unit_of(letter), calendar),
        "about": regions.name_of(letter.about_id, on) if letter.about_id else "",
        "assists": present.assists(found, helping),
        "refusal": Refusal(letter.refusal) if letter.refusal else None,
        "target": Target(letter.target).label if letter.target else "",
        "limit": present.limit(clock, on, calendar),
        "history": present.history(events),
        "paper": standing(events),
        "paper_url": reverse("letters:enter_paper_receipt", args=[letter.id]),
        "acts": _acts(request, letter, refused),
        "may_publish": State(letter.state) in DONE and may_prepare(request, letter),
        "message": message,
    }
    return private(render(request, "letters/detail.html", context, status=status))


def may_prepare(request: HttpRequest, letter: queries.Letter) -> bool:
    """Whether a reader prepares what is made public of a letter."""
    try:
        queries.actor_for_copy(scope(request), letter)
    except DomainError:
        return False
    return Kind(letter.kind) is not Kind.TIP_OFF


def _acts(
    request: HttpRequest, letter: queries.Letter, refused: tuple[Verb, ActForm] | None
) -> list[dict[str, Any]]:
    """The forms open to the reader; one that was refused keeps what was typed."""
    units = organs()
    return [
        {
            "verb": verb.value,
            "label": MOVE_OF[verb].label,
            "help": MOVE_OF[verb].basis,
            "url": reverse("letters:act", args=[letter.id, verb.value]),
            "tone": "danger" if verb is Verb.DECLINE else "plain",
            "form": refused[1]
            if refused and refused[0] is verb
            else FORMS[verb](about=letter, units=units),
        }
        for verb in queries.deeds_of(scope(request), letter)
    ]


COMMANDS: dict[Verb, Callable[..., Any]] = {
    Verb.ACCEPT: services.accept,
    Verb.DECLINE: services.decline,
    Verb.TRANSFER: services.transfer,
    Verb.DISPATCH: services.dispatch,
    Verb.DESIGNATE: services.designate,
    Verb.RETURN: services.send_back,
    Verb.TAKE: services.take,
    Verb.REPORT: services.report,
    Verb.ANSWER: services.reply,
    Verb.EXTEND: services.extend,
    Verb.URGE: services.urge,
    Verb.DIRECT: services.direct,
    Verb.CALL_BACK: services.call_back,
    Verb.REDO: services.redo,
    Verb.CLOSE: services.close,
    Verb.HAND_BACK: services.hand_back,
    Verb.RECUSE: services.recuse,
    Verb.NAME_READER: services.name_reader,
}


@staff(*READERS)
@sensitive_post_parameters("text", "words", "reason", "note")
@require_POST
def act(request: HttpRequest, letter_id: int, verb: str) -> HttpResponse:
    """Something is done about a letter; what is refused comes back with its words."""
    if verb not in set(Verb) or MOVE_OF[Verb(verb)].side is Side.WRITER:
        raise NotFound
    deed = Verb(verb)
    letter = queries.letter_for(scope(request), letter_id)
    actor = queries.actor_for(scope(request), letter, deed)
    form = FORMS[deed](request.POST, about=letter, units=organs())
    if not form.is_valid():
        return _page(request, letter, refused=(deed, form), status=422)
    key = form.cleaned_data["command_id"]
    try:
        said = content_of(request, letter, deed, form)
        COMMANDS[deed](letter_id=letter.id, **said, actor=actor, at=now(), command_id=key)
    except DomainError as error:
        return _refused(request, letter_id, deed, form, error)
    notes.success(request, _("已办理：%s") % MOVE_OF[deed].label)
    if deed is Verb.RECUSE:  # it is no longer there for them
        return redirect("letters:desk")
    return redirect("letters:detail", letter_id)


def content_of(
    request: HttpRequest, letter: queries.Letter, verb: Verb, form: ActForm
) -> dict[str, Any]:
    """What a command takes beside its form."""
    said = form.content()
    if verb is Verb.NAME_READER:
        return {"person_id": person_named(said["username"])}
    if verb is Verb.REPORT:
        units = [one for grant in scope(request).grants for one in grant.organisation_ids]
        said["organisation_id"] = queries.helping_unit(letter, units)
    return said


def person_named(username: str) -> int:
    """Raises DomainError for a name that nobody has."""
    person = person_by_username(username.strip())
    if person is None:
        raise DomainError(f"没有用户“{username}”，请核对用户名。")
    return person.id


def _refused(
    request: HttpRequest, letter_id: int, verb: Verb, form: ActForm, error: DomainError
) -> HttpResponse:
    """The sentence stands in the form, or over the page where the form is open no longer."""
    letter = queries.letter_for(scope(request), letter_id)
    if verb in queries.deeds_of(scope(request), letter):
        form.add_error(None, error.message)
        return _page(request, letter, refused=(verb, form), status=error.status)
    message = refusal(error.message, form)
    return _page(request, letter, message=message, status=error.status)


@staff(*READERS)
@require_GET
def attachment(request: HttpRequest, letter_id: int, upload_id: int) -> FileResponse:
    """A file that came with a letter, for who may know its writer."""
    letter = queries.letter_for(scope(request), letter_id)
    note_reading(request, letter)
    if queries.seen_by(scope(request), letter).writer is None:
        raise NotFound
    upload = files.upload_of(letter.stream, upload_id)
    if upload is None:
        raise NotFound
    return as_attachment(upload)
