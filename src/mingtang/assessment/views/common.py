"""Views: what those of assessment share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mingtang.accounts.policy import scope
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Role
from mingtang.assessment.rules.sheets import EDITORS, OVERSEERS
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.messages.forms import CommandForm


def is_editor(request: HttpRequest) -> bool:
    return scope(request).has_role(EDITORS)


def is_overseer(request: HttpRequest) -> bool:
    return scope(request).has_role(OVERSEERS)


def sent(request: HttpRequest, roles: Iterable[Role], form: forms.Form) -> dict[str, Any]:
    """Who acts, in the first post that may; when; the id of the form."""
    reader = scope(request)
    wanted = frozenset(roles)
    grants = [grant for grant in reader.grants if grant.role in wanted]
    grant = next((one for one in grants if one.acting_for_id is None), None) or grants[0]
    command_id = form.cleaned_data["command_id"]
    return {"actor": actor_of(reader, grant), "at": now(), "command_id": command_id}


def pressed(request: HttpRequest) -> CommandForm:
    """A button was pressed. Raises DomainError where the page was not whole."""
    form = CommandForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("页面内容不完整，没有执行。请返回刷新后重试。"))
    return form


def done(request: HttpRequest, text: str) -> None:
    notes.success(request, text)


def refused(request: HttpRequest, error: DomainError) -> None:
    notes.error(request, error.message)
