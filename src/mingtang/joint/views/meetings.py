"""Views of joint meetings: what comes up, the meetings of a matter, one meeting and its record."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.base.web import refusal, site_url
from mingtang.files import queries as files
from mingtang.files.printing import document_pdf, page_context, pdf_name
from mingtang.joint import forms_meetings as forms
from mingtang.joint import present_meetings as present
from mingtang.joint.queries import meetings as queries
from mingtang.joint.rules.meetings import Deed
from mingtang.joint.services import meetings as services
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions

FORMS: dict[Deed, type[forms.MeetingForm]] = {
    Deed.OPINE: forms.OpineForm,
    Deed.ATTEND: forms.AttendForm,
    Deed.MINUTE: forms.MinuteForm,
    Deed.CANCEL: forms.CancelForm,
}
COMMANDS: dict[Deed, Callable[..., Any]] = {
    Deed.OPINE: services.opine,
    Deed.ATTEND: services.attend,
    Deed.MINUTE: services.minute,
    Deed.CANCEL: services.cancel,
}
PER_UNIT = frozenset({Deed.OPINE, Deed.ATTEND})


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response


@staff(*queries.READERS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What comes up for somebody's unit, and where its word is awaited."""
    reader = scope(request)
    page = queries.coming(reader, Cursor.read(request.GET.get("after", "")))
    awaited, at = queries.awaited_of(reader, page.rows), now()
    context = {
        "rows": [present.meeting(one, at) | {"is_awaited": one.id in awaited} for one in page.rows],
        "next_url": f"?after={page.next}" if page.next else "",
    }
    return render(request, "meetings/desk.html", context)


# ── the meetings of a matter ──────────────────────────────────────────────────────────────────


@staff(*queries.READERS)
@require_GET
def of_matter(request: HttpRequest, joint_id: int) -> HttpResponse:
    """The meetings about a joint matter, and a form to call another."""
    return _matter(request, queries.matter_for(scope(request), joint_id))


