"""Screens of messages: everybody's inbox, and the office's wording."""

from datetime import timedelta
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, signed_in, staff
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Role
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.subjects import url_of
from mingtang.ledger.rules import Actor
from mingtang.messages import queries, rules, services
from mingtang.messages.forms import CommandForm, TemplateForm
from mingtang.messages.ways import WaysForm

office = staff(Role.CENTRE_MANAGER)


def _reader(request: HttpRequest) -> int:
    person_id = scope(request).person_id
    assert person_id is not None
    return person_id


@signed_in
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """A person's messages, newest first."""
    after = queries.Cursor.read(request.GET.get("after", ""))
    page = queries.inbox(_reader(request), after)
    context = {
        "rows": page.rows,
        "next_url": f"?after={page.next}" if page.next else "",
        "first_url": request.path if after else "",
    }
    return render(request, "messages/inbox.html", context)


@signed_in
@require_GET
def message(request: HttpRequest, message_id: str) -> HttpResponse:
    """One message in full. Opening it marks it as read."""
    reader = _reader(request)
    found = queries.message_for(reader, message_id)
    services.mark_read(person_id=reader, message_id=found.id, at=now())
    request.user.unread_count = None  # type: ignore[union-attr]  # one fewer than was read
    for_staff = found.audience == rules.Audience.STAFF
    context = {"message": found, "subject_url": url_of(found.subject, for_staff=for_staff)}
    return render(request, "messages/message.html", context)


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponseRedirect:
    """Mark everything as read."""
    services.mark_read(person_id=_reader(request), at=now())
    return redirect("messages:inbox")


@signed_in
def ways(request: HttpRequest) -> HttpResponse:
    """On which ways a person wants to be told besides the inbox."""
    reader = _reader(request)
    off = queries.ways_off(reader)
    initial = {way.value: way not in off for way in rules.OPTIONAL}
    form = WaysForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.choose_ways(person_id=reader, without=form.without(), at=now())
        notes.success(request, _("已保存。"))
        return redirect("messages:ways")
    return render(request, "messages/ways.html", {"form": form})


# ── how what was sent fared ───────────────────────────────────────────────────────────────────

DAYS = timedelta(days=30)
keepers = staff(Role.SYSTEM_ADMIN, Role.CENTRE_MANAGER)


@keepers
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """What left the house in the last days, by way and state; what failed, and why. Recipients are
    masked, texts are not shown."""
    since, state = now() - DAYS, request.GET.get("state", "")
    after = queries.Cursor.read(request.GET.get("after", ""))
    page = queries.sent_out(since, state, after)
    labels = {(one.event, one.audience): one.label for one in queries.occasions()}
    context = {
        "counts": queries.sent_counts(since),
        "rows": [_sent_row(one, labels) for one in page.rows],
        "state": state,
        "states": [one for one in rules.State if one is not rules.State.DELIVERED],
        "next_url": f"?state={state}&after={page.next}" if page.next else "",
        "given_up": queries.given_up(since).count,
    }
    return render(request, "messages/sent.html", context)


TONES = {"sent": "ok", "waiting": "info", "failed": "warn", "given_up": "bad"}


def _sent_row(one: Any, labels: Any) -> dict[str, Any]:
    way = rules.Way(one.way)
    return {
        "at": one.created_at,
        "what": labels.get((one.event, one.audience), one.event),
        "way": way.label,
        "recipient": rules.masked(way, one.recipient),
        "state": rules.State(one.state).label,
        "tone": TONES[one.state],
        "attempts": one.attempts,
        "error": one.last_error,
        "due_at": one.due_at,
    }


@keepers
@require_POST
def sent_again(request: HttpRequest) -> HttpResponseRedirect:
    """Queue anew what was given up, after its cause was mended."""
    count = services.try_again(since=now() - DAYS, at=now())
    notes.success(request, _("已重新排队 %(count)s 条。") % {"count": count})
    return redirect("messages:sent")


@office
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """What the system tells people, and whether in its own or in the office's words."""
    return render(request, "messages/templates.html", {"wordings": queries.wordings()})


@office
def template(request: HttpRequest, event: str, audience: str) -> HttpResponse:
    """Change a wording. The first button shows how it will look, the second keeps it."""
    wording = queries.wording_for(event, audience)
    form = TemplateForm(request.POST or None, occasion=wording.occasion, initial=_typed(wording))
    if form.is_valid() and "save" in request.POST:
        try:
            return _saved(request, form)
        except DomainError as error:  # the page keeps what was typed
            form.add_error(None, error.message)
    is_draft = form.is_valid()
    shown = form.template() if is_draft else wording.template
    status = 422 if form.errors else 200
    context = {"wording": wording, "form": form, "reset": CommandForm(auto_id="reset_%s")}
    context |= _preview(wording, shown) | {"is_draft": is_draft}
    return render(request, "messages/template.html", context, status=status)


def _typed(wording: queries.Wording) -> dict[str, str]:
    words = wording.template
    return {"subject": words.subject, "body": words.body, "sms": words.sms}


def _preview(wording: queries.Wording, shown: rules.Template) -> dict[str, Any]:
    """The words with the examples in their places; none where a place is gone."""
    try:
        said = rules.render(shown, wording.occasion.examples)
    except DomainError as error:
        return {"preview": None, "problem": error.message}
    return {"preview": said, "sms_length": len(said.sms), "sms_count": rules.sms_count(said.sms)}


def _manager(request: HttpRequest) -> Actor:
    reader = scope(request)
    grant = next(grant for grant in reader.grants if grant.role is Role.CENTRE_MANAGER)
    return actor_of(reader, grant)


def _saved(request: HttpRequest, form: TemplateForm) -> HttpResponseRedirect:
    occasion, words = form.occasion, form.template()
    services.save_template(
        event=occasion.event,
        audience=occasion.audience.value,
        subject=words.subject,
        body=words.body,
        sms=words.sms,
        actor=_manager(request),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )
    notes.success(request, _("已保存，以后的消息按新的文字发送；已发出的不变。"))
    return redirect("messages:template", occasion.event, occasion.audience.value)


@office
@require_POST
def template_reset(request: HttpRequest, event: str, audience: str) -> HttpResponseRedirect:
    """Back to the built-in words."""
    occasion, form = queries.occasion_of(event, audience), CommandForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("页面内容不完整，没有执行。请返回刷新后重试。"))
    services.reset_template(
        event=occasion.event,
        audience=occasion.audience.value,
        actor=_manager(request),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )
    notes.success(request, _("已恢复系统自带的文字。"))
    return redirect("messages:template", event, audience)
