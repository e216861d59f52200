"""Views of the owner: what the agent did for them, and their word about agents and firms."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, signed_in
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.projects import present_agents as present
from mingtang.projects.forms.agents import LevelForm
from mingtang.projects.queries import agency, intermediaries
from mingtang.projects.rules.agency import Ending
from mingtang.projects.services import agency as letters
from mingtang.projects.services import intermediaries as services
from mingtang.projects.views.agents import private

LETTER, ENGAGEMENT = "letter", "engagement"


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """For who speaks for the owner of a project: letters, acts, what may be rated."""
    return _page(request)


def _page(
    request: HttpRequest, refused: tuple[str, int, LevelForm] | None = None, status: int = 200
) -> HttpResponse:
    on, person = today(), person_of(request)
    context = {
        "letters": [
            present.letter(one, on)
            | {
                "acts": [present.act(row) for row in agency.acts_of(one).rows[:10]],
                "rating": getattr(one, "rating", None),
                "rate": _rate(LETTER, one.id, refused) if _may_rate(one) else None,
            }
            for one in agency.owners_letters(person, on)
        ],
        "engagements": [
            present.engagement(one, on)
            | {
                "project": one.project,
                "rate": None if _has_said(one) else _rate(ENGAGEMENT, one.id, refused),
            }
            for one in intermediaries.owners_engagements(person, on)
        ],
    }
    return private(render(request, "agents/mine.html", context, status=status))


def person_of(request: HttpRequest) -> int:
    found = scope(request).person_id
    assert found is not None
    return found


def _may_rate(one: agency.AgencyLetter) -> bool:
    return one.ending == Ending.CONCLUDED.value and not hasattr(one, "rating")


def _has_said(one: intermediaries.Engagement) -> bool:
    return any(said.side == "owner" for said in one.ratings.all())


def _rate(what: str, subject_id: int, refused: tuple[str, int, LevelForm] | None) -> dict[str, Any]:
    """The form of a rating; one that was refused keeps what was typed."""
    is_refused = refused is not None and refused[:2] == (what, subject_id)
    return {
        "verb": f"{what}-{subject_id}",
        "label": _("评价代办") if what == LETTER else _("评价中介服务"),
        "url": reverse("agents:owner_rate", args=[what, subject_id]),
        "form": refused[2] if refused and is_refused else LevelForm(),
    }


@signed_in
@require_POST
def rate(request: HttpRequest, what: str, subject_id: int) -> HttpResponse:
    """The owner's word: once for each letter and each engagement."""
    if what not in {LETTER, ENGAGEMENT}:
        raise NotFound
    check_own(person_of(request), what, subject_id)
    form = LevelForm(request.POST)
    if not form.is_valid():
        return _page(request, (what, subject_id, form), 422)
    try:
        rate_own(request, what, subject_id, form)
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, (what, subject_id, form), error.status)
    notes.success(request, _("谢谢您的评价。"))
    return redirect("agents:mine")


def rate_own(request: HttpRequest, what: str, subject_id: int, form: LevelForm) -> dict[str, Any]:
    """The word of the owner in a form that was found sound. Raises DomainError."""
    by: dict[str, Any] = {"actor": actor_of(scope(request)), "at": now()}
    by["command_id"] = form.cleaned_data["command_id"]
    if what == LETTER:
        return letters.rate(letter_id=subject_id, **form.content(), **by)
    return services.rate_engagement(engagement_id=subject_id, side="owner", **form.content(), **by)


def check_own(person: int, what: str, subject_id: int) -> None:
    """Raises NotFound for what is another owner's."""
    on = today()
    if what == LETTER:
        agency.owners_letter(person, subject_id, on)
    elif all(one.id != subject_id for one in intermediaries.owners_engagements(person, on)):
        raise NotFound
