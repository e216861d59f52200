"""Views of personal data: show what is masked, and the list of who did."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base import subjects
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.base.words import said
from mingtang.persons import queries
from mingtang.persons.forms import RevealForm
from mingtang.persons.opening import opened
from mingtang.persons.rules import (
    REVEAL_READERS,
    REVEALERS,
    SHOWN_AGAIN,
    Hidden,
    Reason,
    ShownBefore,
)
from mingtang.persons.services import reveal as note_reveal


@staff(*sorted(REVEALERS))
def reveal(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """Ask why, note it, and show what was chosen on the answer: no address leads to it, and the
    same form sent again later shows nothing."""
    found = opened(scope(request), kind, key)
    form, status = RevealForm(found, request.POST or None), 200
    shown: tuple[Hidden, ...] = ()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _noted(request, f"{kind}:{key}", form.cleaned_data)
                shown, status = found.chosen(form.cleaned_data["names"]), 200
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    context = {"form": form, "about": found, "shown": shown}
    answer = render(request, "persons/office/reveal.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _noted(request: HttpRequest, subject: str, said: dict[str, Any]) -> None:
    reader = scope(request)
    grant = next(one for one in reader.grants if one.role in REVEALERS)
    at = now()
    done = note_reveal(
        subject=subject,
        names=said["names"],
        reason=Reason(said["reason"]),
        words=said["words"],
        person_id=reader.person_id,
        organisation_id=grant.organisation_id,
        actor=actor_of(reader, grant),
        at=at,
        command_id=said["command_id"],
    )
    if at - queries.noted_at(int(done["reveal_id"])) > SHOWN_AGAIN:
        raise ShownBefore


@staff(*sorted(REVEAL_READERS))
@require_GET
def reveals(request: HttpRequest) -> HttpResponse:
    """Who had masked data shown, of what, when and why; who stands out. Never the data."""
    reader, person = scope(request), parse_id(request.GET.get("person", ""))
    after = Cursor.read(request.GET.get("after", ""))
    page = queries.reveals(reader, person_id=person, after=after)
    names = {one.subject for one in page.rows}
    titles, pages = subjects.titles_of(names), subjects.urls_of(names, for_staff=True)
    rows = [_row(one, titles[one.subject], pages[one.subject]) for one in page.rows]
    narrowed = f"person={person}&" if person else ""
    context = {
        "rows": rows,
        "lookers": queries.lookers(reader, now()),
        "person": person,
        "next_url": f"?{narrowed}after={page.next}" if page.next else "",
    }
    return render(request, "persons/office/reveals.html", context)


def _row(one: Any, title: str, url: str | None) -> dict[str, Any]:
    return {
        "who": one.person.name,
        "title": title,
        "url": url,
        "count": one.field_count,
        "fields": "、".join(dict.fromkeys(_called(name) for name in one.field_names)),
        "reason": said(Reason(one.reason).label),
        "words": one.words,
        "at": one.revealed_at,
    }


def _called(name: str) -> str:
    """What a field is called in a list; answers to a form go by what they are."""
    called = {
        "identity_number": _("证件号码"),
        "phone": _("电话"),
        "address": _("地址"),
        "email": _("电子邮箱"),
        "proxy_identity": _("代理人证件号码"),
        "proxy_phone": _("代理人电话"),
    }
    return called.get(name, _("申请表里的号码"))
