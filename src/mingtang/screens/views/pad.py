"""Views: the pad at a window, with a module and without; its signed messages."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import public
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.web import new_command_id
from mingtang.cases.rules.satisfaction import Level
from mingtang.interaction import queries as interaction
from mingtang.interaction import services as ratings
from mingtang.ledger.rules import Actor
from mingtang.screens import present_pad, services
from mingtang.screens.rules.devices import Kind, Reason, Refused
from mingtang.screens.rules.pad import UNDO_SECONDS, OtherWindow, pressed
from mingtang.screens.views.api import Told, heard, word
from mingtang.screens.views.devices import device_of

LEVELS = {level.value for level in Level}


@public
@require_GET
def pad(request: HttpRequest) -> HttpResponse:
    """Who is served, and five faces when one is asked."""
    device = device_of(request, Kind.PAD)
    if device is None:
        return _unpaired(request)
    context = {
        "window": device.window,
        "shown": present_pad.pad(device.window_id, now()),
        "faces": present_pad.faces(),
        "undo": UNDO_SECONDS,
    }
    answer = render(request, "screens/pad.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _unpaired(request: HttpRequest) -> HttpResponse:
    return render(request, "screens/unpaired.html", {"kind": Kind.PAD.label}, status=403)


@public
@require_POST
def rate(request: HttpRequest) -> HttpResponse:
    """One press without a module: the question itself is signed, for one service, once."""
    device = device_of(request, Kind.PAD)
    if device is None:
        return _unpaired(request)
    said = {"token": request.POST.get("token", "")[:64], "level": request.POST.get("level", "")}
    context: dict[str, Any] = {"sentence": ""}
    try:
        _submit(device, said, now())
    except DomainError as error:
        context["sentence"] = error.message
    return render(
        request, "screens/thanks.html", context, status=422 if context["sentence"] else 200
    )


def _submit(device: Any, said: Told, at: datetime) -> None:
    token, level = word(said, "token", 64), word(said, "level", 20)
    if level not in LEVELS:
        raise Refused(Reason.UNREADABLE)
    if interaction.token_sent(token).window_id != device.window_id:
        raise OtherWindow
    ratings.submit_by_token(
        token=token,
        level=level,
        text="",
        actor=Actor(id=None, label="申请人"),
        at=at,
        command_id=new_command_id(),
    )


# ── signed ────────────────────────────────────────────────────────────────────────────────────


@csrf_exempt
@public
@require_POST
def pad_beat(request: HttpRequest) -> JsonResponse:
    """I live; what do I show?"""
    return heard(request, _pad_beat)


def _pad_beat(device: Any, said: Told, at: datetime) -> Told:
    if device.kind != Kind.PAD.value:
        raise OtherWindow
    services.beat(device, version=word(said, "version", 40), shows=word(said, "shows", 120), at=at)
    return present_pad.pad(device.window_id, at)


@csrf_exempt
@public
@require_POST
def pad_rate(request: HttpRequest) -> JsonResponse:
    """Somebody pressed, now or while there was no network: it counts as of then."""
    return heard(request, _pad_rate)


def _pad_rate(device: Any, said: Told, at: datetime) -> Told:
    if device.kind != Kind.PAD.value:
        raise OtherWindow
    _submit(device, said, pressed(said.get("at"), at))
    return {"ok": True}
