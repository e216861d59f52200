"""How somebody comes in whose password, or provider, has said who they are: the second factor, then
a session of their own."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from mingtang.accounts import queries
from mingtang.accounts.browsers import in_words
from mingtang.accounts.identity import Side
from mingtang.accounts.policy import FACTOR, FACTOR_THERE, VIA, scope
from mingtang.accounts.proof import note_proof
from mingtang.accounts.sessions import BROWSER, end_after
from mingtang.base.clock import now, today

HALFWAY, HALFWAY_SECONDS = "halfway_in", 600


def let_in(
    request: HttpRequest, person: queries.Person, target: str, *, via: str = "", factor: str = ""
) -> HttpResponseRedirect:
    """On to the page that was wanted, or first to the code of the phone. `via`: the side of the
    provider who says who it is; `factor`: which second factor was shown there, if one counts."""
    request.session.flush()  # what another person left in this browser goes
    if not factor and queries.has_factor(person.id):
        until = now().timestamp() + HALFWAY_SECONDS
        halfway = {"person": str(person.id), "until": until, "next": target, "via": via}
        request.session[HALFWAY] = halfway
        return redirect("accounts:second")
    return enter(request, person, target, via=via, factor=factor)


def enter(
    request: HttpRequest,
    person: queries.Person,
    target: str,
    *,
    via: str,
    factor: str = "",
    factor_key: int | None = None,
) -> HttpResponseRedirect:
    """Begin the session. `factor_key`: of the second factor that was shown here. A page of another
    site is no target."""
    request.session.flush()
    login(request, person, backend="mingtang.accounts.backend.PersonBackend")
    if via:
        request.session[VIA] = via
    if factor:
        request.session[FACTOR_THERE] = factor
    if factor_key is not None:
        request.session[FACTOR] = factor_key
    request.session[BROWSER] = in_words(request.headers.get("User-Agent", ""))
    note_proof(request)
    holds_post = queries.scope_of(person, today()).is_staff
    end_after(request.session, is_staff=holds_post and via != Side.CITIZENS)
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return HttpResponseRedirect(target)
    return redirect("site:today" if scope(request).is_staff else "cases:mine")
