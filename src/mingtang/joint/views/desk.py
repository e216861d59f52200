"""Views of colleagues: the worklist of joint matters, one of them with what may be done."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import Cursor, DateCursor
from mingtang.base.web import refusal
from mingtang.cases.present.limits import limits
from mingtang.cases.views.common import CASE_STAFF
from mingtang.files import queries as files
from mingtang.files.download import as_attachment
from mingtang.files.forms import files_of
from mingtang.files.services import StoredFile
from mingtang.joint import present, queries, services
from mingtang.joint.forms import FORMS, ActForm
from mingtang.joint.rules.moves import MOVE_OF, Verb
from mingtang.joint.views.common import (
    names_of,
    paper_file,
    paper_page,
    private,
    rows_of,
    unit_of,
)
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.outage.present import standing
from mingtang.timing import queries as timing

ENDED, BOUNCED = "ended", "bounced"


@staff(*CASE_STAFF)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What is at work, the most urgent first; or what has ended, the latest first."""
    tab, after = request.GET.get("tab", ""), request.GET.get("after", "")
    tab = tab if tab in {ENDED, BOUNCED} else ""
    if tab == ENDED:
        page = queries.ended(scope(request), Cursor.read(after))
    else:
        is_bounced = tab == BOUNCED
        page = queries.worklist(scope(request), DateCursor.read(after), is_bounced=is_bounced)
    onward = f"?{urlencode({'tab': tab, 'after': page.next})}" if page.next else ""
    context = {
        "rows": rows_of(page.rows),
        "tabs": [
            {"label": label, "url": f"{reverse('joint:desk')}?tab={key}", "current": tab == key}
            for key, label in (
                *(("", _("在办")), (BOUNCED, _("退回窗口的"))),
                (ENDED, _("办结和结束")),
            )
        ],
        "next_url": onward,
        "warning": timing.calendar_warning(today()),
    }
    return private(render(request, "joint/desk.html", context))


@staff(*CASE_STAFF)
@require_GET
def detail(request: HttpRequest, joint_id: int) -> HttpResponse:
    """One matter: its stages and parts, its limits, its materials, what may be done."""
    return _page(request, queries.matter_for(scope(request), joint_id))


