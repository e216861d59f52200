"""Makes screens for tests: paired devices and what they send."""

import itertools
from datetime import datetime
from typing import Any

from mingtang.screens import services
from mingtang.screens.models import Device
from mingtang.screens.rules.devices import Message, signature
from tests.world import new_command_id

codes = itertools.count(1)


def paired(world: Any, at: datetime, kind: str = "board", **more: Any) -> Device:
    """A device of the hall that has its key."""
    code = f"2345{next(codes) % 8 + 2}-{next(codes):05d}".replace("0", "A").replace("1", "B")
    by = {"actor": world.actor(world.manager), "at": at, "command_id": new_command_id()}
    fields = {"name": "一楼大屏", "organisation_id": world.centre.id, "window_id": None, **more}
    services.add_device(kind=kind, code=code, **fields, **by)
    made = services.pair(code=code, **{**by, "command_id": new_command_id()})
    return Device.objects.get(id=int(made["device_id"]))


def message(
    device: Device, counter: int, at: datetime, body: bytes = b"{}", **more: Any
) -> Message:
    """What the device itself would send; `more` spoils it after it was signed."""
    key = more.pop("key", device.key)
    path = more.pop("path", "/screens/device/beat/")
    moment = round(at.timestamp() * 1000)
    told = Message(device.id, counter, moment, "", "POST", path, body)
    fields = {**vars(told), "mac": signature(key, told), **more}
    return Message(**fields)


def headers(told: Message) -> dict[str, str]:
    return {
        "X-Device": str(told.device_id),
        "X-Counter": str(told.counter),
        "X-Time": str(told.milliseconds),
        "X-Mac": told.mac,
    }


def post(client: Any, told: Message) -> Any:
    return client.post(told.path, told.body, content_type="application/json", headers=headers(told))
