"""What the staff's views of disclosure share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mingtang.accounts.policy import scope
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, Role
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.disclosure import queries
from mingtang.disclosure.rules import chain
from mingtang.messages.forms import CommandForm
from mingtang.regions.queries import names_of

READERS = (*sorted(chain.READERS), *sorted(chain.OVERSEERS))
Choice = tuple[str, Any]
FIRST_DAY, LAST_DAY = date(1949, 1, 1), date(2100, 12, 31)


def sent(grant: Grant, request: HttpRequest, form: forms.Form) -> dict[str, Any]:
    """Who acts, in which post; when; the id of the form."""
    command_id = form.cleaned_data["command_id"]
    return {"actor": actor_of(scope(request), grant), "at": now(), "command_id": command_id}


def grant_at(request: HttpRequest, roles: Iterable[Role], organisation_id: int) -> Grant:
    """The post under which somebody acts for a unit. Raises NotFound."""
    fitting = [
        grant
        for grant in queries.grants_for(scope(request), roles)
        if organisation_id in grant.organisation_ids
    ]
    if not fitting:
        raise NotFound
    return min(fitting, key=lambda grant: grant.acting_for_id is not None)


def organ_choices(request: HttpRequest, roles: Iterable[Role]) -> list[Choice]:
    """The units for which somebody acts, their own posts' first."""
    reader = scope(request)
    own = [grant.organisation_id for grant in queries.grants_for(reader, roles)]
    ids = [*dict.fromkeys(own), *sorted(queries.organs_of(reader, roles) - set(own))]
    names = names_of(ids, today())
    return [(str(one), names.get(one, "")) for one in ids]


def pressed(request: HttpRequest) -> CommandForm:
    """A button was pressed. Raises DomainError where the page was not whole."""
    form = CommandForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("页面内容不完整，没有执行。请返回刷新后重试。"))
    return form


def day_asked(request: HttpRequest, name: str, otherwise: date) -> date:
    """A day of the address, brought within those that any record can be of."""
    try:
        asked = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return otherwise
    return min(max(asked, FIRST_DAY), LAST_DAY)


def done(request: HttpRequest, text: str) -> None:
    notes.success(request, text)


def refused(request: HttpRequest, error: DomainError) -> None:
    notes.error(request, error.message)
