"""Views: all screens of a hall for who keeps them; a screen that is paired."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.accounts.policy import public, scope, staff
from mingtang.accounts.rules import Limit
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempt
from mingtang.base.clock import now
from mingtang.base.codes import spell_code
from mingtang.base.entropy import salt
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.web import new_command_id, secret_fields, source_of
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.screens import services
from mingtang.screens.forms import DeviceForm, PairForm, VolumeForm
from mingtang.screens.queries import devices as queries
from mingtang.screens.rules.devices import CODE_LIFE, KEEPERS, Kind

COOKIE = "mt_device"
COOKIE_AGE = 400 * 24 * 3600
PAIRINGS = Limit(most=20, window=CODE_LIFE)  # of one source: ten-letter codes are not guessed


@staff(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """All screens: what each shows, when it was heard of; a new one with its pairing code."""
    reader, at = scope(request), now()
    form = DeviceForm(request.POST or None, windows=_windows(request))
    code = ""
    if request.method == "POST" and form.is_valid():
        said, code = form.cleaned_data, spell_code(salt(8))
        hall = queries.halls_of(reader)[0]
        services.add_device(
            kind=said["kind"],
            name=said["name"],
            organisation_id=hall,
            window_id=parse_id(said["window"]),
            code=code,
            actor=queries.keeper_of(reader, hall),
            at=at,
            command_id=said["command_id"],
        )
        form = DeviceForm(windows=_windows(request))
    return _page(request, form, code, 422 if form.errors else 200)


def _page(request: HttpRequest, form: DeviceForm, code: str, status: int = 200) -> HttpResponse:
    context = {
        "rows": [_row(line) for line in queries.devices(scope(request), now())],
        "form": form,
        "code": code,
        "pair_url": request.build_absolute_uri(reverse("screens:pair")),
        "minutes": int(CODE_LIFE.total_seconds() // 60),
    }
    return render(request, "screens/devices.html", context, status=status)


def _windows(request: HttpRequest) -> list[tuple[str, str]]:
    places = {one for grant in queries.grants(scope(request)) for one in grant.region_ids}
    found = regions.windows_among(region_ids=places)
    return [(str(one.id), f"{one.spoken} {one.name}") for one in found]


def _row(line: queries.DeviceLine) -> dict[str, Any]:
    device = line.device
    return {
        "id": device.id,
        "name": device.name,
        "kind": Kind(device.kind).label,
        "window": f"{device.window.number} 号 {device.window.name}" if device.window else "",
        "standing": line.standing,
        "has_code": line.has_code,
        "seen_at": device.seen_at,
        "shows": device.shows,
        "version": device.version,
        "is_revoked": device.revoked_at is not None,
        "volume": _volume(device),
    }


def _volume(device: Any) -> VolumeForm | None:
    """The form that sets how loud a board calls; several stand on a page."""
    if device.kind != Kind.BOARD.value:
        return None
    return VolumeForm(initial={"volume": device.volume}, auto_id=f"id_{device.id}_%s")


@staff(*KEEPERS)
@require_POST
def volume(request: HttpRequest, device_id: int) -> HttpResponse:
    """How loud a board calls numbers."""
    reader = scope(request)
    device, form = queries.device_for(reader, device_id), VolumeForm(request.POST)
    if not form.is_valid():
        raise NotFound
    services.set_volume(
        device_id=str(device.id),
        volume=form.cleaned_data["volume"],
        actor=queries.keeper_of(reader, device.organisation_id),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )
    messages.success(request, _("%(name)s的叫号声音已经改好。") % {"name": device.name})
    return redirect("screens:devices")


@staff(*KEEPERS)
@require_POST
def renew(request: HttpRequest, device_id: int) -> HttpResponse:
    """A new pairing code, shown once."""
    reader, code = scope(request), spell_code(salt(8))
    device = queries.device_for(reader, device_id)
    services.renew_code(
        device_id=str(device.id),
        code=code,
        actor=queries.keeper_of(reader, device.organisation_id),
        at=now(),
        command_id=new_command_id(),
    )
    return _page(request, DeviceForm(windows=_windows(request)), code)


@staff(*KEEPERS)
@require_POST
def revoke(request: HttpRequest, device_id: int) -> HttpResponse:
    """Void a screen's key."""
    reader = scope(request)
    device = queries.device_for(reader, device_id)
    try:
        services.revoke(
            device_id=str(device.id),
            actor=queries.keeper_of(reader, device.organisation_id),
            at=now(),
            command_id=new_command_id(),
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%(name)s已停用。") % {"name": device.name})
    return redirect("screens:devices")


# ── the screen itself ─────────────────────────────────────────────────────────────────────────


@public
@require_http_methods(["GET", "HEAD", "POST"])
@secret_fields("code")
def pair(request: HttpRequest) -> HttpResponse:
    """A screen types its code and is given its key, once. As JSON for what is no browser."""
    form, status = PairForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            return _paired(request, form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", error.message)
            status = error.status
    elif request.method == "POST":
        status = 422
    if status != 200 and _wants_json(request):
        return JsonResponse({"error": form.errors["code"][0]}, status=status)
    return render(request, "screens/pair.html", {"form": form}, status=status)


def _paired(request: HttpRequest, code: str) -> HttpResponse:
    attempt = count_attempt_or_refuse("device_pairing", source_of(request), PAIRINGS, now())
    actor = Actor(id=None, label="大厅屏幕")
    made = services.pair(code=code, actor=actor, at=now(), command_id=new_command_id())
    forget_attempt(attempt)
    device = queries.paired(made["device_id"])
    url = reverse(Kind(device.kind).route)
    told = {"device": str(device.id), "key": device.key, "url": url}
    answer: HttpResponse
    if _wants_json(request):
        answer = JsonResponse(told, status=201)
    else:
        answer = render(request, "screens/paired.html", {**told, "name": device.name})
    answer.set_cookie(
        COOKIE,
        queries.cookie_of(device),
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Strict",
        secure=settings.MINGTANG_BEHIND_TLS,
    )
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def device_of(request: HttpRequest, kind: Kind) -> Any:
    """The screen whose page is asked for, or None."""
    return queries.device_of_cookie(request.COOKIES.get(COOKIE, "")[:120], kind)
