"""Services: devices are added, paired by a code, heard, revoked."""

from datetime import datetime
from typing import Any

from django.db.models import F

from mingtang.base import ids
from mingtang.base.clock import legal_date
from mingtang.base.codes import normalise_code
from mingtang.base.entropy import salt
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.sealed import blind_index
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.screens.models import Device, ShownTime
from mingtang.screens.rules.devices import (
    AT_A_WINDOW,
    CODE_LIFE,
    KEY_BYTES,
    LONGEST_SHOWN,
    AlreadyRevoked,
    Kind,
    Known,
    Message,
    NeedsWindow,
    NoCalls,
    Reason,
    Refused,
    Volume,
    WrongPairingCode,
    check,
    shown_seconds,
)

Result = dict[str, Any]


def code_index(code: str) -> str:
    """What a pairing code is found by: the code itself is shown once and kept nowhere."""
    return blind_index("device_code", normalise_code(code))


@command("device.add")
def add_device(
    *,
    kind: str,
    name: str,
    organisation_id: int,
    window_id: int | None,
    code: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Enter a screen of a hall; `code` pairs it within a quarter of an hour, once.

    Returns {"device_id"}. Raises NeedsWindow.
    """
    known = Kind(kind)
    if (known in AT_A_WINDOW) != (window_id is not None):
        raise NeedsWindow
    device = Device.objects.create(
        kind=known.value,
        name=name.strip(),
        organisation_id=organisation_id,
        window_id=window_id,
        added_at=at,
        added_by_id=int(actor.id or 0),
        code_index=code_index(code),
        code_until=at + CODE_LIFE,
    )
    facts = {"kind": device.kind, "name": device.name, "window_id": str(window_id or "")}
    _tell(device, "added", facts, actor, at, command_id)
    return {"device_id": str(device.id)}


@command("device.renew_code")
def renew_code(*, device_id: str, code: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """A new code for a screen that is to be paired anew. Its old key counts until then."""
    device = _locked(device_id)
    device.code_index, device.code_until = code_index(code), at + CODE_LIFE
    device.save(update_fields=["code_index", "code_until"])
    _tell(device, "code_renewed", {"name": device.name}, actor, at, command_id)
    return {"device_id": str(device.id)}


@command("device.pair")
def pair(*, code: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Give the screen that knows a code a key of its own; the code is used up, an older key void.

    Returns {"device_id"}; the key is read from the row, once. Raises WrongPairingCode.
    """
    device = Device.objects.select_for_update().filter(code_index=code_index(code)).first()
    if device is None or device.code_until is None or device.code_until < at:
        raise WrongPairingCode
    device.code_index, device.code_until = "", None
    device.key, device.paired_at, device.counter = salt(KEY_BYTES).hex(), at, 0
    device.revoked_at = device.revoked_by_id = device.doubted_at = device.seen_at = None
    device.save()
    _tell(device, "paired", {"kind": device.kind, "name": device.name}, actor, at, command_id)
    return {"device_id": str(device.id)}


@command("device.revoke")
def revoke(*, device_id: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Void a screen's key and code: nothing that it says counts any more. Raises AlreadyRevoked."""
    device = _locked(device_id)
    if device.revoked_at is not None:
        raise AlreadyRevoked
    device.revoked_at, device.revoked_by_id = at, int(actor.id or 0)
    device.code_index, device.code_until = "", None
    device.save(update_fields=["revoked_at", "revoked_by", "code_index", "code_until"])
    _tell(device, "revoked", {"kind": device.kind, "name": device.name}, actor, at, command_id)
    return {"device_id": str(device.id)}


@command("device.set_volume")
def set_volume(
    *, device_id: str, volume: int, actor: Actor, at: datetime, command_id: str
) -> Result:
    """How loud a board calls numbers; off, it only shows them. Raises NoCalls."""
    device = _locked(device_id)
    if device.kind != Kind.BOARD.value:
        raise NoCalls
    device.volume = Volume(volume).value
    device.save(update_fields=["volume"])
    facts = {"name": device.name, "volume": device.volume}
    _tell(device, "volume_set", facts, actor, at, command_id)
    return {"device_id": str(device.id)}


def _locked(device_id: str) -> Device:
    found = Device.objects.select_for_update().filter(id=parse_id(device_id) or 0).first()
    if found is None:
        raise NotFound
    return found


def _tell(
    device: Device, verb: str, facts: Result, actor: Actor, at: datetime, command_id: str
) -> None:
    record(
        stream=device.stream,
        kind=f"device.{verb}",
        facts={"organisation_id": str(device.organisation_id), **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )


# ── messages ──────────────────────────────────────────────────────────────────────────────────


def accept_message(message: Message, at: datetime) -> Device:
    """The device whose message this is; its counter moves on, so that the message counts once.

    No act of the office: the ledger is not told. Raises Refused.
    """
    device = Device.objects.filter(id=message.device_id).first()
    known = device and Known(device.key, device.counter, device.revoked_at is not None)
    try:
        check(message, known or None, at)
    except Refused as refused:
        if refused.reason is Reason.REPLAYED:
            _doubt(message.device_id, at)
        raise
    assert device is not None
    unheard = Device.objects.filter(
        id=device.id, paired_at=device.paired_at, revoked_at=None, counter__lt=message.counter
    )
    if not unheard.update(counter=message.counter):
        _doubt(device.id, at)
        raise Refused(Reason.REPLAYED)
    return device


def _doubt(device_id: int, at: datetime) -> None:
    """Somebody else may hold the key: staff see it."""
    Device.objects.filter(id=device_id, doubted_at=None).update(doubted_at=at)


def beat(device: Device, *, version: str, shows: str, at: datetime) -> None:
    """Note that a screen lives and what it shows; a board's lit time is added up by day."""
    seconds = shown_seconds(device.seen_at, at) if device.kind == Kind.BOARD.value else 0
    Device.objects.filter(id=device.id).update(
        seen_at=at, version=version[:40], shows=shows[:LONGEST_SHOWN]
    )
    if not seconds:
        return
    ids.lease()
    row, _is_new = ShownTime.objects.get_or_create(device_id=device.id, date=legal_date(at))
    ShownTime.objects.filter(id=row.id).update(seconds=F("seconds") + seconds)
