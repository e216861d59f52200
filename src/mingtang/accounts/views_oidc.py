"""Views: somebody goes to another system, signs in or shows once more who they are, and returns."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts import oidc
from mingtang.accounts.entering import let_in
from mingtang.accounts.identity import Provider, Side, SignInUndone, said_of
from mingtang.accounts.policy import VIA, public, signed_in
from mingtang.accounts.proof import note_proof
from mingtang.accounts.services_identity import person_for
from mingtang.base.clock import now
from mingtang.base.errors import NotFound
from mingtang.base.web import for_reading, new_command_id, printable

BEGUN = "sign_in_begun"  # in the session: what we asked, until the browser comes back


def _provider(side: str) -> Provider:
    found: Provider | None = settings.MINGTANG_OIDC.get(side)
    if found is None:
        raise NotFound
    return found


def _back(request: HttpRequest, provider: Provider) -> str:
    """Each provider has an address of its own to send people back to: one cannot answer for the
    other."""
    return request.build_absolute_uri(reverse("accounts:with_back", args=[provider.side.value]))


def _sent(request: HttpRequest, provider: Provider, **more: Any) -> HttpResponseRedirect:
    fresh = more.get("proves") is not None
    address, kept = oidc.begin(provider, _back(request, provider), now(), fresh=fresh)
    request.session[BEGUN] = kept | more
    return HttpResponseRedirect(address)


@public
@require_GET
def sign_in_with(request: HttpRequest, side: str) -> HttpResponseRedirect:
    """To the provider; what was asked there is known by this browser alone."""
    return _sent(request, _provider(side), next=printable(request.GET.get("next", ""))[:2000])


@signed_in
@require_GET
def prove_with(request: HttpRequest) -> HttpResponseRedirect:
    """Who it is, once more, for somebody who has no password here."""
    return _sent(request, _provider(request.session.get(VIA, "")), proves=str(request.user.pk))


@public
@require_GET
def with_back(request: HttpRequest, side: str) -> HttpResponse:
    """The browser comes back: each thing that was begun is finished once, or not at all."""
    provider, at = _provider(side), now()
    kept = request.session.pop(BEGUN, None)
    if kept is None:
        raise SignInUndone("这次登录已经用过，或者不是在本浏览器开始的")
    claims = oidc.finish(provider, kept, request.GET.dict(), _back(request, provider), at)
    said = said_of(provider, claims)
    person = person_for(provider=provider, said=said, at=at, new_command_id=new_command_id)
    if (proves := kept.get("proves")) is not None:
        if not proves == str(person.id) == str(request.user.pk):
            raise SignInUndone("确认的不是登录的这个人")
        note_proof(request)
        return render(request, "accounts/proved.html", {})
    return let_in(request, person, kept["next"], via=provider.side.value, factor=said.factor)


@public
@for_reading
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Where no script has said that it took away what it kept in the browser (`leaving.js`), the
    browser is told to: all of it, also what is of the device."""
    answer = _signed_out(request)
    if not request.POST.get("cleared"):
        answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def _signed_out(request: HttpRequest) -> HttpResponse:
    """Who came by a provider is told where to sign out there: a redirect would be stopped by the
    browser (form-action), and would end what they did not ask to end."""
    provider = settings.MINGTANG_OIDC.get(request.session.get(VIA, ""))
    logout(request)
    if provider is None:
        return redirect("site:home")
    home = request.build_absolute_uri(reverse("site:home"))
    context = {"provider": provider, "farewell": oidc.farewell(provider, home, now())}
    return render(request, "accounts/signed_out.html", context)


def offered() -> list[Provider]:
    """The providers that the page of sign-in names, citizens' first."""
    return [settings.MINGTANG_OIDC[side] for side in Side if side in settings.MINGTANG_OIDC]