def _page(
    request: HttpRequest,
    joint: queries.JointCase,
    *,
    refused: tuple[Verb, str, ActForm] | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    on, calendar = today(), timing.current_calendar()
    events = ledger.history(joint.stream)
    parts = queries.parts_of(joint)
    uploads = {one.id: one.original_name for one in files.uploads_of(joint.stream)}
    step_names = {part.key: part.name for part in parts}
    clocks = timing.clocks_of(joint.stream)
    documents = files.documents_of(joint.stream)
    context = {
        "matter": joint,
        "about": present.about(joint, unit_of(joint)),
        "promise": present.promise(queries.promise_of(joint), queries.owed_later(joint), on),
        "progress": present.progress(parts),
        "stages": present.stages(parts, names_of(parts), on, calendar, is_staff=True),
        "limits": limits(clocks, on, calendar, events, step_names),
        "materials": present.materials(queries.materials_of(joint), uploads),
        "documents": present.documents(documents, "joint:document", joint.id, is_staff=True),
        "history": present.history(events, is_staff=True),
        "paper": standing(events),
        "paper_url": reverse("joint:enter_paper_receipt", args=[joint.id]),
        "acts": _acts(request, joint, parts, refused),
        "message": message,
    }
    return private(render(request, "joint/detail.html", context, status=status))


def _acts(
    request: HttpRequest,
    joint: queries.JointCase,
    parts: Sequence[queries.JointPart],
    refused: tuple[Verb, str, ActForm] | None,
) -> list[dict[str, Any]]:
    """The forms open to the reader; one that was refused keeps what was typed."""
    found = []
    for move, part in queries.open_deeds(scope(request), joint, parts):
        key = part.key if part else ""
        is_refused = refused is not None and refused[:2] == (move.verb, key)
        form = refused[2] if refused and is_refused else FORMS[move.verb](joint=joint, part=part)
        args = [joint.id, move.verb.value, *([key] if key else [])]
        found.append(
            {
                "verb": f"{move.verb.value}-{key}" if key else move.verb.value,
                "label": f"{move.label}：{part.name}" if part else move.label,
                "help": move.law,
                "url": reverse("joint:act_on_part" if key else "joint:act", args=args),
                "tone": _tone(move.verb),
                "form": form,
            }
        )
    return found


def _tone(verb: Verb) -> str:
    ends = {Verb.WITHDRAW, Verb.WITHDRAW_PART, Verb.TERMINATE, Verb.SEND_BACK}
    if verb is Verb.ACCEPT:
        return "primary"
    return "danger" if verb in ends else "plain"


COMMANDS: dict[Verb, Callable[..., Any]] = {
    Verb.ACCEPT: services.accept,
    Verb.ASK_CORRECTION: services.ask_correction,
    Verb.SUPPLY: services.supply,
    Verb.SUPPLY_DEFERRED: services.supply_deferred,
    Verb.SEND_BACK: services.send_back,
    Verb.WITHDRAW: services.withdraw,
    Verb.WITHDRAW_PART: services.withdraw_part,
    Verb.BEGIN_PART: services.begin_part,
    Verb.END_PART: services.end_part,
    Verb.SIMULATE: services.simulate,
    Verb.GIVE_OPINION: services.give_opinion,
    Verb.CONVERT: services.convert,
    Verb.ASK_EXTENSION: services.ask_extension,
    Verb.EXTEND: services.extend,
    Verb.REJECT_EXTENSION: services.reject_extension,
    Verb.GO_ON_WITHOUT: services.go_on_without,
    Verb.TERMINATE: services.terminate,
}


# What ends a matter or puts off its limit: who it is, is asked again.
FINAL = frozenset({Verb.TERMINATE, Verb.EXTEND})


@staff(*CASE_STAFF)
@require_POST
@proved(when=lambda joint_id, verb, part="": verb in FINAL)
def act(request: HttpRequest, joint_id: int, verb: str, part: str = "") -> HttpResponse:
    """Something is done about a matter or one part; what is refused comes back with its words."""
    joint = queries.matter_for(scope(request), joint_id)
    if verb not in {one.value for one in COMMANDS}:
        raise NotFound
    deed = Verb(verb)
    found = queries.part_for(joint, deed, part)
    actor = queries.permit(scope(request), joint, deed, found)
    form = FORMS[deed](request.POST, joint=joint, part=found)
    if not form.is_valid():
        return _page(request, joint, refused=(deed, part, form), status=422)
    try:
        do_act(request, joint, deed, part, form, actor)
    except DomainError as error:
        return _refused(request, joint_id, (deed, part, form), error)
    notes.success(request, _("已办理：%s") % MOVE_OF[deed].label)
    return redirect("joint:detail", joint_id)


def do_act(
    request: HttpRequest,
    joint: queries.JointCase,
    deed: Verb,
    part: str,
    form: ActForm,
    actor: Actor,
) -> Any:
    """What a form that was found sound says, with the files that came along. Raises
    DomainError."""
    at, key = now(), form.cleaned_data["command_id"]

    def kept(name: str) -> tuple[StoredFile, ...]:
        name_key = f"{key}/{name}"
        return tuple(files_of(request, name, subject=joint.stream, at=at, command_id=name_key))

    content = form.content(kept) | ({"part": part} if part else {})
    by = {"actor": actor, "at": at, "command_id": key}
    return COMMANDS[deed](joint_id=joint.id, **content, **by)


def _refused(
    request: HttpRequest, joint_id: int, refused: tuple[Verb, str, ActForm], error: DomainError
) -> HttpResponse:
    """The sentence stands in the form, or over the page where the form is open no longer."""
    joint = queries.matter_for(scope(request), joint_id)
    deeds = queries.open_deeds(scope(request), joint, queries.parts_of(joint))
    if refused[:2] in {(move.verb, part.key if part else "") for move, part in deeds}:
        refused[2].add_error(None, error.message)
        return _page(request, joint, refused=refused, status=error.status)
    message = refusal(error.message, refused[2])
    return _page(request, joint, message=message, status=error.status)


@staff(*CASE_STAFF)
@require_GET
def document(request: HttpRequest, joint_id: int, document_id: int) -> HttpResponse:
    """A paper of a matter, for colleagues."""
    joint = queries.matter_for(scope(request), joint_id)
    return paper_page(request, joint, document_id, "joint:detail", joint_id)


@staff(*CASE_STAFF)
@require_GET
def document_file(request: HttpRequest, joint_id: int, document_id: int) -> HttpResponse:
    return paper_file(request, queries.matter_for(scope(request), joint_id), document_id)


@staff(*CASE_STAFF)
@require_GET
def attachment(request: HttpRequest, joint_id: int, upload_id: int) -> FileResponse:
    """A file that was given for the whole."""
    joint = queries.matter_for(scope(request), joint_id)
    upload = files.upload_of(joint.stream, upload_id)
    if upload is None:
        raise NotFound
    return as_attachment(upload)
