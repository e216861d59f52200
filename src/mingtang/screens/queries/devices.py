"""Reads of devices: those of one's halls, the one behind a cookie, a key that is handed over."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, Scope
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.sealed import keyed_hash
from mingtang.ledger.rules import Actor
from mingtang.screens.models import Device as Device
from mingtang.screens.rules.devices import KEEPERS, Kind, NotYourHall, Standing, standing


def grants(scope: Scope) -> list[Grant]:
    """Under which somebody keeps the screens of halls, their own before those held for others."""
    held = [grant for grant in scope.grants if grant.role in KEEPERS]
    return sorted(held, key=lambda grant: grant.acting_for_id is not None)


def halls_of(scope: Scope) -> list[int]:
    """The centres whose screens somebody keeps."""
    return list(dict.fromkeys(grant.organisation_id for grant in grants(scope)))


def keeper_of(scope: Scope, organisation_id: int) -> Actor:
    """Under whose right somebody keeps the screens of a hall. Raises NotYourHall."""
    for grant in grants(scope):
        if grant.organisation_id == organisation_id:
            return actor_of(scope, grant)
    raise NotYourHall


@dataclass(frozen=True)
class DeviceLine:
    """A screen as it is now. `has_code`: a code waits to be typed into it."""

    device: Device
    standing: Standing
    has_code: bool


def devices(scope: Scope, at: datetime) -> list[DeviceLine]:
    """All screens of somebody's halls, by kind and name; a hall has a few dozen."""
    rows = Device.objects.filter(organisation__in=halls_of(scope)).select_related("window")
    rows = rows.defer("key").order_by("kind", "name", "id")
    return [
        DeviceLine(
            one,
            standing(
                is_paired=one.paired_at is not None,
                is_revoked=one.revoked_at is not None,
                is_doubted=one.doubted_at is not None,
                seen_at=one.seen_at,
                at=at,
            ),
            bool(one.code_until and one.code_until > at),
        )
        for one in rows
    ]


def troubled_count(scope: Scope, at: datetime) -> int:
    """How many screens of somebody's halls are silent, or perhaps spoken for by somebody else."""
    bad = (Standing.SILENT, Standing.DOUBTED)
    return sum(line.standing in bad for line in devices(scope, at))


def device_for(scope: Scope, device_id: int) -> Device:
    """A screen of one of somebody's halls. Raises NotFound."""
    rows = Device.objects.filter(organisation__in=halls_of(scope), id=device_id)
    found = rows.defer("key").first()
    if found is None:
        raise NotFound
    return found


def paired(device_id: str) -> Device:
    """A screen with its key: for the answer to the pairing alone."""
    return Device.objects.get(id=int(device_id))


# ── pages of a device ─────────────────────────────────────────────────────────────────────────


def cookie_of(device: Device) -> str:
    """What tells the pages of a screen which one it is; void with the pairing."""
    return f"{device.id}.{_mac(device)}"


def _mac(device: Device) -> str:
    bound = f"{device.id}/{device.paired_at.isoformat() if device.paired_at else ''}"
    return keyed_hash("device_cookie", bound.encode()).hex()


def device_of_cookie(text: str, kind: Kind) -> Device | None:
    """The screen that a cookie names, if it is of this kind, paired and not revoked."""
    number, _, mac = text.partition(".")
    rows = Device.objects.filter(id=parse_id(number) or 0, kind=kind.value, revoked_at=None)
    found = rows.exclude(paired_at=None).select_related("window").defer("key").first()
    is_right = found is not None and hmac.compare_digest(_mac(found), mac)
    return found if is_right else None