def _matter(
    request: HttpRequest,
    joint: queries.JointCase,
    form: forms.InviteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    act = None
    if _may_call(request, joint):
        url = reverse("meetings:invite", args=[joint.id])
        shown = form or invite_form(joint)
        act = {"verb": "invite", "label": _("邀请单位开会、踏勘"), "url": url, "form": shown}
    context = {
        "joint": joint,
        "rows": [present.meeting(one, now()) for one in queries.meetings_of(joint.id)],
        "act": act,
    }
    return _private(render(request, "meetings/of_matter.html", context, status=status))


def _may_call(request: HttpRequest, joint: queries.JointCase) -> bool:
    try:
        queries.caller(scope(request), joint, "")
    except DomainError:
        return False
    return True


def invite_form(joint: queries.JointCase, data: Any = None) -> forms.InviteForm:
    """The units of the matter first, and ticked; then the others of the county."""
    on, parts = today(), queries.parts_of(joint)
    own = {part.organisation_id for part in parts if part.organisation_id} - {joint.lead_id}
    names = regions.names_of(regions.units_of_county(joint.lead_id), on)
    listed = sorted(names.items(), key=lambda pair: (pair[0] not in own, pair[1], pair[0]))
    return forms.InviteForm(
        data,
        units=[pair for pair in listed if pair[0] != joint.lead_id],
        parts=[(part.key, part.name) for part in parts],
        initial={"units": sorted(own)},
    )


@staff(*queries.READERS)
@require_POST
def invite(request: HttpRequest, joint_id: int) -> HttpResponse:
    """Units are called together."""
    joint = queries.matter_for(scope(request), joint_id)
    actor = queries.caller(scope(request), joint, "邀请单位")
    form = invite_form(joint, request.POST)
    if not form.is_valid():
        return _matter(request, joint, form, 422)
    key = form.cleaned_data["command_id"]
    try:
        made = services.invite(
            joint_id=joint.id, **form.content(), actor=actor, at=now(), command_id=key
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _matter(request, joint, form, error.status)
    notes.success(request, _("通知已经发出。"))
    return redirect("meetings:meeting", made["meeting_id"])


# ── one meeting ───────────────────────────────────────────────────────────────────────────────

Refused = tuple[str, forms.MeetingForm]


@staff(*queries.READERS)
@require_GET
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One meeting: who was asked, came, and said what; what may be done."""
    return _page(request, queries.meeting_for(scope(request), meeting_id))


def _page(
    request: HttpRequest,
    about: queries.Meeting,
    *,
    refused: Refused | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    on, units = today(), queries.units_of(about)
    names = regions.names_of({one.organisation_id for one in units}, on)
    deeds = queries.deeds_of(scope(request), about, units, now(), on)
    context = {
        "about": present.meeting(about, now()),
        "units": [present.unit(one, about, names, on) for one in units],
        "consent": about.joint.consent,
        "papers": [one for one in (about.invitation, about.minutes) if one is not None],
        "acts": [_act(about, deed, one, names, refused) for deed, one in deeds],
        "message": message,
    }
    return _private(render(request, "meetings/meeting.html", context, status=status))


def _act(
    about: queries.Meeting,
    deed: Deed,
    unit: queries.MeetingUnit | None,
    names: dict[int, str],
    refused: Refused | None,
) -> dict[str, Any]:
    """The form of a deed, of a unit where it is one's; a refused one keeps what was typed."""
    name = _name(deed, unit)
    whose = name.partition("-")[2]
    is_refused = refused is not None and refused[0] == name
    label = _(deed.label)
    return {
        "verb": name,
        "label": f"{label}：{names.get(unit.organisation_id, '')}" if unit else label,
        "url": reverse("meetings:act", args=[about.id, deed.value, whose]),
        "tone": "danger" if deed is Deed.CANCEL else "plain",
        "form": refused[1] if refused and is_refused else _form(deed, unit),
    }


def _form(deed: Deed, unit: queries.MeetingUnit | None) -> forms.MeetingForm:
    """Attendance that was noted before stands in its form, to be mended."""
    if deed is not Deed.ATTEND or unit is None:
        return FORMS[deed]()
    people = list(unit.people.all())
    said = {
        "present": "\n".join(one.name for one in people if not one.is_late),
        "late": "\n".join(one.name for one in people if one.is_late),
    }
    return FORMS[deed](initial=said)


@staff(*queries.READERS)
@require_POST
def act(request: HttpRequest, meeting_id: int, verb: str, whose: str) -> HttpResponse:
    """Something is done about a meeting; what is refused comes back with its words."""
    if verb not in set(Deed):
        raise NotFound
    deed, about = Deed(verb), queries.meeting_for(scope(request), meeting_id)
    unit_id = _unit_of(deed, whose)
    actor = actor_of(request, about, deed, unit_id)
    form = FORMS[deed](request.POST)
    if not form.is_valid():
        return _page(request, about, refused=(f"{verb}-{whose}", form), status=422)
    key = form.cleaned_data["command_id"]
    content = form.content() | ({"organisation_id": unit_id} if unit_id else {})
    try:
        COMMANDS[deed](meeting_id=about.id, **content, actor=actor, at=now(), command_id=key)
    except DomainError as error:
        return _refused(request, meeting_id, (f"{verb}-{whose}", form), error)
    notes.success(request, _("已办理：%s") % _(deed.label))
    return redirect("meetings:meeting", meeting_id)


def _refused(
    request: HttpRequest, meeting_id: int, refused: Refused, error: DomainError
) -> HttpResponse:
    """The sentence stands in the form, or over the page where the form is open no longer."""
    about, name = queries.meeting_for(scope(request), meeting_id), refused[0]
    refused[1].add_error(None, error.message)
    deeds = queries.deeds_of(scope(request), about, queries.units_of(about), now(), today())
    is_open = any(_name(deed, unit) == name for deed, unit in deeds)
    message = "" if is_open else refusal(error.message, refused[1])
    return _page(request, about, refused=refused, message=message, status=error.status)


def _name(deed: Deed, unit: queries.MeetingUnit | None) -> str:
    return f"{deed.value}-{unit.organisation_id if unit else 'all'}"


def _unit_of(deed: Deed, whose: str) -> int | None:
    if deed not in PER_UNIT:
        return None
    if (found := parse_id(whose)) is None:
        raise NotFound
    return found


def actor_of(
    request: HttpRequest, about: queries.Meeting, deed: Deed, unit_id: int | None
) -> Actor:
    if deed is Deed.OPINE and unit_id is not None:
        return queries.speaker(scope(request), unit_id)
    return queries.caller(scope(request), about.joint, deed.label)


@staff(*queries.READERS)
@require_GET
def document(request: HttpRequest, meeting_id: int, document_id: int) -> HttpResponse:
    """The invitation or the record, to read and print."""
    found = _paper(queries.meeting_for(scope(request), meeting_id), document_id)
    context = page_context(found) | {
        "back_route": "meetings:meeting",
        "number": meeting_id,
        "pdf_url": reverse("meetings:document_pdf", args=[meeting_id, document_id]),
    }
    return _private(render(request, "files/document.html", context))


@staff(*queries.READERS)
@require_GET
def document_file(request: HttpRequest, meeting_id: int, document_id: int) -> HttpResponse:
    found = _paper(queries.meeting_for(scope(request), meeting_id), document_id)
    answer = HttpResponse(document_pdf(found, site_url(request)), content_type="application/pdf")
    name = content_disposition_header(False, pdf_name(found))
    answer.headers["Content-Disposition"] = name or "inline"
    return _private(answer)


def _paper(about: queries.Meeting, document_id: int) -> files.Document:
    """A paper of this meeting alone, not another of the matter's."""
    found = files.document_of(about.joint.stream, document_id)
    if found is None or found.id not in {about.invitation_id, about.minutes_id}:
        raise NotFound
    return found
