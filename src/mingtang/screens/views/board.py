"""Views: the board of a hall in exact pixels, the same as JSON and text; what is put in between."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang import base
from mingtang.accounts.policy import public, scope, staff
from mingtang.base.clock import day_bounds, legal_date, now, today
from mingtang.base.errors import DomainError
from mingtang.base.ids import parse_id
from mingtang.base.web import new_command_id
from mingtang.queues import queries as queues
from mingtang.screens import present, services
from mingtang.screens.forms import InsertForm
from mingtang.screens.queries import devices
from mingtang.screens.queries.inserts import running
from mingtang.screens.rules.board import (
    KEEPERS,
    Content,
    InsertKind,
    Page,
    Size,
    as_text,
    fresh,
    pages_of,
    size_of,
    spoken_call,
)
from mingtang.screens.rules.devices import Kind
from mingtang.screens.views.devices import device_of

WORKER = Path(base.__file__).parent / "static/base/board_worker.js"
ENCODINGS = {"utf-8": "utf-8", "gbk": "gb18030"}


def _size(request: HttpRequest) -> Size:
    return size_of(request.GET.get("w", "1920"), request.GET.get("h", "1080"))


def _hall(device: Any) -> int | None:
    return device.organisation_id if device else None


def _content(request: HttpRequest, at: datetime) -> Content:
    return present.content(at, _hall(device_of(request, Kind.BOARD)))


@public
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The board, page after page: by the module, or without scripts by itself."""
    at, size = now(), _size(request)
    device = device_of(request, Kind.BOARD)
    content = present.content(at, _hall(device))
    pages = pages_of(content.tables, size.rows, at)
    asked = (parse_id(request.GET.get("page", "1")[:3]) or 1) - 1
    current = asked % len(pages)
    sized = {"w": size.width, "h": size.height}
    context = {
        "size": size,
        "query": urlencode(sized),
        "next_query": urlencode({**sized, "page": (current + 1) % len(pages) + 1}),
        "seconds": settings.MINGTANG_BOARD_SECONDS,
        "pages": [_page(page, place == current) for place, page in enumerate(pages)],
        "content": content,
        "as_of": present.spoken(at),
        "weekday": present.weekday(at),
        "notices": [_row(row) for row in fresh(content.notices, at)],
        "urgent": _row(content.urgent) if content.urgent else None,
        "now": _milliseconds(at),
        "figures_until": _milliseconds(day_bounds(legal_date(at))[1]),  # they are today's
        "is_paired": device is not None,
    }
    answer = render(request, "screens/board.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(page: Page, is_current: bool) -> dict[str, Any]:
    return {
        "table": page.table,
        "number": page.number,
        "count": page.count,
        "rows": [_row(row) for row in page.rows],
        "is_current": is_current,
    }


def _row(row: Any) -> dict[str, Any]:
    return {"cells": row.cells, "tone": row.tone, "until": _milliseconds(row.until)}


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


@public
@require_GET
def size(request: HttpRequest) -> HttpResponse:
    """The style of one size: all else is reckoned in units of the page's type."""
    asked = _size(request)
    style = (
        f"html{{font-size:{asked.unit}px}}.board{{width:{asked.width}px;height:{asked.height}px}}"
    )
    answer = HttpResponse(style, content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The board's worker, under the board's own address: that is all it may answer for."""
    answer = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@public
@require_GET
def calls(request: HttpRequest) -> JsonResponse:
    """Who is called where, the latest first, as a board says it aloud; how loud this one is."""
    device = device_of(request, Kind.BOARD)
    found = queues.called_now(today(), _hall(device))
    told = [
        {
            "id": f"{one.id}/{one.window_id}/{one.call_count}",
            "said": spoken_call(one.label, one.window.number),
        }
        for one in found
        if one.window
    ]
    return JsonResponse({"volume": device.volume if device else 0, "calls": told})


@public
@require_GET
def board_json(request: HttpRequest) -> JsonResponse:
    """All that the board shows, each row with its end."""
    at = now()
    return JsonResponse(asdict(_content(request, at)), json_dumps_params={"ensure_ascii": False})


@public
@require_GET
def board_text(request: HttpRequest) -> HttpResponse:
    """The same as lines, for controllers that show nothing else; GBK where they read no other."""
    at = now()
    name = request.GET.get("encoding", "utf-8").lower()
    text = as_text(_content(request, at), at, present.spoken(at))
    encoded = text.encode(ENCODINGS.get(name, "utf-8"), errors="replace")
    charset = "gbk" if name == "gbk" else "utf-8"
    return HttpResponse(encoded, content_type=f"text/plain; charset={charset}")


# ── what is put in between ────────────────────────────────────────────────────────────────────


@staff(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def inserts(request: HttpRequest) -> HttpResponse:
    """A word on all boards of the hall, now and for so long; it ends by itself."""
    reader, at = scope(request), now()
    hall = devices.halls_of(reader)[0]
    form = InsertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        is_urgent = "urgent" in request.POST
        services.insert(
            organisation_id=hall,
            kind=(InsertKind.URGENT if is_urgent else InsertKind.NOTICE).value,
            text=said["text"],
            ends_at=at + form.life,
            actor=devices.keeper_of(reader, hall),
            at=at,
            command_id=said["command_id"],
        )
        messages.success(request, _("已经送上大屏，一分钟内显示，到时自己结束。"))
        return redirect("screens:inserts")
    context = {
        "form": form,
        "rows": [
            {"id": one.id, "text": one.text, "kind": InsertKind(one.kind), "ends_at": one.ends_at}
            for one in running(at, hall)
        ],
    }
    return render(request, "screens/inserts.html", context, status=422 if form.errors else 200)


@staff(*KEEPERS)
@require_POST
def end(request: HttpRequest, insert_id: int) -> HttpResponse:
    """Take a word down before its time."""
    reader = scope(request)
    try:
        services.end_insert(
            insert_id=str(insert_id),
            halls=devices.halls_of(reader),
            actor=devices.keeper_of(reader, devices.halls_of(reader)[0]),
            at=now(),
            command_id=new_command_id(),
        )
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("screens:inserts")
