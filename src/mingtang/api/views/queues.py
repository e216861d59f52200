"""Views: numbers in a hall: taken, followed, called; a half hour is booked."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from mingtang.accounts.policy import scope
from mingtang.accounts.services import count_attempt_or_refuse
from mingtang.api import shapes, shapes_desks
from mingtang.api.bodies import body_of, check, read_json, shaped, typed
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.views.acts import Asked, deed
from mingtang.api.views.common import Id, Key, Name
from mingtang.base.clock import now, today
from mingtang.base.codes import spell_code
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.sealed import keyed_hash
from mingtang.base.web import source_of
from mingtang.queues import queries, services
from mingtang.queues.forms.public import BookForm, CodeForm
from mingtang.queues.rules import BOOKINGS, CALLERS, TAKINGS, Source
from mingtang.queues.views.public import GUEST, cards, turn_of, use_code
from mingtang.screens.views.window import MOVES

router = Router(tags=["排队和预约"])


@reads(router, "/queues", everybody(), shapes.Page[shapes_desks.QueueLine], "取号的窗口")
def queues(request: HttpRequest) -> dict[str, Any]:
    """The groups of numbers, how many wait, why one is closed now."""
    rows = [{**one, "id": str(one["id"]), "closed": str(one["closed"] or "")} for one in cards()]
    return {"rows": rows, "next": None}


@writes(
    router, "/queues/{id}/tickets", everybody(), shapes_desks.Ticket, "取号", body=lambda: Nothing
)
def take(request: HttpRequest, id: Id, key: Key) -> dict[str, Any]:
    """Take a number, on the way to the hall."""
    shaped(Nothing, read_json(request))

    def do() -> dict[str, Any]:
        count_attempt_or_refuse("queue_ticket", source_of(request), TAKINGS, now())
        by = {"actor": GUEST, "at": now(), "command_id": key}
        made = services.take(queue_id=id, source=Source.PHONE.value, **by)
        return _ticket(made["code"])

    return once(request, key, do)


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _ticket(code: str) -> dict[str, Any]:
    turn = turn_of(queries.ticket_by_code(code))
    wait = turn["wait"]
    return {
        "code": turn["code"],
        "label": turn["label"],
        "queue": turn["name"],
        "state": turn["state"].value,
        "ahead": wait.ahead if wait else None,
        "minutes": wait.minutes if wait else None,
        "window": turn["window"],
    }


@reads(router, "/tickets/{code}", everybody(), shapes_desks.Ticket, "轮到了没有")
def ticket(request: HttpRequest, code: Name) -> dict[str, Any]:
    """One's number: how many stand before, which window calls."""
    return _ticket(code)


# ── appointments ──────────────────────────────────────────────────────────────────────────────


@reads(router, "/queues/{id}/slots", everybody(), shapes.Page[shapes_desks.Slot], "可以预约的时段")
def slots(request: HttpRequest, id: Id) -> dict[str, Any]:
    free = [one for one in queries.slots_of(_queue(id), now()) if one.left]
    return {"rows": [{"at": one.at.isoformat(), "left": one.left} for one in free], "next": None}


def _queue(key: str) -> Any:
    found = [one for one in queries.queues_of() if str(one.id) == key and one.capacity]
    if not found:
        raise NotFound("没有这一类号，或者它不接受预约。")
    return found[0]


@writes(
    router,
    "/queues/{id}/appointments",
    everybody(),
    shapes_desks.Booked,
    "预约",
    body=lambda: body_of(BookForm),
)
def book(request: HttpRequest, id: Id, key: Key) -> dict[str, Any]:
    """Book a half hour; `slot` is its beginning, as the list of slots gives it. The code follows
    from the key, and a half hour that is full meanwhile is refused by the command alone: what
    comes again is the same booking."""
    data = typed(request, BookForm, key)

    def do() -> dict[str, Any]:
        queue, at = _queue(id), now()
        times = [one.at.isoformat() for one in queries.slots_of(queue, at)]
        said = check(BookForm(data, slots=[(one, one) for one in times]))
        count_attempt_or_refuse("appointment", source_of(request), BOOKINGS, at)
        code = spell_code(keyed_hash("booking_code", key.encode()))
        slot_at = datetime.fromisoformat(said["slot"])
        by = {"actor": GUEST, "at": at, "command_id": key}
        services.book(queue_id=str(queue.id), slot_at=slot_at, phone=said["phone"], code=code, **by)
        return {"code": code, "at": slot_at.isoformat()}

    return once(request, key, do)


def _with_code(verb: str) -> Any:
    def do(asked: Asked) -> Any:
        code = asked.sound(CodeForm).cleaned_data["code"]
        made = use_code(asked.request, verb, code, command_id=asked.key)
        return {"code": made.get("code", "")}

    return do


for _verb, _said in (("check-in", "预约的到了，取号"), ("cancel", "取消预约")):
    deed(router, f"/appointments/{_verb}", everybody(), CodeForm, _with_code(_verb), _said)


# ── the window ────────────────────────────────────────────────────────────────────────────────


@reads(router, "/desk/window", staff(*CALLERS), shapes_desks.WindowNow, "我的窗口")
def window(request: HttpRequest) -> dict[str, Any]:
    """How many wait for the reader's window, and whom it serves."""
    held = queries.own_window(scope(request))
    serving = queries.served_at(held)
    return {
        "waiting": queries.waiting_at(held, today()),
        "ticket_id": str(serving.id) if serving else "",
        "label": serving.label if serving else "",
    }


@writes(
    router,
    "/desk/window/call",
    staff(*CALLERS),
    shapes_desks.WindowNow,
    "叫号",
    body=lambda: Nothing,
)
def call(request: HttpRequest, key: Key) -> dict[str, Any]:
    """Call whoever is next."""
    shaped(Nothing, read_json(request))

    def do() -> dict[str, Any]:
        reader = scope(request)
        by = {"actor": queries.caller_of(reader), "at": now(), "command_id": key}
        services.call_next(window_id=queries.own_window(reader), **by)
        return window(request)

    return once(request, key, do)


class Move(BaseModel):
    """A number that was called here; of one that is sent on, where to."""

    model_config = ConfigDict(extra="forbid", strict=True)
    ticket_id: str = Field(pattern=r"^[0-9]{1,19}$")
    verb: Literal["recall", "skip", "finish", "transfer"]
    to_queue_id: str = ""
    to_window_id: str = ""


@writes(
    router,
    "/desk/window/move",
    staff(*CALLERS),
    shapes_desks.WindowNow,
    "过号、办完",
    body=lambda: Move,
)
def move(request: HttpRequest, key: Key) -> dict[str, Any]:
    """Do something with a number that was called here."""
    said = shaped(Move, read_json(request)).model_dump()

    def do() -> dict[str, Any]:
        reader, more = scope(request), {}
        if said["verb"] == "transfer":
            place = parse_id(said["to_window_id"])
            more = {"to_queue_id": said["to_queue_id"], "to_window_id": place}
        by = {"actor": queries.caller_of(reader), "at": now(), "command_id": key}
        held = queries.own_window(reader)
        MOVES[said["verb"]](ticket_id=said["ticket_id"], window_id=held, **more, **by)
        return window(request)

    return once(request, key, do)
