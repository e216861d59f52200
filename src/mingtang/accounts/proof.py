"""Who it is, asked once more: for a final decision, an export, a key. What was typed meanwhile goes
along, hidden, and is sent with the answer."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from mingtang.accounts.again import FIELD, LEFT_OUT
from mingtang.accounts.forms import ProofForm
from mingtang.accounts.keys import check_second, is_of_key
from mingtang.accounts.policy import VIA, P, View
from mingtang.accounts.queries import Person, has_factor, keys_of
from mingtang.accounts.rules import NotProved, RefusalKind
from mingtang.accounts.services_factor import check_code, check_password_again
from mingtang.accounts.services_refusals import note_refusal
from mingtang.base.clock import now
from mingtang.base.errors import DomainError

PROVED = "proved_at"  # in the session: when somebody last showed who they are
CODE_DIGITS = 6


def note_proof(request: HttpRequest) -> None:
    request.session[PROVED] = now().timestamp()


def speaks_for_a_system(request: HttpRequest) -> None:
    """Once its token was found good: a system with a token has a key instead, and is not asked."""
    request._mingtang_system = has_token(request)  # type: ignore[attr-defined]


def has_token(request: HttpRequest) -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def is_proved(request: HttpRequest) -> bool:
    """Whether somebody showed who they are within the minutes of the setting."""
    if getattr(request, "_mingtang_system", False):
        return True
    seconds = settings.MINGTANG_PROOF_MINUTES * 60
    shown = getattr(request, "session", {}).get(PROVED, 0)
    return seconds == 0 or 0 <= now().timestamp() - shown <= seconds


def check_proved(request: HttpRequest) -> None:
    """For sessions that speak to the API; a system with a token has a key instead.

    Raises NotProved.
    """
    if not has_token(request) and not is_proved(request):
        raise NotProved


def always(**asked: Any) -> bool:
    return True


def proved(when: Callable[..., bool] = always) -> Callable[["View[P]"], "View[P]"]:
    """Before the view it is asked who it is. `when(**arguments of the view)`: only then."""

    def declare(view: "View[P]") -> "View[P]":
        @functools.wraps(view)
        def asking(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not is_proved(request) and when(**kwargs):
                form = ProofForm(request.POST if FIELD in request.POST else None)
                if not (form.is_valid() and shows_self(request, form)):
                    return ask(request, form, 422 if form.is_bound else 403)
            return view(request, *args, **kwargs)

        declared: View[P] = asking  # type: ignore[assignment]  # a name for its first argument
        return declared

    return declare


def shows_self(request: HttpRequest, form: ProofForm) -> bool:
    """Whether the password or the code is that of who signed in; noted, or said in the form."""
    typed, person = form.cleaned_data[FIELD], request.user
    assert isinstance(person, Person)
    try:
        if is_of_key(typed):
            check_second(request, person.id, typed, now())
            note_proof(request)
            return True
        looks_like_code = typed.strip().isdecimal() and len(typed.strip()) == CODE_DIGITS
        if looks_like_code and has_factor(person.id):
            check_code(person_id=person.id, typed=typed, at=now())
        else:
            check_password_again(person.id, typed, now())
    except DomainError as error:
        note_refusal(request, RefusalKind.PROOF, error, person_id=person.id)
        form.add_error(FIELD, error.message)
        return False
    note_proof(request)
    return True


def ask(request: HttpRequest, form: ProofForm, status: int) -> HttpResponse:
    """The question, with all that was sent. Files cannot go along: the page says so, and sends
    back to the form instead."""
    kept = [
        (name, value)
        for name in request.POST
        if name not in LEFT_OUT
        for value in request.POST.getlist(name)
    ]
    context = {
        "form": form,
        "kept": kept,
        "has_files": bool(request.FILES),
        "is_reading": request.method == "GET",
        "here": request.get_full_path(),
        "has_keys": bool(keys_of(request.user.id)) if request.user.is_authenticated else False,
        "provider": settings.MINGTANG_OIDC.get(request.session.get(VIA, "")),
    }
    answer = render(request, "accounts/prove.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
