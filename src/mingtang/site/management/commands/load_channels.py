"""`mingtang load-channels`: the usual channels of disclosure, those that are not there yet."""

import uuid
from typing import Any

from mingtang.base import clock, ids
from mingtang.channels.services import load_shipped
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "登记常用的公开渠道（门户网站、公示栏、报刊、手册、大屏、电视等），已有的不动。"

    def handle(self, *args: Any, **options: Any) -> None:
        ids.lease()
        made = load_shipped(
            actor=SYSTEM, at=clock.now(), command_id=f"load-channels-{uuid.uuid4().hex}"
        )
        self.tell(f"登记了 {len(made['codes'])} 个渠道。", **made)
